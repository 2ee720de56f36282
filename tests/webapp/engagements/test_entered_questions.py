"""Questions that came by email, telephone or at an event, which an officer enters to answer them for everybody."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import PATIENCE, wait_until_blocked
from webapp.audit import Actor
from webapp.db import Database
from webapp.engagements.clarifications import actions
from webapp.engagements.mails import Addresses
from webapp.models import AskedHow, AuditEvent, Clarification, Engagement, MailMessage, Person
from webapp.web.format import LONDON, moment


@pytest.fixture
def invited(session: Session, engagement: Engagement) -> Person:
    acme = factories.provider(session, name="Zebedee Health Ltd")
    someone = factories.provider_person(session, acme, name="Quentin Xylander", email="q.x@zebedee-health.example")
    factories.invitation(session, engagement, someone)
    session.commit()
    return someone


def entering(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/questions/enter"


def answering(clarification: Clarification) -> str:
    return f"/manage/engagements/{clarification.engagement_id}/questions/{clarification.id}"


def came(at: datetime, **given: str) -> dict[str, str]:
    local = at.astimezone(LONDON)
    return {
        "how": "telephone",
        "day-day": str(local.day),
        "day-month": str(local.month),
        "day-year": str(local.year),
        "time": f"{local:%H:%M}",
        "question": "Zebedee Health asks who pays for escorts.",
        **given,
    }


def acts(session: Session) -> list[str]:
    wanted = AuditEvent.act.startswith("clarification.")
    return list(session.scalars(select(AuditEvent.act).where(wanted).order_by(AuditEvent.id)))


@pytest.fixture
def recently(session: Session, engagement: Engagement) -> datetime:
    """When a question may have come: the engagement was published long before."""
    engagement.published_at = engagement.opens_at = datetime.now(UTC) - timedelta(days=3)
    session.commit()
    return (datetime.now(UTC) - timedelta(hours=3)).replace(second=0, microsecond=0)


@pytest.fixture
def actor(officer: Person) -> Actor:
    return Actor(officer.id, officer.name, officer.email, uuid.uuid4(), True, True, ())


@pytest.fixture
def two() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool


def test_a_question_that_came_by_telephone_is_answered_for_everybody(
    session: Session, engagement: Engagement, invited: Person, officer: Person, recently: datetime, client: Client
) -> None:
    lot = factories.lots_of(engagement)[1]
    organisation = invited.memberships[0].organisation
    client.sign_in(officer)
    page = client.get(f"/manage/engagements/{engagement.id}")
    assert page.links()["Enter a question that came by email, telephone or at an event"] == entering(engagement)
    page = client.submit(entering(engagement), came(recently, organisation_id=str(organisation.id), lot_id=str(lot.id)))
    assert len(page.statements) <= 15
    entered = session.scalars(select(Clarification)).one()
    assert (entered.asked_by, entered.entered_by, entered.asked_how) == (None, officer.id, AskedHow.TELEPHONE)
    assert (entered.organisation_id, entered.lot_id, entered.asked_at) == (organisation.id, lot.id, recently)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "clarification.entered")).one()
    assert (event.person_id, event.organisation_id, event.detail["how"]) == (officer.id, organisation.id, "telephone")
    assert "escorts" not in str(event.detail)
    page = client.get(page.location)
    assert "By telephone, from Zebedee Health Ltd, at" in page.text
    assert f"about {lot.code}: {lot.title}. Entered by {officer.name}." in page.text
    assert "<mark>Zebedee Health</mark>" in page.html
    assert len(page.statements) <= 15
    inbox = client.get(f"/manage/engagements/{engagement.id}").text
    assert "1 question waits for an answer." in inbox
    assert "By telephone, entered by an officer" in inbox
    named = {"question": entered.question, "answer": "The prison."}
    assert "may tell who asked" in client.submit(answering(entered), named, status=422).text
    client.submit(answering(entered), {"question": "Who pays for escorts?", "answer": "The prison."})
    assert [mail.recipient for mail in session.scalars(select(MailMessage))] == [invited.email]
    client.sign_out()
    public = client.get(f"/engagements/{engagement.id}")
    assert "Who pays for escorts?" in public.text
    assert not [word for word in ("zebedee", "telephone", officer.name.lower()) if word in public.html.lower()]


def test_a_question_can_be_entered_without_saying_who_asked(
    session: Session, engagement: Engagement, officer: Person, recently: datetime, client: Client
) -> None:
    client.sign_in(officer)
    client.submit(entering(engagement), came(recently, how="event"))
    entered = session.scalars(select(Clarification)).one()
    assert entered.organisation_id is None
    page = client.get(answering(entered))
    assert "At an event or in a meeting, from whom is not said, at" in page.text
    assert "Who asked is not said, so no names are marked" in page.text
    assert "Not said" in client.get(f"/manage/engagements/{engagement.id}").text
    telling = {"question": "May we ring 0151 496 0000?", "answer": "No."}
    assert "may tell who asked" in client.submit(answering(entered), telling, status=422).text
    client.submit(answering(entered), {"question": "Who pays?", "answer": "The prison."})
    client.submit(f"{answering(entered)}/correct", {"question": "Who pays?", "answer": "The buyer."})
    assert acts(session) == ["clarification.entered", "clarification.published", "clarification.corrected"]


def test_names_of_people_are_marked_who_were_invited_for_the_provider_and_act_for_another(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    named = factories.provider(session, name="Harbour Health")
    factories.invitation(
        session, engagement, factories.provider_person(session, name="Ingeborg Quill")
    ).organisation_id = named.id
    entered = factories.entered_clarification(
        session, engagement, officer, organisation_id=named.id, question="Ingeborg asks: who pays?"
    )
    session.commit()
    client.sign_in(officer)
    assert "<mark>Ingeborg</mark>" in client.get(answering(entered)).html


def test_its_provider_does_not_read_what_an_officer_entered(
    session: Session, engagement: Engagement, invited: Person, officer: Person, client: Client
) -> None:
    """It may be another's, where the officer chose the wrong one."""
    organisation_id = invited.memberships[0].organisation_id
    entered = factories.entered_clarification(
        session, engagement, officer, organisation_id=organisation_id, question="A secret of others?"
    )
    own = factories.clarification(session, engagement, invited, question="My own?")
    session.commit()
    client.sign_in(invited)
    page = client.get(f"/engagements/{engagement.id}/questions")
    assert "My own?" in page.text
    assert "A secret of others?" not in page.text
    client.get(f"/engagements/{engagement.id}/questions/{own.id}")
    client.get(f"/engagements/{engagement.id}/questions/{entered.id}", status=404)
    held = client.get("/account/data.json").html
    assert "My own?" in held
    assert "A secret of others?" not in held


