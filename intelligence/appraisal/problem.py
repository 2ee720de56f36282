"""What an appraisal of options compares: criteria with their weights, and options scored on each as a range.

Light: web pages weigh options themselves, so nothing here or in `weigh` imports a numerical library.
"""

from __future__ import annotations

from dataclasses import dataclass

from intelligence.market import InputError

LOWEST_SCORE, HIGHEST_SCORE = 0, 10
LARGEST_WEIGHT = 100
MOST_CRITERIA = 12
MOST_OPTIONS = 12
"""That are scored: more can stand on a long list and be ruled out."""


class AppraisalError(InputError):
    """The appraisal contradicts itself; `path` says where, for example ``options[1].scores``."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What options are judged by. Its share of the whole is its weight over the sum of all weights."""

    id: str
    weight: int


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """From the worst to the best that an option could do on one criterion, both from 0 to 10."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Option:
    """One way to buy, with a score for each criterion, in the criteria's order."""

    id: str
    scores: tuple[ScoreRange, ...]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Two options or more, all scored on the same criteria.

    Raises:
        AppraisalError: there are too few or too many of either, an id comes twice, a weight is not from 1 to 100, an
            option has not one score for each criterion, or a score is not a range within 0 to 10.

    >>> Appraisal((Criterion("quality", 60),), (Option("sites", (ScoreRange(6, 8),)), Option("region", ())))
    Traceback (most recent call last):
    intelligence.appraisal.problem.AppraisalError: options[1].scores: must be one for each criterion
    """

    criteria: tuple[Criterion, ...]
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        _check_number("criteria", len(self.criteria), 1, MOST_CRITERIA)
        _check_number("options", len(self.options), 2, MOST_OPTIONS)
        _check_ids("criteria", [each.id for each in self.criteria])
        _check_ids("options", [each.id for each in self.options])
        for place, criterion in enumerate(self.criteria):
            if not 1 <= criterion.weight <= LARGEST_WEIGHT:
                raise AppraisalError(f"criteria[{place}].weight", f"must be from 1 to {LARGEST_WEIGHT}")
        for place, option in enumerate(self.options):
            if len(option.scores) != len(self.criteria):
                raise AppraisalError(f"options[{place}].scores", "must be one for each criterion")
            for at, score in enumerate(option.scores):
                if not LOWEST_SCORE <= score.low <= score.high <= HIGHEST_SCORE:
                    raise AppraisalError(f"options[{place}].scores[{at}]", "must be a range within 0 to 10")


def _check_number(what: str, found: int, fewest: int, most: int) -> None:
    if not fewest <= found <= most:
        raise AppraisalError(what, f"must be from {fewest} to {most}")


def _check_ids(what: str, ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise AppraisalError(what, "an id comes twice")
