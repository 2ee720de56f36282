"""Which route a procurement must or may take, as a tree of questions. It decides nothing: it says where answers lead.

The Provider Selection Regime's questions follow NHS England's guidance on getting to the right decision. What was not
read in its source is :attr:`Evidence.BELIEVED` and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intelligence.market import Route
from intelligence.schedule.routes import Evidence


@dataclass(frozen=True, slots=True)
class RouteOption:
    """`leads_to` is the id of the next question or of an outcome."""

    value: str
    words: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class RouteQuestion:
    id: str
    words: str
    options: tuple[RouteOption, ...]
    source: str
    explanation: str = ""
    evidence: Evidence = Evidence.LEGAL

    def option(self, value: str) -> RouteOption | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class RouteOutcome:
    """Where the questions end. `route` is `None` where the procurement takes a way that is not planned here."""

    id: str
    route: Route | None
    words: str


@dataclass(frozen=True, slots=True)
class RouteWalk:
    """The questions answered so far, each with the option taken, and what comes next."""

    steps: tuple[tuple[RouteQuestion, RouteOption], ...]
    next: RouteQuestion | RouteOutcome

    @property
    def outcome(self) -> RouteOutcome | None:
        return self.next if isinstance(self.next, RouteOutcome) else None


def walk(answers: Mapping[str, str]) -> RouteWalk:
    """As far as the answers lead, by question id. Answers to questions off the way count for nothing, and so does one
    that is no option of its question.

    >>> walked = walk({"health": "yes", "began": "no", "framework": "no", "existing": "yes", "only_capable": "yes"})
    >>> walked.outcome.route.value, len(walked.steps)
    ('psr_direct_a', 5)
    >>> walk({}).next.id
    'health'
    """
    steps = []
    place: RouteQuestion | RouteOutcome = QUESTIONS[_FIRST]
    while isinstance(place, RouteQuestion):
        option = place.option(answers.get(place.id, ""))
        if option is None:
            break
        steps.append((place, option))
        place = QUESTIONS.get(option.leads_to) or OUTCOMES[option.leads_to]
    return RouteWalk(tuple(steps), place)


_FIRST = "health"
_GUIDANCE = "NHS England, The Provider Selection Regime: getting to the right decision"


def _yes_no(yes: str, no: str) -> tuple[RouteOption, ...]:
    return RouteOption("yes", "Yes", yes), RouteOption("no", "No", no)


_ALL_QUESTIONS = (
    RouteQuestion(
        "health",
        "Are these health care services for patients, or is that the main part of what is bought?",
        _yes_no("began", "other_began"),
        "Health Care Services (Provider Selection Regime) Regulations 2023 (SI 2023/1348)",
        "The regime covers them whatever their value. Other goods and services come under the Procurement Act 2023.",
    ),
    RouteQuestion(
        "began",
        "Did the procurement begin before 1 January 2024?",
        _yes_no("pcr", "framework"),
        "SI 2023/1348, in force from 1 January 2024",
        "What had begun goes on under the Public Contracts Regulations 2015.",
        Evidence.BELIEVED,
    ),
    RouteQuestion(
        "framework",
        "Is a framework agreement to be concluded?",
        _yes_no("for_framework", "existing"),
        _GUIDANCE,
        "Only the competitive process leads to one.",
    ),
    RouteQuestion(
        "existing", "Is there a provider of these services now?", _yes_no("only_capable", "choice_anew"), _GUIDANCE
    ),
    RouteQuestion(
        "only_capable",
        "Are the services such that only the existing provider can provide them?",
        _yes_no("direct_a", "choice"),
        _GUIDANCE,
        "Because of their nature, not because it is convenient.",
    ),
    RouteQuestion(
        "choice",
        "Do patients choose among providers whose number nobody restricts?",
        _yes_no("direct_b", "expiring"),
        _GUIDANCE,
        "Every provider that meets the requirements must then be offered a contract.",
    ),
    RouteQuestion(
        "choice_anew",
        "Do patients choose among providers whose number nobody restricts?",
        _yes_no("direct_b", "suitable"),
        _GUIDANCE,
        "Every provider that meets the requirements must then be offered a contract.",
    ),
    RouteQuestion(
        "expiring",
        "Does the present contract come to its end, and would the new one replace it?",
        _yes_no("satisfied", "suitable"),
        _GUIDANCE,
        evidence=Evidence.BELIEVED,
    ),
    RouteQuestion(
        "satisfied",
        "Does the existing provider fulfil its contract to a sufficient standard, and is it likely to fulfil the new "
        "one?",
        _yes_no("considerable", "suitable"),
        _GUIDANCE,
        "Weigh it against the key criteria and keep what shows it: awards without that evidence were lost before the "
        "panel.",
    ),
    RouteQuestion(
        "considerable",
        "Would the new arrangements be considerably different from the present ones?",
        _yes_no("suitable", "wish"),
        _GUIDANCE,
        "They are where their character changes materially or, it is believed, where their lifetime value grows by "
        "£500,000 and by a quarter or more. Keep the evidence for the answer.",
        Evidence.BELIEVED,
    ),
    RouteQuestion(
        "wish",
        "Do you wish to go on with the existing provider without looking at others?",
        _yes_no("direct_c", "suitable"),
        _GUIDANCE,
        "Direct award C is allowed here, not required.",
    ),
    RouteQuestion(
        "suitable",
        "Can you find the most suitable provider without a competition, and do you wish to?",
        _yes_no("most_suitable", "competitive"),
        _GUIDANCE,
        "You must know the likely providers well enough: the engagement's own record of who could provide is evidence "
        "for it. The competitive process is open to you either way.",
    ),
    RouteQuestion(
        "other_began",
        "Was its first notice published before 24 February 2025?",
        _yes_no("pcr_other", "direct"),
        "Procurement Act 2023, in force from 24 February 2025",
        "What had begun goes on under the Public Contracts Regulations 2015.",
        Evidence.BELIEVED,
    ),
    RouteQuestion(
        "direct",
        "Does one of the Act’s grounds for a direct award hold?",
        _yes_no("pa_direct", "one_stage"),
        "Procurement Act 2023, sections 41 to 43",
        evidence=Evidence.BELIEVED,
    ),
    RouteQuestion(
        "one_stage",
        "Can bids be judged as they are submitted, in one stage that is open to every supplier?",
        _yes_no("pa_open", "pa_flexible"),
        "Procurement Act 2023, section 20",
        "Without a shortlist, dialogue or negotiation.",
        Evidence.BELIEVED,
    ),
)
QUESTIONS = {question.id: question for question in _ALL_QUESTIONS}
OUTCOMES = {
    outcome.id: outcome
    for outcome in (
        RouteOutcome("direct_a", Route.PSR_DIRECT_A, "Direct award A must be used."),
        RouteOutcome("direct_b", Route.PSR_DIRECT_B, "Direct award B must be used."),
        RouteOutcome("direct_c", Route.PSR_DIRECT_C, "Direct award C may be used."),
        RouteOutcome("most_suitable", Route.PSR_MOST_SUITABLE, "The most suitable provider process may be used."),
        RouteOutcome("for_framework", Route.PSR_COMPETITIVE, "The competitive process must be used."),
        RouteOutcome("competitive", Route.PSR_COMPETITIVE, "The competitive process is the one to use."),
        RouteOutcome("pa_open", Route.PA23_OPEN, "The open procedure may be used."),
        RouteOutcome(
            "pa_flexible", Route.PA23_COMPETITIVE_FLEXIBLE, "A competitive flexible procedure of your own may be used."
        ),
        RouteOutcome(
            "pa_direct", None, "A direct award under the Act has no stages here, so that it cannot be planned yet."
        ),
        RouteOutcome("pcr", Route.PCR_LIGHT_TOUCH, "It goes on under the light touch of the 2015 Regulations."),
        RouteOutcome(
            "pcr_other",
            Route.PCR_LIGHT_TOUCH,
            "It goes on under the 2015 Regulations. Only their light touch, for social and other specific services, is "
            "planned here: if it does not apply, say yourself how long each stage takes.",
        ),
    )
}
