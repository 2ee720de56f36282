"""How an engagement advances, as its officers see it drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil

from flask import url_for
from markupsafe import Markup

from webapp.accounts.organisations.details import KINDS
from webapp.engagements.declining.queries import Declined
from webapp.engagements.monitoring import ResponseLine
from webapp.engagements.monitoring_pages import response_row
from webapp.engagements.pages import LEVELS
from webapp.engagements.progress.not_responding import NotResponding, not_responding
from webapp.engagements.progress.queries import CAME_IN, INVITED, STAGES, OfKind, OfLot, Progress
from webapp.engagements.queries import INTERESTED
from webapp.models import Engagement
from webapp.programmes.permissions import Permission
from webapp.programmes.unit_names import NOT_KNOWN
from webapp.web.cells import Cell, Row, lines
from webapp.web.charts import Bar, StepLine, growing_counts, horizontal_bars
from webapp.web.format import LONDON, moment, percent, short_day
from webapp.web.pagination import Page

MOST_STEPS = 60
_HEARD = {True: "heard", False: "not heard yet", None: "only a name in the contract register"}


@dataclass(frozen=True, slots=True)
class ProgressPage:
    is_sealed: bool
    as_of: str
    chart: Markup | None
    """None before anybody was invited."""
    columns: tuple[dict[str, object], ...]
    pace: tuple[Row, ...]
    kind_columns: tuple[dict[str, object], ...]
    kinds: tuple[Row, ...]
    interest: Markup | None
    """None for an engagement that asks about no lot."""
    levels: tuple[dict[str, object], ...]
    """The columns of `lots`."""
    lots: tuple[Row, ...]
    suppliers: tuple[Row, ...]
    """Of each lot."""
    not_responding: NotResponding
    listed: Page[ResponseLine]
    responses: tuple[Row, ...]
    readable: bool
    """Whether the reader may read what has been submitted."""
    runs_it: bool
    """Whether the reader may say that two of the providers are one firm."""
    address: Callable[[int], str]
    """Of a page of the list."""
    place: Mapping[str, object]
    """The values of the page's own address, with the pages of its lists."""


def progress_page(
    engagement: Engagement,
    progress: Progress,
    listed: Page[ResponseLine],
    declines: Page[Declined] | None,
    now: datetime,
    *,
    granted: frozenset[Permission],
) -> ProgressPage:
    """`declines`: for those who may read responses, where there are any."""
    readable = Permission.READ_RESPONSES in granted
    is_sealed = engagement.waits_for_opening
    stages = (INVITED, CAME_IN) if is_sealed else STAGES
    pace, lots = progress.pace, progress.lots
    days = _days(pace, now.astimezone(LONDON).date())
    drawn = [StepLine(label=stage, counts=_up_to(pace.get(stage, {}), days)) for stage in stages]
    return ProgressPage(
        is_sealed=is_sealed,
        as_of=moment(now),
        chart=growing_counts("pace", "Providers over time", days, drawn, unit="providers") if days else None,
        columns=({"text": "Up to"}, *({"text": stage, "numeric": True} for stage in stages)),
        pace=tuple((short_day(day), *(str(each.counts[place]) for each in drawn)) for place, day in enumerate(days)),
        kind_columns=({"text": "Kind"}, *({"text": label, "numeric": True} for label in _kind_labels(readable))),
        kinds=tuple(_kind(kind, readable=readable) for kind in progress.kinds),
        interest=_interest(lots) if lots else None,
        levels=({"text": "Lot"}, *({"text": label, "numeric": True} for label in LEVELS.values())),
        lots=tuple((_name(each), *(str(each.interest.get(level, 0)) for level in LEVELS)) for each in lots),
        suppliers=tuple(_suppliers(each) for each in lots),
        not_responding=not_responding(engagement, progress, declines),
        listed=listed,
        responses=tuple(response_row(engagement, line, readable=readable) for line in listed.items),
        readable=readable,
        runs_it=Permission.RUN in granted,
        address=partial(_address, engagement),
        place={
            "engagement_id": engagement.id,
            "page": listed.number,
            "declined": declines.number if declines else None,
        },
    )


def _address(engagement: Engagement, number: int) -> str:
    return url_for("progress.show", engagement_id=engagement.id, page=number, _anchor="responses")


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


def _kind(of: OfKind, *, readable: bool) -> Row:
    """Who will not respond is for those who may read responses: of a kind that one provider has, a count tells it."""
    name: Cell = KINDS[of.kind] if of.kind else NOT_KNOWN
    share = percent(of.submitted / of.known) if of.known else ""
    declined = (str(of.declined),) if readable else ()
    return (name, str(of.known), str(of.invited), str(of.started), str(of.submitted), *declined, share)


def _kind_labels(readable: bool) -> tuple[str, ...]:
    declined = ("Will not respond",) if readable else ()
    return ("Known", "Invited", "Started", "Submitted", *declined, "Submitted of those known")


def _interest(lots: Sequence[OfLot]) -> Markup:
    bars = []
    for of in lots:
        counts = {level: of.interest.get(level, 0) for level in INTERESTED}
        said = ", ".join(f"{count} {LEVELS[level].lower()}" for level, count in counts.items() if count)
        bars.append(Bar(label=_name(of), value=sum(counts.values()), note=said))
    return horizontal_bars("interest", "Providers interested in each lot", bars, unit="providers")


def _suppliers(of: OfLot) -> Row:
    return (
        _name(of),
        lines(f"{name}: {_HEARD[heard]}" for name, heard in of.suppliers) or NOT_KNOWN,
    )


def _name(of: OfLot) -> str:
    return f"{of.lot.code}: {of.lot.title}"
