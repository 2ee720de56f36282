"""What the capacity model costs and how well it is calibrated, beside its baselines.

    python -m benchmarks.capacity cost [--quick]
    python -m benchmarks.capacity calibration [--worlds N] [--would-bid PERCENT]

`cost` forecasts 500 providers x 100 lots with 10,000 draws and prints wall and CPU seconds and the process's peak
memory, each size in a process of its own. Beside it stand the naive forecast (interested providers x conversion) and,
on a small market, the same model as a plain Python loop.

`calibration` draws worlds from the model's own priors, so it checks the mathematics, the code and the learning, not
whether the priors fit a real market. Each world has past lots that are learned from and lots that are forecast. With
`--would-bid` so many in a hundred of those who would bid do in every world, however far from what is assumed, and nine
in ten of the interested say that they would; the others might.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, kstest

from intelligence import (
    DEFAULT_PRIORS,
    Interest,
    InterestLevel,
    Lot,
    Market,
    Outcome,
    Prior,
    Priors,
    Procurement,
    Provider,
    Route,
    ServiceLine,
    Site,
    Unit,
    estimate_capacity,
)
from intelligence.capacity.simulation import simulate
from intelligence.capacity.willingness import LEVEL_PRIORS, find_candidates
from intelligence.compute import Workers, parse_workers

DRAWS = 10_000
POOLED_CONVERSION = 0.27  # document downloads that became bids, 22 Toronto tenders
GENERAL_CREDIBILITY = 0.72  # 2,604 World Bank contracts
POSITIVE = list(LEVEL_PRIORS)
MOSTLY_WOULD_BID = [InterestLevel.WOULD_BID] * 9 + [InterestLevel.POSSIBLY]

Floats = npt.NDArray[np.float64]


def synthetic_market(
    providers: int,
    lots: int,
    interests: int,
    *,
    seed: int,
    limits: bool = True,
    levels: Sequence[InterestLevel] = POSITIVE,
) -> Market:
    """A made-up market: interest spread evenly, six in ten providers with limits, four lots to a procurement."""
    dice = random.Random(seed)
    some = tuple(_provider(number, dice, limits=limits) for number in range(providers))
    wanted = tuple(_lot(f"L{number}", number, providers, dice) for number in range(lots))
    pairs = dice.sample(range(providers * lots), interests)
    said = tuple(
        Interest(f"P{pair // lots}", f"L{pair % lots}", dice.choice(levels), wte_at_start=dice.uniform(1, 20))
        for pair in pairs
    )
    return Market(
        lots=wanted,
        sites=(Site("S", "Site"),),
        service_lines=(ServiceLine("care", "Care"),),
        providers=some,
        interests=said,
        procurements=tuple(_tender(f"T{first}", first, wanted) for first in range(0, lots, 4)),
    )


def _provider(number: int, dice: random.Random, *, limits: bool) -> Provider:
    return Provider(
        f"P{number}",
        f"Provider {number}",
        cqc_registered=dice.random() < 0.9,
        held_at_most=dice.choice([1, 2, 3, 5]) if limits and dice.random() < 0.6 else None,
        tenders_at_once=dice.choice([2, 3, 5, 8]) if limits and dice.random() < 0.6 else None,
        past_interests=5,
        past_bids=dice.randint(0, 5),
    )


def _lot(lot_id: str, number: int, providers: int, dice: random.Random) -> Lot:
    return Lot(
        lot_id,
        f"Lot {number}",
        (Unit("S", "care"),),
        annual_value=dice.uniform(1e5, 1e7),
        demand_wte=dice.uniform(2, 30),
        incumbent_ids=(f"P{dice.randrange(providers)}",),
    )


def _tender(tender_id: str, first: int, lots: Sequence[Lot]) -> Procurement:
    """Four lots, the services of every other tender starting half a year later."""
    start = date(2027, 4 + 6 * (first // 4 % 2), 1)
    lot_ids = tuple(lot.id for lot in lots[first : first + 4])
    return Procurement(tender_id, "Tender", Route.PSR_COMPETITIVE, lot_ids, start, mobilisation_days=90)


# Cost


def cost(quick: bool) -> None:
    print("500 providers x 100 lots, seed 1 (wall and CPU seconds, peak memory of the process)")
    print(f"{'EOIs':>7} {'draws':>7} {'workers':>10} {'wall s':>8} {'CPU s':>8} {'MB':>6} | naive count x conversion")
    by_interests = [(size, one_run(size, DRAWS)) for size in ([993, 5_096] if quick else [993, 5_096, 50_000])]
    by_draws = [(draws, one_run(5_096, draws)) for draws in (DRAWS, 2 * DRAWS, 4 * DRAWS)]
    one_run(5_096, DRAWS, "threads:2")
    for what, spent in (("EOIs", by_interests), ("draws", by_draws)):
        for (small, before), (large, after) in pairwise(spent):
            print(f"CPU grows with {what} to the power {log(after / before) / log(large / small):.2f} from {small:,}")
    compare_with_plain_python()


def one_run(interests: int, draws: int, workers: str = "serial") -> float:
    """Run in a process of its own, print a line, and give the CPU seconds."""
    command = [sys.executable, "-m", "benchmarks.capacity", "one", str(interests), str(draws), workers]
    run = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    print(
        f"{interests:>7,} {draws:>7,} {workers:>10} {run['wall']:>8.2f} {run['cpu']:>8.2f} {run['mb']:>6.0f}"
        f" | {run['naive']:.4f} s"
    )
    return float(run["cpu"])


def one_size(interests: int, draws: int, workers: Workers) -> None:
    market = synthetic_market(500, 100, interests, seed=0)
    wall, cpu = time.perf_counter(), time.process_time()
    estimate_capacity(market, seed=1, draws=draws, workers=workers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    naive_bids(market)
    print(json.dumps({"wall": wall, "cpu": cpu, "mb": peak, "naive": time.perf_counter() - start}))


def naive_bids(market: Market) -> dict[str, float]:
    """Expected credible bids as everybody does it today: interested providers x one conversion x credibility."""
    counts = {lot.id: 0 for lot in market.lots}
    for interest in market.interests:
        counts[interest.lot_id] += interest.level is not InterestLevel.NO
    return {lot: count * POOLED_CONVERSION * GENERAL_CREDIBILITY for lot, count in counts.items()}


def compare_with_plain_python() -> None:
    market, draws = synthetic_market(20, 8, 60, seed=0, limits=False), 2_000
    start = time.process_time()
    report = estimate_capacity(market, seed=1, draws=draws)
    ours = time.process_time() - start
    start = time.process_time()
    expected = plain_python(market, draws)
    loop = time.process_time() - start
    gap = max(abs(lot.expected_bids - mean) for lot, mean in zip(report.lots, expected, strict=True))
    print(f"20 providers x 8 lots, 60 EOIs, {draws:,} draws: whole report {ours:.2f} s, plain Python loop {loop:.2f} s")
    print(
        f"  (the loop counts credible bids only: no limits, staff, awards or bottlenecks; largest gap {gap:.2f} bids)"
    )


def plain_python(market: Market, draws: int) -> list[float]:
    """Mean credible bids of each lot by the same model, one random number at a time."""
    dice, priors = random.Random(1), DEFAULT_PRIORS
    candidates = find_candidates(market, priors)
    packages = {lot_id: tender.id for tender in market.procurements for lot_id in tender.lot_ids}
    shared, weight = priors.package_correlation.value, 1 / priors.rejection_correlation.value - 1
    totals = [0] * len(market.lots)
    for _ in range(draws):
        coefficient = {
            field.name: dice.gauss(getattr(priors, field.name).value, getattr(priors, field.name).spread)
            for field in fields(Priors)
        }
        programme = dice.gauss(0, priors.programme_deviation.value) + coefficient["all_interest"]
        package = {tender.id: dice.gauss(0, 1) for tender in market.procurements}
        effects = [
            priors.lot_deviation.value
            * (shared**0.5 * package[packages[lot.id]] + (1 - shared) ** 0.5 * dice.gauss(0, 1))
            for lot in market.lots
        ]
        mean = min(max(coefficient["credibility"], 0.01), 0.99)
        share = [dice.betavariate(mean * weight, (1 - mean) * weight) for _ in market.lots]
        own = {provider.id: dice.gauss(0, priors.provider_deviation.value) for provider in market.providers}
        for found in candidates:
            eta = programme + effects[found.lot] + own[found.provider.id]
            eta += sum(coefficient[name] * amount for name, amount in found.effects)
            odds = exp(coefficient["not_registered"]) if found.provider.cqc_registered is False else 1.0
            credible = share[found.lot] * odds / (1 - share[found.lot] + share[found.lot] * odds)
            totals[found.lot] += dice.random() < 1 / (1 + exp(-eta)) and dice.random() < credible
        rate = dice.gammavariate(2.25, 0.3 / 2.25)
        for lot in range(len(market.lots)):
            totals[lot] += dice.random() < rate * share[lot]  # at small rates a Poisson number is one or none
    return [total / draws for total in totals]


# Calibration


def calibration(worlds: int, would_bid: float | None) -> None:
    print(
        f"{worlds} worlds drawn from the default priors, 12 lots forecast in each, 4,000 draws; CRPS: lower is better,"
        " +- the standard error over worlds"
    )
    if would_bid is not None:
        print(f"of those who would bid {would_bid:g}% do, for a typical provider")
    print(
        f"{'past':>5} | {'model':>7} {'+-':>5} {'raw x conv':>10} {'oracle':>7} |"
        f" {'PIT-KS':>7} {'in 80%':>7} {'expected':>8} | {'P(0) said':>9} {'came':>6}"
    )
    for past in (0, 10, 50, 200):
        scores = [forecast_world(number, past, would_bid) for number in range(worlds)]
        crps = np.array([row[:3] for world in scores for row in world]).mean(axis=0)
        error = np.std([np.mean([row[0] for row in world]) for world in scores], ddof=1) / sqrt(worlds)
        pit, inside, expected, p_none, none = np.array([row[3:] for world in scores for row in world]).T
        print(
            f"{past:>5} | {crps[0]:>7.3f} {error:>5.3f} {crps[1]:>10.3f} {crps[2]:>7.3f} |"
            f" {kstest(pit, 'uniform').statistic:>7.3f} {inside.mean():>7.3f} {expected.mean():>8.3f} |"
            f" {p_none.mean():>9.3f} {none.mean():>6.3f}"
        )


def forecast_world(number: int, past: int, would_bid: float | None) -> list[tuple[float, ...]]:
    """Score each lot of one world: CRPS of the model, of raw count x conversion and of the oracle, and so on."""
    dice = np.random.default_rng([number, past])
    truth, levels = known_priors(dice), POSITIVE
    if would_bid is not None:
        truth = replace(truth, would_bid=replace(truth.would_bid, value=log(would_bid / (100 - would_bid))))
        levels = MOSTLY_WOULD_BID
    outcomes = past_outcomes(dice, truth, past, number, levels)
    market = synthetic_market(30, 12, int(dice.integers(24, 72)), seed=number, limits=False, levels=levels)
    market = replace(market, outcomes=tuple(outcomes))
    actual = bids_of(market, truth, seed=10_000 + number)
    model = estimate_capacity(market, seed=1, draws=4_000)
    oracle = estimate_capacity(replace(market, outcomes=()), seed=2, draws=4_000, priors=truth)
    conversion = raw_conversion(outcomes)
    rows: list[tuple[float, ...]] = []
    for lot, forecast, best, count in zip(market.lots, model.lots, oracle.lots, actual, strict=True):
        interested = sum(interest.lot_id == lot.id for interest in market.interests)
        raw = binom.pmf(np.arange(interested + 1), interested, conversion)
        chances = np.array(forecast.distribution)
        below = chances[:count].sum()
        pit = below + dice.random() * (chances[count] if count < len(chances) else 0.0)
        inside = float(forecast.bids_low <= count <= forecast.bids_high)
        nominal = chances[forecast.bids_low : forecast.bids_high + 1].sum()
        scores = (crps_of(chances, count), crps_of(raw, count), crps_of(np.array(best.distribution), count))
        rows.append((*scores, pit, inside, nominal, forecast.p_none, float(count == 0)))
    return rows


def known_priors(dice: np.random.Generator) -> Priors:
    """One world's true coefficients, drawn from the default priors and then known."""

    def drawn(prior: Prior) -> float:
        if prior is DEFAULT_PRIORS.credibility:
            weight = prior.value * (1 - prior.value) / prior.spread**2 - 1
            return float(dice.beta(prior.value * weight, (1 - prior.value) * weight))
        if prior is DEFAULT_PRIORS.unseen_entrants:
            shape = (prior.value / prior.spread) ** 2
            return float(dice.gamma(shape, prior.value / shape))
        return float(dice.normal(prior.value, prior.spread))

    return replace(
        DEFAULT_PRIORS,
        **{
            field.name: replace(prior, value=drawn(prior), spread=0.0)
            for field in fields(Priors)
            if (prior := getattr(DEFAULT_PRIORS, field.name))
        },
    )


