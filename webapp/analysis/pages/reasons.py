"""Why the lots most at risk are at risk, in sentences that a board can read out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from intelligence import BiddingRole, InterestLevel
from intelligence.capacity.report import LotCapacity
from intelligence.risks import Risk, RiskKind
from webapp.analysis.names import Names
from webapp.models import AnalysisRun
from webapp.web.format import chance, number, plural

AT_RISK = 0.2
"""From this chance of no credible bid on, a lot is called at risk: a choice of ours, said on the page."""
MOST_LOTS = 10
LEAST_RISE = 0.05
"""A smaller rise of the chance of no bid is no reason: it would not change what anybody does."""
STAFF_UNLIKELY = 0.5


@dataclass(frozen=True, slots=True)
class _Said:
    """What one provider says alone, and what one or many of several say."""

    alone: str
    one: str
    many: str


_SAYS = {
    InterestLevel.WOULD_BID: _Said("says that it would", "would", "would"),
    InterestLevel.LIKELY: _Said("says that it is likely to", "is likely to", "are likely to"),
    InterestLevel.POSSIBLY: _Said("says that it might", "might", "might"),
    InterestLevel.UNDECIDED: _Said("cannot say yet whether it would", "cannot say yet", "cannot say yet"),
}


@dataclass(frozen=True, slots=True)
class LotAtRisk:
    title: str
    href: str
    chance: str
    reasons: tuple[str, ...]
    register: str
    """Where the risk is put on the register, or read there; empty for one that only comes near."""


def is_at_risk(lot: LotCapacity, names: Names) -> bool:
    """By the chance as pages show it, so that no reader finds a lot at 20% that is not counted.

    A lot whose bids are in runs no risk any more: what came of it is known.
    """
    return names.came(lot.lot_id) is None and round(lot.p_none, 2) >= AT_RISK


def lots_at_risk(run: AnalysisRun, riskiest: Sequence[LotCapacity], names: Names) -> list[LotAtRisk]:
    """The first few of the lots given, each with what its figures show as the reasons."""
    return [
        LotAtRisk(
            title=names.lot(lot.lot_id),
            href=url_for("analysis.lot", run_id=run.id, lot_id=lot.lot_id),
            chance=f"{chance(lot.p_none)} chance of no credible bid, {chance(lot.p_one)} of only one",
            reasons=tuple(reasons(lot, names)),
            register=_register(run, lot) if is_at_risk(lot, names) else "",
        )
        for lot in riskiest[:MOST_LOTS]
    ]


def _register(run: AnalysisRun, lot: LotCapacity) -> str:
    key = Risk(RiskKind.NO_BID, lot.p_none, lot_id=lot.lot_id).key
    return url_for("risks.add", programme_id=run.engagement.programme_id, found=key)


def reasons(lot: LotCapacity, names: Names) -> Iterator[str]:
    yield _interest(lot)
    yield from _incumbents(lot, names)
    if lot.most_needed is not None and lot.most_needed.p_none_without - lot.p_none >= LEAST_RISE:
        yield without(names.organisation(lot.most_needed.provider_id), lot.p_none, lot.most_needed.p_none_without)
    blocked = 1 - lot.p_none - lot.p_awardable
    if blocked >= LEAST_RISE:
        yield f"With a further {chance(blocked)} its bidders are needed for other lots and it is left over."
    staff = lot.staff_month_6
    enough = staff.p_enough_if_offered if staff is not None else None
    if enough is not None and lot.demand_wte is not None and enough < STAFF_UNLIKELY:
        yield (
            f"It needs {number(lot.demand_wte, 1)} whole-time-equivalent staff; even if a bid comes that says its "
            f"staff, the chance that one bidder has so many is {chance(enough)}."
        )


def without(name: str, p_none: float, p_none_without: float) -> str:
    """The sentence that says how a lot hangs on one provider."""
    return f"Without {name}, the chance of no credible bid rises from {chance(p_none)} to {chance(p_none_without)}."


def _interest(lot: LotCapacity) -> str:
    """How many could bid, and how sure each is: of five that are likely to, none says that it would."""
    by_level = dict.fromkeys(_SAYS, 0)
    for count in lot.interest:
        if count.level in by_level and count.role is not BiddingRole.SUBCONTRACT_ONLY:
            by_level[count.level] += count.providers
    interested = sum(by_level.values())
    if not interested:
        return "No provider that could bid has declared an interest."
    said = [(_SAYS[level], providers) for level, providers in by_level.items() if providers]
    if interested == 1:
        return f"One provider that answered could bid, and it {said[0][0].alone}."
    none = [] if by_level[InterestLevel.WOULD_BID] else ["none says that it would"]
    counted = [f"{number(providers)} {words.one if providers == 1 else words.many}" for words, providers in said]
    return f"{plural(interested, 'provider')} that answered could bid; {', '.join([*none, *counted])}."


def _incumbents(lot: LotCapacity, names: Names) -> Iterator[str]:
    for incumbent in lot.incumbents:
        name = names.organisation(incumbent.provider_id)
        if incumbent.level is None:
            yield f"{name} provides it now and has not said what it intends."
        elif incumbent.level is InterestLevel.NO:
            yield f"{name} provides it now and would not bid again."
