"""The questionnaire for prison and secure-setting health services, and how it becomes a version of an engagement."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import AskedPer, Engagement, Measure, Question, QuestionKind, QuestionnaireVersion, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    key: str
    kind: QuestionKind
    wording: str
    hint: str | None = None
    why: str | None = None
    required: bool = False
    asked_per: AskedPer = AskedPer.RESPONSE
    options: tuple[tuple[str, str], ...] = ()
    """For a choice: each value with its label."""
    most_words: int | None = None
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionContent:
    slug: str
    title: str
    introduction: str | None = None
    questions: tuple[QuestionContent, ...]


ORGANISATION = SectionContent(
    slug="organisation",
    title="Your organisation",
    questions=(
        QuestionContent(
            key="legal_name",
            kind=QuestionKind.TEXT,
            wording="What is the full legal name of your organisation?",
            hint="Add the trading name if it is different.",
            required=True,
        ),
        QuestionContent(
            key="registered_numbers",
            kind=QuestionKind.TEXT,
            wording="Which registered numbers does it have?",
            hint="For example a company number, a charity number or an ODS code.",
            why="So that we can match your answers with the right organisation.",
        ),
        QuestionContent(
            key="organisation_kind",
            kind=QuestionKind.ONE_OF,
            wording="What kind of organisation is it?",
            required=True,
            options=(
                ("nhs_trust", "NHS trust or foundation trust"),
                ("gp_federation", "GP federation"),
                ("independent", "Independent company"),
                ("social_enterprise", "Social enterprise or community interest company"),
                ("charity", "Charity"),
                ("local_authority", "Local authority"),
                ("other", "Something else"),
            ),
        ),
        QuestionContent(
            key="organisation_size",
            kind=QuestionKind.ONE_OF,
            wording="How many people does it employ?",
            why="We want to know whether our lots keep smaller providers out.",
            options=(
                ("micro", "Fewer than 10"),
                ("small", "10 to 49"),
                ("medium", "50 to 249"),
                ("large", "250 or more"),
            ),
        ),
    ),
)

EXPERIENCE = SectionContent(
    slug="experience",
    title="Experience and registration",
    questions=(
        QuestionContent(
            key="cqc_registered",
            kind=QuestionKind.YES_NO,
            wording="Are you registered with the Care Quality Commission for the activities these services need?",
            why="A provider must be registered before a service starts.",
            required=True,
            measure=Measure.CQC_REGISTERED,
        ),
        QuestionContent(
            key="secure_setting_experience",
            kind=QuestionKind.YES_NO,
            wording="Have you run a health service in a prison or another secure setting in the last 5 years?",
            required=True,
            measure=Measure.SECURE_SETTING_EXPERIENCE,
        ),
        QuestionContent(
            key="secure_setting_services",
            kind=QuestionKind.LONG_TEXT,
            wording="Which services, where and when?",
            hint="Leave this empty if you have none. You do not need any to take part.",
            most_words=300,
        ),
    ),
)

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
            why="We estimate how much competition each lot would have, and change lots that would have too little.",
            required=True,
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
        QuestionContent(
            key="price_workable",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="Could you run the service for the indicative annual value?",
            options=(
                ("yes", "Yes"),
                ("tight", "Yes, but it is tight"),
                ("no", "No"),
                ("cannot_say", "We cannot say yet"),
            ),
        ),
    ),
)

CAPACITY = SectionContent(
    slug="capacity",
    title="Capacity and timing",
    introduction="You may be interested in more lots than you could take on at once. These answers stay confidential.",
    questions=(
        QuestionContent(
            key="startable_together",
            kind=QuestionKind.WHOLE_NUMBER,
            wording="How many of these lots could you start on the same date?",
            why="We do not want to start more services at once than the market can staff.",
            measure=Measure.STARTABLE_TOGETHER,
        ),
        QuestionContent(
            key="held_at_most",
            kind=QuestionKind.WHOLE_NUMBER,
            wording="How many of these lots could you hold at most?",
            measure=Measure.HELD_AT_MOST,
        ),
        QuestionContent(
            key="tenders_at_once",
            kind=QuestionKind.WHOLE_NUMBER,
            wording="How many tenders of this size can your bid team work on at once?",
            why="We can spread the tenders over the year.",
            measure=Measure.TENDERS_AT_ONCE,
        ),
        QuestionContent(
            key="minimum_bid_time",
            kind=QuestionKind.ONE_OF,
            wording="How much time do you need from the publication of a tender to its deadline?",
            options=(
                ("20", "20 working days"),
                ("30", "30 working days"),
                ("40", "40 working days"),
                ("50", "50 working days or more"),
            ),
        ),
        QuestionContent(
            key="largest_annual_value",
            kind=QuestionKind.MONEY,
            wording="What is the largest contract you would bid for, in pounds a year?",
            why="A lot above what smaller providers can carry has fewer bidders.",
            measure=Measure.LARGEST_ANNUAL_VALUE,
        ),
        QuestionContent(
            key="earliest_start",
            kind=QuestionKind.DATE,
            wording="What is the earliest date on which you could start a new service?",
            hint="For example, 1 4 2031.",
        ),
        QuestionContent(
            key="dates_to_avoid",
            kind=QuestionKind.TEXT,
            wording="Which times of the year should a tender avoid?",
        ),
        QuestionContent(
            key="hard_to_recruit",
            kind=QuestionKind.SOME_OF,
            wording="Which staff would be hard to recruit here?",
            hint="Select all that apply.",
            options=(
                ("gp", "GPs"),
                ("nurse", "Nurses"),
                ("mental_health_nurse", "Mental health nurses"),
                ("psychologist", "Psychologists"),
                ("pharmacist", "Pharmacists and pharmacy technicians"),
                ("dentist", "Dentists"),
                ("dental_nurse", "Dental nurses"),
                ("substance_misuse", "Substance misuse workers"),
                ("other", "Others"),
            ),
        ),
        QuestionContent(
            key="grouping",
            kind=QuestionKind.ONE_OF,
            wording="How should the services be grouped into lots?",
            options=(
                ("by_site", "All services of one site together"),
                ("by_service", "One service across several sites"),
                ("each_alone", "Each service at each site on its own"),
                ("region", "Everything in one contract"),
                ("no_view", "We have no preference"),
            ),
        ),
    ),
)

VIEWS = SectionContent(
    slug="views",
    title="Your views",
    introduction="In your own words. We publish what we learn from all answers together, never who said what.",
    questions=(
        QuestionContent(
            key="barriers",
            kind=QuestionKind.LONG_TEXT,
            wording="What would stop you from bidding, or make you bid for fewer lots?",
            most_words=500,
            measure=Measure.THEMES,
        ),
        QuestionContent(
            key="outcomes",
            kind=QuestionKind.LONG_TEXT,
            wording="What would improve the health of patients here?",
            most_words=500,
            measure=Measure.THEMES,
        ),
        QuestionContent(
            key="dependencies",
            kind=QuestionKind.LONG_TEXT,
            wording="Which risks lie in what you would need from the prison or home?",
            hint="For example escorts, rooms, equipment or computer systems.",
            most_words=500,
            measure=Measure.THEMES,
        ),
        QuestionContent(
            key="transfer_of_staff",
            kind=QuestionKind.LONG_TEXT,
            wording="How do the transfer of staff (TUPE) and pensions affect your interest?",
            most_words=500,
            measure=Measure.THEMES,
        ),
    ),
)

PERMISSION = SectionContent(
    slug="permission",
    title="Permission and contact",
    questions=(
        QuestionContent(
            key="may_quote",
            kind=QuestionKind.YES_NO,
            wording="May we quote your words without your name?",
            hint="If you say no, we still read and count them.",
            required=True,
            measure=Measure.MAY_QUOTE,
        ),
        QuestionContent(
            key="contact",
            kind=QuestionKind.TEXT,
            wording="Whom may we contact about these answers?",
            hint="Give a name and an email address or telephone number.",
            required=True,
        ),
    ),
)

HEALTH_AND_JUSTICE = (ORGANISATION, EXPERIENCE, INTEREST, CHOSEN_LOTS, CAPACITY, VIEWS, PERMISSION)


def add_questionnaire(
    session: Session, engagement: Engagement, sections: tuple[SectionContent, ...] = HEALTH_AND_JUSTICE
) -> QuestionnaireVersion:
    """The next version of the engagement's questionnaire, not yet published."""
    newest = session.scalar(
        select(func.max(QuestionnaireVersion.number)).where(QuestionnaireVersion.engagement_id == engagement.id)
    )
    version = QuestionnaireVersion(engagement_id=engagement.id, number=(newest or 0) + 1)
    version.sections = [_section(content, position) for position, content in enumerate(sections, 1)]
    session.add(version)
    session.flush()
    return version


def _section(content: SectionContent, position: int) -> Section:
    return Section(
        position=position,
        slug=content.slug,
        title=content.title,
        introduction=content.introduction,
        questions=[_question(question, place) for place, question in enumerate(content.questions, 1)],
    )


def _question(content: QuestionContent, position: int) -> Question:
    return Question(
        position=position,
        key=content.key,
        kind=content.kind,
        asked_per=content.asked_per,
        wording=content.wording,
        hint=content.hint,
        why=content.why,
        required=content.required,
        options=[{"value": value, "label": label} for value, label in content.options],
        most_words=content.most_words,
        measure=content.measure,
    )
