"""Forecasts from a handful of past lots, beside the empirical histogram of the same lots.

    python -m benchmarks.small_histories [--data FOLDER] [--sets N]

Each set is a short history and the 20 lots that follow it: made up, so that it is known what tells the bids and what
does not, or a random stretch of a real series. The table has the ratio of our continuous ranked probability score to
the histogram's, summed over the sets, and the ratio that one set in twenty exceeds. Kinds with * are those in which
nothing tells the bids: there nobody can beat the histogram but by smoothing it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.forecast import histogram, italy, mean_score, tsuchiura
from intelligence.forecast.forecast import forecast_bids
from intelligence.forecast.tenders import PastLot, PlannedLot

HISTORIES = (3, 6, 10, 15, 20, 40)
FOLLOWING = 20
FIRST_DAY = date(2020, 1, 1)

Dice = np.random.Generator
Series = Callable[[Dice, int], list[PastLot]]


def made_up(bids: Callable[[Dice, PlannedLot], float], *, interest: bool = False) -> Series:
    """Lots a week apart, with a buyer, a category and a value of which `bids` may or may not take notice."""

    def series(dice: Dice, lots: int) -> list[PastLot]:
        made = []
        for number in range(lots):
            lot = PlannedLot(
                str(number),
                FIRST_DAY + timedelta(weeks=number),
                buyer=str(dice.integers(4)),
                category=str(dice.integers(3)),
                value=float(dice.lognormal(12, 1)),
                interest=int(dice.integers(2, 30)) if interest else None,
            )
            made.append(PastLot(lot, int(bids(dice, lot))))
        return made

    return series


def stretch(lots: Sequence[PastLot]) -> Series:
    """A random stretch of a real series, its lots in their order."""

    def series(dice: Dice, wanted: int) -> list[PastLot]:
        ordered = sorted(lots, key=lambda past: past.lot.dated)
        first = int(dice.integers(max(1, len(ordered) - wanted)))
        found = ordered[first : first + wanted]
        days = [FIRST_DAY + timedelta(weeks=number) for number in range(len(found))]
        return [
            replace(past, lot=replace(past.lot, dated=day, until=None)) for past, day in zip(found, days, strict=True)
        ]

    return series


def of_category(dice: Dice, lot: PlannedLot) -> float:
    return dice.poisson((1, 4, 9)[int(lot.category or 0)])


KINDS: dict[str, Series] = {
    "negative binomial *": made_up(lambda dice, lot: dice.negative_binomial(2, 0.35)),
    "one or two bids *": made_up(lambda dice, lot: float(dice.integers(1, 3))),
    "two peaks *": made_up(lambda dice, lot: dice.poisson(dice.choice([1, 12]))),
    "heavy tail *": made_up(lambda dice, lot: min(dice.pareto(1.2) * 2, 40)),
    "value tells": made_up(lambda dice, lot: dice.poisson(min(((lot.value or 0) / 40_000) ** 0.6, 30))),
    "category tells": made_up(of_category),
    "level drifts": made_up(lambda dice, lot: dice.poisson(2 + int(lot.id) / 6)),
    "interest says nothing *": made_up(lambda dice, lot: dice.negative_binomial(2, 0.35), interest=True),
    "so, steady bids *": made_up(lambda dice, lot: dice.poisson(8), interest=True),
    "so, heavy tail *": made_up(lambda dice, lot: min(dice.pareto(1.2) * 2, 40), interest=True),
    "so, one or two bids *": made_up(lambda dice, lot: float(dice.integers(1, 3)), interest=True),
    "so, level drifts": made_up(lambda dice, lot: dice.poisson(2 + int(lot.id) / 6), interest=True),
    "interest tells": made_up(lambda dice, lot: dice.binomial(lot.interest or 0, dice.beta(3, 7)), interest=True),
}


def ratios(series: Series, past: int, sets: int) -> tuple[float, float]:
    """Our score over the histogram's: of all sets together, and the one that a twentieth of the sets exceed."""
    scores = []
    for number in range(sets):
        lots = series(np.random.default_rng([past, number]), past + FOLLOWING)
        history, following = lots[:-FOLLOWING], lots[-FOLLOWING:]
        if len(history) < 2:
            continue
        planned = [replace(each.lot, dated=following[0].lot.dated) for each in following]
        ours = [np.array(lot.probabilities) for lot in forecast_bids(history, planned).lots]
        plain = [histogram(history, lot) for lot in planned]
        scores.append((mean_score(ours, following), mean_score(plain, following)))
    mine, plain_scores = np.array(scores).T
    known = plain_scores > 0
    return float(mine.sum() / plain_scores.sum()), float(np.quantile(mine[known] / plain_scores[known], 0.95))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data", metavar="FOLDER")
    parser.add_argument("--sets", type=int, default=40, help="of each kind and length")
    arguments = parser.parse_args()
    kinds = dict(KINDS)
    if (arguments.data / "tsuchiura_bids.csv.gz").exists():
        kinds["tsuchiura, stretches"] = stretch(tsuchiura(arguments.data))
    if (arguments.data / "italy_works_authority.csv.gz").exists():
        kinds["italy, stretches"] = stretch(italy(arguments.data))
    print(f"{arguments.sets} sets each; score over the histogram's: all together / exceeded by one set in twenty")
    print(f"{'past lots':<24}" + "".join(f"{past:>14}" for past in HISTORIES))
    for name, series in kinds.items():
        found = [ratios(series, past, arguments.sets) for past in HISTORIES]
        print(f"{name:<24}" + "".join(f"{all_sets:>7.3f} /{worst:>5.2f}" for all_sets, worst in found))


if __name__ == "__main__":
    main()
