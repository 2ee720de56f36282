"""``python -m intelligence themes``: from a CSV file of comments to a CSV file of who spoke to which theme."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from intelligence.arguments import MOST_SEED, check_outputs, say, whole_number
from intelligence.files import FileError, os_reason, write_json
from intelligence.market import Comment
from intelligence.text.find import find_themes
from intelligence.text.themes import ThemeSet

COLUMNS = ("row", "theme", "label", "strength")
LONGEST_CELL = 2**31 - 1
MOST_THEMES = 1_000
YES = frozenset({"1", "true", "yes", "y"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("comments", metavar="COMMENTS.csv", help="a UTF-8 CSV file with a header, a comment a row")
    parser.add_argument("--text", required=True, metavar="COLUMN", help="the column that holds the comments")
    parser.add_argument(
        "--out", required=True, metavar="THEMES.csv", help="row, theme, label and strength; rows from 0"
    )
    parser.add_argument("--summary", metavar="THEMES.json", help="also write the whole set of themes with its quotes")
    parser.add_argument(
        "--consent", metavar="COLUMN", help="quote only rows with yes, y, true or 1 here; without it any row"
    )
    parser.add_argument(
        "--themes",
        type=whole_number(1, MOST_THEMES),
        metavar="N",
        help="how many themes; the comments decide without it",
    )
    parser.add_argument(
        "--seed", type=whole_number(0, MOST_SEED), default=0, metavar="N", help="the same seed gives the same themes"
    )


def run(arguments: argparse.Namespace) -> int:
    """Find the themes and write the files; the exit code is 0.

    Raises:
        FileError: a file cannot be read, used or written.
    """
    outputs = [Path(path) for path in (arguments.out, arguments.summary) if path is not None]
    check_outputs(Path(arguments.comments), outputs)
    comments = read_comments(arguments.comments, text_column=arguments.text, consent_column=arguments.consent)
    found = find_themes(comments, seed=arguments.seed, themes=arguments.themes)
    write_assignments(arguments.out, comments, found)
    if arguments.summary is not None:
        write_json(arguments.summary, found)
    say(found.warnings)
    return 0


def read_comments(path: str, *, text_column: str, consent_column: str | None) -> tuple[Comment, ...]:
    """One comment a row, its id the number of the row from 0; each row is a respondent of its own.

    Raises:
        FileError: the file is missing, is not UTF-8 or CSV, has no such column, no rows, or rows of another length.
    """
    rows = _rows(path)
    header = next(rows, None)
    if header is None:
        raise FileError(f"{path}: line 1: the file is empty, and a header was expected")
    width = len(header[1])
    text_at = _column(path, header[1], text_column)
    consent_at = None if consent_column is None else _column(path, header[1], consent_column)
    comments: list[Comment] = []
    for line, row in rows:
        if len(row) != width:
            raise FileError(f"{path}: line {line}: {len(row)} cells where the header has {width}")
        may_quote = consent_at is None or row[consent_at].strip().lower() in YES
        number = str(len(comments))
        comments.append(Comment(number, number, text_column, row[text_at], may_quote))
    if not comments:
        raise FileError(f"{path}: line 2: no rows follow the header")
    return tuple(comments)


def write_assignments(path: str, comments: Sequence[Comment], found: ThemeSet) -> None:
    """A line for each row and theme, main theme first; a copied answer has the themes of the answer it copies.

    Raises:
        FileError: the file cannot be written.
    """
    titles = {theme.id: theme.title for theme in found.themes}
    strengths: dict[str, dict[str, float]] = {comment.id: {} for comment in comments}
    for assignment in found.assignments:
        strengths[assignment.comment_id].setdefault(assignment.theme_id, assignment.strength)
    for pile in found.set_aside:
        if pile.same_as is not None:
            strengths[pile.comment_id] = strengths[pile.same_as]
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for row, of_themes in strengths.items():
                writer.writerows(
                    (row, theme, titles[theme], f"{strength:.4f}") for theme, strength in of_themes.items()
                )
    except OSError as error:
        raise FileError(f"{path}: {os_reason(error)}") from error


def _rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the line on which it begins; empty lines are no rows."""
    text = _text(path)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"{path}: line {line}: {error}") from error


def _text(path: str) -> str:
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise FileError(f"{path}: {os_reason(error)}") from error
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise FileError(f"{path}: line {line}: a NUL byte, which no text has")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}: line {line}: not UTF-8 text") from error


def _column(path: str, header: Sequence[str], name: str) -> int:
    places = [place for place, column in enumerate(header) if column.strip() == name.strip()]
    if not places:
        known = ", ".join(header[:10]) + (", ..." if len(header) > 10 else "")
        raise FileError(f"{path}: line 1: no column {name!r} among {known}")
    if len(places) > 1:
        raise FileError(f"{path}: line 1: column {name!r} appears {len(places)} times")
    return places[0]