def past_outcomes(
    dice: np.random.Generator, truth: Priors, past: int, world: int, levels: Sequence[InterestLevel]
) -> list[Outcome]:
    """Past lots of the same world, ten to a programme, with other providers."""
    everyone_credible = replace(truth, credibility=replace(truth.credibility, value=1.0))
    weight = 1 / truth.rejection_correlation.value - 1
    mean = truth.credibility.value
    outcomes = []
    for programme in range(past // 10):
        interests, seed = int(dice.integers(20, 60)), 1_000 * world + programme
        market = synthetic_market(25, 10, interests, seed=seed, limits=False, levels=levels)
        made = bids_of(market, everyone_credible, seed=100 * world + programme)
        for lot, bids in zip(market.lots, made, strict=True):
            interested = sum(interest.lot_id == lot.id for interest in market.interests)
            credible = int(dice.binomial(bids, dice.beta(mean * weight, (1 - mean) * weight)))
            outcomes.append(Outcome(f"{programme}/{lot.id}", date(2024, 1, 1), bids, interested, credible))
    return outcomes


def bids_of(market: Market, truth: Priors, *, seed: int) -> list[int]:
    """One draw of what happens in this market."""
    candidates = find_candidates(market, truth)
    drawn = simulate(market, candidates, truth, seed=seed, draws=8, progress=lambda share: None)
    made = drawn.flags(range(len(candidates)))[:, 0]
    counts = drawn.unseen[:, 0].astype(int)
    for candidate, bid in zip(candidates, made, strict=True):
        counts[candidate.lot] += bid
    return [int(count) for count in counts]


def raw_conversion(outcomes: Sequence[Outcome]) -> float:
    """Credible bids for each interested provider: of the past lots, or without any as measured elsewhere."""
    interested = sum(outcome.interested or 0 for outcome in outcomes)
    if not interested:
        return POOLED_CONVERSION * GENERAL_CREDIBILITY
    return min(sum(outcome.credible or 0 for outcome in outcomes) / interested, 1.0)


def crps_of(distribution: Floats, actual: int) -> float:
    """The continuous ranked probability score of a distribution over 0, 1, 2, ... bids."""
    longest = max(len(distribution), actual + 1)
    cumulative = np.cumsum(np.pad(distribution, (0, longest - len(distribution))))
    return float(np.square(cumulative - (np.arange(longest) >= actual)).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("cost").add_argument("--quick", action="store_true", help="leave out 50,000 EOIs")
    worlds = commands.add_parser("calibration")
    worlds.add_argument("--worlds", type=int, default=100)
    worlds.add_argument("--would-bid", type=float, metavar="PERCENT", help="of them that do, instead of a drawn share")
    one = commands.add_parser("one")  # one size, in a process of its own
    one.add_argument("interests", type=int)
    one.add_argument("draws", type=int)
    one.add_argument("workers", type=parse_workers)
    arguments = parser.parse_args()
    if arguments.command == "cost":
        cost(arguments.quick)
    elif arguments.command == "calibration":
        calibration(arguments.worlds, arguments.would_bid)
    else:
        one_size(arguments.interests, arguments.draws, arguments.workers)


if __name__ == "__main__":
    main()
