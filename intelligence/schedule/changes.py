"""What a new plan changes of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intelligence.schedule.explain import in_words
from intelligence.schedule.plan import Schedule
from intelligence.schedule.routes import Stage

_Days = tuple[date | None, date | None]
_NOWHERE: _Days = (None, None)


@dataclass(frozen=True, slots=True)
class Change:
    """A stage, or with no `stage` the start of the services, that stood on some days and stands on others.

    `was` and `now` are its first days, and `None` where only one of the plans has it; `was_last` and `now_last` are a
    stage's last days. Changes stored before these were told have none.
    """

    procurement_id: str
    title: str
    stage: Stage | None
    was: date | None
    now: date | None
    was_last: date | None = None
    now_last: date | None = None


@dataclass(frozen=True, slots=True)
class Replan:
    """A new plan, everything that it changes, and the same in words, a sentence for each procurement that moves."""

    schedule: Schedule
    changes: tuple[Change, ...]
    summary: tuple[str, ...]


def changes_between(earlier: Schedule, later: Schedule) -> tuple[Change, ...]:
    """All that begins or ends on another day, procurement by procurement in the order of the later plan."""
    was, now = _days(earlier), _days(later)
    titles = {item.procurement_id: item.title for item in (*earlier.procurements, *later.procurements)}
    changes = []
    for identifier, stage in dict.fromkeys((*now, *was)):
        before = was.get((identifier, stage), _NOWHERE)
        after = now.get((identifier, stage), _NOWHERE)
        if before != after:
            changes.append(Change(identifier, titles[identifier], stage, before[0], after[0], before[1], after[1]))
    return tuple(changes)


def in_sentences(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """What happens to each procurement: how many stages move, the first of them, and the service start if it does.

    >>> moved = Change("D", "Dental", Stage.TENDER, date(2026, 6, 1), date(2026, 6, 8))
    >>> in_sentences((moved,))
    ('Dental: 1 stage moves, the first of them the tender from 1 June 2026 to 8 June 2026.',)
    >>> shorter = Change("D", "Dental", Stage.TENDER, *[date(2026, 6, 1)] * 2, date(2026, 7, 10), date(2026, 6, 26))
    >>> in_sentences((shorter,))
    ('Dental: 1 stage moves, the first of them the tender, whose last day is 26 June 2026 instead of 10 July 2026.',)
    """
    by_procurement: dict[str, list[Change]] = {}
    for change in changes:
        by_procurement.setdefault(change.procurement_id, []).append(change)
    return tuple(_sentence(own) for own in by_procurement.values())


def _sentence(changes: list[Change]) -> str:
    title = changes[0].title
    if all(change.was is None for change in changes):
        return f"{title}: is new in the plan."
    if all(change.now is None for change in changes):
        return f"{title}: is no longer in the plan."
    stages = [change for change in changes if change.stage is not None]
    parts = []
    if stages:
        first = stages[0]
        count = "1 stage moves" if len(stages) == 1 else f"{len(stages)} stages move"
        name = first.stage.words if first.stage else ""
        moved = f" from {_day(first.was)} to {_day(first.now)}"
        if first.was == first.now:
            moved = f", whose last day is {_day(first.now_last)} instead of {_day(first.was_last)}"
        parts.append(f"{count}, the first of them {name}{moved}")
    for change in changes:
        if change.stage is None:
            parts.append(f"the service starts on {_day(change.now)} instead of {_day(change.was)}")
    return f"{title}: {'; '.join(parts)}."


def _day(day: date | None) -> str:
    return in_words(day) if day else "nowhere"


def _days(schedule: Schedule) -> dict[tuple[str, Stage | None], _Days]:
    found: dict[tuple[str, Stage | None], _Days] = {}
    for item in schedule.procurements:
        for stage in item.stages:
            found[item.procurement_id, stage.stage] = (stage.start, stage.end)
        found[item.procurement_id, None] = (item.service_start, None)
    return found
