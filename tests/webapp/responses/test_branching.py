"""What is asked because of other answers, and what becomes of answers that no longer are."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.engagements.conditions import Conditions, Joining, any_of, is_, is_not
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Answer, AskedPer, DraftSection, Interest, Measure, Question, QuestionKind

LEVELS = (("likely", "Likely"), ("no", "No"))
ROLES = (("lead", "Lead"), ("consortium", "Consortium"), ("subcontract_only", "Subcontractor only"))
TWO = (*is_("conflict", "yes").each, *is_("insured", "no").each)
SECTIONS = (
    SectionContent(
        slug="general",
        title="General",
        questions=(
            QuestionContent(key="conflict", kind=QuestionKind.YES_NO, wording="Is there a conflict?"),
            QuestionContent(
                key="which",
                kind=QuestionKind.TEXT,
                wording="Which conflict?",
                required=True,
                asked_if=is_("conflict", "yes"),
            ),
            QuestionContent(
                key="how", kind=QuestionKind.TEXT, wording="How is it managed?", asked_if=any_of("which", "a", "b")
            ),
            QuestionContent(key="insured", kind=QuestionKind.YES_NO, wording="Are you insured?"),
            QuestionContent(key="both", kind=QuestionKind.TEXT, wording="Both?", asked_if=Conditions(TWO)),
            QuestionContent(
                key="either", kind=QuestionKind.TEXT, wording="Either?", asked_if=Conditions(TWO, Joining.ANY)
            ),
        ),
    ),
    SectionContent(
        slug="interest",
        title="Interest",
        questions=(
            QuestionContent(
                key="interest",
                kind=QuestionKind.ONE_OF,
                asked_per=AskedPer.LOT,
                wording="Interested?",
                options=LEVELS,
                measure=Measure.INTEREST_LEVEL,
            ),
        ),
    ),
    SectionContent(
        slug="lots",
        title="Lots",
        questions=(
            QuestionContent(
                key="role",
                kind=QuestionKind.ONE_OF,
                asked_per=AskedPer.CHOSEN_LOT,
                wording="Role?",
                options=ROLES,
                measure=Measure.BIDDING_ROLE,
            ),
        ),
    ),
    SectionContent(
        slug="partners",
        title="Partners",
        asked_if=is_("role", "consortium"),
        questions=(
            QuestionContent(
                key="consortium",
                kind=QuestionKind.TEXT,
                asked_per=AskedPer.CHOSEN_LOT,
                wording="Consortium?",
                required=True,
                measure=Measure.CONSORTIUM,
            ),
        ),
    ),
    SectionContent(
        slug="capacity",
        title="Capacity",
        asked_if=is_not("role", "subcontract_only"),
        questions=(
            QuestionContent(key="held", kind=QuestionKind.WHOLE_NUMBER, wording="How many lots?", required=True),
        ),
    ),
)


@pytest.fixture
def respondent(session: Session) -> Respondent:
    engagement = factories.engagement(session, questionnaire=False)
    add_questionnaire(session, engagement, SECTIONS).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    return make_respondent(session, engagement)


def roles(respondent: Respondent, *given: str) -> dict[str, str]:
    return {f"role-{lot.id}": role for lot, role in zip(respondent.lots, given, strict=False)}


def choose(client: Client, respondent: Respondent, *given: str) -> None:
    client.submit(respondent.section("interest"), respondent.levels(*["likely"] * len(given)))
    client.submit(respondent.section("lots"), roles(respondent, *given))


def states(client: Client, respondent: Respondent) -> str:
    return client.get(respondent.url).text


def test_an_answer_opens_questions_in_the_same_section(client: Client, respondent: Respondent) -> None:
    url = respondent.section("general")
    assert "Which conflict?" not in client.get(url).text
    assert client.submit(url, {"conflict": "yes", "then": "continue"}).location == url
    page = client.get(url)
    assert "Your answers lead to more questions in this section" in page.text
    assert "Which conflict?" in page.text
    assert "How is it managed?" not in page.text
    assert client.submit(url, {"conflict": "yes", "which": "Ours"}).location == respondent.section("interest")


def test_a_question_no_longer_asked_blocks_nothing_and_keeps_its_answer(
    client: Client, session: Session, respondent: Respondent
) -> None:
    url = respondent.section("general")
    client.submit(url, {"conflict": "yes", "then": "later"})
    client.submit(url, {"conflict": "yes", "which": "Ours", "then": "later"})
    saved = client.submit(url, {"conflict": "no", "which": "Ours", "then": "continue"})
    assert saved.location == respondent.section("interest")
    choose(client, respondent, "subcontract_only")
    check = client.get(respondent.check)
    assert "Which conflict?" not in check.text
    respondent.submit(client)
    keys = dict(session.execute(select(Question.id, Question.key)).all())
    assert {keys[row.question_id] for row in session.scalars(select(Answer))} == {"conflict", "interest", "role"}
    client.submit(url, {"conflict": "yes", "then": "later"})
    assert 'value="Ours"' in client.get(url).html


def test_an_open_page_does_not_blank_a_question_that_a_colleague_opened_meanwhile(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    """The page says which questions it left out, so that its silence about them is not taken for an answer."""
    url = respondent.section("general")
    before = client.get(url).hidden()
    colleague_client.submit(url, {"conflict": "yes", "then": "later"})
    colleague_client.submit(url, {"conflict": "yes", "which": "Theirs", "then": "later"})
    clash = client.post(url, {**before, "conflict": "yes"}, status=302)  # it says what is saved already
    assert clash.location == url
    [kept] = session.scalars(select(DraftSection.answers)).all()
    assert kept == {"conflict": "yes", "which": "Theirs"}


def test_capacity_is_asked_unless_every_chosen_lot_is_for_a_subcontractor(
    client: Client, respondent: Respondent
) -> None:
    client.submit(respondent.section("interest"), respondent.levels("no", "no"))
    assert "Capacity You chose no lot that this section is about. Nothing to answer" in states(client, respondent)
    choose(client, respondent, "subcontract_only", "subcontract_only")
    text = states(client, respondent)
    assert "Capacity Going by your other answers so far, this section does not apply to you. Nothing to answer" in text
    assert "How many lots?" not in client.get(respondent.check).text
    assert "Submit" in client.get(respondent.check).buttons()
    choose(client, respondent, "subcontract_only", "lead")
    assert "Capacity Not started" in states(client, respondent)
    assert "“How many lots?” must be answered" in client.get(respondent.check).links()


def test_before_any_lot_is_chosen_a_section_about_them_cannot_start(client: Client, respondent: Respondent) -> None:
    assert "Capacity First say which lots interest you. Cannot start yet" in states(client, respondent)


def test_a_condition_about_a_lot_looks_at_that_lots_answer(client: Client, respondent: Respondent) -> None:
    choose(client, respondent, "lead", "consortium")
    first, second = respondent.lots
    html = client.get(respondent.section("partners")).html
    assert f"consortium-{second.id}" in html
    assert f'name="consortium-{first.id}"' not in html


def test_the_name_of_the_consortium_is_projected_for_its_lots_alone(
    client: Client, session: Session, respondent: Respondent
) -> None:
    choose(client, respondent, "lead", "consortium")
    second = respondent.lots[1].id
    client.submit(respondent.section("partners"), {f"consortium-{second}": "Fylde Partnership"})
    client.submit(respondent.section("capacity"), {"held": "2"})
    respondent.submit(client)
    names = {row.lot_id: row.consortium for row in session.scalars(select(Interest))}
    assert names == {respondent.lots[0].id: None, second: "Fylde Partnership"}


def test_the_place_of_a_section_moves_with_no_answer(client: Client, respondent: Respondent) -> None:
    assert "Section 2 of 5" in client.get(respondent.section("interest")).text
    choose(client, respondent, "lead")
    assert "Section 2 of 5" in client.get(respondent.section("interest")).text
    assert "Section 5 of 5" in client.get(respondent.section("capacity")).text, "those left out are counted too"


@pytest.mark.parametrize(
    ("conflict", "insured", "asked"),
    [("no", "yes", set()), ("yes", "yes", {"Either?"}), ("no", "no", {"Either?"}), ("yes", "no", {"Either?", "Both?"})],
)
def test_of_several_conditions_all_must_hold_or_one_is_enough(
    client: Client, respondent: Respondent, conflict: str, insured: str, asked: set[str]
) -> None:
    general = respondent.section("general")
    client.submit(general, {"conflict": conflict, "insured": insured})
    text = client.get(general).text
    assert {wording for wording in ("Either?", "Both?") if wording in text} == asked
