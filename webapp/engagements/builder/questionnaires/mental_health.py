"""The questionnaire for mental health services in secure settings."""

from webapp.engagements.builder.questionnaires.adapting import adapted, reworded
from webapp.engagements.conditions import is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.health_and_justice.about_lots import CHOSEN_LOTS, INTEREST, PARTNERS, PREFERENCES, PRICE
from webapp.engagements.health_and_justice.about_provider import CAPACITY, EXPERIENCE, ORGANISATION
from webapp.engagements.health_and_justice.views import CONTRACTS, PERMISSION, VIEWS
from webapp.models import AskedPer, Measure, QuestionKind

MENTAL_HEALTH_SERVICE = SectionContent(
    slug="mental-health-service",
    title="The mental health service",
    introduction="These questions are about how you would run the service. An estimate is enough.",
    questions=(
        QuestionContent(
            key="services_offered",
            kind=QuestionKind.SOME_OF,
            wording="Which parts of the service could you provide yourselves?",
            hint="Select all that apply.",
            options=(
                ("assessment", "Assessment on arrival"),
                ("primary", "Help with common conditions, such as anxiety and depression"),
                ("secondary", "Care of severe mental illness"),
                ("therapies", "Psychological therapies"),
                ("neurodiversity", "Assessment of autism, ADHD and learning disability"),
                ("dual_diagnosis", "Care together with treatment for substance misuse"),
                ("release", "Care through release"),
            ),
            why="Parts that few can provide may have to be bought together or apart.",
        ),
        QuestionContent(
            key="psychiatrist_sessions",
            kind=QuestionKind.NUMBER,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="How many sessions of a consultant psychiatrist a week could you staff?",
            hint="A session is half a day.",
        ),
        QuestionContent(
            key="hours_of_cover",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="Which hours could you cover?",
            options=(
                ("weekdays", "Weekdays, office hours"),
                ("seven_days", "7 days, daytime"),
                ("evenings", "7 days, with evenings"),
                ("always", "Day and night"),
            ),
        ),
        QuestionContent(
            key="inpatient_wing",
            kind=QuestionKind.YES_NO,
            wording="Would you staff a ward or unit for patients inside a prison?",
        ),
        QuestionContent(
            key="inpatient_needs",
            kind=QuestionKind.LONG_TEXT,
            wording="What would you need to do so safely?",
            most_words=200,
            asked_if=is_("inpatient_wing", "yes"),
        ),
        QuestionContent(
            key="hospital_transfers",
            kind=QuestionKind.LONG_TEXT,
            wording="What would shorten the wait for a transfer to hospital under the Mental Health Act?",
            most_words=300,
            measure=Measure.THEMES,
        ),
    ),
)

MENTAL_HEALTH = (
    ORGANISATION,
    adapted(
        EXPERIENCE,
        reworded(
            EXPERIENCE,
            "regulated_activities",
            options=(
                ("treatment", "Treatment of disease, disorder or injury"),
                ("detained", "Assessment or treatment of people detained under the Mental Health Act"),
                ("diagnostics", "Diagnostic and screening procedures"),
                ("substance_misuse", "Accommodation with treatment for substance misuse"),
                ("other", "Others"),
            ),
        ),
    ),
    INTEREST,
    CHOSEN_LOTS,
    MENTAL_HEALTH_SERVICE,
    PARTNERS,
    PREFERENCES,
    PRICE,
    adapted(
        CAPACITY,
        reworded(
            CAPACITY,
            "hard_to_recruit",
            options=(
                ("psychiatrist", "Psychiatrists"),
                ("mental_health_nurse", "Mental health nurses"),
                ("psychologist", "Psychologists"),
                ("therapist", "Psychological therapists"),
                ("occupational_therapist", "Occupational therapists"),
                ("social_worker", "Social workers"),
                ("learning_disability_nurse", "Learning disability nurses"),
                ("other", "Others"),
            ),
        ),
    ),
    CONTRACTS,
    adapted(
        VIEWS,
        reworded(VIEWS, "outcomes", wording="What would improve the mental health of patients here?"),
        reworded(
            VIEWS,
            "dependencies",
            hint="For example escorts, quiet rooms, time out of cell or shared records.",
        ),
    ),
    PERMISSION,
)
