"""What officers read of kinds of question, of whom they are asked, and of what the analysis does with the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.engagements.provider_kinds import ASKED_UNDER, SIZE_ASKED_UNDER, VCSE_ASKED_UNDER
from webapp.models import AskedPer, Measure, Question, QuestionKind


@dataclass(frozen=True, slots=True)
class KindWords:
    name: str
    about: str


KINDS: Mapping[QuestionKind, KindWords] = {
    QuestionKind.TEXT: KindWords("One line of text", "A name, a number with letters, an address."),
    QuestionKind.LONG_TEXT: KindWords(
        "Text of several lines", "In the provider’s own words, with a limit if you like."
    ),
    QuestionKind.ONE_OF: KindWords("One of several answers", "You list the answers, the provider picks one."),
    QuestionKind.SOME_OF: KindWords("Any of several answers", "You list the answers, the provider ticks what applies."),
    QuestionKind.YES_NO: KindWords("Yes or no", "Other questions can depend on it."),
    QuestionKind.WHOLE_NUMBER: KindWords("Whole number", "How many."),
    QuestionKind.NUMBER: KindWords("Number", "With decimals, such as staff in whole-time equivalents."),
    QuestionKind.MONEY: KindWords("Amount of money", "In pounds."),
    QuestionKind.DATE: KindWords("Date", "One day."),
    QuestionKind.RANKING: KindWords("Lots in order", "The provider numbers the lots it chose."),
    QuestionKind.PACKAGES: KindWords("Lots that belong together", "Sets of lots that are wanted only together."),
    QuestionKind.MONEY_RANGE: KindWords("Smallest and largest amount", "Both in pounds, either may stay empty."),
    QuestionKind.DATE_RANGES: KindWords("Periods", "Each with its first and its last day, up to 6."),
    QuestionKind.ROWS: KindWords("Table", "You name the columns, the provider fills up to 20 rows."),
    QuestionKind.FILE_UPLOAD: KindWords("Files", "Up to 3 documents, which those who read the response download."),
}

SCOPES: Mapping[AskedPer, str] = {
    AskedPer.RESPONSE: "Once",
    AskedPer.LOT: "For every lot",
    AskedPer.CHOSEN_LOT: "For each lot in which the provider has declared an interest",
}


@dataclass(frozen=True, slots=True)
class Use:
    """What the analysis takes an answer for, and of which questions it can."""

    words: str
    kind: QuestionKind
    asked_per: AskedPer
    many: bool = False
    """Whether several questions of a questionnaire may have it."""
    missed: str = ""
    """What the analysis cannot say without it."""


_WTE = "Staff in post"
USES: Mapping[Measure, Use] = {
    Measure.INTEREST_LEVEL: Use(
        "Interest in each lot: estimates how many bids it will draw",
        QuestionKind.ONE_OF,
        AskedPer.LOT,
        missed="how many bids each lot will draw, and who is asked about which lots",
    ),
    Measure.BIDDING_ROLE: Use(
        "Role in each lot: tells bidders from subcontractors",
        QuestionKind.ONE_OF,
        AskedPer.CHOSEN_LOT,
        missed="who would bid and who would only be a subcontractor",
    ),
    Measure.CONSORTIUM: Use(
        "Name of the consortium: counts partners as one bidder", QuestionKind.TEXT, AskedPer.CHOSEN_LOT
    ),
    Measure.WTE_AT_START: Use(
        f"{_WTE} on the first day (WTE): compared with what the service needs",
        QuestionKind.NUMBER,
        AskedPer.CHOSEN_LOT,
        missed="whether the market has the staff for the first day",
    ),
    Measure.WTE_MONTH_6: Use(
        f"{_WTE} 6 months later (WTE): compared with what the service needs",
        QuestionKind.NUMBER,
        AskedPer.CHOSEN_LOT,
    ),
    Measure.MOBILISATION_MONTHS: Use(
        "Shortest mobilisation in months: plans awards early enough", QuestionKind.NUMBER, AskedPer.CHOSEN_LOT
    ),
    Measure.STARTABLE_TOGETHER: Use(
        "Lots that can start together: capacity shared between lots",
        QuestionKind.WHOLE_NUMBER,
        AskedPer.RESPONSE,
    ),
    Measure.HELD_AT_MOST: Use(
        "Lots that can be held at most: capacity shared between lots",
        QuestionKind.WHOLE_NUMBER,
        AskedPer.RESPONSE,
        missed="how many lots a provider could hold at once",
    ),
    Measure.TENDERS_AT_ONCE: Use(
        "Tenders at once: spreads tenders over the year", QuestionKind.WHOLE_NUMBER, AskedPer.RESPONSE
    ),
    Measure.SHORTEST_BID_DAYS: Use(
        "Time needed for a bid: keeps tenders open long enough", QuestionKind.ONE_OF, AskedPer.RESPONSE
    ),
    Measure.DATES_TO_AVOID: Use(
        "Dates to avoid: opens and closes tenders on other days", QuestionKind.DATE_RANGES, AskedPer.RESPONSE
    ),
    Measure.EARLIEST_START: Use(
        "Earliest start of a service: the latest start is held against it", QuestionKind.DATE, AskedPer.RESPONSE
    ),
    Measure.LATEST_START: Use(
        "Latest start of a service: held against the earliest start", QuestionKind.DATE, AskedPer.RESPONSE
    ),
    Measure.LARGEST_ANNUAL_VALUE: Use(
        "Smallest and largest contract one would bid for: compared with the value of the lots",
        QuestionKind.MONEY_RANGE,
        AskedPer.RESPONSE,
    ),
    Measure.WANTED_TOGETHER: Use(
        "Lots wanted only together: a new cut of the lots that splits them loses bidders",
        QuestionKind.PACKAGES,
        AskedPer.RESPONSE,
    ),
    Measure.CQC_REGISTERED: Use(
        "Registered with the Care Quality Commission: who could start", QuestionKind.YES_NO, AskedPer.RESPONSE
    ),
    Measure.SECURE_SETTING_EXPERIENCE: Use(
        "Experience of secure settings: compares providers", QuestionKind.YES_NO, AskedPer.RESPONSE
    ),
    Measure.THEMES: Use(
        "Themes: what many say is found and counted", QuestionKind.LONG_TEXT, AskedPer.RESPONSE, many=True
    ),
    Measure.VIEWS: Use(
        "Themes, with who is for and who against: the question asks what one thinks of something",
        QuestionKind.LONG_TEXT,
        AskedPer.RESPONSE,
        many=True,
    ),
    Measure.MAY_QUOTE: Use(
        "Permission to quote: without it no words are quoted",
        QuestionKind.YES_NO,
        AskedPer.RESPONSE,
        missed="whose words may be quoted, so that it quotes nobody",
    ),
}
READ_BY_VALUE = frozenset({Measure.INTEREST_LEVEL, Measure.BIDDING_ROLE, Measure.SHORTEST_BID_DAYS})
"""The analysis knows the answers to these one by one: their wording may change, their number and order may not."""


_COUNTED = {
    ASKED_UNDER: "Counts providers by kind",
    SIZE_ASKED_UNDER: "Counts and compares providers by size",
    VCSE_ASKED_UNDER: "Compares providers",
}
"""By the key of the question."""


def use_of(question: Question) -> str:
    if question.measure:
        return f"For the analysis: {USES[question.measure].words}"
    return _COUNTED.get(question.key, "Read by people only")


def missed(questions: list[Question]) -> list[str]:
    """What the analysis could not say from these questions."""
    measured = {question.measure for question in questions}
    return [use.missed for measure, use in USES.items() if use.missed and measure not in measured]
