"""What is said of engagements speaks its reader's language: public pages, providers' pages and mails."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.pseudo_locale import CODE, in_greek_letters, latin_words, untranslated
from tests.webapp.browser_of_pages import Client
from tests.webapp.engagements.files import PDF
from webapp.engagements.conditions import Comparison, Condition, Conditions, Joining, any_of, is_, is_not
from webapp.engagements.contents import ColumnContent, QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import (
    AskedPer,
    AuditEvent,
    Clarification,
    Document,
    Engagement,
    EngagementSummary,
    Invitation,
    Lot,
    MailMessage,
    Person,
    QuestionKind,
)

SAID = in_greek_letters("A reason")
NAME = in_greek_letters("Someone")


def in_greek(session: Session, state: str, *, questionnaire: bool = True) -> Engagement:
    """An engagement whose own words and names are all in Greek letters."""
    made = factories.engagement(session, state=state, questionnaire=questionnaire)
    made.title, made.summary, made.process, made.contact_email = NAME, SAID, SAID, "a@example.org"
    programme = made.programme
    programme.title, programme.summary, programme.buyer.name, programme.buyer.ods_code = (
        NAME,
        SAID,
        NAME,
        made.reference,
    )
    programme.agent = factories.buyer(session, name=NAME)
    for lot in factories.lots_of(made):
        lot.title = lot.procurement.title = NAME
        for unit in lot.units:
            unit.site.name = unit.service_line.name = NAME
    factories.lots_of(made)[1].term_months = 12
    session.commit()
    return made


def provider(session: Session) -> Person:
    someone = factories.provider_person(session, factories.provider(session, name=NAME), name=NAME, language=CODE)
    session.commit()
    return someone


def page_of(engagement: Engagement) -> str:
    return f"/engagements/{engagement.id}"


# What an engagement may have beside what it is


def with_documents(session: Session, engagement: Engagement) -> None:
    gone = factories.document(session, engagement, title=NAME, withdrawn_at=datetime.now(UTC))
    factories.document(session, engagement, title=NAME, series_id=gone.series_id, version=2)
    factories.document(session, engagement, title=NAME)
    factories.document(session, engagement, title=NAME, withdrawn_at=datetime.now(UTC))


def with_clarifications(session: Session, engagement: Engagement) -> None:
    lot = factories.lots_of(engagement)[0]
    factories.clarification(session, engagement, question=SAID, answer=SAID)
    factories.clarification(session, engagement, question=SAID, answer=SAID, lot_id=lot.id)
    corrected = datetime.now(UTC) + timedelta(seconds=5)
    factories.clarification(session, engagement, question=SAID, answer=SAID, corrected_at=corrected)


def with_moves(session: Session, engagement: Engagement) -> None:
    day = engagement.closes_at
    moved = {"closed_at": (day - timedelta(days=1)).isoformat(), "closes_at": day.isoformat(), "reason": SAID}
    early = {"closed_at": day.isoformat(), "closes_at": (day - timedelta(days=1)).isoformat(), "reason": SAID}
    for act, detail in (
        ("engagement.extended", moved),
        ("engagement.extended", {**moved, "questions_close_at": day.isoformat()}),
        ("engagement.closed_early", early),
    ):
        session.add(AuditEvent(act=act, subject_kind="engagement", subject_id=engagement.id, detail=detail))
        session.flush()


def with_summary(session: Session, engagement: Engagement) -> None:
    for version, responses in ((1, 1), (2, 7)):
        session.add(
            EngagementSummary(
                engagement_id=engagement.id,
                version=version,
                heard=SAID,
                changes=SAID,
                next_steps=SAID,
                responses=responses,
                published_by=factories.officer(session).id,
                published_at=datetime.now(UTC),
            )
        )


@pytest.mark.parametrize("state", ["coming", "open", "closed"])
@pytest.mark.parametrize("add", [None, with_documents, with_clarifications, with_moves, with_summary])
def test_the_page_of_an_engagement(
    session: Session, reader: Client, state: str, add: Callable[[Session, Engagement], None] | None
) -> None:
    engagement = in_greek(session, state)
    if add:
        add(session, engagement)
    session.commit()
    said = untranslated(reader.get(page_of(engagement)).html)
    assert [word for word in said if word != "PDF"] == []  # a kind of file has the same name everywhere


def test_what_a_provider_is_offered_there(session: Session, reader: Client) -> None:
    engagement, someone = in_greek(session, "open"), provider(session)
    reader.sign_in(someone)
    assert untranslated(reader.get(page_of(engagement)).html) == []
    response = factories.response(session, engagement, someone)
    session.commit()
    assert untranslated(reader.get(page_of(engagement)).html) == []
    factories.submission(session, response)
    session.commit()
    assert untranslated(reader.get(page_of(engagement)).html) == []
    response.current_submission_id, response.withdrawn_at = None, datetime.now(UTC)
    session.commit()
    assert untranslated(reader.get(page_of(engagement)).html) == []
    response.withdrawn_at, engagement.closes_at = None, datetime.now(UTC) - timedelta(minutes=5)
    session.commit()
    assert untranslated(reader.get(page_of(engagement)).html) == []


def test_the_list_and_its_search(session: Session, reader: Client) -> None:
    assert untranslated(reader.get("/").html) == []
    for state in ("coming", "open", "closed"):
        engagement = in_greek(session, state)
    with_summary(session, engagement)
    engagement = in_greek(session, "open")
    engagement.closes_at = datetime.now(UTC) + timedelta(seconds=90)
    session.commit()
    for asked in ("", "?state=open", f"?q={NAME}", "?q=777"):
        assert untranslated(reader.get(f"/{asked}").html) == []
    assert untranslated(reader.get("/?state=nothing", status=422).html) == []


def test_the_blank_questionnaire(session: Session, reader: Client) -> None:
    engagement = in_greek(session, "open", questionnaire=False)
    version = add_questionnaire(session, engagement, (_every_kind(), _conditional(engagement.engagement_lots[0].lot)))
    version.published_at = datetime.now(UTC)
    session.commit()
    assert untranslated(reader.get(f"{page_of(engagement)}/questionnaire").html) == []


def _every_kind() -> SectionContent:
    asked = [
        QuestionContent(
            key=kind.value,
            kind=kind,
            wording=SAID,
            why=SAID,
            required=kind is QuestionKind.TEXT,
            most_words=500 if kind is QuestionKind.LONG_TEXT else None,
            options=((("a", NAME), ("b", NAME)) if kind in (QuestionKind.ONE_OF, QuestionKind.SOME_OF) else ()),
            columns=((ColumnContent("a", NAME),) if kind is QuestionKind.ROWS else ()),
        )
        for kind in QuestionKind
    ]
    about_lots = (
        QuestionContent(key="every", kind=QuestionKind.YES_NO, wording=SAID, asked_per=AskedPer.LOT),
        QuestionContent(key="chosen", kind=QuestionKind.YES_NO, wording=SAID, asked_per=AskedPer.CHOSEN_LOT),
    )
    return SectionContent(slug="kinds", title=NAME, questions=(*asked, *about_lots))


def _conditional(lot: Lot) -> SectionContent:
    for_one_lot = frozenset({str(lot.id)})
    alone = (
        is_("yes_no", "yes"),
        is_not("yes_no", "no"),
        any_of("one_of", "a", "b"),
        is_("every", "yes"),
        is_not("every", "yes"),
        Conditions((Condition("every", Comparison.IS, ("yes",), for_one_lot),)),
        Conditions((Condition("every", Comparison.IS_NOT, ("no",), for_one_lot | {"one that is gone"}),)),
    )
    together = tuple(condition for conditions in alone for condition in conditions.each)
    conditions = (*alone, *(Conditions(together, joining) for joining in Joining))
    questions = [
        QuestionContent(
            key=f"{scope.value}_{place}", kind=QuestionKind.TEXT, wording=SAID, asked_if=condition, asked_per=scope
        )
        for scope in AskedPer
        for place, condition in enumerate(conditions)
    ]
    return SectionContent(slug="conditions", title=NAME, questions=tuple(questions))


def test_the_calendar(session: Session, reader: Client) -> None:
    engagement = in_greek(session, "open")
    text = reader.get(f"{page_of(engagement)}/calendar.ics").response.get_data().replace(b"\r\n ", b"").decode()
    titles = [line.removeprefix("SUMMARY:") for line in text.split("\r\n") if line.startswith("SUMMARY:")]
    assert len(titles) == 3
    assert latin_words(" ".join(titles)) == []


def test_asking_a_question(session: Session, reader: Client) -> None:
    engagement, someone = in_greek(session, "open"), provider(session)
    asking = f"{page_of(engagement)}/questions"
    reader.sign_in(someone)
    assert untranslated(reader.get(asking).html) == []
    assert untranslated(reader.submit(asking, {"question": ""}, status=422).html) == []
    hidden = reader.get(asking).hidden()
    assert untranslated(reader.post(asking, {**hidden, "nonce": "1", "question": SAID}, status=422).html) == []
    sent = reader.submit(asking, {"question": SAID})
    assert untranslated(reader.get(sent.location).html) == []
    question = session.scalars(select(Clarification)).one()
    assert untranslated(reader.get(f"{asking}/{question.id}").html) == []
    question.published_question, question.answer, question.answered_by = SAID, SAID, someone.id
    question.published_at = question.asked_at + timedelta(seconds=1)
    question.lot_id = factories.lots_of(engagement)[0].id
    session.commit()
    for later in (None, question.published_at + timedelta(seconds=1)):
        question.corrected_at = later
        session.commit()
        for address in (asking, f"{asking}/{question.id}"):
            assert untranslated(reader.get(address).html) == []


@pytest.mark.parametrize("late", [timedelta(seconds=2), timedelta(minutes=2), timedelta(hours=2), timedelta(days=2)])
def test_asking_too_late(session: Session, reader: Client, late: timedelta) -> None:
    engagement, someone = in_greek(session, "open"), provider(session)
    asking = f"{page_of(engagement)}/questions"
    reader.sign_in(someone)
    hidden = reader.get(asking).hidden()
    engagement.questions_close_at = datetime.now(UTC) - late
    session.commit()
    assert untranslated(reader.post(asking, {**hidden, "question": SAID}, status=409).html) == []
    assert untranslated(reader.get(asking).html) == []


# Mails, each sent by what an officer does, whose own pages are in English


@pytest.fixture
def officer(session: Session, reader: Client) -> Callable[[Engagement], Client]:
    def come_in(engagement: Engagement) -> Client:
        someone = factories.officer(session, engagement.programme.buyer)
        session.commit()
        reader.sign_in(someone)
        return reader

    return come_in


def concerned(session: Session, engagement: Engagement) -> Person:
    """Somebody who was invited, has submitted, and reads Greek."""
    someone = provider(session)
    own = someone.memberships[0].organisation_id
    session.add(Invitation(engagement_id=engagement.id, organisation_id=own, person_id=someone.id, email=someone.email))
    factories.submission(session, factories.response(session, engagement, someone))
    session.commit()
    return someone


def assert_in_greek(session: Session, count: int = 1) -> None:
    mails = session.scalars(select(MailMessage)).all()
    assert len(mails) == count
    for mail in mails:
        assert latin_words(mail.subject) == []
        assert latin_words(mail.body) == []


def test_mails_about_the_closing_time(session: Session, officer: Callable[[Engagement], Client]) -> None:
    engagement = in_greek(session, "open")
    concerned(session, engagement)
    client, later = officer(engagement), engagement.closes_at + timedelta(days=3)
    managing = f"/manage{page_of(engagement)}"
    day = {f"day-{part}": str(getattr(later, part)) for part in ("day", "month", "year")}
    client.submit(f"{managing}/extend", {**day, "time": "17:00", "reason": SAID})
    assert_in_greek(session)
    client.submit(f"{managing}/close", {"reason": SAID, "sure": "y"})
    assert_in_greek(session, 2)


def test_mails_about_answers(session: Session, officer: Callable[[Engagement], Client]) -> None:
    engagement = in_greek(session, "open")
    question = factories.clarification(session, engagement, concerned(session, engagement), question=SAID)
    session.commit()
    client, answering = officer(engagement), f"/manage{page_of(engagement)}/questions/{question.id}"
    client.submit(answering, {"question": SAID, "answer": SAID})
    assert_in_greek(session)
    client.submit(f"{answering}/correct", {"question": SAID, "answer": f"{SAID}!"})
    assert_in_greek(session, 2)


def test_mails_about_documents(session: Session, officer: Callable[[Engagement], Client]) -> None:
    engagement = in_greek(session, "open")
    concerned(session, engagement)
    client, listing = officer(engagement), f"/manage{page_of(engagement)}/documents"
    client.submit(listing, {"title": NAME, "file": (io.BytesIO(PDF), "a.pdf")})
    assert_in_greek(session)
    document = session.scalars(select(Document)).one()
    client.submit(f"{listing}/{document.id}/replace", {"title": NAME, "file": (io.BytesIO(PDF), "b.pdf")})
    assert_in_greek(session, 2)


def test_mails_about_the_summary(session: Session, officer: Callable[[Engagement], Client]) -> None:
    engagement = in_greek(session, "closed")
    concerned(session, engagement)
    client, writing = officer(engagement), f"/manage{page_of(engagement)}/summary"
    words = dict.fromkeys(("heard", "changes", "next_steps"), SAID)
    client.submit(writing, words)
    assert_in_greek(session)
    client.submit(writing, {**words, "heard": f"{SAID}!"})
    assert_in_greek(session, 2)


def test_invitations(session: Session, officer: Callable[[Engagement], Client]) -> None:
    """To a member of the organisation with a link; to somebody of another without one, and to the members as well."""
    engagement = in_greek(session, "open")
    member, other = provider(session), provider(session)
    session.add(
        Invitation(
            engagement_id=engagement.id,
            organisation_id=member.memberships[0].organisation_id,
            person_id=other.id,
            email=other.email,
        )
    )
    session.commit()
    client, managing = officer(engagement), f"/manage{page_of(engagement)}"
    page = client.get(managing)
    action = next(form.get("action") for form in page.tree.iter("form") if "send-again" in form.get("action", ""))
    client.post(action, page.hidden(action))
    assert_in_greek(session, 2)


def test_an_address_without_a_person_is_written_to_in_english(
    session: Session, officer: Callable[[Engagement], Client]
) -> None:
    engagement = in_greek(session, "open")
    filled = {"organisation_name": NAME, "name": NAME, "email": "new@example.org"}
    officer(engagement).submit(f"/manage{page_of(engagement)}/invite", filled)
    assert session.scalars(select(MailMessage.subject)).one() == f"Invitation: {NAME}"
