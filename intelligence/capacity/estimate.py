"""How many credible bids would each lot draw, and can the market take all lots at once?"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from intelligence.capacity.arrays import Bits, Counts, Flags
from intelligence.capacity.awards import MATCHING_DRAWS, prepare_matchings
from intelligence.capacity.bottlenecks import find_bottlenecks, find_overlaps
from intelligence.capacity.caveats import FEWEST_PAST_LOTS, find_caveats
from intelligence.capacity.concentration import find_concentration
from intelligence.capacity.cover import find_cover
from intelligence.capacity.learning import learn
from intelligence.capacity.lot_forecast import find_drivers, forecast_lot, lot_draws
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.capacity.report import Awards, CapacityReport, Learned, LotCapacity, LotDrivers
from intelligence.capacity.simulation import Simulation, simulate
from intelligence.capacity.willingness import find_candidates, rows_by_lot
from intelligence.compute import SERIAL, Progress, Workers, nobody_told
from intelligence.market import Interest, Market, Outcome

FEWEST_DRAWS, MOST_DRAWS = 100, 100_000
INTERVAL = 0.8
SIMULATION_SHARE = 0.8  # of the whole run's time, for the progress that is reported


def estimate_capacity(
    market: Market,
    *,
    seed: int,
    draws: int = 10_000,
    priors: Priors = DEFAULT_PRIORS,
    progress: Progress = nobody_told,
    workers: Workers = SERIAL,
    elsewhere: Sequence[Outcome] = (),
) -> CapacityReport:
    """Forecast the credible bids of every lot by simulating the programme's future `draws` times.

    Past lots in `market.outcomes`, and with less weight those of other markets in `elsewhere`, update the priors first.
    The same arguments give the same report to the last bit on one machine, whatever the `workers`. `progress` is told
    the share that is done, between 0 and 1; what it raises stops the run. Method, measurements and their sources:
    docs/methods/capacity.md.

    Raises:
        MarketError: the market has no lots.
        ValueError: `draws` is not between 100 and 100,000.
        WorkersError: the workers cannot be had.

    >>> from intelligence.market import Interest, InterestLevel, Lot, Provider, ServiceLine, Site, Unit
    >>> market = Market(
    ...     sites=(Site("LPI", "HMP Liverpool"),), service_lines=(ServiceLine("dental", "Dental"),),
    ...     lots=(Lot("D1", "Dental, HMP Liverpool", (Unit("LPI", "dental"),)),),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ...     interests=(Interest("P1", "D1", InterestLevel.WOULD_BID),),
    ... )
    >>> report = estimate_capacity(market, seed=1, draws=1_000)
    >>> report.lots[0].p_none > 0.1, report.prior_driven
    (True, True)
    """
    check_draws(draws)
    candidates = find_candidates(market, priors)
    posterior, learned = learn(market.outcomes, candidates, priors, elsewhere=elsewhere)

    def tell(share: float) -> None:
        progress(SIMULATION_SHARE * share)

    simulation = simulate(market, candidates, posterior, seed=seed, draws=draws, progress=tell, workers=workers)
    report = _report(market, simulation, posterior, learned, seed)
    progress(1.0)
    return report


def check_draws(draws: int) -> None:
    """Are these enough for a forecast, and not so many that it would never end?

    Raises:
        ValueError: no.
    """
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise ValueError(f"draws must be between {FEWEST_DRAWS:,} and {MOST_DRAWS:,}, not {draws:,}")


def _report(
    market: Market, simulation: Simulation, posterior: Priors, learned: tuple[Learned, ...], seed: int
) -> CapacityReport:
    candidates, draws = simulation.candidates, simulation.draws
    rows = rows_by_lot(candidates, len(market.lots))
    matchings = prepare_matchings(simulation, market.lots, rows, seed=seed, draws=min(draws, MATCHING_DRAWS))
    blocked = matchings.has_bid & ~matchings.award()
    lots, drivers, sole, lots_with_bid = _forecast_lots(market, simulation, rows, blocked.mean(axis=1))
    every_lot_has_bid = np.packbits(lots_with_bid == len(lots))
    past_lots = sum(outcome.interested is not None for outcome in market.outcomes)
    return CapacityReport(
        lots=lots,
        awards=_awards(lots, lots_with_bid, blocked),
        bottlenecks=find_bottlenecks(simulation, lots, sole, every_lot_has_bid, matchings),
        overlaps=find_overlaps(candidates, market.lots),
        priors=posterior.all(),
        learned=learned,
        past_lots=past_lots,
        prior_driven=past_lots < FEWEST_PAST_LOTS,
        warnings=tuple(find_caveats(market, candidates, past_lots)),
        seed=seed,
        draws=draws,
        interval=INTERVAL,
        drivers=drivers,
        concentration=find_concentration(simulation, market.lots, rows, seed=seed),
        cover=find_cover(market),
    )


def _forecast_lots(
    market: Market, simulation: Simulation, rows: Sequence[Sequence[int]], blocked: Sequence[float]
) -> tuple[tuple[LotCapacity, ...], tuple[LotDrivers, ...], Bits, Counts]:
    """Each lot's forecast; on whom it hangs; the draws (bits, a row for each lot) in which a known provider makes its
    only credible bid; and the number of lots with a credible bid in each draw."""
    interests: dict[str, list[Interest]] = {lot.id: [] for lot in market.lots}
    for interest in market.interests:
        interests[interest.lot_id].append(interest)
    lots, drivers = [], []
    sole = np.zeros((len(market.lots), simulation.credible.shape[1]), np.uint8)
    lots_with_bid = np.zeros(simulation.draws, np.int64)
    for position, lot in enumerate(market.lots):
        drawn = lot_draws(simulation, position, rows[position])
        lots.append(forecast_lot(lot, interests[lot.id], drawn, simulation, INTERVAL, float(blocked[position])))
        drivers.append(LotDrivers(lot.id, lots[-1].p_none, find_drivers(drawn, simulation)))
        sole[position] = drawn.sole
        lots_with_bid += drawn.count > 0
    return tuple(lots), tuple(drivers), sole, lots_with_bid


def _awards(lots: Sequence[LotCapacity], lots_with_bid: Counts, blocked: Flags) -> Awards:
    """All lots together: every draw tells how many lots have a bid, the matched draws what the providers' limits cost.

    Estimating that cost as a difference lets the result gain from the many draws that are not matched; the standard
    errors are those of the two parts.
    """
    draws, matched = len(lots_with_bid), blocked.shape[1]
    every_lot = lots_with_bid == len(lots)
    p_every_lot = float(every_lot.mean())
    p_only_blocked = float((every_lot[:matched] & blocked.any(axis=0)).mean())
    variance = p_every_lot * (1 - p_every_lot) / draws + p_only_blocked * (1 - p_only_blocked) / matched
    return Awards(
        p_all_awardable=max(p_every_lot - p_only_blocked, 0.0),
        p_all_awardable_error=sqrt(variance),
        expected_awardable=sum(lot.p_awardable for lot in lots),
        expected_awardable_error=sqrt(float(lots_with_bid.var() / draws + blocked.sum(axis=0).var() / matched)),
        draws=matched,
    )