def test_only_invited_providers_are_offered_and_taken(
    session: Session, engagement: Engagement, invited: Person, officer: Person, recently: datetime, client: Client
) -> None:
    other = factories.provider(session, name="Quietly Answering")
    factories.response(session, engagement, factories.provider_person(session, other))
    session.commit()
    client.sign_in(officer)
    page = client.get(entering(engagement))
    assert "Zebedee Health Ltd" in page.text
    assert "Quietly Answering" not in page.text
    page = client.submit(entering(engagement), came(recently, organisation_id=str(other.id)), status=422)
    assert "The provider: choose one of the options shown" in page.text
    assert session.scalars(select(Clarification)).all() == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"how": ""}, "Choose how it came"),
        ({"question": " "}, "Enter the question"),
        ({"question": "word " * 501}, "The question must be 500 words or fewer"),
        ({"question": "a\x00b"}, "contains a character that cannot be kept"),
        ({"time": "25:00"}, "Enter a time of day"),
        ({"day-month": "13"}, "The day must include a month from 1 to 12"),
        ({"lot_id": str(uuid.uuid4())}, "The lot: choose one of the options shown"),
        ({"organisation_id": "x"}, "The provider: choose one of the options shown"),
    ],
)
def test_a_wrong_entry_is_given_back(
    session: Session,
    engagement: Engagement,
    officer: Person,
    recently: datetime,
    client: Client,
    given: dict[str, str],
    message: str,
) -> None:
    client.sign_in(officer)
    page = client.submit(entering(engagement), came(recently, **given), status=422)
    assert message in page.text
    assert "question" in given or "Zebedee Health asks who pays for escorts." in page.text
    assert session.scalars(select(Clarification)).all() == []


def test_a_time_at_which_it_cannot_have_come_is_refused(
    session: Session, engagement: Engagement, officer: Person, recently: datetime, client: Client
) -> None:
    client.sign_in(officer)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert "must not be in the future" in client.submit(entering(engagement), came(tomorrow), status=422).text
    assert engagement.published_at is not None
    before = engagement.published_at - timedelta(minutes=2)
    page = client.submit(entering(engagement), came(before), status=422)
    assert "It must have come after the engagement was published, at" in page.text
    assert session.scalars(select(Clarification)).all() == []
    client.submit(entering(engagement), came(engagement.published_at))
    assert factories.count_of(session, Clarification) == 1


