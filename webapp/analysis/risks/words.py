"""What risks are called, what an entry about one begins with, and what an analysis says of it.

What an entry begins with stays when responses are destroyed, so it repeats nothing that a provider answered; what is
said of a finding is made from the analysis each time, and goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intelligence import InterestLevel
from intelligence.risks import Risk as FoundRisk
from intelligence.risks import RiskKind as FoundKind
from webapp.models import RiskKind, RiskState
from webapp.web.format import chance, number, plural

KINDS: Mapping[RiskKind, str] = {
    RiskKind.NO_BID: "No credible bid",
    RiskKind.SINGLE_BID: "Only one credible bid",
    RiskKind.LEFT_OVER: "Left over when other lots are awarded",
    RiskKind.WORKFORCE: "Workforce",
    RiskKind.INCUMBENT_EXIT: "Present supplier leaves",
    RiskKind.HANGS_ON_ONE: "Hangs on one provider",
    RiskKind.OVERSTRETCHED: "Provider wants more than it can do",
    RiskKind.CONCENTRATION: "Concentration on one provider",
    RiskKind.TENDERS_AT_ONCE: "Too many tenders at once",
    RiskKind.LITTLE_TIME: "Little time in the plan",
    RiskKind.TUPE: "Transfer of staff (TUPE) and pensions",
    RiskKind.PRICE: "Price not viable",
    RiskKind.ESTATE: "Estate, rooms and equipment",
    RiskKind.OTHER: "Another risk",
}
STATES: Mapping[RiskState, str] = {
    RiskState.OPEN: "Open",
    RiskState.REDUCING: "Being reduced",
    RiskState.ACCEPTED: "Accepted",
    RiskState.CLOSED: "Closed",
}
LIKELIHOODS = {
    1: "Very unlikely: less than 5%",
    2: "Unlikely: 5% to 20%",
    3: "Possible: 20% to 50%",
    4: "Likely: 50% to 80%",
    5: "Very likely: 80% or more",
}
IMPACTS = {
    1: "Very small: nothing has to change",
    2: "Small: some more work or days",
    3: "Moderate: a lot is late or dearer",
    4: "Large: a lot has to be bought again",
    5: "Very large: patients go without a service",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an entry begins with; {about} is the lot, provider or procurement, {provider} the provider beside a lot."""

    title: str
    cause: str
    event: str
    effect: str


BEGINNINGS: Mapping[FoundKind, Beginning] = {
    FoundKind.NO_BID: Beginning(
        "No credible bid for {about}",
        "Too few providers could and would bid.",
        "The tender for {about} closes without a credible bid.",
        "The lot has to be bought again, or the present contract extended.",
    ),
    FoundKind.SINGLE_BID: Beginning(
        "Only one credible bid for {about}",
        "Few providers could and would bid.",
        "The tender for {about} draws one credible bid, without competition.",
        "Price and quality are not tested against another bid.",
    ),
    FoundKind.LEFT_OVER: Beginning(
        "{about} is left over",
        "The same providers bid for several lots, and none can hold or start all of them.",
        "{about} has a bid, and all its bidders are needed for other lots.",
        "The lot has to be bought again, or a contract goes to a provider that cannot staff it.",
    ),
    FoundKind.WORKFORCE: Beginning(
        "No bidder has the staff for {about}",
        "The staff that one bidder can bring by month 6 is less than the service needs.",
        "The contract for {about} starts with too few staff.",
        "Services are cut, or covered by agency staff.",
    ),
    FoundKind.INCUMBENT_EXIT: Beginning(
        "{provider} may leave {about}",
        "A present supplier may leave when its contract ends.",
        "{provider} makes no bid of its own for {about}.",
        "One bidder fewer, who knows the service; staff and records have to be handed over.",
    ),
    FoundKind.HANGS_ON_ONE: Beginning(
        "{about} hangs on {provider}",
        "Few others could and would bid.",
        "{provider} does not bid for {about}.",
        "No credible bid may come.",
    ),
    FoundKind.OVERSTRETCHED: Beginning(
        "{about} may want more than it can do",
        "Several lots are tendered to the same providers at the same time.",
        "{about} bids for less than is hoped, or is awarded more than it can start.",
        "Lots that counted on it draw fewer bids, or start late.",
    ),
    FoundKind.CONCENTRATION: Beginning(
        "Much of the programme may go to {about}",
        "One provider can bid for many of the lots.",
        "{about} wins several lots that together are a quarter of the programme or more.",
        "Its failure would reach many services, and the next competition would be weaker.",
    ),
    FoundKind.TENDERS_AT_ONCE: Beginning(
        "Too many tenders at once for {about}",
        "The plan has tenders open at the same time to which the same providers could bid.",
        "{about} leaves out tenders that it would have answered.",
        "Lots draw fewer bids.",
    ),
    FoundKind.LITTLE_TIME: Beginning(
        "Little time in hand for {about}",
        "The plan leaves few working days between the end of mobilisation and the start of services.",
        "A stage of {about} takes longer than planned.",
        "Services start late, or the present contracts run on.",
    ),
}
_SUPPLIERS = {None: "It has not said what it intends", InterestLevel.NO: "It says that it would not bid again"}


def figure_of(kind: RiskKind | FoundKind, figure: float) -> str:
    """In few words, for a table."""
    match FoundKind(kind.value):
        case FoundKind.TENDERS_AT_ONCE:
            return plural(round(figure), "tender")
        case FoundKind.LITTLE_TIME:
            return plural(round(figure), "day") + " in hand"
        case FoundKind.INCUMBENT_EXIT | FoundKind.HANGS_ON_ONE:
            return f"{chance(figure)} of no bid without it"
        case _:
            return chance(figure)


def finding_in_words(risk: FoundRisk) -> str:
    """What the analysis says, as a sentence. For those who may read responses where it is about a provider."""
    figure, beside = risk.figure, risk.beside or 0.0
    match risk.kind:
        case FoundKind.NO_BID:
            return f"The chance of no credible bid is {chance(figure)}."
        case FoundKind.SINGLE_BID:
            return f"The chance of only one credible bid is {chance(figure)}."
        case FoundKind.LEFT_OVER:
            return f"The chance that it has a bid and still finds nobody is {chance(figure)}."
        case FoundKind.WORKFORCE:
            return (
                f"It needs {number(beside, 1)} whole-time-equivalent staff. Even if a bid comes that says its staff, "
                f"the chance that no single bidder has so many is {chance(figure)}."
            )
        case FoundKind.INCUMBENT_EXIT:
            says = _SUPPLIERS.get(risk.says, "It would take part only as a subcontractor")
            return f"{says}. Without it the chance of no credible bid is {chance(figure)}."
        case FoundKind.HANGS_ON_ONE:
            return f"Without it the chance of no credible bid rises from {chance(beside)} to {chance(figure)}."
        case FoundKind.OVERSTRETCHED:
            return f"The chance that it wants more than it declared it can do is {chance(figure)}."
        case FoundKind.CONCENTRATION:
            lots = plural(round(beside), "lot")
            share = "worth a quarter of the programme" if risk.by_value else "a quarter of all lots or more"
            return f"The chance that it wins {lots} or more, {share}, is {chance(figure)}."
        case FoundKind.TENDERS_AT_ONCE:
            return f"The plan has {plural(round(figure), 'tender')} open to it at once, and it said {round(beside)}."
        case FoundKind.LITTLE_TIME:
            days = plural(round(figure), "working day")
            return f"The plan leaves {days} in hand before the services start, and wants {round(beside)}."
