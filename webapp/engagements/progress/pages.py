"""How an engagement advances, as its officers see it drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from markupsafe import Markup

from webapp.accounts.organisations.details import KINDS
from webapp.engagements.progress.queries import CAME_IN, INVITED, STAGES, OfKind, OfLot
from webapp.models import Engagement
from webapp.programmes.pages import NOT_KNOWN, Cell, Row
from webapp.web.cells import lines
from webapp.web.charts import StepLine, growing_counts
from webapp.web.format import LONDON, moment, percent, short_day

MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class ProgressPage:
    is_sealed: bool
    as_of: str
    chart: Markup | None
    """None before anybody was invited."""
    columns: tuple[dict[str, object], ...]
    pace: tuple[Row, ...]
    kinds: tuple[Row, ...]
    lots: tuple[Row, ...]


def progress_page(
    engagement: Engagement,
    pace: Mapping[str, Mapping[date, int]],
    kinds: Sequence[OfKind],
    lots: Sequence[OfLot],
    now: datetime,
) -> ProgressPage:
    is_sealed = engagement.waits_for_opening
    stages = (INVITED, CAME_IN) if is_sealed else STAGES
    days = _days(pace, now.astimezone(LONDON).date())
    drawn = [StepLine(label=stage, counts=_up_to(pace.get(stage, {}), days)) for stage in stages]
    return ProgressPage(
        is_sealed=is_sealed,
        as_of=moment(now),
        chart=growing_counts("pace", "Providers over time", days, drawn, unit="providers") if days else None,
        columns=({"text": "Up to"}, *({"text": stage, "numeric": True} for stage in stages)),
        pace=tuple((short_day(day), *(str(each.counts[place]) for each in drawn)) for place, day in enumerate(days)),
        kinds=tuple(_kind(kind) for kind in kinds),
        lots=tuple(_lot(each) for each in lots),
    )


def _days(pace: Mapping[str, Mapping[date, int]], today: date) -> list[date]:
    """From the first day on which anything happened to today, at most so many: then each stands for several."""
    first = min((day for counts in pace.values() for day in counts), default=None)
    if first is None:
        return []
    length = max((today - first).days, 0) + 1
    every = ceil(length / MOST_STEPS)
    return [today - timedelta(days=back) for back in range(0, length, every)][::-1]


def _up_to(counts: Mapping[date, int], days: Sequence[date]) -> tuple[int, ...]:
    return tuple(sum(count for on, count in counts.items() if on <= day) for day in days)


def _kind(of: OfKind) -> Row:
    name: Cell = KINDS[of.kind] if of.kind else NOT_KNOWN
    share = percent(of.submitted / of.known) if of.known else ""
    return (name, str(of.known), str(of.invited), str(of.started), str(of.submitted), share)


def _lot(of: OfLot) -> Row:
    suppliers = lines(f"{name}: {'heard' if heard else 'not heard yet'}" for name, heard in of.suppliers)
    return (f"{of.lot.code}: {of.lot.title}", str(of.interested), suppliers or NOT_KNOWN)
