"""Find the themes in comments, and say who spoke to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from intelligence.compute import SERIAL, Progress, Workers, nobody_told
from intelligence.market import Comment
from intelligence.text.clustering import balanced_tree
from intelligence.text.grouping import Draft, grouped
from intelligence.text.naming import Remark, names_of
from intelligence.text.points import points_of
from intelligence.text.quotes import quotes_of
from intelligence.text.semantic import Encoder, minilm, remembering
from intelligence.text.sides import side_of_words
from intelligence.text.statements import MOST_STATEMENTS, Statement, set_aside, statements_of
from intelligence.text.themes import Assignment, Merge, SetAside, Side, Theme, ThemeParameters, ThemeSet
from intelligence.text.words import words_of

FEW_COMMENTS = 25
UNLIKE_ANY_OTHER = "Remarks unlike any other"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the comments say: those set aside, the statements of the others, and how many comments those are."""

    comments: Sequence[Comment]
    aside: tuple[SetAside, ...]
    statements: list[Statement]
    count: int


def find_themes(
    comments: Sequence[Comment],
    *,
    seed: int,
    themes: int | None = None,
    encode: Encoder | None = minilm,
    workers: Workers = SERIAL,
    progress: Progress = nobody_told,
) -> ThemeSet:
    """Find what several people said, and who said it.

    The same comments, seed and number give the same result, whatever the `workers`, which encode texts in pieces.
    `themes` asks for a number of themes; without it the comments decide. `seed` chooses the comments from which themes
    are learnt where there are too many to learn from all. `encode` places texts by their meaning; without one, wording
    alone does. `progress` is told the share that is done, between 0 and 1. Every comment that is not set aside is
    assigned to at least one theme. Method and sources: docs/methods/themes.md.

    Raises:
        ValueError: `themes` or `seed` is out of range, or two comments share an id.
        WorkersError: the workers cannot be had.

    >>> answers = ("Parking is dear", "Dear parking", "Not enough nurses", "Too few nurses", "n/a")
    >>> comments = [Comment(str(n), f"P{n}", "q1", text) for n, text in enumerate(answers)]
    >>> found = find_themes(comments, seed=1, themes=2)
    >>> [theme.size for theme in found.themes], [aside.comment_id for aside in found.set_aside]
    ([2, 2], ['4'])
    """
    _check(comments, seed, themes)
    reading, known = _read(comments), remembering(encode, workers)
    progress(0.1)
    # One thread gives the same sums whatever the machine, and is faster than several on matrices of this shape.
    with threadpool_limits(limits=1):
        points = points_of(comments, reading.statements)
        drafts, parameters = grouped(points, seed=seed, themes=themes, encode=known, workers=workers, progress=progress)
    drafts.sort(key=lambda draft: -draft.size(reading.statements))
    found = _written(reading, drafts, parameters, seed, known)
    progress(1.0)
    return found


def _check(comments: Sequence[Comment], seed: int, themes: int | None) -> None:
    if themes is not None and themes < 1:
        raise ValueError(f"themes must be at least 1, not {themes}")
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed must lie between 0 and {2**32 - 1}, not {seed}")
    if len({comment.id for comment in comments}) < len(comments):
        raise ValueError("two comments share an id")


def _read(comments: Sequence[Comment]) -> _Reading:
    aside = set_aside(comments)
    skipped = {one.comment_id for one in aside}
    read = [position for position, comment in enumerate(comments) if comment.id not in skipped]
    statements = [said for position in read for said in statements_of(position, comments[position].text)]
    return _Reading(comments, aside, statements, len(read))


def _written(
    reading: _Reading, drafts: Sequence[Draft], parameters: ThemeParameters, seed: int, encode: Encoder | None
) -> ThemeSet:
    """The drafts with their names, quotes and sides, and who spoke to each."""
    assignments = _assignments(reading, drafts)
    return ThemeSet(
        themes=_counted(_named(reading, drafts, encode), assignments),
        assignments=assignments,
        set_aside=reading.aside,
        merges=_merges(drafts),
        comments=len(reading.comments),
        statements=len(reading.statements),
        seed=seed,
        parameters=parameters,
        warnings=_warnings(reading, drafts, parameters.themes),
    )


def _named(reading: _Reading, drafts: Sequence[Draft], encode: Encoder | None) -> tuple[Theme, ...]:
    comments, statements = reading.comments, reading.statements
    of_comment: defaultdict[int, list[int]] = defaultdict(list)
    for number, statement in enumerate(statements):
        of_comment[statement.comment].append(number)
    said = [draft.statements or _all_statements(draft, of_comment) for draft in drafts]
    names = names_of([_remarks(comments, statements, numbers) for numbers in said], encode)
    themes = []
    for position, (draft, numbers, name) in enumerate(zip(drafts, said, names, strict=True), start=1):
        own = [(statements[number], strength) for number, strength in numbers.items()]
        quotes = quotes_of(comments, own, name.title, name.key_terms)
        title = name.title if len(draft.centre) else UNLIKE_ANY_OTHER
        size = draft.size(statements)
        themes.append(
            Theme(
                f"t{position}",
                title,
                name.key_terms,
                size,
                len(draft.statements),
                round(size / reading.count, 4),
                quotes[0] if quotes else None,
                quotes[1:],
            )
        )
    return tuple(themes)


