"""Weighing options scored as ranges: weighted scores, dominance, turning points of weights, shares of draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random

from intelligence.appraisal.problem import Appraisal, Option
from intelligence.appraisal.result import Beaten, Standing, Turn, WeighedOptions

DRAWS = 2000
"""That leave a share out by about 2 percentage points at most (95 times in 100)."""
_EQUAL = 1e-9
"""Weighted scores as near as this are one: they differ by the order of the sum."""


def weigh_options(appraisal: Appraisal, *, seed: int, draws: int = DRAWS) -> WeighedOptions:
    """Compare options by the weighted sum of their scores.

    Weighted scores, who beats whom and the turning points are exact. The shares are those of stochastic multicriteria
    acceptability analysis: each draw takes for every option and criterion a score evenly from its range, and once the
    weights as they are, once weights drawn evenly from all that are possible; what ties for the first place shares it.

    Args:
        appraisal: n criteria and m options with n scores each.
        seed: of the draws; the same appraisal, seed and number of draws give the same result.
        draws: how often scores are drawn.

    Returns:
        m standings, in the order of the options, and what is said of them together.

    Raises:
        ValueError: `draws` is not positive.

    Source: R. Lahdelma, J. Hokkanen and P. Salminen, "SMAA - Stochastic multiobjective acceptability analysis",
    European Journal of Operational Research 106 (1998) 137-143.

    >>> from intelligence.appraisal.problem import Appraisal, Criterion, Option, ScoreRange
    >>> both = (Criterion("quality", 60), Criterion("value", 40))
    >>> sites = Option("sites", (ScoreRange(6, 8), ScoreRange(4, 6)))
    >>> region = Option("region", (ScoreRange(3, 5), ScoreRange(6, 8)))
    >>> weighed = weigh_options(Appraisal(both, (sites, region)), seed=1)
    >>> [(each.lowest, each.middle, each.highest) for each in weighed.standings]
    [(5.2, 6.2, 7.2), (4.2, 5.2, 6.2)]
    >>> weighed.leaders, [(turn.criterion_id, turn.share, turn.at, turn.leaders) for turn in weighed.turns]
    (('sites',), [('quality', 0.6, 0.4, ('region',)), ('value', 0.4, 0.6, ('region',))])
    """
    if draws < 1:
        raise ValueError("draws must be positive")
    shares = _shares(appraisal)
    middles = [_weighted(shares, _middles(option)) for option in appraisal.options]
    leaders = tuple(
        option.id for option, middle in zip(appraisal.options, middles, strict=True) if middle == max(middles)
    )
    firsts = _first_shares(appraisal, seed=seed, draws=draws)
    return WeighedOptions(
        standings=tuple(
            Standing(
                option.id,
                float(_weighted(shares, [Fraction(score.low) for score in option.scores])),
                float(middle),
                float(_weighted(shares, [Fraction(score.high) for score in option.scores])),
                *first,
            )
            for option, middle, first in zip(appraisal.options, middles, firsts, strict=True)
        ),
        leaders=leaders,
        beaten=tuple(_beaten(appraisal.options)),
        turns=tuple(_turns(appraisal, leaders[0])) if len(leaders) == 1 else (),
        draws=draws,
        seed=seed,
    )


def _shares(appraisal: Appraisal) -> list[Fraction]:
    total = sum(criterion.weight for criterion in appraisal.criteria)
    return [Fraction(criterion.weight, total) for criterion in appraisal.criteria]


def _middles(option: Option) -> list[Fraction]:
    return [Fraction(score.low + score.high, 2) for score in option.scores]


def _weighted(shares: Sequence[Fraction], scores: Sequence[Fraction]) -> Fraction:
    return sum((share * score for share, score in zip(shares, scores, strict=True)), Fraction())


def _beaten(options: Sequence[Option]) -> Iterator[Beaten]:
    for option in options:
        if by := tuple(other.id for other in options if other is not option and _beats(other, option)):
            yield Beaten(option.id, by)


def _beats(one: Option, other: Option) -> bool:
    gaps = [mine.low - theirs.high for mine, theirs in zip(one.scores, other.scores, strict=True)]
    return min(gaps) >= 0 and max(gaps) > 0


def _turns(appraisal: Appraisal, leader: str) -> Iterator[Turn]:
    """Along a criterion's share t each option's middle score is a line: rest + t (own - rest), the rest being its score
    by the other criteria. The lead goes to the line that first crosses the leader's, and of several to the steepest."""
    if len(appraisal.criteria) == 1:
        return
    shares = _shares(appraisal)
    for place, (criterion, share) in enumerate(zip(appraisal.criteria, shares, strict=True)):
        lines = {}
        for option in appraisal.options:
            middles = _middles(option)
            rest = (_weighted(shares, middles) - share * middles[place]) / (1 - share)
            lines[option.id] = (rest, middles[place] - rest)
        for direction in (1, -1):
            crossings = dict(_crossings(lines, leader, direction))
            if crossings:
                at = min(crossings.values(), key=lambda each: direction * each)
                meeting = [each for each, where in crossings.items() if where == at]
                steepest = max(direction * lines[each][1] for each in meeting)
                ahead = tuple(each for each in meeting if direction * lines[each][1] == steepest)
                yield Turn(criterion.id, float(share), float(at), ahead)


def _crossings(
    lines: dict[str, tuple[Fraction, Fraction]], leader: str, direction: int
) -> Iterator[tuple[str, Fraction]]:
    """Where each other option's line rises above the leader's, as the share grows (1) or shrinks (-1)."""
    rest, slope = lines[leader]
    for other, (other_rest, other_slope) in lines.items():
        if direction * (other_slope - slope) > 0:
            at = (rest - other_rest) / (other_slope - slope)
            if 0 < at < 1:
                yield other, at


def _first_shares(appraisal: Appraisal, *, seed: int, draws: int) -> list[tuple[float, float]]:
    """For each option its share of first places with the weights as they are, and with weights of every kind."""
    random = Random(seed)  # noqa: S311 - a simulation, no secret
    own_weights = [float(share) for share in _shares(appraisal)]
    ranges = [[(score.low, score.high - score.low) for score in option.scores] for option in appraisal.options]
    own, anyhow = [0.0] * len(ranges), [0.0] * len(ranges)
    for _ in range(draws):
        drawn = [[low + width * random.random() for low, width in row] for row in ranges]
        weights = [random.expovariate(1.0) for _ in own_weights]  # in proportion, even on all that add up to one
        for firsts, by in ((own, own_weights), (anyhow, weights)):
            totals = [sum(map(float.__mul__, by, scores)) for scores in drawn]
            best = max(totals) - _EQUAL
            first = [place for place, total in enumerate(totals) if total >= best]
            for place in first:
                firsts[place] += 1 / len(first)
    return [(mine / draws, any_ / draws) for mine, any_ in zip(own, anyhow, strict=True)]