def test_one_that_came_late_needs_a_reason_which_is_logged(
    session: Session, engagement: Engagement, officer: Person, recently: datetime, client: Client
) -> None:
    engagement.questions_close_at = recently - timedelta(minutes=1)
    session.commit()
    client.sign_in(officer)
    page = client.submit(entering(engagement), came(recently, late_reason=" "), status=422)
    assert "It came after the last time for questions," in page.text
    client.submit(entering(engagement), came(recently, late_reason="Our mail server was down."))
    entered = session.scalars(select(Clarification)).one()
    assert entered.late_reason == "Our mail server was down."
    page = client.get(answering(entered))
    assert "Accepted after the last time for questions: Our mail server was down." in page.text
    log = client.get(f"/programmes/{engagement.programme_id}/record").text
    assert "A question sent by other means at" in log
    assert "was accepted: Our mail server was down." in log


def test_a_reason_is_not_kept_of_one_that_came_in_time_and_is_entered_after_the_close(
    session: Session, engagement: Engagement, officer: Person, recently: datetime, client: Client
) -> None:
    engagement.closes_at = recently
    session.commit()
    client.sign_in(officer)
    client.submit(entering(engagement), came(recently, late_reason="Just in case."))
    assert session.scalars(select(Clarification)).one().late_reason is None
    assert acts(session) == ["clarification.entered"]


def test_the_same_form_sent_again_enters_one_question(
    session: Session, engagement: Engagement, officer: Person, recently: datetime, client: Client
) -> None:
    client.sign_in(officer)
    form = {**client.get(entering(engagement)).hidden(), **came(recently)}
    assert len({client.post(entering(engagement), form).location for _ in range(2)}) == 1
    assert factories.count_of(session, Clarification) == 1
    assert acts(session) == ["clarification.entered"]


def test_nothing_is_entered_for_a_draft_or_by_another_buyer(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    draft = factories.engagement(session, engagement.programme, state="draft")
    stranger = factories.officer(session)
    entered = factories.entered_clarification(session, engagement, officer)
    session.commit()
    client.sign_in(officer)
    client.get(entering(draft), status=404)
    assert "Enter a question that came" not in client.get(f"/manage/engagements/{draft.id}").text
    client.sign_in(stranger)
    client.get(entering(engagement), status=404)
    client.get(f"{answering(entered)}/remove", status=404)


# Removing what was entered by mistake


def test_a_question_entered_by_mistake_is_removed_with_a_reason(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    entered = factories.entered_clarification(session, engagement, officer, question="Entered twice?")
    session.commit()
    client.sign_in(officer)
    address = client.get(answering(entered)).links()["Remove this question, which was entered by mistake"]
    assert "Enter why it goes" in client.submit(address, {"reason": " "}, status=422).text
    client.submit(address, {"reason": "Two of us entered it."})
    assert session.scalars(select(Clarification)).all() == []
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "clarification.removed")).one()
    assert (event.person_id, event.detail["reason"]) == (officer.id, "Two of us entered it.")
    client.get(address, status=404)


def test_the_log_says_that_one_accepted_late_was_removed_and_promises_no_answer(
    session: Session, engagement: Engagement, officer: Person, recently: datetime, client: Client
) -> None:
    engagement.questions_close_at = recently - timedelta(minutes=1)
    session.commit()
    client.sign_in(officer)
    client.submit(entering(engagement), came(recently, late_reason="Our mail server was down."))
    log = f"/programmes/{engagement.programme_id}/record"
    accepted = client.get(log).text
    assert "Not before it is answered" in accepted
    assert "With its answer" not in accepted
    entered = session.scalars(select(Clarification)).one()
    client.submit(f"{answering(entered)}/remove", {"reason": "Meant for another engagement."})
    assert (
        f"The question sent by other means at {moment(recently)}, which had been accepted late, was removed and is not"
        " answered: Meant for another engagement."
    ) in client.get(log).text
    in_time = factories.entered_clarification(session, engagement, officer)
    session.commit()
    client.submit(f"{answering(in_time)}/remove", {"reason": "Entered twice."})
    assert "Entered twice." not in client.get(log).text, "nobody was told that it was there"
    assert acts(session) == [
        "clarification.entered",
        "clarification.accepted_late",
        "clarification.removed",
        "clarification.removed_late",
        "clarification.removed",
    ]


