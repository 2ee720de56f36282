"""Who answers, what it has done, and what it could take on."""

from webapp.engagements.conditions import is_, is_not
from webapp.engagements.contents import ColumnContent, ColumnKind, QuestionContent, SectionContent
from webapp.models import Measure, QuestionKind

HOLDS_CONTRACT = "holds_contract"

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
                ("gp_federation", "GP federation or primary care network"),
                ("independent", "Independent sector company"),
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
        QuestionContent(
            key="annual_turnover",
            kind=QuestionKind.ONE_OF,
            wording="What is its annual turnover?",
            why="We compare it with the value of our lots.",
            options=(
                ("under_1m", "Less than £1 million"),
                ("under_10m", "£1 million to less than £10 million"),
                ("under_50m", "£10 million to less than £50 million"),
                ("over_50m", "£50 million or more"),
            ),
        ),
        QuestionContent(
            key="is_sme",
            kind=QuestionKind.YES_NO,
            wording="Is it a small or medium-sized enterprise (SME)?",
            hint="Fewer than 250 staff, and at most £44 million of turnover or £38 million on the balance sheet.",
        ),
        QuestionContent(
            key="is_vcse",
            kind=QuestionKind.YES_NO,
            wording="Is it a voluntary, community or social enterprise (VCSE)?",
            hint="For example a charity, a community group, a community interest company or a cooperative.",
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
            key="cqc_plans",
            kind=QuestionKind.ONE_OF,
            wording="What are your plans for registration?",
            options=(
                ("applied", "We have applied"),
                ("not_yet", "We would apply if we won a contract"),
                ("not_needed", "We would not need it for our part"),
            ),
            asked_if=is_("cqc_registered", "no"),
        ),
        QuestionContent(
            key="cqc_provider_id",
            kind=QuestionKind.TEXT,
            wording="What is your provider ID with the Care Quality Commission?",
            hint="For example, 1-101234567.",
            asked_if=is_("cqc_registered", "yes"),
        ),
        QuestionContent(
            key="regulated_activities",
            kind=QuestionKind.SOME_OF,
            wording="For which activities are you registered?",
            hint="Select all that apply.",
            options=(
                ("treatment", "Treatment of disease, disorder or injury"),
                ("diagnostics", "Diagnostic and screening procedures"),
                ("personal_care", "Personal care"),
                ("substance_misuse", "Accommodation with treatment for substance misuse"),
                ("surgery", "Surgical procedures"),
                ("detained", "Assessment or treatment of people detained under the Mental Health Act"),
                ("other", "Others"),
            ),
            asked_if=is_("cqc_registered", "yes"),
        ),
        QuestionContent(
            key="secure_setting_experience",
            kind=QuestionKind.YES_NO,
            wording="Have you run a health service in a prison or another secure setting in the last 5 years?",
            hint="You do not need any such experience to take part.",
            required=True,
            measure=Measure.SECURE_SETTING_EXPERIENCE,
        ),
        QuestionContent(
            key="secure_setting_services",
            kind=QuestionKind.ROWS,
            wording="Which services, where and when?",
            hint="One row for each service at each site. Write months like 4 2024. Leave “To” empty for a service that "
            "you still run. To remove a row, empty it.",
            columns=(
                ColumnContent("site", "Site"),
                ColumnContent("service", "Service"),
                ColumnContent("from", "From", ColumnKind.MONTH),
                ColumnContent("to", "To", ColumnKind.MONTH),
                ColumnContent("value", "Annual value", ColumnKind.MONEY),
            ),
            asked_if=is_("secure_setting_experience", "yes"),
        ),
        QuestionContent(
            key=HOLDS_CONTRACT,
            kind=QuestionKind.YES_NO,
            wording="Does your organisation, or another in its group, hold a contract for any of these services now?",
            why="So that every provider gets the information that a present supplier has.",
        ),
        QuestionContent(
            key="held_contracts",
            kind=QuestionKind.LONG_TEXT,
            wording="Which contracts are they?",
            most_words=200,
            asked_if=is_(HOLDS_CONTRACT, "yes"),
        ),
    ),
)

CAPACITY = SectionContent(
    slug="capacity",
    title="Capacity and timing",
    introduction="You may be interested in more lots than you could take on at once. These answers stay confidential.",
    # Those who would only ever be subcontractors follow the lead provider's timetable and limits.
    asked_if=is_not("role", "subcontract_only"),
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
            measure=Measure.SHORTEST_BID_DAYS,
        ),
        QuestionContent(
            key="annual_value",
            kind=QuestionKind.MONEY_RANGE,
            wording="What are the smallest and the largest contracts you would bid for?",
            hint="In pounds a year. You can leave one of them empty.",
            why="A lot above what smaller providers can carry has fewer bidders, and so has one that is too small.",
            measure=Measure.LARGEST_ANNUAL_VALUE,
        ),
        QuestionContent(
            key="earliest_start",
            kind=QuestionKind.DATE,
            wording="What is the earliest date on which you could start a new service?",
            hint="For example, 1 4 2031.",
            measure=Measure.EARLIEST_START,
        ),
        QuestionContent(
            key="latest_start",
            kind=QuestionKind.DATE,
            wording="What is the latest date on which you would start one?",
            measure=Measure.LATEST_START,
        ),
        QuestionContent(
            key="dates_to_avoid",
            kind=QuestionKind.DATE_RANGES,
            wording="Which dates should a tender or a start of service avoid?",
            hint="Up to 6 periods, each with its first and its last day. To remove a row, empty it.",
            why="We can plan around holidays and your other deadlines.",
            measure=Measure.DATES_TO_AVOID,
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
            key="recruitment",
            kind=QuestionKind.LONG_TEXT,
            wording="What makes them hard to recruit?",
            most_words=300,
        ),
    ),
)
