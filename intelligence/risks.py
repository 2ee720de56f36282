"""What threatens competition for lots, read off what was estimated and planned; nothing is simulated here.

Each rule is a function of its own, with the reason for its threshold. None speaks without a figure, and none guesses at
what no figure shows: transfers of staff, pensions, rooms or prices are for people to judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intelligence.capacity.report import Bottleneck, CapacityReport, IncumbentIntent, LotCapacity, ProviderWins
from intelligence.market import BiddingRole, InterestLevel
from intelligence.schedule.load import bidder_load
from intelligence.schedule.plan import Schedule

AT_RISK = 0.2
"""From one chance in five on. The Single Market Scoreboard of the European Commission calls a country's procurement
unsatisfactory where more than a fifth of it draws one bid; of no bid at all no more can be borne."""
LEAST_RISE = 0.1
"""A lot hangs on a provider whose leaving moves the chance of no bid by so much; less is within what priors move it."""
OFTEN_LEFT = 0.1
"""In one case of ten the lot has a bid and still finds nobody, since its bidders are needed elsewhere."""
MORE_LIKELY_THAN_NOT = 0.5
LARGE_SHARE = 0.25
"""Of the value, or of the lots where a value is unknown: the share of supply from which on section 23 of the Enterprise
Act 2002 lets a merger be looked at."""
FEWEST_LOTS = 2
"""To win one lot is no concentration, however much of a small programme it is."""


class RiskKind(StrEnum):
    """What may happen, in the order in which a register lists what was found."""

    NO_BID = "no_bid"
    SINGLE_BID = "single_bid"
    LEFT_OVER = "left_over"
    WORKFORCE = "workforce"
    INCUMBENT_EXIT = "incumbent_exit"
    HANGS_ON_ONE = "hangs_on_one"
    OVERSTRETCHED = "overstretched"
    CONCENTRATION = "concentration"
    TENDERS_AT_ONCE = "tenders_at_once"
    LITTLE_TIME = "little_time"


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing that may happen to a lot, by a provider, or to a procurement, with the figure that makes it a risk.

    `figure` is a chance, but for `TENDERS_AT_ONCE` (tenders) and `LITTLE_TIME` (working days); `beside` is what it is
    held against: the chance with everybody of a lot that hangs on one, the staff that a lot needs, the fewest lots of
    a concentration, the tenders that a bidder said it can answer, the days that the plan wants. `says` is what a
    present supplier declared; a concentration is not `by_value` where the value of a lot is unknown.
    """

    kind: RiskKind
    figure: float
    beside: float | None = None
    lot_id: str | None = None
    provider_id: str | None = None
    procurement_id: str | None = None
    says: InterestLevel | None = None
    by_value: bool = True

    @property
    def key(self) -> str:
        """The same in each run that finds the same.

        >>> Risk(RiskKind.HANGS_ON_ONE, 0.4, 0.1, lot_id="D1", provider_id="P1").key
        'hangs_on_one:D1:P1'
        """
        about = (self.lot_id, self.provider_id, self.procurement_id)
        return ":".join((self.kind.value, *(each for each in about if each is not None)))

    @property
    def rank(self) -> tuple[int, float, str]:
        """By kind, then the worst first: the fewest days in hand, and else the highest figure."""
        badness = self.figure if self.kind is RiskKind.LITTLE_TIME else -self.figure
        return list(RiskKind).index(self.kind), badness, self.key


def find_risks(
    report: CapacityReport, schedule: Schedule | None = None, *, decided: Collection[str] = ()
) -> tuple[Risk, ...]:
    """What every rule finds, by kind and then the worst first. Lots that are `decided`, as their bids are in, run no
    risk any more."""
    lots = [lot for lot in report.lots if lot.lot_id not in decided]
    found = [
        *no_bid(lots),
        *single_bid(lots),
        *left_over(lots),
        *workforce(lots),
        *incumbent_exit(lots),
        *hangs_on_one(lots),
        *overstretched(report.bottlenecks),
        *concentration(report.concentration),
    ]
    if schedule is not None:
        found += [*tenders_at_once(schedule), *little_time(schedule, decided)]
    return tuple(sorted(found, key=lambda risk: risk.rank))


def no_bid(lots: Sequence[LotCapacity]) -> Iterator[Risk]:
    """The service would have to be bought again, or its contract extended. By the chance as pages show it."""
    for lot in lots:
        if round(lot.p_none, 2) >= AT_RISK:
            yield Risk(RiskKind.NO_BID, lot.p_none, lot_id=lot.lot_id)


