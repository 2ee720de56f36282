"""What weighing the options of an appraisal comes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """The weighted score of one option, from 0 to 10, and in which share of the draws it was first.

    `first` is with the weights as they are, `first_any_weights` with weights of every kind. Neither is a probability
    that the option is best.
    """

    option_id: str
    lowest: float
    middle: float
    highest: float
    first: float
    first_any_weights: float


@dataclass(frozen=True, slots=True)
class Beaten:
    """An option that each of `by` beats whatever the weights: at its worst never below it, and on a criterion above."""

    option_id: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a criterion's share of the weight is so much more or less that others lead by middle scores.

    The other criteria keep their proportions. `share` is what the criterion weighs now, `at` where the lead changes;
    beyond it, seen from `share`, `leaders` are first. Both shares are from 0 to 1.
    """

    criterion_id: str
    share: float
    at: float
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeighedOptions:
    """`standings` in the order in which the options came. `leaders` have the highest middle score: more than one where
    they are equal, and then there are no `turns`."""

    standings: tuple[Standing, ...]
    leaders: tuple[str, ...]
    beaten: tuple[Beaten, ...]
    turns: tuple[Turn, ...]
    draws: int
    seed: int