def test_what_a_provider_asked_or_everybody_has_read_cannot_be_removed(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    asked = factories.clarification(session, engagement)
    entered = factories.entered_clarification(session, engagement, officer)
    session.commit()
    client.sign_in(officer)
    assert "Remove this question" not in client.get(answering(asked)).text
    client.get(f"{answering(asked)}/remove", status=404)
    form = {**client.get(f"{answering(entered)}/remove").hidden(), "reason": "I do not like it."}
    client.post(f"{answering(asked)}/remove", form, status=404)
    client.submit(answering(entered), {"question": "Who pays?", "answer": "The prison."})
    for sent in (form, {**form, "reason": ""}):
        page = client.post(f"{answering(entered)}/remove", sent)
        assert "has been answered for everybody, so it stays" in client.get(page.location).text
    assert "Remove this question" not in client.get(answering(entered)).text
    assert factories.count_of(session, Clarification) == 2


def test_an_answer_to_a_question_that_a_colleague_removes_is_given_back(
    session: Session, engagement: Engagement, officer: Person, client: Client, two: ThreadPoolExecutor
) -> None:
    entered = factories.entered_clarification(session, engagement, officer)
    session.commit()
    address = answering(entered)
    client.sign_in(officer)
    form = {**client.get(address).hidden(), "question": "Who pays?", "answer": "The prison, I typed."}
    session.delete(entered)
    session.flush()
    answered = two.submit(client.post, address, form, status=409)
    wait_until_blocked(session, answered)
    session.commit()
    page = answered.result(PATIENCE)
    assert "Somebody else has removed this question. What you wrote was not published." in page.text
    assert "The prison, I typed." in page.text
    assert session.scalars(select(MailMessage)).all() == []


def test_entering_waits_for_a_change_of_the_last_time_for_questions(
    session: Session,
    database: Database,
    engagement: Engagement,
    actor: Actor,
    recently: datetime,
    two: ThreadPoolExecutor,
) -> None:
    received = actions.Received(
        organisation_id=None,
        how=AskedHow.EMAIL,
        asked_at=recently,
        late_reason=None,
        question="Who pays?",
        lot_id=None,
    )
    row = session.scalars(select(Engagement).where(Engagement.id == engagement.id).with_for_update()).one()

    def enter() -> None:
        with database.session() as own:
            about = own.get_one(Engagement, engagement_id)
            actions.enter(own, clarification_id=uuid.uuid4(), engagement=about, received=received, actor=actor)
            own.commit()

    engagement_id = row.id
    row.questions_close_at = recently - timedelta(hours=1)
    session.flush()
    entered = two.submit(enter)
    wait_until_blocked(session, entered)
    session.commit()
    with pytest.raises(actions.QuestionsClosedError):
        entered.result(PATIENCE)
    assert factories.count_of(session, Clarification) == 0


def test_of_publishing_and_removing_at_the_same_moment_one_is_done(
    session: Session, database: Database, engagement: Engagement, officer: Person, actor: Actor, two: ThreadPoolExecutor
) -> None:
    entered = factories.entered_clarification(session, engagement, officer)
    session.commit()
    entered_id, engagement_id = entered.id, engagement.id

    def publish() -> bool:
        with database.session() as own:
            try:
                actions.publish(
                    own,
                    engagement=own.get_one(Engagement, engagement_id),
                    clarification=own.get_one(Clarification, entered_id),
                    question="Who pays?",
                    answer="The prison.",
                    addresses=Addresses("http://localhost", "/engagements/x", "/sign-in/link"),
                    actor=actor,
                    now=datetime.now(UTC),
                )
            except actions.RemovedError:
                return False
            own.commit()
            return True

    def remove() -> bool:
        with database.session() as own:
            mistaken = own.get_one(Clarification, entered_id)
            try:
                actions.remove(own, clarification=mistaken, reason="Entered twice", actor=actor)
            except actions.PublishedAlreadyError:
                return False
            own.commit()
            return True

    session.scalars(select(Clarification).with_for_update()).one()
    publishing = two.submit(publish)
    wait_until_blocked(session, publishing)
    removing = two.submit(remove)
    session.rollback()
    assert [publishing.result(PATIENCE), removing.result(PATIENCE)] == [True, False]
