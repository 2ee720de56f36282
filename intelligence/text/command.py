"""``python -m intelligence themes``: from a CSV file of comments to a CSV file of who spoke to which theme.

Three ways: find themes; assign new comments to signed ones (``--assign``); learn from confirmed ones (``--confirmed``).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say, whole_number, workers
from intelligence.compute import Backend, Workers, WorkersError
from intelligence.files import FileError, read_json, write_json
from intelligence.market import Comment
from intelligence.text.assign import assign_themes
from intelligence.text.find import find_themes
from intelligence.text.learning import learn_themes
from intelligence.text.proposals import Learned
from intelligence.text.signed import AssignedThemes, SignedThemes, signed_as_found
from intelligence.text.tables import Line, read_comments, read_confirmed, write_lines, write_table
from intelligence.text.themes import ThemeSet

MOST_THEMES = 1_000
MOST_QUESTIONS = 1_000
QUESTIONS = 20
FEWEST_CONFIRMED = 10
"""With fewer, how often a guess is right cannot be told."""
FEWEST_THEMES = 2
TWO_THREADS = Workers(Backend.THREADS, 2)
DOES_NOT_FIT = "does not fit"
ASKED = ("row", "theme", "confidence", "words", "nearest_rows", "text")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("comments", metavar="COMMENTS.csv", help="a UTF-8 CSV file with a header, a comment a row")
    parser.add_argument("--text", required=True, metavar="COLUMN", help="the column that holds the comments")
    parser.add_argument(
        "--out", required=True, metavar="THEMES.csv", help="row, theme, label and strength; rows from 0"
    )
    parser.add_argument("--summary", metavar="THEMES.json", help="also write the whole result, with its quotes")
    parser.add_argument(
        "--consent", metavar="COLUMN", help="quote only rows with yes, y, true or 1 here; without it any row"
    )
    add_seed(parser)
    parser.add_argument(
        "--workers",
        type=workers,
        default=TWO_THREADS,
        metavar="WORKERS",
        help="where texts are encoded: serial, threads:N (default 2), processes:N or dask:ADDRESS; the "
        "themes are the same from each",
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--themes",
        type=whole_number(1, MOST_THEMES),
        metavar="N",
        help="how many themes; the comments decide without it",
    )
    way.add_argument("--assign", metavar="SIGNED.json", help="assign the comments to these signed themes instead")
    way.add_argument(
        "--confirmed", metavar="CONFIRMED.csv", help="row and theme: learn from these and propose the rest instead"
    )
    parser.add_argument("--sign", metavar="SIGNED.json", help="also write the themes found as if all were signed")
    parser.add_argument("--ask", metavar="ASK.csv", help="with --confirmed: also write which rows to confirm next")
    parser.add_argument(
        "--questions",
        type=whole_number(1, MOST_QUESTIONS),
        default=QUESTIONS,
        metavar="N",
        help=f"how many rows to ask about; {QUESTIONS} without it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Find, assign or learn, and write the files; the exit code is 0.

    Raises:
        FileError: a file cannot be read, used or written, or options do not go together.
    """
    if arguments.ask is not None and arguments.confirmed is None:
        raise FileError("--ask goes with --confirmed")
    if arguments.sign is not None and (arguments.assign or arguments.confirmed):
        raise FileError("--sign goes with neither --assign nor --confirmed")
    written = (arguments.out, arguments.summary, arguments.sign, arguments.ask)
    outputs = [Path(path) for path in written if path is not None]
    for source in (arguments.comments, arguments.assign, arguments.confirmed):
        if source is not None:
            check_outputs(Path(source), outputs)
    comments = read_comments(arguments.comments, text_column=arguments.text, consent_column=arguments.consent)
    work = _assign if arguments.assign is not None else _learn if arguments.confirmed is not None else _find
    try:
        work(arguments, comments)
    except WorkersError as error:
        raise FileError(str(error)) from error
    return 0


