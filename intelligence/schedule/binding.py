"""What holds each procurement in its place: the rules without which it would stand better, others staying as they are.

Each kind of rule is left out in turn, and the procurement placed anew among the others. If that place is better, the
rule binds, and how much better tells how hard. Staying near the plan before is left out first and then for good: it
would hide every other reason, and the other rules are measured against where the procurement would stand without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from intelligence.schedule.axis import Axis
from intelligence.schedule.budget import TimeLeft
from intelligence.schedule.items import TIE, Place
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import Binding, BindingRule, Gain, PlannedProcurement
from intelligence.schedule.problem import ScheduleProblem


def with_bindings(
    board: Board, planned: tuple[PlannedProcurement, ...], time_left: TimeLeft
) -> tuple[PlannedProcurement, ...] | None:
    """The plan of a board with what binds each procurement, and the spare days of its stages; `None` if time runs out:
    half of the rules would be a wrong explanation."""
    bindings = _binding_rules(board, time_left)
    if bindings is None:
        return None
    found = []
    for i, item in enumerate(planned):
        spare = board.spare_days(i)
        stages = tuple(replace(stage, spare_days=days) for stage, days in zip(item.stages, spare, strict=True))
        ahead = [(days, stage.stage) for stage, days in zip(stages, spare, strict=True) if not stage.begun]
        least = min((days for days, _ in ahead), default=0)
        critical = tuple(stage for days, stage in ahead if days == least)
        found.append(replace(item, stages=stages, binding=bindings[i], critical=critical))
    return tuple(found)


def _binding_rules(board: Board, time_left: TimeLeft) -> list[tuple[Binding, ...]] | None:
    """For each procurement of a complete board the rules that bind it, the costliest first; `None` if time runs out."""
    found: list[list[Binding]] = [[] for _ in board.items]
    stand = list(board.places)
    for rule, relaxed in _relaxations(board.problem):
        if time_left() <= 0:
            return None
        other = Board(relaxed, Axis(relaxed, board.axis.calendar, board.axis))
        for i, place in enumerate(board.places):
            if place is not None:
                other.put(i, place)
        for i, place in enumerate(stand):
            if time_left() <= 0:
                return None
            held = _binding(other, i, rule, board, place)
            if held is None:
                continue
            binding, better = held
            found[i].append(binding)
            if rule is BindingRule.EARLIER_PLAN:
                stand[i] = better
    return [tuple(sorted(bindings, key=lambda entry: -entry.saving)) for bindings in found]


def _relaxations(problem: ScheduleProblem) -> Iterator[tuple[BindingRule, ScheduleProblem]]:
    afresh = replace(problem, earlier_starts=())
    if afresh != problem:
        yield BindingRule.EARLIER_PLAN, afresh
    relaxed = {
        BindingRule.SHARED_BIDDERS: replace(afresh, bidder_pairs=()),
        BindingRule.OFFICER: replace(afresh, officers=()),
        BindingRule.OPEN_TENDERS: replace(afresh, tenders_open_at_most=None),
        BindingRule.BOARD_DATES: replace(afresh, board_dates=()),
        BindingRule.BLACKOUTS: replace(afresh, blackouts=()),
        BindingRule.BIDDER_LIMITS: replace(afresh, bidder_limits=()),
        BindingRule.PRECEDENCE: replace(afresh, precedences=()),
        BindingRule.PIN: replace(afresh, pins=()),
    }
    yield from ((rule, other) for rule, other in relaxed.items() if other != afresh)


def _binding(
    relaxed: Board, i: int, rule: BindingRule, board: Board, place: Place | None
) -> tuple[Binding, Place] | None:
    """What the rule costs a procurement that stands at `place`, and where it would stand better without it; nothing if
    nowhere. The relaxed board is left as it was.
    """
    kept, held = relaxed.take(i), None
    better = relaxed.best(i)
    if place is not None and better is not None:
        saving = relaxed.added_cost(i, place) - relaxed.added_cost(i, better)
        if saving > TIE / 2:
            ahead = [n for n, stage in enumerate(relaxed.items[i].stages) if stage.axis.begun is None]
            first = ahead[0] if ahead else 0
            days = better.starts[first] - place.starts[first]
            met, gains = _met(board, i, rule, better), _gains(relaxed, i, place, better)
            held = Binding(rule, days, round(saving), met, gains), better
    relaxed.put(i, kept)
    return held


def _gains(relaxed: Board, i: int, place: Place, better: Place) -> tuple[Gain, ...]:
    """What of the cost is less in the better place."""
    item = relaxed.items[i]

    def parts(of: Place) -> dict[Gain, float]:
        return {
            Gain.SERVICE_START: item.service_starts[of.service].toordinal(),
            Gain.OVERLAP: relaxed.overlap_cost(i, of),
            Gain.SLACK: max(0, relaxed.problem.penalties.wanted_slack_days - item.days_in_hand(of)),
            Gain.MOVED: relaxed.moved_cost(i, of),
        }

    now, then = parts(place), parts(better)
    gains = tuple(gain for gain in now if now[gain] - then[gain] > TIE)
    return gains or (Gain.LATE_START if item.days_in_hand(better) < item.days_in_hand(place) else Gain.WAITING,)


def _met(board: Board, i: int, rule: BindingRule, better: Place) -> tuple[str, ...]:
    """The others that the procurement would meet in its better place, if the rule is about others."""
    met: list[int] = []
    if rule is BindingRule.SHARED_BIDDERS:
        met = [other for other, _ in board.neighbours[i] if _tenders_meet(board, i, better, other)]
    elif rule is BindingRule.OFFICER:
        officer = board.items[i].procurement.officer
        met = [n for n, item in enumerate(board.items) if n != i and item.procurement.officer == officer]
    return tuple(board.items[other].procurement.id for other in met)


def _tenders_meet(board: Board, i: int, place: Place, other: int) -> bool:
    own, theirs, there = board.items[i].tender, board.items[other].tender, board.places[other]
    if own is None or theirs is None or there is None:
        return False
    return max(place.starts[own], there.starts[theirs]) < min(place.ends[own], there.ends[theirs])