def _remarks(comments: Sequence[Comment], statements: Sequence[Statement], strengths: dict[int, float]) -> list[Remark]:
    """What is said to a theme, most central first."""
    central = sorted(strengths, key=lambda number: (-strengths[number], number))
    said = (statements[number] for number in central)
    return [(one.comment, comments[one.comment].text[one.start : one.end]) for one in said]


def _all_statements(draft: Draft, of_comment: dict[int, list[int]]) -> dict[int, float]:
    return {number: strength for comment, strength in draft.comments.items() for number in of_comment[comment]}


def _assignments(reading: _Reading, drafts: Sequence[Draft]) -> tuple[Assignment, ...]:
    """Each comment's main theme first, over the whole of its text; then its statements that speak to other themes."""
    comments, statements = reading.comments, reading.statements
    said: defaultdict[int, list[tuple[Assignment, Statement]]] = defaultdict(list)
    main: dict[int, tuple[str, float]] = {}
    for position, draft in enumerate(drafts, start=1):
        main.update((comment, (f"t{position}", strength)) for comment, strength in draft.comments.items())
        for number, strength in draft.statements.items():
            one = statements[number]
            side = side_of_words(one.words)
            own = Assignment(comments[one.comment].id, one.start, one.end, f"t{position}", strength, side)
            said[one.comment].append((own, one))
    ordered: list[Assignment] = []
    for number in sorted(main):
        (theme, strength), comment = main[number], comments[number]
        words = [word for own, statement in said[number] if own.theme_id == theme for word in statement.words]
        side = side_of_words(words or words_of(comment.text))
        ordered.append(Assignment(comment.id, 0, len(comment.text), theme, strength, side))
        rest = (own for own, _ in said[number] if own.theme_id != theme)
        ordered.extend(sorted(rest, key=lambda one: (-one.strength, one.start)))
    return tuple(ordered)


def _counted(themes: Sequence[Theme], assignments: Sequence[Assignment]) -> tuple[Theme, ...]:
    """The themes with the comments on each side of them; a comment on both sides of one is on neither."""
    sides: defaultdict[str, defaultdict[str, set[Side]]] = defaultdict(lambda: defaultdict(set))
    for one in assignments:
        sides[one.theme_id][one.comment_id].add(one.side)
    counted = []
    for theme in themes:
        of_comments = sides[theme.id].values()
        support = sum(Side.SUPPORT in own and Side.OBJECTION not in own for own in of_comments)
        objection = sum(Side.OBJECTION in own and Side.SUPPORT not in own for own in of_comments)
        counted.append(replace(theme, support=support, objection=objection))
    return tuple(counted)


def _merges(drafts: Sequence[Draft]) -> tuple[Merge, ...]:
    """The tree over the themes that have a place; remarks unlike any other are merged with nothing."""
    places = [position for position, draft in enumerate(drafts, start=1) if len(draft.centre)]
    if not places:
        return ()
    ids = [f"t{position}" for position in places]
    merges: list[Merge] = []
    centres = np.vstack([drafts[place - 1].centre for place in places])
    sizes = [len(drafts[place - 1].statements) + len(drafts[place - 1].comments) for place in places]
    for number, joining in enumerate(balanced_tree(centres, np.array(sizes).clip(1)), start=1):
        merges.append(Merge(f"m{number}", ids[joining.left], ids[joining.right], round(joining.distance, 4)))
        ids.append(f"m{number}")
    return tuple(merges)


def _warnings(reading: _Reading, drafts: Sequence[Draft], themes: int | None) -> tuple[str, ...]:
    warnings = []
    if not reading.count:
        warnings.append("No comment could be read: there are no themes.")
    elif reading.count < FEW_COMMENTS:
        comments = "1 comment" if reading.count == 1 else f"{reading.count} comments"
        warnings.append(f"Only {comments} could be read: the themes are a way of sorting, not a finding.")
    if themes is not None and len(drafts) != themes:
        warnings.append(f"{themes} themes were asked for, and the comments gave {len(drafts)}.")
    counts = np.bincount([statement.comment for statement in reading.statements], minlength=1)
    if int(counts.max()) >= MOST_STATEMENTS:
        warnings.append(f"Of comments with more than {MOST_STATEMENTS} statements only the first were read.")
    return tuple(warnings)
