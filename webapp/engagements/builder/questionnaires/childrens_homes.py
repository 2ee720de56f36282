"""The questionnaire for children's homes, secure ones among them."""

from webapp.engagements.builder.questionnaires.adapting import adapted, reworded
from webapp.engagements.conditions import is_
from webapp.engagements.contents import ColumnContent, ColumnKind, QuestionContent, SectionContent
from webapp.engagements.health_and_justice.about_lots import CHOSEN_LOTS, INTEREST, PARTNERS, PREFERENCES, PRICE
from webapp.engagements.health_and_justice.about_provider import CAPACITY, EXPERIENCE, ORGANISATION
from webapp.engagements.health_and_justice.views import CONTRACTS, PERMISSION, VIEWS
from webapp.models import AskedPer, Measure, QuestionKind

_EXPERIENCE = adapted(
    EXPERIENCE,
    reworded(
        EXPERIENCE,
        "secure_setting_experience",
        wording="Have you worked with children in a secure or other children’s home in the last 5 years?",
    ),
    reworded(
        EXPERIENCE,
        "secure_setting_services",
        columns=(
            ColumnContent("site", "Home"),
            ColumnContent("service", "Service"),
            ColumnContent("from", "From", ColumnKind.MONTH),
            ColumnContent("to", "To", ColumnKind.MONTH),
            ColumnContent("value", "Annual value", ColumnKind.MONEY),
        ),
    ),
    QuestionContent(
        key="ofsted_registered",
        kind=QuestionKind.YES_NO,
        wording="Are you registered with Ofsted for a children’s home?",
        hint="You need this only to run a home, not to provide health services in one.",
    ),
    QuestionContent(
        key="ofsted_judgement",
        kind=QuestionKind.ONE_OF,
        wording="What was the judgement of the last full inspection of your homes, taken together?",
        options=(
            ("outstanding", "Mostly outstanding"),
            ("good", "Mostly good"),
            ("requires_improvement", "Mostly requires improvement to be good"),
            ("mixed", "Mixed, or none inspected yet"),
        ),
        asked_if=is_("ofsted_registered", "yes"),
    ),
)

CHILDREN = SectionContent(
    slug="children",
    title="Care of the children",
    introduction="These questions are about how you would run the service. An estimate is enough.",
    questions=(
        QuestionContent(
            key="places_offered",
            kind=QuestionKind.WHOLE_NUMBER,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="For how many children could you provide on the first day?",
            why="We compare it with the number of children who need a place or a service.",
        ),
        QuestionContent(
            key="needs_met",
            kind=QuestionKind.SOME_OF,
            wording="Which needs could you meet?",
            hint="Select all that apply.",
            options=(
                ("trauma", "Effects of trauma and neglect"),
                ("self_harm", "Self-harm"),
                ("exploitation", "Risk of exploitation"),
                ("learning_disability", "Learning disability and autism"),
                ("substance_misuse", "Substance misuse"),
                ("physical", "Lasting physical conditions"),
                ("communication", "Speech, language and communication"),
            ),
        ),
        QuestionContent(
            key="therapeutic_model",
            kind=QuestionKind.LONG_TEXT,
            wording="Which model of care would you work with, and how would the staff of the home be part of it?",
            most_words=300,
        ),
        QuestionContent(
            key="out_of_hours",
            kind=QuestionKind.YES_NO,
            wording="Could you give advice at night and at weekends?",
        ),
        QuestionContent(
            key="moving_on",
            kind=QuestionKind.LONG_TEXT,
            wording="What would make a child’s moving on to another home, a family or adult services safer?",
            most_words=300,
            measure=Measure.THEMES,
        ),
    ),
)

CHILDRENS_HOMES = (
    ORGANISATION,
    _EXPERIENCE,
    INTEREST,
    CHOSEN_LOTS,
    CHILDREN,
    PARTNERS,
    PREFERENCES,
    PRICE,
    adapted(
        CAPACITY,
        reworded(
            CAPACITY,
            "hard_to_recruit",
            options=(
                ("residential_worker", "Residential care workers"),
                ("registered_manager", "Registered managers"),
                ("childrens_nurse", "Children’s nurses"),
                ("mental_health_nurse", "Mental health nurses for children"),
                ("psychologist", "Clinical and forensic psychologists"),
                ("psychiatrist", "Child psychiatrists"),
                ("speech_therapist", "Speech and language therapists"),
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
                ("block", "A fixed sum (block contract)"),
                ("bed", "A sum for each place, filled or not"),
                ("placement", "A sum for each child placed"),
                ("block_activity", "A fixed sum and a part by activity"),
            ),
        ),
        reworded(
            CONTRACTS,
            "social_value",
            options=(
                ("jobs", "Training and jobs for young people who leave care"),
                ("workforce", "The wellbeing of the workforce"),
                ("supply", "Buying locally"),
                ("other", "Something else"),
            ),
        ),
    ),
    adapted(
        VIEWS,
        reworded(VIEWS, "outcomes", wording="What would improve the health and wellbeing of the children here?"),
        reworded(
            VIEWS,
            "dependencies",
            wording="Which risks lie in what you would need from the home and the local authority?",
            hint="For example rooms, records, education or decisions about placements.",
        ),
    ),
    PERMISSION,
)
