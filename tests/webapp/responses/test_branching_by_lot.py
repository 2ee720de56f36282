"""What is asked of some lots only, and what becomes of answers about the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.engagements.conditions import Comparison, Condition, Conditions, is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Answer, AskedPer, DraftSection, Lot, Measure, Question, QuestionKind

LEVELS = (("likely", "Likely"), ("no", "No"))


def unless_no(*lots: Lot) -> Conditions:
    return Conditions((Condition("interest", Comparison.IS_NOT, ("no",), frozenset(str(lot.id) for lot in lots)),))


def sections(dental: Lot, other: Lot, third: Lot) -> tuple[SectionContent, ...]:
    interest = QuestionContent(
        key="interest",
        kind=QuestionKind.ONE_OF,
        asked_per=AskedPer.LOT,
        wording="Interested?",
        options=LEVELS,
        measure=Measure.INTEREST_LEVEL,
    )
    role = QuestionContent(
        key="role", kind=QuestionKind.TEXT, asked_per=AskedPer.CHOSEN_LOT, wording="Role?", why="To tell roles apart."
    )
    beds = QuestionContent(
        key="beds",
        kind=QuestionKind.WHOLE_NUMBER,
        asked_per=AskedPer.CHOSEN_LOT,
        wording="How many beds?",
        why="Homes are small.",
        asked_if=unless_no(other, third),
    )
    chairs = QuestionContent(
        key="chairs",
        kind=QuestionKind.WHOLE_NUMBER,
        asked_per=AskedPer.CHOSEN_LOT,
        wording="How many chairs?",
        required=True,
    )
    dentists = QuestionContent(key="dentists", kind=QuestionKind.TEXT, wording="Which dentists?", required=True)
    return (
        SectionContent(slug="interest", title="Interest", questions=(interest,)),
        SectionContent(slug="lots", title="Lots", questions=(role, beds)),
        SectionContent(
            slug="dental", title="Dental", questions=(chairs, dentists), asked_if=unless_no(dental)
        ),
    )  # fmt: skip


@pytest.fixture
def respondent(session: Session) -> Respondent:
    """The first lot is a dental one."""
    engagement = factories.engagement(session, questionnaire=False, lots=3)
    version = add_questionnaire(session, engagement, sections(*factories.lots_of(engagement)))
    version.published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    return make_respondent(session, engagement)


def test_no_lot_is_of_interest_where_that_is_asked_no_more(client: Client, session: Session) -> None:
    """Who says afterwards that it is not ready is asked nothing about the lots that it had chosen."""
    engagement = factories.engagement(session, questionnaire=False, lots=3)
    asked, about_lots, dental = sections(*factories.lots_of(engagement))
    ready = QuestionContent(key="ready", kind=QuestionKind.YES_NO, wording="Are you ready?")
    if_ready = replace(asked, asked_if=is_("ready", "yes"))
    start = SectionContent(slug="ready", title="Ready", questions=(ready,))
    version = add_questionnaire(session, engagement, (start, if_ready, about_lots, dental))
    version.published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    provider = make_respondent(session, engagement)
    client.sign_in(provider.person)
    client.submit(provider.section("ready"), {"ready": "yes"})
    client.submit(provider.section("interest"), provider.levels("likely", "likely"))
    assert "How many chairs?" in client.get(provider.section("dental")).text
    client.submit(provider.section("ready"), {"ready": "no"})
    check = client.get(provider.check).text
    assert "How many chairs?" not in check
    assert "Role?" not in check
    page = client.get(provider.url).text
    assert page.count("Going by your other answers so far, this section does not apply to you. Nothing to answer") == 3


def test_a_section_that_hangs_on_no_lot_waits_for_no_lots_of_interest(client: Client, session: Session) -> None:
    engagement = factories.engagement(session, questionnaire=False, lots=3)
    interest, about_lots, _dental = sections(*factories.lots_of(engagement))
    ready = QuestionContent(key="ready", kind=QuestionKind.YES_NO, wording="Are you ready?")
    start = SectionContent(slug="ready", title="Ready", questions=(ready,))
    why = QuestionContent(key="why", kind=QuestionKind.TEXT, wording="What are you waiting for?")
    waiting = SectionContent(slug="waiting", title="Waiting", questions=(why,), asked_if=is_("ready", "no"))
    version = add_questionnaire(session, engagement, (start, waiting, interest, about_lots))
    version.published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    provider = make_respondent(session, engagement)
    client.sign_in(provider.person)
    page = client.get(provider.url).text
    assert "Waiting Going by your other answers so far, this section does not apply to you. Nothing" in page
    assert page.count("First say which lots interest you.") == 1
    client.submit(provider.section("interest"), provider.levels("no", "no", "no"))
    page = client.get(provider.url).text
    assert "Waiting Going by your other answers so far" in page
    assert page.count("You chose no lot that this section is about.") == 1


def test_who_is_interested_in_no_dental_lot_is_asked_nothing_of_dental_services(
    client: Client, respondent: Respondent
) -> None:
    client.submit(respondent.section("interest"), respondent.levels("no", "likely"))
    said = "Dental Going by your other answers so far, this section does not apply to you. Nothing to answer"
    assert said in client.get(respondent.url).text
    assert "Submit" in client.get(respondent.check).buttons(), "although what it asks is required"
    assert "Section 2 of 3" in client.get(respondent.section("lots")).text


def test_a_section_for_some_lots_asks_about_these_alone(client: Client, respondent: Respondent) -> None:
    dental, other, third = respondent.lots
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely", "likely"))
    page = client.get(respondent.section("dental"))
    assert f"chairs-{dental.id}" in page.html
    assert f"chairs-{other.id}" not in page.html, "nor among what the page leaves out, which grows with the lots"
    assert "Which dentists?" in page.text
    page = client.get(respondent.section("lots"))
    assert f"beds-{dental.id}" not in page.html
    assert f'name="beds-{third.id}"' in page.html


def test_why_something_is_asked_is_told_with_the_first_lot_that_it_is_asked_of(
    client: Client, respondent: Respondent
) -> None:
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely", "likely"))
    text = client.get(respondent.section("lots")).text
    dental, other, third = (f"{lot.code}: {lot.title}" for lot in respondent.lots)
    told = [text.index(said) for said in ("To tell roles apart.", dental, other, "Homes are small.", third)]
    assert told == sorted(told)
    assert text.count("Homes are small.") == 1


def test_what_is_submitted_are_the_answers_about_the_lots_that_were_asked(
    client: Client, session: Session, respondent: Respondent
) -> None:
    dental, other, _third = respondent.lots
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely", "no"))
    client.submit(respondent.section("lots"), {f"beds-{other.id}": "8", f"beds-{dental.id}": "3"})
    client.submit(
        respondent.section("dental"), {f"chairs-{dental.id}": "2", "dentists": "Two", f"chairs-{other.id}": "5"}
    )
    respondent.submit(client)
    keys = dict(session.execute(select(Question.id, Question.key)).all())
    given = {(keys[row.question_id], row.lot_id): row.value for row in session.scalars(select(Answer))}
    assert given == {
        ("interest", dental.id): "likely",
        ("interest", other.id): "likely",
        ("interest", respondent.lots[2].id): "no",
        ("beds", other.id): 8,
        ("chairs", dental.id): 2,
        ("dentists", None): "Two",
    }


def test_answers_of_a_section_asked_no_more_are_kept_for_when_it_is_again(
    client: Client, session: Session, respondent: Respondent
) -> None:
    dental = respondent.lots[0]
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely", "no"))
    client.submit(respondent.section("dental"), {f"chairs-{dental.id}": "2", "dentists": "Two"})
    client.submit(respondent.section("interest"), respondent.levels("no", "likely", "no"))
    assert "Which dentists?" not in client.get(respondent.check).text
    respondent.submit(client)
    assert "Two" not in session.scalars(select(Answer.value)).all()
    kept = [answers for answers in session.scalars(select(DraftSection.answers)) if "dentists" in answers]
    assert kept == [{"chairs": {str(dental.id): "2"}, "dentists": "Two"}]
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely", "no"))
    assert 'value="Two"' in client.get(respondent.section("dental")).html


def test_what_is_asked_once_heeds_answers_about_lots_of_no_interest(client: Client, session: Session) -> None:
    """Why somebody would not bid for a lot, or which staff of theirs would transfer if another won it."""
    engagement = factories.engagement(session, questionnaire=False, lots=2)
    first, _second = factories.lots_of(engagement)
    asked = sections(first, first, first)[0].questions
    runs = QuestionContent(key="runs", kind=QuestionKind.YES_NO, asked_per=AskedPer.LOT, wording="Do you run it?")
    followed = [
        QuestionContent(key=key, kind=QuestionKind.TEXT, wording=wording, asked_if=Conditions((condition,)))
        for key, wording, condition in (
            ("why", "Why not the first?", Condition("interest", Comparison.IS, ("no",), frozenset({str(first.id)}))),
            ("staff", "Which staff?", Condition("runs", Comparison.ANY_OF, ("yes",))),
        )
    ]
    contents = (
        SectionContent(slug="interest", title="Interest", questions=(*asked, runs)),
        SectionContent(slug="after", title="After", questions=tuple(followed)),
    )
    add_questionnaire(session, engagement, contents).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    respondent = make_respondent(session, engagement)
    client.sign_in(respondent.person)
    client.submit(respondent.section("interest"), {**respondent.levels("no", "likely"), f"runs-{first.id}": "yes"})
    text = client.get(respondent.section("after")).text
    assert "Why not the first?" in text
    assert "Which staff?" in text


def test_a_section_for_a_lot_that_was_left_blank_asks_nothing_about_it_either(client: Client, session: Session) -> None:
    engagement = factories.engagement(session, questionnaire=False, lots=2)
    first, second = factories.lots_of(engagement)
    sites = QuestionContent(key="sites", kind=QuestionKind.TEXT, asked_per=AskedPer.LOT, wording="Which sites?")
    dental = SectionContent(slug="dental", title="Dental", questions=(sites,), asked_if=unless_no(first))
    contents = (sections(first, first, first)[0], dental)
    add_questionnaire(session, engagement, contents).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    respondent = make_respondent(session, engagement)
    client.sign_in(respondent.person)
    client.submit(respondent.section("interest"), {f"interest-{second.id}": "likely"})
    assert (
        "Dental Going by your other answers so far, this section does not apply to you."
        in client.get(respondent.url).text
    )
    client.submit(respondent.section("interest"), {f"interest-{first.id}": "likely"})
    assert "Which sites?" in client.get(respondent.section("dental")).text


def test_what_was_recorded_of_a_lot_is_shown_also_where_nobody_could_be_asked_it(
    client: Client, session: Session, respondent: Respondent
) -> None:
    """Files of responses are recorded whatever the conditions are, and earlier rules let through what later ones do
    not.
    """
    client.submit(respondent.section("interest"), respondent.levels("likely", "no"))
    client.submit(respondent.section("dental"), {f"chairs-{respondent.lots[0].id}": "3", "dentists": "Two"})
    receipt = respondent.submit(client).location
    session.refresh(respondent.response)
    chairs = session.scalars(select(Question).where(Question.key == "chairs")).one()
    session.add(
        Answer(
            submission_id=respondent.response.current_submission_id,
            question_id=chairs.id,
            lot_id=respondent.lots[1].id,
            value=4711,
        )
    )
    session.commit()
    assert "4,711" in client.get(receipt).text
    client.submit(respondent.section("dental"), {f"chairs-{respondent.lots[0].id}": "3", "dentists": "Three"})
    changed = client.get(respondent.check).text
    assert "4,711" in changed
    assert "No longer asked" in changed
