"""A framework as a file: its themes, what speaks to them, and quotes of those who agreed to be quoted.

Only the worker writes one. What is in it is read first, as it stands at one moment; a large file then takes a while.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.compute import Progress
from intelligence.text.themes import SetAsideReason
from webapp.analysis.themes import pages, queries, replies
from webapp.analysis.themes.files import Extent, Shown
from webapp.analysis.themes.pages import Group
from webapp.analysis.themes.quotes import may_be_quoted
from webapp.analysis.themes.tallies import Tally, tally
from webapp.analysis.themes.words import PILES, REASONS, as_of, standing, told
from webapp.engagements.replies.pages import DECISIONS
from webapp.exports.workbook import Sheet, Value, csv_file, workbook
from webapp.models import (
    Answer,
    Lot,
    Organisation,
    Origin,
    Pile,
    Submission,
    Theme,
    ThemeAct,
    ThemeAssignment,
    ThemeComment,
    ThemeFileKind,
    ThemeFramework,
)

NOT_FOR_QUOTATION = "Not for quotation"
MOST_ACTS = 100_000
ROWS_BETWEEN_REPORTS = 200
CLOSING = 0.3
"""The share of the time that a workbook takes once its last row is in it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The sheets of a workbook, of which a CSV file has `statements` alone, and which state they show."""

    about: Sheet
    themes: Sheet
    statements: Sheet
    acts: Sheet
    replies: Sheet
    shown: Shown


@dataclass(frozen=True, slots=True)
class Written:
    content: bytes
    shown: Shown


def contents(session: Session, framework: ThemeFramework, extent: Extent, *, now: datetime) -> Contents:
    """All that goes into a file. The session's transaction must see one state throughout."""
    stands = f"{standing(framework, queries.official(session, [framework]).get(framework.id))} {as_of(framework)}"
    takes_sides = queries.takes_sides(session, framework)
    themes = queries.themes(session, framework)
    whole = pages.cut(framework, themes, str(len(themes)))
    groups = pages.counted(themes, whole, queries.counts(session, framework, pages.places(whole)))
    return Contents(
        about=_about(framework, stands, tally(session, framework), now),
        themes=_themes(groups, stands, takes_sides=takes_sides),
        statements=_statements(session, framework, extent, stands, takes_sides=takes_sides),
        acts=_acts(queries.acts(session, framework, limit=MOST_ACTS)),
        replies=_replies(session, framework, themes),
        shown=Shown(framework.revision, now),
    )


def written(found: Contents, kind: ThemeFileKind, progress: Progress) -> Written:
    statements = replace(found.statements, rows=_reported(list(found.statements.rows), progress))
    if kind is ThemeFileKind.CSV:
        content = "".join(csv_file(statements)).encode()
    else:
        content = workbook([found.about, found.themes, statements, found.acts, found.replies])
    return Written(content, found.shown)


def _reported(rows: Sequence[Sequence[Value]], progress: Progress) -> Iterator[Sequence[Value]]:
    for place, row in enumerate(rows):
        if place % ROWS_BETWEEN_REPORTS == 0:
            progress((1 - CLOSING) * place / len(rows))
        yield row


def _about(framework: ThemeFramework, standing: str, tally: Tally, now: datetime) -> Sheet:
    """What the file is, which state it shows, whether anybody has signed it, and how much is in it."""
    return Sheet(
        "About",
        ("What", "Value"),
        [
            ("Question", framework.wording),
            ("Engagement", framework.engagement.title),
            ("Standing", standing),
            ("Written", now),
            ("Found by", f"{framework.engagement.reference}/R{framework.part.run.number}"),
            ("Act", framework.revision),
            ("Answers", tally.answers),
            ("Providers", tally.providers),
            ("Themes", tally.themes),
            ("Statements in themes", tally.statements),
            ("Statements set aside", tally.on_pile(Pile.SET_ASIDE)),
            ("Statements that fit no theme", tally.on_pile(Pile.DOES_NOT_FIT)),
        ],
    )


