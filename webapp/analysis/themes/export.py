"""A framework as a file: its themes, what speaks to them, and quotes of those who agreed to be quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.text.themes import SetAsideReason
from webapp.analysis.themes.pages import Group
from webapp.analysis.themes.tallies import Tally
from webapp.analysis.themes.words import PILES, REASONS, told
from webapp.exports.workbook import Sheet, Value
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
    ThemeFramework,
)

NOT_FOR_QUOTATION = "Not for quotation"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a file tells: `reads` of those who may read responses, `quotes` of those who may see quotes at all, and
    `takes_sides` where the question asks for a view.
    """

    reads: bool
    quotes: bool
    takes_sides: bool


def about_sheet(framework: ThemeFramework, standing: str, tally: Tally) -> Sheet:
    """What the file is, whether anybody has signed it, and how much is in it."""
    return Sheet(
        "About",
        ("What", "Value"),
        [
            ("Question", framework.wording),
            ("Engagement", framework.engagement.title),
            ("Standing", standing),
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


def themes_sheet(groups: Sequence[Group], extent: Extent, standing: str) -> Sheet:
    sides = ("Support", "Objection") if extent.takes_sides else ()
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
                *((group.count.support, group.count.objection) if extent.takes_sides else ()),
                standing,
            )
            for group in groups
            for theme in group.themes
        ],
    )


def statements_sheet(session: Session, framework: ThemeFramework, extent: Extent, standing: str) -> Sheet:
    """Every statement with its theme. Words of those who did not agree to be quoted go only to whoever reads
    responses, marked, and so do the names of providers.
    """
    sides, names = ("Side",) if extent.takes_sides else (), ("Provider",) if extent.reads else ()
    columns = ("Number", "Theme or pile", *sides, "Strength", "Confirmed", "Lot", "May be quoted", "Statement", *names)
    return Sheet("Statements", (*columns, "Standing"), _statements(session, framework, extent, standing))


def _statements(
    session: Session, framework: ThemeFramework, extent: Extent, standing: str
) -> Iterator[tuple[Value, ...]]:
    rows = session.execute(
        select(ThemeAssignment, Theme.title, Answer.value, ThemeComment.may_quote, Lot.code, Organisation.name)
        .join(ThemeAssignment.comment)
        .join(Answer, Answer.id == ThemeAssignment.answer_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Organisation, Organisation.id == ThemeComment.organisation_id)
        .outerjoin(Lot, Lot.id == Answer.lot_id)
        .outerjoin(Theme, Theme.id == ThemeAssignment.theme_id)
        .where(
            ThemeAssignment.framework_id == framework.id,
            ThemeAssignment.pile.is_distinct_from(Pile.DROPPED),
            ThemeComment.gone_part_id.is_(None),
        )
        .order_by(ThemeAssignment.number)
    )
    for row, title, answer, may_quote, lot, provider in rows:
        may_tell = extent.reads or (may_quote and extent.quotes)
        yield (
            row.number,
            title or _pile(row),
            *((row.side.value,) if extent.takes_sides else ()),
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


def acts_sheet(acts: Sequence[ThemeAct]) -> Sheet:
    """Who did what, the oldest first."""
    rows = [
        (act.number, told(act), act.person.name if act.person else "The analysis", act.done_at)
        for act in reversed(acts)
    ]
    return Sheet("Acts", ("Act", "What", "Who", "When"), rows)