def single_bid(lots: Sequence[LotCapacity]) -> Iterator[Risk]:
    """One bidder that knows to be alone has no reason to offer its best."""
    for lot in lots:
        if round(lot.p_one, 2) >= AT_RISK:
            yield Risk(RiskKind.SINGLE_BID, lot.p_one, lot_id=lot.lot_id)


def left_over(lots: Sequence[LotCapacity]) -> Iterator[Risk]:
    """A lot with bids, all of whose bidders can hold or start no more once the others are awarded."""
    for lot in lots:
        left = 1 - lot.p_none - lot.p_awardable
        if round(left, 2) >= OFTEN_LEFT:
            yield Risk(RiskKind.LEFT_OVER, left, lot_id=lot.lot_id)


def workforce(lots: Sequence[LotCapacity]) -> Iterator[Risk]:
    """Even if a bid comes that says its staff, nobody is more likely than not to have enough by month 6.

    That no such bid comes is another risk, so this is the chance once there is one.
    """
    for lot in lots:
        enough = lot.staff_month_6.p_enough_if_offered if lot.staff_month_6 is not None else None
        if enough is not None and 1 - enough > MORE_LIKELY_THAN_NOT:
            yield Risk(RiskKind.WORKFORCE, 1 - enough, lot.demand_wte, lot_id=lot.lot_id)


def incumbent_exit(lots: Sequence[LotCapacity]) -> Iterator[Risk]:
    """Who provides the service now would not bid for it again, or has not said. The forecast leaves both out, so its
    chance of no bid is the one without them."""
    for lot in lots:
        for supplier in lot.incumbents:
            if _leaves(supplier):
                yield Risk(
                    RiskKind.INCUMBENT_EXIT,
                    lot.p_none,
                    lot_id=lot.lot_id,
                    provider_id=supplier.provider_id,
                    says=supplier.level,
                )


def hangs_on_one(lots: Sequence[LotCapacity]) -> Iterator[Risk]:
    """The lot is at risk if one provider stays away, and would be less so with it."""
    for lot in lots:
        needed = lot.most_needed
        if needed is None or round(needed.p_none_without, 2) < AT_RISK:
            continue
        if round(needed.p_none_without - lot.p_none, 2) >= LEAST_RISE:
            yield Risk(
                RiskKind.HANGS_ON_ONE,
                needed.p_none_without,
                lot.p_none,
                lot_id=lot.lot_id,
                provider_id=needed.provider_id,
            )


def overstretched(bottlenecks: Sequence[Bottleneck]) -> Iterator[Risk]:
    """A provider that lots hang on, and that is as likely as not to want more than it declared it can do."""
    for each in bottlenecks:
        if each.p_over_limits >= MORE_LIKELY_THAN_NOT:
            yield Risk(RiskKind.OVERSTRETCHED, each.p_over_limits, provider_id=each.provider_id)


def concentration(winners: Sequence[ProviderWins]) -> Iterator[Risk]:
    """The chance that one provider comes to hold two lots or more, a quarter of the programme."""
    for each in winners:
        large = [won for won in each.wins if won.lots >= FEWEST_LOTS and won.value_share >= LARGE_SHARE]
        chance = sum(won.chance for won in large)
        if large and round(chance, 2) >= AT_RISK:
            fewest = min(won.lots for won in large)
            yield Risk(RiskKind.CONCENTRATION, chance, fewest, provider_id=each.provider_id, by_value=each.values_known)


def tenders_at_once(schedule: Schedule) -> Iterator[Risk]:
    """The plan has more tenders open at once than a bidder said that it can answer."""
    for load in bidder_load(schedule):
        if load.capacity is not None and load.peak() > load.capacity:
            yield Risk(RiskKind.TENDERS_AT_ONCE, load.peak(), load.capacity, provider_id=load.name)


def little_time(schedule: Schedule, decided: Collection[str] = ()) -> Iterator[Risk]:
    """Fewer working days in hand before the services start than the plan itself wants: it pays for each that lacks."""
    wanted = schedule.problem.penalties.wanted_slack_days
    lots = {procurement.id: procurement.lot_ids for procurement in schedule.problem.procurements}
    for item in schedule.procurements:
        is_decided = bool(lots[item.procurement_id]) and set(lots[item.procurement_id]) <= set(decided)
        if item.slack_days < wanted and not is_decided:
            yield Risk(RiskKind.LITTLE_TIME, item.slack_days, wanted, procurement_id=item.procurement_id)


def _leaves(supplier: IncumbentIntent) -> bool:
    """Who would only be a subcontractor makes no bid of its own."""
    return supplier.level in (None, InterestLevel.NO) or supplier.role is BiddingRole.SUBCONTRACT_ONLY
