"""What a provider thinks of the contracts and the services, and what we may do with its answers."""

from webapp.engagements.conditions import any_of, is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.models import Measure, QuestionKind

CONTRACTS = SectionContent(
    slug="contracts",
    title="How the contracts should be made",
    questions=(
        QuestionContent(
            key="preferred_term",
            kind=QuestionKind.ONE_OF,
            wording="Which length of contract would suit you best?",
            options=(
                ("3_2", "3 years, with up to 2 more"),
                ("5_2", "5 years, with up to 2 more"),
                ("6_3", "6 years, with up to 3 more"),
                ("7", "7 years"),
                ("9", "9 years"),
                ("no_view", "We have no preference"),
            ),
        ),
        QuestionContent(
            key="term_reasons",
            kind=QuestionKind.LONG_TEXT,
            wording="Why?",
            most_words=200,
            asked_if=any_of("preferred_term", "3_2", "5_2", "6_3", "7", "9"),
        ),
        QuestionContent(
            key="pricing_models",
            kind=QuestionKind.SOME_OF,
            wording="Which ways of paying could you work with?",
            hint="Select all that apply.",
            options=(
                ("block", "A fixed sum (block contract)"),
                ("capitation", "A sum for each place (capitation)"),
                ("block_activity", "A fixed sum and a part by activity"),
                ("gain_share", "Shared savings (gain share)"),
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
        QuestionContent(
            key="grouping_reasons",
            kind=QuestionKind.LONG_TEXT,
            wording="What speaks for this grouping?",
            most_words=200,
            asked_if=any_of("grouping", "by_site", "by_service", "each_alone", "region"),
        ),
        QuestionContent(
            key="award_limit",
            kind=QuestionKind.ONE_OF,
            wording="Should there be a limit on the lots that one provider can win?",
            why="A limit keeps more providers in the market, and may cost what one provider saves across sites.",
            options=(
                ("none", "No limit"),
                ("1", "1 lot"),
                ("2", "2 lots"),
                ("3", "3 lots"),
                ("value", "A limit on the value won"),
            ),
        ),
        QuestionContent(
            key="award_limit_reasons",
            kind=QuestionKind.LONG_TEXT,
            wording="What would such a limit, or having none, mean for you?",
            most_words=200,
            measure=Measure.VIEWS,
        ),
        QuestionContent(
            key="social_value",
            kind=QuestionKind.SOME_OF,
            wording="Which social value could you commit to?",
            hint="Select all that apply.",
            options=(
                ("jobs", "Jobs for people who leave prison"),
                ("workforce", "The wellbeing of the workforce"),
                ("supply", "Buying locally"),
                ("other", "Something else"),
            ),
        ),
        QuestionContent(
            key="social_value_details",
            kind=QuestionKind.LONG_TEXT,
            wording="What would you do?",
            most_words=200,
            asked_if=any_of("social_value", "jobs", "workforce", "supply", "other"),
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
            key="transfer_effect",
            kind=QuestionKind.ONE_OF,
            wording="How much do the transfer of staff (TUPE) and pensions weigh in your decision to bid?",
            options=(
                ("none", "Not at all"),
                ("little", "A little"),
                ("much", "A lot"),
                ("decisive", "They decide whether we bid"),
            ),
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
    title="Conflicts, permission and contact",
    questions=(
        QuestionContent(
            key="conflict",
            kind=QuestionKind.YES_NO,
            wording="Is there a conflict of interest that we should know of?",
            hint="For example, one of your staff has worked on this programme for us. Of our officers only the one who "
            "leads reads what you declare.",
            why="We must record conflicts of interest and deal with them. A declared one rarely keeps anybody out.",
            restricted=True,
        ),
        QuestionContent(
            key="conflict_details",
            kind=QuestionKind.LONG_TEXT,
            wording="What is it, and how do you deal with it?",
            required=True,
            most_words=300,
            asked_if=is_("conflict", "yes"),
            restricted=True,
        ),
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
