"""What a tender's limits on one supplier do: its lots with them and without, on the same draws.

A limit on bids takes a supplier's less wanted bids away, so that lots may draw fewer. A limit on awards takes no bid
away: it spreads the wins over more firms, and can leave a lot without anybody who may still win it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from intelligence.capacity.arrays import Counts, Flags
from intelligence.capacity.awards import MATCHING_DRAWS
from intelligence.capacity.concentration import NOBODY, Winners, draw_winners
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.capacity.redraw import Drawn, draw, first_of, p_all_awardable, redraw_terms
from intelligence.capacity.report import WINNERS_DRAWS
from intelligence.capacity.scenario import LimitEffect, LimitEffects, TenderOutlook
from intelligence.capacity.willingness import find_candidates, rows_by_lot
from intelligence.compute import Progress, nobody_told
from intelligence.market import Market, Outcome, Procurement

DRAWS = 2_000
FEWEST_LOTS = 2  # of a tender; with one lot there is nothing to limit


@dataclass(frozen=True, slots=True)
class _World:
    """The whole market under some limits: by lot (row) and draw (column) the credible bids, whether the lot is left
    over though it has one, and which candidate would win it."""

    drawn: Drawn
    counts: Counts
    blocked: Flags
    winners: Winners


def weigh_limits(
    market: Market,
    *,
    seed: int,
    draws: int = DRAWS,
    priors: Priors = DEFAULT_PRIORS,
    elsewhere: Sequence[Outcome] = (),
    progress: Progress = nobody_told,
) -> LimitEffects:
    """Each tender of two lots or more without limits on one supplier and with them; past lots update the priors.

    With the seed and draws of a report its own figures come out for the limits as they are set. `progress` is told the
    share that is done, between 0 and 1; what it raises stops the work.

    Raises:
        ValueError: there is such a tender and `draws` is not between 100 and 100,000.

    >>> from datetime import date
    >>> from intelligence.market import Interest, InterestLevel, Lot, Provider, Route, ServiceLine, Site, Unit
    >>> tender = Procurement("T1", "Dental", Route.PSR_COMPETITIVE, ("D1", "D2"), date(2027, 4, 1), most_lots_awarded=1)
    >>> market = Market(
    ...     sites=(Site("LPI", "HMP Liverpool"),),
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     lots=tuple(Lot(name, name, (Unit("LPI", "dental"),)) for name in tender.lot_ids),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ...     interests=tuple(Interest("P1", name, InterestLevel.WOULD_BID) for name in tender.lot_ids),
    ...     procurements=(tender,),
    ... )
    >>> (found,) = weigh_limits(market, seed=1).tenders
    >>> found.within.p_all_awardable < found.without.p_all_awardable
    True
    """
    tenders = [found for found in market.procurements if len(found.lot_ids) >= FEWEST_LOTS]
    effects: tuple[LimitEffect, ...] = ()
    if tenders:
        tell = first_of(1 + len(tenders), progress)
        planned = _world(draw(market, priors, seed=seed, draws=draws, elsewhere=elsewhere, progress=tell))
        effects = tuple(_each(planned, tenders, progress))
    return LimitEffects(effects, seed, draws, min(draws, MATCHING_DRAWS))


def _each(planned: _World, tenders: Sequence[Procurement], progress: Progress) -> Iterator[LimitEffect]:
    for done, tender in enumerate(tenders, 1):
        progress(done / (1 + len(tenders)))
        yield _weigh(planned, tender)
    progress(1.0)


def _weigh(planned: _World, tender: Procurement) -> LimitEffect:
    as_set = tender.most_lots_bid is not None or tender.most_lots_awarded is not None
    other = _limited(planned.drawn, tender, awarded=None if as_set else 1)
    without, within = (other, planned) if as_set else (planned, other)
    limits = tender if as_set else replace(tender, most_lots_awarded=1)
    own = [row for row, lot in enumerate(planned.drawn.market.lots) if lot.id in tender.lot_ids]
    draws = planned.counts.shape[1]
    none_change = (within.counts[own] == 0).sum(axis=0) - (without.counts[own] == 0).sum(axis=0)
    all_change = _all_awarded(within, own).astype(float) - _all_awarded(without, own)
    return LimitEffect(
        procurement_id=tender.id,
        title=tender.title,
        lots=len(own),
        most_lots_bid=limits.most_lots_bid,
        most_lots_awarded=limits.most_lots_awarded,
        as_set=as_set,
        without=_outlook(without, own),
        within=_outlook(within, own),
        p_all_change_error=float(all_change.std() / sqrt(len(all_change))),
        lots_without_bid_change_error=float(none_change.std() / sqrt(draws)),
    )


def _limited(drawn: Drawn, tender: Procurement, *, awarded: int | None) -> _World:
    """The market with another limit on awards in one tender, and none on bids."""
    other = replace(tender, most_lots_bid=None, most_lots_awarded=awarded)
    procurements = tuple(other if found.id == tender.id else found for found in drawn.market.procurements)
    market = replace(drawn.market, procurements=procurements)
    return _world(redraw_terms(drawn, market, find_candidates(market, drawn.priors)))


def _world(drawn: Drawn) -> _World:
    lots = drawn.market.lots
    winners = draw_winners(
        drawn.simulation,
        lots,
        rows_by_lot(drawn.candidates, len(lots)),
        seed=drawn.seed,
        draws=min(WINNERS_DRAWS, drawn.simulation.draws),
    )
    return _World(drawn, drawn.counts(), drawn.blocked(), winners)


def _outlook(world: _World, own: Sequence[int]) -> TenderOutlook:
    counts, blocked = world.counts[own], world.blocked[own]
    without_bid = float((counts == 0).mean(axis=1).sum())
    return TenderOutlook(
        bids_per_lot=float(counts.mean()),
        lots_without_bid=without_bid,
        lots_with_one_bid=float((counts == 1).mean(axis=1).sum()),
        p_all_awardable=p_all_awardable(counts, blocked),
        expected_awardable=max(len(own) - without_bid - float(blocked.mean(axis=1).sum()), 0.0),
        winners=_different_winners(world, own),
        p_programme=p_all_awardable(world.counts, world.blocked),
    )


def _all_awarded(world: _World, own: Sequence[int]) -> Counts:
    """The matched draws in which every lot of the tender has a bid and finds a provider."""
    matched = world.blocked.shape[1]
    awarded: Counts = np.all((world.counts[own, :matched] > 0) & ~world.blocked[own], axis=0).astype(np.int64)
    return awarded


def _different_winners(world: _World, own: Sequence[int]) -> float:
    """The mean number of firms among the winners of the tender; those from outside the engagement all differ."""
    numbers: dict[str, int] = {}
    of_row = [numbers.setdefault(candidate.provider.id, len(numbers)) for candidate in world.drawn.candidates]
    winners = world.winners[own]
    known = np.where(winners == NOBODY, NOBODY, np.array([*of_row, NOBODY])[winners])
    in_order = np.sort(known, axis=0)
    first = np.vstack([in_order[:1] != NOBODY, (in_order[1:] != in_order[:-1]) & (in_order[1:] != NOBODY)])
    return float(first.sum(axis=0).mean() + _outsiders(world, own, known).mean())


def _outsiders(world: _World, own: Sequence[int], known: Winners) -> Counts:
    """How many lots a firm from outside wins in each draw: those that go to nobody known and have such a bid."""
    unseen = world.drawn.simulation.unseen[own, : known.shape[1]]
    outside: Counts = ((known == NOBODY) & (unseen > 0)).sum(axis=0).astype(np.int64)
    return outside
