"""The axis of working days agrees with the calendar, and takes nothing from another axis that other dates decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.programmes import synthetic_problem
from intelligence.schedule.axis import Axis
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.routes import stage_end

ENGLAND = published_calendar()
PROBLEM = synthetic_problem(12, 5)
RELAXED = (
    replace(PROBLEM, bidder_pairs=()),
    replace(PROBLEM, board_dates=()),
    replace(PROBLEM, blackouts=()),
    replace(PROBLEM, as_of=PROBLEM.as_of.replace(month=3)),
)


def test_each_stage_ends_on_the_day_that_its_clock_says() -> None:
    axis = Axis(PROBLEM, ENGLAND)
    for procurement in PROBLEM.procurements:
        for stage in axis.stages(procurement):
            for start, end in enumerate(stage.ends.tolist()):
                last = stage_end(stage.rule, ENGLAND, axis.days[start])
                assert (last > axis.last_day and end > len(axis.days)) or axis.days[end - 1] == last


@pytest.mark.parametrize("problem", RELAXED)
def test_an_axis_like_another_is_the_one_that_it_would_be_alone(problem: ScheduleProblem) -> None:
    known = Axis(PROBLEM, ENGLAND)
    for procurement in PROBLEM.procurements:
        known.stages(procurement)
    like, alone = Axis(problem, ENGLAND, known), Axis(problem, ENGLAND)
    for procurement in problem.procurements:
        for stage, expected in zip(like.stages(procurement), alone.stages(procurement), strict=True):
            assert stage.ends.tolist() == expected.ends.tolist()
            assert stage.allowed.tolist() == expected.allowed.tolist()