def _find(arguments: argparse.Namespace, comments: Sequence[Comment]) -> None:
    found = find_themes(comments, seed=arguments.seed, themes=arguments.themes, workers=arguments.workers)
    titles = {theme.id: theme.title for theme in found.themes}
    write_lines(arguments.out, _lines_of(comments, found, titles))
    _summarise(arguments, found)
    if arguments.sign is not None:
        try:
            signed = signed_as_found(comments, found)
        except ValueError as error:
            raise FileError(f"{arguments.sign}: {error} that may be quoted") from error
        write_json(arguments.sign, signed)
    say(found.warnings)


def _assign(arguments: argparse.Namespace, comments: Sequence[Comment]) -> None:
    signed = read_json(arguments.assign, SignedThemes)
    assigned = assign_themes(comments, signed, seed=arguments.seed, workers=arguments.workers)
    titles = {theme.id: theme.title for theme in signed.themes}
    lines = _lines_of(comments, assigned, titles)
    lines += [(row, "", DOES_NOT_FIT, 0.0) for row in assigned.does_not_fit]
    write_lines(arguments.out, sorted(lines, key=lambda line: int(line[0])))
    _summarise(arguments, assigned)


def _learn(arguments: argparse.Namespace, comments: Sequence[Comment]) -> None:
    confirmed = read_confirmed(arguments.confirmed, len(comments))
    learned = learn_themes(
        comments, confirmed, questions=arguments.questions, seed=arguments.seed, workers=arguments.workers
    )
    lines = [(row, theme, theme, 1.0) for row, themes in confirmed.items() for theme in themes]
    lines += [(one.comment_id, one.theme_id, one.theme_id, one.confidence) for one in learned.proposals]
    write_lines(arguments.out, sorted(lines, key=lambda line: int(line[0])))
    _summarise(arguments, learned)
    if arguments.ask is not None:
        write_table(arguments.ask, ASKED, _asked(comments, learned))
    say(_too_few(confirmed))


def _too_few(confirmed: Mapping[str, Sequence[str]]) -> list[str]:
    """A note where what was learnt cannot be relied upon."""
    themes = len({theme for own in confirmed.values() for theme in own})
    if len(confirmed) >= FEWEST_CONFIRMED and themes >= FEWEST_THEMES:
        return []
    return [
        f"It takes {FEWEST_CONFIRMED} confirmed rows in {FEWEST_THEMES} themes to learn from, and there are "
        f"{len(confirmed)} in {themes}: what is proposed is a guess."
    ]


def _summarise(arguments: argparse.Namespace, result: object) -> None:
    if arguments.summary is not None:
        write_json(arguments.summary, result)


def _lines_of(comments: Sequence[Comment], found: ThemeSet | AssignedThemes, titles: dict[str, str]) -> list[Line]:
    """Main theme of each row first; a copied answer has the themes of the answer it copies."""
    strengths: dict[str, dict[str, float]] = {comment.id: {} for comment in comments}
    for assignment in found.assignments:
        strengths[assignment.comment_id].setdefault(assignment.theme_id, assignment.strength)
    for aside in found.set_aside:
        if aside.same_as is not None:
            strengths[aside.comment_id] = strengths[aside.same_as]
    return [
        (row, theme, titles[theme], strength)
        for row, of_themes in strengths.items()
        for theme, strength in of_themes.items()
    ]


def _asked(comments: Sequence[Comment], learned: Learned) -> list[tuple[str, ...]]:
    texts = {comment.id: comment.text for comment in comments}
    lines: list[tuple[str, ...]] = []
    for question in learned.questions:
        guess, text = question.guess, texts[question.comment_id]
        why = ("", "", "", "")
        if guess is not None:
            why = (guess.theme_id, f"{guess.confidence:.2f}", " ".join(guess.words), " ".join(guess.neighbours))
        lines.append((question.comment_id, *why, text))
    return lines
