"""Other terms and other assumptions, on the same draws: what would change the forecast, and what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from math import log2, sqrt

import numpy as np

from intelligence.capacity.arrays import Counts, Flags
from intelligence.capacity.priors import DEFAULT_PRIORS, Prior, Priors
from intelligence.capacity.redraw import (
    Candidates,
    Drawn,
    draw,
    first_of,
    p_all_awardable,
    redraw_assumption,
    redraw_terms,
)
from intelligence.capacity.scenario import (
    AssumptionSwing,
    LotChange,
    LotOutlook,
    Scenario,
    ScenarioError,
    Tornado,
    WhatIf,
)
from intelligence.capacity.willingness import find_candidates
from intelligence.compute import Progress, nobody_told
from intelligence.market import Market, Outcome, Provider, lowest

DRAWS = 2_000
TENTH = 1.2816  # standard deviations from the mean to the ends of the central 80% of a normal distribution


def compare_scenarios(
    market: Market,
    scenarios: Sequence[Scenario],
    *,
    seed: int,
    draws: int = DRAWS,
    priors: Priors = DEFAULT_PRIORS,
    elsewhere: Sequence[Outcome] = (),
    progress: Progress = nobody_told,
) -> tuple[WhatIf, ...]:
    """Each scenario beside the plan, on the same draws; past lots update the priors as in the report.

    With the seed and draws of a report the plan's figures are the report's own. `progress` is told the share that is
    done, between 0 and 1; what it raises stops the work.

    Raises:
        MarketError: the market has no lots.
        ScenarioError: a scenario names a lot that the market has not.
        ValueError: `draws` is not between 100 and 100,000.

    >>> from intelligence.market import Interest, InterestLevel, Lot, Provider, ServiceLine, Site, Unit
    >>> market = Market(
    ...     sites=(Site("LPI", "HMP Liverpool"),),
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     lots=(Lot("D1", "Dental", (Unit("LPI", "dental"),), annual_value=300_000),),
    ...     providers=(Provider("P1", "Example Dental CIC", largest_annual_value=100_000),),
    ...     interests=(Interest("P1", "D1", InterestLevel.LIKELY),),
    ... )
    >>> smaller, same = compare_scenarios(market, [Scenario("half", value_factor=0.5), Scenario("as planned")], seed=1)
    >>> smaller.lots[0].after.p_none < smaller.lots[0].before.p_none, same.lots[0].p_none_change_error
    (True, 0.0)
    """
    _check_lots(market, scenarios)
    steps = 1 + len(scenarios)
    drawn = draw(market, priors, seed=seed, draws=draws, elsewhere=elsewhere, progress=first_of(steps, progress))
    compared: list[WhatIf] = []
    for scenario in scenarios:
        progress((1 + len(compared)) / steps)
        compared.append(_compare(drawn, scenario))
    progress(1.0)
    return tuple(compared)


def weigh_assumptions(
    market: Market,
    *,
    seed: int,
    draws: int = DRAWS,
    priors: Priors = DEFAULT_PRIORS,
    elsewhere: Sequence[Outcome] = (),
    progress: Progress = nobody_told,
) -> Tornado:
    """Each uncertain assumption at both ends of its 80% range: how many lots would have no credible bid?

    `progress` is told the share that is done, between 0 and 1; what it raises stops the work.

    Raises:
        MarketError: the market has no lots.
        ValueError: `draws` is not between 100 and 100,000.

    >>> from intelligence.market import Interest, InterestLevel, Lot, ServiceLine, Site, Unit
    >>> market = Market(
    ...     sites=(Site("LPI", "HMP Liverpool"),),
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     lots=(Lot("D1", "Dental", (Unit("LPI", "dental"),)),),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ...     interests=(Interest("P1", "D1", InterestLevel.LIKELY),),
    ... )
    >>> widest = weigh_assumptions(market, seed=1).swings[0]
    >>> widest.name, widest.without_bid_low > widest.without_bid_high
    ('bidders a lot draws from outside the engagement', True)
    """
    names = [field.name for field in fields(Priors)]
    steps = 1 + len(names)
    drawn = draw(market, priors, seed=seed, draws=draws, elsewhere=elsewhere, progress=first_of(steps, progress))
    swings = []
    for place, name in enumerate(names):
        progress((1 + place) / steps)
        swing = _swing(drawn, name)
        if swing is not None:
            swings.append(swing)
    progress(1.0)
    swings.sort(key=lambda swing: (-abs(swing.without_bid_high - swing.without_bid_low), swing.name))
    return Tornado(float((drawn.counts() == 0).mean(axis=1).sum()), tuple(swings), seed, draws)


def _check_lots(market: Market, scenarios: Sequence[Scenario]) -> None:
    known = {lot.id for lot in market.lots}
    for lot_id in (lot_id for scenario in scenarios for lot_id in scenario.lot_ids):
        if lot_id not in known:
            raise ScenarioError("lot_ids", f"{lot_id!r} is not the id of a lot")


def _compare(drawn: Drawn, scenario: Scenario) -> WhatIf:
    market = _changed_market(drawn.market, scenario)
    after = redraw_terms(drawn, market, _changed_candidates(market, drawn.priors, scenario))
    counts, blocked = (drawn.counts(), after.counts()), (drawn.blocked(), after.blocked())
    none_change = (counts[1] == 0).astype(float) - (counts[0] == 0)
    errors = none_change.std(axis=1) / sqrt(counts[0].shape[1])
    before_lots, after_lots = (_outlooks(*each) for each in zip(counts, blocked, strict=True))
    return WhatIf(
        scenario=scenario,
        lots=tuple(
            LotChange(lot.id, one, other, float(error))
            for lot, one, other, error in zip(market.lots, before_lots, after_lots, errors, strict=True)
        ),
        p_all_awardable_before=p_all_awardable(counts[0], blocked[0]),
        p_all_awardable_after=p_all_awardable(counts[1], blocked[1]),
        expected_awardable_before=sum(lot.p_awardable for lot in before_lots),
        expected_awardable_after=sum(lot.p_awardable for lot in after_lots),
        redrawn_providers=after.redrawn,
        providers=len({candidate.provider.id for candidate in after.candidates}),
        warnings=tuple(_unanswerable(drawn.market, scenario)),
        seed=drawn.seed,
        draws=drawn.simulation.draws,
    )


def _changed_market(market: Market, scenario: Scenario) -> Market:
    chosen = _chosen(market, scenario)
    lots = tuple(
        replace(lot, annual_value=lot.annual_value * scenario.value_factor)
        if lot.id in chosen and lot.annual_value is not None
        else lot
        for lot in market.lots
    )
    providers = tuple(_limited(provider, scenario.award_limit) for provider in market.providers)
    return replace(market, lots=lots, providers=providers)


def _starting_later(market: Market, days: int) -> Market:
    """With so many working days more for mobilising, in every procurement of which their number is planned."""
    procurements = tuple(
        found
        if found.mobilisation_days is None
        else replace(found, mobilisation_days=max(found.mobilisation_days + days, 0))
        for found in market.procurements
    )
    return replace(market, procurements=procurements)


def _limited(provider: Provider, award_limit: int | None) -> Provider:
    return replace(provider, awards_at_most=lowest(provider.awards_at_most, award_limit))


def _changed_candidates(market: Market, priors: Priors, scenario: Scenario) -> Candidates:
    """Besides what follows from the changed market, the later start and the appeal of more money and a longer term: of
    the chosen lots alone, not of others in their procurement."""
    chosen = _chosen(market, scenario)
    amounts = {"more_value": log2(scenario.value_factor), "longer_term": scenario.term_years_added}
    added = tuple((name, amount) for name, amount in amounts.items() if amount)
    planned = find_candidates(market, priors)
    later = find_candidates(_starting_later(market, scenario.start_later_days), priors)
    return tuple(
        replace(then, effects=(*then.effects, *added)) if market.lots[then.lot].id in chosen else now
        for now, then in zip(planned, later, strict=True)
    )


def _chosen(market: Market, scenario: Scenario) -> frozenset[str]:
    return frozenset(scenario.lot_ids or (lot.id for lot in market.lots))


def _unanswerable(market: Market, scenario: Scenario) -> Iterator[str]:
    chosen = _chosen(market, scenario)
    if scenario.value_factor != 1 and any(lot.annual_value is None for lot in market.lots if lot.id in chosen):
        yield "Some of these lots have no known value: whether they are too large for anybody is not judged."
    timed = {lot_id for found in market.procurements if found.mobilisation_days is not None for lot_id in found.lot_ids}
    if scenario.start_later_days and not chosen <= timed:
        yield "Some of these lots have no planned mobilisation: a later start changes nothing for them here."


def _outlooks(counts: Counts, blocked: Flags) -> list[LotOutlook]:
    shares = blocked.mean(axis=1)
    return [
        LotOutlook(
            p_none=(p_none := float((count == 0).mean())),
            p_one=float((count == 1).mean()),
            expected_bids=float(count.mean()),
            p_awardable=max(1 - p_none - float(share), 0.0),
        )
        for count, share in zip(counts, shares, strict=True)
    ]


def _swing(drawn: Drawn, name: str) -> AssumptionSwing | None:
    """`None` for an assumption that is taken as known, or that concerns nobody here."""
    prior: Prior = getattr(drawn.priors, name)
    if prior.spread == 0:
        return None
    ends = _ends(name, prior)
    low, high = (redraw_assumption(drawn, name, replace(prior, value=end, spread=0.0)) for end in ends)
    if low.redrawn == 0 and name != "unseen_entrants":
        return None
    none_low, none_high = ((each.counts() == 0).mean(axis=1) for each in (low, high))
    most = int(np.abs(none_high - none_low).argmax())
    return AssumptionSwing(
        name=prior.name,
        kind=prior.kind,
        low=ends[0],
        high=ends[1],
        without_bid_low=float(none_low.sum()),
        without_bid_high=float(none_high.sum()),
        most_moved_lot=drawn.market.lots[most].id,
        p_none_low=float(none_low[most]),
        p_none_high=float(none_high[most]),
    )


def _ends(name: str, prior: Prior) -> tuple[float, float]:
    low, high = prior.value - TENTH * prior.spread, prior.value + TENTH * prior.spread
    if name == "credibility":
        return max(low, 0.01), min(high, 1.0)
    return (max(low, 0.0), high) if name == "unseen_entrants" else (low, high)
