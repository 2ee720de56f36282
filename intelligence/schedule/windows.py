"""A stage as variables of CP-SAT, and two ways to say by how much the windows of two tenders overlap.

Both ask for as many days at least as there are; that they cost something keeps the solver from taking more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class StageVariables:
    """`shortest` and `longest` are what the stage can take, in working days."""

    start: cp_model.IntVar
    end: cp_model.IntVar
    interval: cp_model.IntervalVar
    shortest: int
    longest: int


Overlap = Callable[[cp_model.CpModel, StageVariables, StageVariables, int, str], cp_model.IntVar]
"""Given two windows, how many days there are at all, and what to call it."""


def overlap_by_ends(
    model: cp_model.CpModel, first: StageVariables, second: StageVariables, days: int, name: str
) -> cp_model.IntVar:
    """From the later start to the earlier end: what finds cheap plans soonest."""
    overlap = model.new_int_var(0, days, name)
    opened = model.new_int_var(0, days, f"{name}, both open")
    closed = model.new_int_var(0, days, f"{name}, one closed")
    model.add_max_equality(opened, [first.start, second.start])
    model.add_min_equality(closed, [first.end, second.end])
    model.add(overlap >= closed - opened)
    return overlap


def overlap_by_choice(
    model: cp_model.CpModel, first: StageVariables, second: StageVariables, days: int, name: str
) -> cp_model.IntVar:
    """The least of the distances from the start of either to the end of either, one of which is chosen: of a few
    procurements this is proved several times faster."""
    overlap = model.new_int_var(0, min(first.longest, second.longest, days), name)
    distances = [(first.start, second.end), (second.start, first.end)]
    if first.shortest < second.longest:
        distances.append((first.start, first.end))
    if second.shortest < first.longest:
        distances.append((second.start, second.end))
    chosen = [model.new_bool_var(f"{name}, choice {n}") for n in range(len(distances))]
    for taken, (start, end) in zip(chosen, distances, strict=True):
        model.add(overlap >= end - start).only_enforce_if(taken)
    model.add_bool_or(chosen)
    return overlap
