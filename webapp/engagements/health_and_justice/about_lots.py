"""What a provider thinks of each lot, and of lots together."""

from webapp.engagements.conditions import any_of, is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.models import AskedPer, Measure, QuestionKind

INTEREST = SectionContent(
    slug="interest",
    title="Interest in each lot",
    introduction="Nothing you say here commits you to a bid, and it has no effect on how a bid would be judged.",
    questions=(
        QuestionContent(
            key="interest",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.LOT,
            wording="If this lot were tendered as described, would you bid?",
            hint="Leave a lot open if it does not interest you.",
            why="We estimate how much competition each lot would have, and change lots that would have too little.",
            options=(
                ("would_bid", "We would bid"),
                ("likely", "We are likely to bid"),
                ("possibly", "We might bid"),
                ("undecided", "We cannot say yet"),
                ("no", "We would not bid"),
            ),
            measure=Measure.INTEREST_LEVEL,
        ),
    ),
)

CHOSEN_LOTS = SectionContent(
    slug="lots",
    title="The lots you chose",
    introduction="These questions are about the lots that interest you. An estimate is enough.",
    questions=(
        QuestionContent(
            key="role",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="In which role would you take part?",
            required=True,
            options=(
                ("lead", "As the lead provider"),
                ("consortium", "As a member of a consortium"),
                ("subcontract", "As lead provider or as a subcontractor"),
                ("subcontract_only", "Only as a subcontractor"),
            ),
            measure=Measure.BIDDING_ROLE,
        ),
        QuestionContent(
            key="wte_at_start",
            kind=QuestionKind.NUMBER,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="How many staff could you have in post on the first day?",
            hint="In whole-time equivalents (WTE), with those who would transfer to you.",
            why="We compare it with the staff that the service needs.",
            measure=Measure.WTE_AT_START,
        ),
        QuestionContent(
            key="wte_month_6",
            kind=QuestionKind.NUMBER,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="How many could you have in post 6 months later?",
            hint="In whole-time equivalents (WTE), those of the first day included.",
            measure=Measure.WTE_MONTH_6,
        ),
        QuestionContent(
            # A number rather than bands of months: the schedule takes it as it is.
            key="mobilisation_months",
            kind=QuestionKind.NUMBER,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="What is the shortest safe mobilisation, in months?",
            hint="From the award of the contract to the first day of the service.",
            why="We plan to award contracts early enough.",
            measure=Measure.MOBILISATION_MONTHS,
        ),
    ),
)

PARTNERS = SectionContent(
    slug="partners",
    title="Partners",
    introduction="We tell nobody outside the commissioning team who might work together.",
    questions=(
        QuestionContent(
            key="consortium",
            kind=QuestionKind.TEXT,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="What is the name of your consortium for this lot?",
            hint="Agree one name with your partners, so that we count all of you as one bidder.",
            required=True,
            asked_if=is_("role", "consortium"),
            measure=Measure.CONSORTIUM,
        ),
        QuestionContent(
            key="may_record_partners",
            kind=QuestionKind.YES_NO,
            wording="May we record whom you might work with?",
            hint="Say yes only if your partners agree. We do not publish it.",
            asked_if=any_of("interest", "would_bid", "likely", "possibly", "undecided"),
        ),
        QuestionContent(
            key="partners",
            kind=QuestionKind.LONG_TEXT,
            wording="Who are these partners, and what would each of them do?",
            most_words=200,
            asked_if=is_("may_record_partners", "yes"),
        ),
    ),
)

PREFERENCES = SectionContent(
    slug="preferences",
    title="Lots together",
    introduction="For those who chose two lots or more. Both questions are optional.",
    questions=(
        QuestionContent(
            key="preferred_lots",
            kind=QuestionKind.RANKING,
            wording="Which lots do you prefer?",
            hint="Write 1 beside the lot you want most, 2 beside the next, and so on. You need not number all of them.",
            why="If you could not take all of them on, we would know which lots lose you first.",
        ),
        QuestionContent(
            key="packages",
            kind=QuestionKind.PACKAGES,
            wording="Are there lots you would only want together?",
            hint="Put the lots that belong together into one package, up to 5 packages.",
            why="Splitting such lots could lose bidders for all of them.",
            measure=Measure.WANTED_TOGETHER,
        ),
    ),
)

PRICE = SectionContent(
    slug="price",
    title="Price of each lot",
    questions=(
        QuestionContent(
            key="price_workable",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="Could you run the service for the indicative annual value?",
            hint="The value of each lot stands on the engagement’s page.",
            options=(
                ("yes", "Yes"),
                ("tight", "Yes, but it is tight"),
                ("no", "No"),
                ("cannot_say", "We cannot say yet"),
            ),
        ),
        QuestionContent(
            key="price_reasons",
            kind=QuestionKind.LONG_TEXT,
            wording="What makes the value too low or tight, and for which lots?",
            most_words=300,
            asked_if=any_of("price_workable", "tight", "no"),
        ),
    ),
)