def _themes(groups: Sequence[Group], standing: str, *, takes_sides: bool) -> Sheet:
    sides = ("Support", "Objection") if takes_sides else ()
    return Sheet(
        "Themes",
        ("Theme", "Description", "Answers", "Providers", "Statements", "Confirmed", *sides, "Standing"),
        [
            (
                theme.title,
                theme.description,
                group.count.answers,
                group.count.providers,
                group.count.statements,
                group.count.confirmed,
                *((group.count.support, group.count.objection) if takes_sides else ()),
                standing,
            )
            for group in groups
            for theme in group.themes
        ],
    )


def _statements(
    session: Session, framework: ThemeFramework, extent: Extent, standing: str, *, takes_sides: bool
) -> Sheet:
    """Every statement with its theme. Words of those who did not agree to be quoted go only to whoever reads
    responses, marked, and so do the names of providers.
    """
    sides, names = ("Side",) if takes_sides else (), ("Provider",) if extent.reads else ()
    columns = ("Number", "Theme or pile", *sides, "Strength", "Confirmed", "Lot", "May be quoted", "Statement", *names)
    rows = _statement_rows(session, framework, extent, standing, takes_sides=takes_sides)
    return Sheet("Statements", (*columns, "Standing"), list(rows))


def _statement_rows(
    session: Session, framework: ThemeFramework, extent: Extent, standing: str, *, takes_sides: bool
) -> Iterator[tuple[Value, ...]]:
    rows = session.execute(
        select(ThemeAssignment, Theme.title, Answer.value, may_be_quoted(framework), Lot.code, Organisation.name)
        .join(ThemeAssignment.comment)
        .join(Answer, Answer.id == ThemeAssignment.answer_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Organisation, Organisation.id == ThemeComment.organisation_id)
        .outerjoin(Lot, Lot.id == Answer.lot_id)
        .outerjoin(Theme, Theme.id == ThemeAssignment.theme_id)
        .where(
            ThemeAssignment.framework_id == framework.id,
            ThemeAssignment.pile.is_distinct_from(Pile.DROPPED),
            queries.still_counts(),
        )
        .order_by(ThemeAssignment.number)
    )
    for row, title, answer, may_quote, lot, provider in rows:
        may_tell = extent.reads or (may_quote and extent.quotes)
        yield (
            row.number,
            title or _pile(row),
            *((row.side.value,) if takes_sides else ()),
            row.strength,
            row.confirmed_by is not None,
            lot,
            "Yes" if may_quote else NOT_FOR_QUOTATION,
            answer[row.start : row.stop].strip() if may_tell else None,
            *((provider,) if extent.reads else ()),
            standing,
        )


def _pile(row: ThemeAssignment) -> str:
    words = PILES[row.pile] if row.pile else ""
    by_a_person = row.origin is Origin.PERSON
    return f"{words}: {REASONS[SetAsideReason(row.reason)]}" if row.reason and not by_a_person else words


def _acts(acts: Sequence[ThemeAct]) -> Sheet:
    """Who did what, the oldest first."""
    rows = [
        (act.number, told(act), act.person.name if act.person else "The analysis", act.done_at)
        for act in reversed(acts)
    ]
    return Sheet("Acts", ("Act", "What", "Who", "When"), rows)


def _replies(session: Session, framework: ThemeFramework, themes: Sequence[Theme]) -> Sheet:
    """What was decided about each theme, in its newest words; a theme that is merged or set aside keeps its reply."""
    found = replies.newest_replies(session, [framework.id])
    rows = [
        (theme.title, str(DECISIONS[reply.decision][0]), reply.done, reply.reason, reply.person.name, reply.replied_at)
        for theme in themes
        if (reply := found.get(theme.id))
    ]
    return Sheet("Replies", ("Theme", "Decision", "What was done", "Why", "Who", "When"), rows)
