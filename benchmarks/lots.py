"""How long until the best lots are proved, how fast are lots valued, and how far do the usual structures fall short?

    python -m benchmarks.lots [--sizes 12,15,21,30,60] [--seeds 2] [--providers 20] [--plain]

Each programme is synthetic, drawn from the seed: sites on a map, each a neighbour of the two nearest; unit values over
a factor of fifty; providers that favour a few services and some of the sites. Every size is optimised without and with
rules on the number of lots. Greedy merges the pair of lots that gains most, for as long as any does. All figures come
from the same run and the same valuations; money is in assumed pounds. `--plain` also gives all lots to HiGHS at once,
as one integer problem of up to two minutes, and checks that it finds nothing better.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from intelligence.capacity.priors import DEFAULT_PRIORS
from intelligence.lots.candidates import bits_of, candidate_lots
from intelligence.lots.design import DesignUnit, LotDesign, Rules, UnitInterest
from intelligence.lots.lot_table import LotTable
from intelligence.lots.partition import Solution
from intelligence.lots.structures import baselines
from intelligence.lots.valuation import valuer_of
from intelligence.market import InterestLevel, Provider, ProviderSize, ServiceLine, Site

SHAPES = {9: (3, 3), 12: (4, 3), 15: (5, 3), 21: (7, 3), 30: (6, 5), 60: (12, 5)}
"""Sites and service lines, by number of units."""

MOST_UNITS = 6
PLAIN_SECONDS = 120
LEVELS = (InterestLevel.WOULD_BID, InterestLevel.LIKELY, InterestLevel.POSSIBLY, InterestLevel.UNDECIDED)


def synthetic_design(units: int, seed: int, *, providers: int = 20, rules: Rules | None = None) -> LotDesign:
    """A programme of so many units (one of `SHAPES`), the same for the same seed."""
    site_count, line_count = SHAPES[units]
    dice = random.Random(f"{units} {seed} {providers}")
    sites = tuple(Site(f"S{n:02}", f"Site {n}") for n in range(site_count))
    lines = tuple(ServiceLine(f"L{n}", f"Service {n}") for n in range(line_count))
    bidders = tuple(
        Provider(
            f"P{n:02}",
            f"Provider {n}",
            size=dice.choice(list(ProviderSize)),
            held_at_most=dice.choice((None, 1, 2, 4)),
        )
        for n in range(providers)
    )
    parts = tuple(
        DesignUnit(
            f"{site.id}-{line.id}",
            site.id,
            line.id,
            annual_value=float(round(10 ** dice.uniform(5.0, 6.7))),
            incumbent_ids=(dice.choice(bidders).id,),
        )
        for site in sites
        for line in lines
    )
    interests = tuple(
        UnitInterest(provider.id, unit.id, dice.choice(LEVELS))
        for provider in bidders
        for unit in _favoured(dice, parts, sites, lines)
    )
    return LotDesign(
        units=parts,
        sites=sites,
        service_lines=lines,
        neighbours=_nearest(dice, sites),
        providers=bidders,
        interests=interests,
        rules=Rules(most_units=MOST_UNITS) if rules is None else rules,
    )


def _favoured(
    dice: random.Random, units: tuple[DesignUnit, ...], sites: tuple[Site, ...], lines: tuple[ServiceLine, ...]
) -> list[DesignUnit]:
    services = {line.id for line in dice.sample(lines, dice.randint(1, min(3, len(lines))))}
    places = {site.id for site in dice.sample(sites, dice.randint(1, len(sites)))}
    return [unit for unit in units if unit.service_line_id in services and unit.site_id in places]


def _nearest(dice: random.Random, sites: tuple[Site, ...]) -> tuple[tuple[str, str], ...]:
    where = {site.id: (dice.random(), dice.random()) for site in sites}

    def distance(one: str, other: str) -> float:
        return sum((a - b) ** 2 for a, b in zip(where[one], where[other], strict=True))

    pairs = set()
    for site in sites:
        others = sorted((other.id for other in sites if other is not site), key=lambda other: distance(site.id, other))
        pairs.update(tuple(sorted((site.id, other))) for other in others[:2])
    return tuple(sorted((first, second) for first, second in pairs))


@dataclass(frozen=True)
class Measured:
    """CPU seconds to think of the lots, to value them, and to prove the optimum; what was found, and whether that is a
    proof about every connected lot within the rules."""

    table: LotTable
    thought: float
    valued: float
    solved: float
    found: Solution | None
    every_lot: bool


def measure(design: LotDesign) -> Measured:
    """Optimise a design from scratch."""
    began = time.process_time()
    table = LotTable(design, valuer_of(design, DEFAULT_PRIORS, seed=1))
    considered = candidate_lots(design, design.rules)
    table.include(considered.lots)
    thought = time.process_time()
    table.values(np.arange(len(table.none)))
    valued = time.process_time()
    found = table.best(design.rules, seconds=120)
    solved = time.process_time()
    return Measured(table, thought - began, valued - thought, solved - valued, found, considered.complete)


def greedy(table: LotTable, rules: Rules) -> float:
    """The worth of each-unit lots, merged pair by pair as long as that gains; only among lots that were thought of."""
    known = {lot: row for lot, row in table.row_of.items() if lot.bit_count() <= (rules.most_units or len(table.none))}
    worth = dict(zip(known, table.values(np.array(list(known.values()))).tolist(), strict=True))
    lots = [bits_of(table.design, [unit.id]) for unit in table.design.units]
    while True:
        gains = [
            (worth[first | second] - worth[first] - worth[second], first, second)
            for place, first in enumerate(lots)
            for second in lots[place + 1 :]
            if first | second in worth
        ]
        gain, first, second = max(gains, default=(0.0, 0, 0))
        if gain <= 0:
            return sum(worth[lot] for lot in lots)
        lots = [lot for lot in lots if lot not in (first, second)] + [first | second]


def shortfalls(measured: Measured) -> Iterator[tuple[str, float, bool]]:
    """How far each usual structure falls short of the optimum, and whether it keeps the rules."""
    table = measured.table
    assert measured.found is not None
    for structure in baselines(table.design):
        worth = float(table.values(np.array(table.rows(structure))).sum())
        yield structure.name, measured.found.value - worth, not table.breaks(table.design.rules, structure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="12,15,21,30,60")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--providers", type=int, default=20)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    print("CPU seconds. Worth in thousands of assumed pounds, then how far each structure falls short of it")
    print("(* it breaks a rule, so that it may also exceed it). Greedy knows no rule on the number of lots.\n")
    print(
        f"{'units':>5} {'seed':>4} {'lots':>7} {'candidates':>10} {'valued/s':>8} {'total s':>7} {'solve s':>7} "
        f"{'proved':>6} {'worth':>7} {'each':>8} {'site':>8} {'service':>8} {'all':>8} {'greedy':>8}"
        + (f" {'plain s':>8}" if options.plain else "")
    )
    for size in (int(size) for size in options.sizes.split(",")):
        for seed in range(1, options.seeds + 1):
            few = Rules(most_units=MOST_UNITS, lots_at_least=size // 4, lots_at_most=size // 3)
            for rules in (Rules(most_units=MOST_UNITS), few):
                _print_row(synthetic_design(size, seed, providers=options.providers, rules=rules), seed, options.plain)


def _print_row(design: LotDesign, seed: int, plain: bool) -> None:
    measured = measure(design)
    rules, found, candidates = design.rules, measured.found, len(measured.table.none)
    if found is None:
        print(f"{len(design.units):>5} {seed:>4} no structure keeps the rules")
        return
    band = f"{rules.lots_at_least}-{rules.lots_at_most}" if rules.lots_at_most else "free"
    total = measured.thought + measured.valued + measured.solved
    short = " ".join(f"{amount / 1e3:>7,.0f}{' ' if kept else '*'}" for _, amount, kept in shortfalls(measured))
    merged = (found.value - greedy(measured.table, rules)) / 1e3
    proved = "yes" if found.proved and measured.every_lot else "no"
    print(
        f"{len(design.units):>5} {seed:>4} {band:>7} {candidates:>10,} {candidates / measured.valued:>8,.0f} "
        f"{total:>7.2f} {measured.solved:>7.2f} {proved:>6} {found.value / 1e3:>7,.0f} {short} {merged:>8,.0f}"
        + (f" {_plain(measured):>8}" if plain else ""),
        flush=True,
    )


def _plain(measured: Measured) -> str:
    """CPU seconds of one integer problem with all lots, or what was still open after its time."""
    table, rules = measured.table, measured.table.design.rules
    assert measured.found is not None
    worth = table.values(np.arange(len(table.none))) / 1e6
    once = LinearConstraint(csr_array(table.flags.T.astype(np.float64)), 1, 1)
    ends = rules.lots_at_least or 0, rules.lots_at_most or len(worth)
    began = time.process_time()
    solved = milp(
        -worth,
        constraints=[once, LinearConstraint(np.ones((1, len(worth))), *ends)],
        integrality=np.ones(len(worth)),
        bounds=Bounds(0, np.where(table.flags.sum(axis=1) <= (rules.most_units or len(worth)), 1, 0)),
        options={"mip_rel_gap": 0, "time_limit": PLAIN_SECONDS},
    )
    took = time.process_time() - began
    if solved.x is None:
        return "none"
    assert -solved.fun <= measured.found.value / 1e6 + 1e-6
    return f"{took:.1f}" if solved.status == 0 else f"open {solved.mip_gap:.1%}"


if __name__ == "__main__":
    main()
