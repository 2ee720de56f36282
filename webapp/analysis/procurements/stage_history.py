"""How long stages took before: by the programme's own records, and by what its buyer published of past procurements.

Published dates tell when a tender opened and closed, when the award was made and when the services started. They do not
tell evaluation, approval and standstill apart, so of those only the sum is told. A procurement whose dates stand in no
order, or whose bids came in more steps than one, tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.routes import Counting, StageRule
from webapp.analysis.planning.pages.words import length_of
from webapp.analysis.procurements.queries import PublishedDates
from webapp.analysis.procurements.rules import length_trouble
from webapp.models import GivenLength, Stage, StageRecord
from webapp.web.format import number, plural

_ONE_DAY = timedelta(days=1)
_IN_STEPS = ("restricted", "selective", "negotiat", "dialogue", "flexible", "innovation partnership")
"""In the names of procedures of the Public Contracts Regulations 2015 and the Procurement Act 2023, and in the codes of
the Open Contracting Data Standard, in which requests to participate come before bids."""


class Whose(StrEnum):
    PROGRAMME = "programme"
    """Procurements of the programme itself, as officers put them on record."""
    PAST = "past"
    """Past procurements of the programme's buyer, as they were published."""


_NOUNS = {Whose.PROGRAMME: "record", Whose.PAST: "past procurement"}
_SOURCES = {Whose.PROGRAMME: "from this programme’s records", Whose.PAST: "from past procurements"}


@dataclass(frozen=True, slots=True)
class Taken:
    """How long something took in each procurement of which that is known, in days as the stage counts them."""

    whose: Whose
    days: tuple[int, ...]

    @property
    def median(self) -> int:
        return round(median(self.days))

    @property
    def basis(self) -> str:
        """Like: median of 7 past procurements, 23 to 42."""
        least, most = min(self.days), max(self.days)
        between = f", {number(least)} to {number(most)}" if least < most else ""
        return f"median of {plural(len(self.days), _NOUNS[self.whose])}{between}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A length that one press of a button takes over, with the reason that is then kept."""

    whose: Whose
    days: int
    reason: str
    words: str
    """Like: 30 working days from past procurements."""


def taken(
    records: Sequence[StageRecord],
    past: Sequence[PublishedDates],
    rules: Mapping[Stage, StageRule],
    calendar: WorkingCalendar,
) -> dict[Stage, list[Taken]]:
    """What is known of each stage of a route, the programme's own records first."""
    spans = [
        (Whose.PROGRAMME, record.stage, record.began_on, record.ended_on)
        for record in records
        if record.ended_on is not None
    ]
    spans += [(Whose.PAST, *span) for dates in past for span in _published_stages(dates, rules)]
    found: dict[tuple[Stage, Whose], list[int]] = {}
    for whose, stage, first, last in spans:
        if stage in rules and last is not None and _is_known(first, last, calendar):
            found.setdefault((stage, whose), []).append(_length(first, last, rules[stage], calendar))
    known: dict[Stage, list[Taken]] = {}
    for (stage, whose), days in sorted(found.items(), key=lambda each: each[0][1] is Whose.PAST):
        known.setdefault(stage, []).append(Taken(whose, tuple(days)))
    return known


def closing_to_award(
    past: Sequence[PublishedDates], rules: Mapping[Stage, StageRule], calendar: WorkingCalendar
) -> Taken | None:
    """Working days from the day after the last one for bids to that of the award, for a route that asks for bids."""
    if Stage.TENDER not in rules:
        return None
    spans = [
        (dates.closed_on + _ONE_DAY, dates.awarded_on)
        for dates in past
        if dates.closed_on and dates.awarded_on and not _comes_in_steps(dates)
    ]
    known = [calendar.count(first, last) for first, last in spans if _is_known(first, last, calendar)]
    return Taken(Whose.PAST, tuple(known)) if known else None


def proposals(found: Iterable[Taken], rule: StageRule, length: GivenLength | None) -> list[Proposal]:
    """The medians, unless the law forbids one or it is what was given already."""
    made = []
    for each in found:
        reason = each.basis[0].upper() + each.basis[1:]
        is_given = length is not None and (length.days, length.reason) == (each.median, reason)
        if not is_given and length_trouble(rule, each.median, reason) is None:
            words = f"{length_of(each.median, rule.counting)} {_SOURCES[each.whose]}"
            made.append(Proposal(each.whose, each.median, reason, words))
    return made


def _published_stages(dates: PublishedDates, rules: Mapping[Stage, StageRule]) -> Iterator[tuple[Stage, date, date]]:
    """Of competitions alone, and for routes with a competition: elsewhere the present provider mostly carries on."""
    if dates.closed_on is None or Stage.TENDER not in rules:
        return
    is_in_steps = Stage.PARTICIPATION in rules or _comes_in_steps(dates)
    if dates.published_on and not is_in_steps:
        yield Stage.TENDER, dates.published_on, dates.closed_on
    if dates.awarded_on and dates.starts_on:
        yield Stage.MOBILISE, dates.awarded_on + _ONE_DAY, dates.starts_on - _ONE_DAY


def _comes_in_steps(dates: PublishedDates) -> bool:
    return any(word in dates.procedure.casefold() for word in _IN_STEPS)


def _is_known(first: date, last: date, calendar: WorkingCalendar) -> bool:
    return calendar.first <= first <= last <= calendar.last


def _length(first: date, last: date, rule: StageRule, calendar: WorkingCalendar) -> int:
    if rule.counting is Counting.CALENDAR_DAYS_AFTER_NOTICE:
        return (last - first).days
    return max(1, calendar.count(first, last))
