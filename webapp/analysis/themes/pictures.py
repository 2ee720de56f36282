"""Themes drawn: where they lie to each other, and who speaks of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.analysis.themes.outlook import Outlook
from webapp.analysis.themes.queries import Count, still_counts
from webapp.engagements.provider_kinds import kind_of_row, size_of_row
from webapp.models import (
    Answer,
    EngagementLot,
    Interest,
    InterestLevel,
    Lot,
    Organisation,
    Submission,
    Theme,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
)
from webapp.web import charts
from webapp.web.format import number, percent

INTERESTED = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY)
NOT_KNOWN = "Not known"


class By(StrEnum):
    KIND = "kind"
    SIZE = "size"
    LOT = "lot"


LABELS = {By.KIND: "Kind of provider", By.SIZE: "Size of provider", By.LOT: "Lot of interest"}
SHORT_KINDS = {
    "nhs_trust": "NHS trust",
    "gp_federation": "GP federation",
    "independent": "Independent",
    "social_enterprise": "Social ent.",
    "charity": "Charity",
    "local_authority": "Council",
    "other": "Other",
}


@dataclass(frozen=True, slots=True)
class Picture:
    chart: Markup
    columns: list[dict[str, object]]
    rows: list[tuple[Any, ...]]


def speakers(session: Session, of: ThemeFramework, by: By, *, as_answered: bool) -> dict[tuple[uuid.UUID, str], int]:
    """How many providers speak to each theme, by theme and by the value of what they are divided by.

    `as_answered` takes what providers answered of kind and size where their details say none: a count of one tells it.
    """
    spoke = (
        select(ThemeAssignment.theme_id, Organisation.id)
        .join(ThemeAssignment.comment)
        .join(Organisation, Organisation.id == ThemeComment.organisation_id)
        .join(ThemeComment.answer)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(
            ThemeAssignment.framework_id == of.id,
            ThemeAssignment.theme_id.is_not(None),
            still_counts(),
        )
    )
    match by:
        case By.KIND:
            kind = kind_of_row() if as_answered else Organisation.provider_kind
            divided = spoke.add_columns(kind.label("value"))
        case By.SIZE:
            size = size_of_row() if as_answered else Organisation.size
            divided = spoke.add_columns(size.label("value"))
        case By.LOT:
            divided = _by_lot(spoke)
    said = divided.subquery()
    rows = session.execute(
        select(said.c.theme_id, said.c.value, func.count(said.c.id.distinct())).group_by(said.c.theme_id, said.c.value)
    )
    return {(theme_id, str(value) if value is not None else ""): count for theme_id, value, count in rows}


def _by_lot(spoke: Select[uuid.UUID | None, uuid.UUID]) -> Select[Any]:
    """Whoever is interested in several lots is counted in each."""
    return spoke.join(
        Interest, (Interest.submission_id == Submission.id) & Interest.level.in_(INTERESTED), isouter=True
    ).add_columns(Interest.lot_id.label("value"))


def lots(session: Session, of: ThemeFramework) -> Mapping[str, str]:
    rows = session.execute(
        select(Lot.id, Lot.code)
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .where(EngagementLot.engagement_id == of.engagement_id)
        .order_by(EngagementLot.position)
    )
    return {str(lot_id): code for lot_id, code in rows}


def who_speaks(
    themes: Sequence[Theme], by: By, spoken: Mapping[tuple[uuid.UUID, str], int], lot_codes: Mapping[str, str]
) -> Picture:
    """A grid of themes and kinds, sizes or lots; the darker, the more providers."""
    names: dict[str, str] = {
        By.KIND: {kind.value: str(words) for kind, words in KINDS.items()},
        By.SIZE: {size.value: str(words).partition(":")[0] for size, words in SIZES.items()},
        By.LOT: dict(lot_codes),
    }[by] | {"": NOT_KNOWN}
    present = [value for value in names if any(key == value for _, key in spoken)]
    short = SHORT_KINDS if by is By.KIND else {}
    most = max(spoken.values(), default=1)
    grid = [
        charts.HeatRow(
            label=theme.title,
            cells=tuple(
                charts.HeatCell(strength=count / most, words=number(count)) if count else None
                for value in present
                for count in [spoken.get((theme.id, value), 0)]
            ),
        )
        for theme in themes
    ]
    return Picture(
        chart=charts.heat_map("who", "Who speaks of what", [short.get(value, names[value]) for value in present], grid),
        columns=[{"text": "Theme"}, *({"text": names[value], "numeric": True} for value in present)],
        rows=[(theme.title, *(number(spoken.get((theme.id, value), 0)) for value in present)) for theme in themes],
    )


def theme_map(themes: Sequence[Theme], counts: Mapping[uuid.UUID, Count], outlook: Outlook) -> Picture | None:
    """Where the worker placed the themes; one that is newer than its last look is left out."""
    places = {place.theme_id: place for place in outlook.map.places}
    placed = [theme for theme in themes if str(theme.id) in places]
    if len(placed) < 2:
        return None
    drawn = [
        charts.Place(
            number=order,
            label=theme.title,
            x=places[str(theme.id)].x,
            y=places[str(theme.id)].y,
            size=counts.get(theme.id, Count()).answers,
        )
        for order, theme in enumerate(placed, 1)
    ]
    rows = [(f"{place.number} {place.label}", number(place.size), _nearest(place, drawn)) for place in drawn]
    return Picture(
        chart=charts.map_of_places("map", "Map of themes", drawn, unit="answer"),
        columns=[{"text": "Theme"}, {"text": "Answers", "numeric": True}, {"text": "Nearest on the map"}],
        rows=rows,
    )


def _nearest(place: charts.Place, others: Sequence[charts.Place]) -> str:
    apart = (
        (hypot(other.x - place.x, other.y - place.y), other.number, other.label) for other in others if other != place
    )
    return min(apart)[-1]


def kept_of_distances(outlook: Outlook) -> str:
    return percent(outlook.map.kept)
