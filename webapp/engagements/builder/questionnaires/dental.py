"""The questionnaire for dental services in secure settings."""

from webapp.engagements.builder.questionnaires.adapting import adapted, reworded
from webapp.engagements.conditions import any_of, is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.health_and_justice.about_lots import CHOSEN_LOTS, INTEREST, PARTNERS, PREFERENCES, PRICE
from webapp.engagements.health_and_justice.about_provider import CAPACITY, EXPERIENCE, ORGANISATION
from webapp.engagements.health_and_justice.views import CONTRACTS, PERMISSION, VIEWS
from webapp.models import AskedPer, QuestionKind

_REGISTRATION = adapted(
    EXPERIENCE,
    reworded(
        EXPERIENCE,
        "regulated_activities",
        options=(
            ("treatment", "Treatment of disease, disorder or injury"),
            ("diagnostics", "Diagnostic and screening procedures, which X-rays need"),
            ("surgery", "Surgical procedures"),
            ("other", "Others"),
        ),
    ),
    QuestionContent(
        key="nhs_dental_contract",
        kind=QuestionKind.YES_NO,
        wording="Do you hold an NHS dental contract now?",
        why="We want to know whether providers that only treat the public would come into prisons.",
    ),
)

DENTAL_SERVICE = SectionContent(
    slug="dental-service",
    title="The dental service",
    introduction="These questions are about how you would run the service. An estimate is enough.",
    questions=(
        QuestionContent(
            key="sessions_a_week",
            kind=QuestionKind.NUMBER,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="How many sessions a week could you staff?",
            hint="A session is half a day with a dentist or dental therapist and a dental nurse.",
            why="We compare it with the sessions that the waiting list needs.",
        ),
        QuestionContent(
            key="skill_mix",
            kind=QuestionKind.SOME_OF,
            wording="Who would treat patients?",
            hint="Select all that apply.",
            options=(
                ("dentist", "Dentists"),
                ("therapist", "Dental therapists"),
                ("hygienist", "Dental hygienists"),
                ("extended_nurse", "Dental nurses with extended duties"),
            ),
        ),
        QuestionContent(
            key="surgery_equipment",
            kind=QuestionKind.ONE_OF,
            wording="Who should own and maintain the equipment of the surgery?",
            options=(
                ("buyer", "The buyer or the prison"),
                ("provider", "The provider"),
                ("shared", "The prison owns it, the provider maintains it"),
                ("no_view", "We have no preference"),
            ),
        ),
        QuestionContent(
            key="equipment_reasons",
            kind=QuestionKind.LONG_TEXT,
            wording="What would that mean for your price and your risks?",
            most_words=200,
            asked_if=any_of("surgery_equipment", "buyer", "provider", "shared"),
        ),
        QuestionContent(
            key="urgent_care",
            kind=QuestionKind.ONE_OF,
            wording="How soon could you see a patient with pain that cannot wait?",
            options=(
                ("same_day", "On the same day"),
                ("next_day", "On the next working day"),
                ("three_days", "Within 3 working days"),
                ("next_session", "In the next session"),
            ),
        ),
        QuestionContent(
            key="mobile_unit",
            kind=QuestionKind.YES_NO,
            wording="Could you bring a mobile surgery where a site has none that can be used?",
        ),
        QuestionContent(
            key="mobile_unit_needs",
            kind=QuestionKind.LONG_TEXT,
            wording="What would the mobile surgery need at the site?",
            hint="For example space, power, water and escorts.",
            most_words=150,
            asked_if=is_("mobile_unit", "yes"),
        ),
    ),
)

DENTAL = (
    ORGANISATION,
    _REGISTRATION,
    INTEREST,
    CHOSEN_LOTS,
    DENTAL_SERVICE,
    PARTNERS,
    PREFERENCES,
    PRICE,
    adapted(
        CAPACITY,
        reworded(
            CAPACITY,
            "hard_to_recruit",
            options=(
                ("dentist", "Dentists"),
                ("therapist", "Dental therapists"),
                ("hygienist", "Dental hygienists"),
                ("dental_nurse", "Dental nurses"),
                ("practice_manager", "Practice managers"),
                ("other", "Others"),
            ),
        ),
    ),
    adapted(
        CONTRACTS,
        reworded(
            CONTRACTS,
            "pricing_models",
            options=(
                ("session", "A sum for each session"),
                ("activity", "A sum for each unit of dental activity"),
                ("block", "A fixed sum (block contract)"),
                ("block_activity", "A fixed sum and a part by activity"),
            ),
        ),
    ),
    adapted(VIEWS, reworded(VIEWS, "outcomes", wording="What would improve the oral health of patients here?")),
    PERMISSION,
)
