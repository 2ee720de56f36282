"""What a reader of a capacity report must know: each caveat is a function that says in one sentence what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intelligence.capacity.willingness import Candidate
from intelligence.market import Market

MOST_NAMED = 5  # lots in one sentence
FEWEST_PAST_LOTS = 10  # with fewer, the figures rest on the priors and the report says so


def find_caveats(market: Market, candidates: Sequence[Candidate], past_lots: int) -> Iterator[str]:
    """The sentences to show beside the figures, most important first."""
    yield from _few_past_lots(past_lots)
    yield from _lots_without_interest(market, candidates)
    yield from _undeclared_limits(candidates)
    yield from _unknown_demand(market)
    yield from _unknown_starts(market)
    yield from _unusable_outcomes(market)


def _few_past_lots(past_lots: int) -> Iterator[str]:
    """With so few outcomes the priors outweigh the evidence, and most priors are judgement."""
    if past_lots < FEWEST_PAST_LOTS:
        yield (
            f"Fewer than {FEWEST_PAST_LOTS} past lots are known ({past_lots}): "
            "the figures rest on assumptions more than on evidence."
        )


def _lots_without_interest(market: Market, candidates: Sequence[Candidate]) -> Iterator[str]:
    """Such a lot's forecast is the assumed number of unseen entrants and nothing else."""
    named = {candidate.lot for candidate in candidates}
    silent = [lot.id for position, lot in enumerate(market.lots) if position not in named]
    if silent:
        yield f"No possible bidder declared interest in {_list(silent)}: only bidders not yet seen are forecast there."


def _undeclared_limits(candidates: Sequence[Candidate]) -> Iterator[str]:
    """An unknown limit is taken as none, which flatters the chance that all lots can be awarded."""
    providers = {candidate.provider.id: candidate.provider for candidate in candidates}
    silent = sum(
        provider.held_at_most is None and provider.startable_together is None for provider in providers.values()
    )
    if silent:
        yield (
            f"{silent} of {len(providers)} possible bidders declared no limit on the lots they could hold or start: "
            "they are taken to have none."
        )


def _unknown_demand(market: Market) -> Iterator[str]:
    """Without it, staff that was declared can't be compared with anything."""
    unknown = [lot.id for lot in market.lots if lot.demand_wte is None]
    if unknown:
        yield f"The staff needed is not known for {_list(unknown)}."


def _unknown_starts(market: Market) -> Iterator[str]:
    """Lots outside every procurement count as starting on one date, which limits providers the most."""
    placed = {lot_id for procurement in market.procurements for lot_id in procurement.lot_ids}
    unplaced = [lot.id for lot in market.lots if lot.id not in placed]
    if len(unplaced) > 1:
        yield f"No start date is planned for {_list(unplaced)}: these are taken to be tendered and started together."


def _unusable_outcomes(market: Market) -> Iterator[str]:
    """An outcome teaches conversion only if the interest before it is known."""
    unusable = sum(outcome.interested is None for outcome in market.outcomes)
    if unusable:
        yield f"Past lots that do not say how many were interested ({unusable}) teach nothing about conversion."


def _list(ids: Sequence[str]) -> str:
    """The first ids in full, and how many more."""
    names = ", ".join(ids[:MOST_NAMED])
    return names if len(ids) <= MOST_NAMED else f"{names} and {len(ids) - MOST_NAMED} more lots"
