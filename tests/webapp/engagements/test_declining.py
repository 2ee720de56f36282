"""A provider says that it will not respond and why, and may take it back; the officers learn what stops the market."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import PATIENCE, wait_until_blocked
from webapp.audit import ActingFor, Actor
from webapp.db import Database, clock
from webapp.engagements.declining.actions import ClosedError, Declining, decline
from webapp.engagements.mails import Addresses
from webapp.models import (
    AuditEvent,
    Decline,
    DeclineReason,
    Engagement,
    MailMessage,
    MembershipRole,
    Person,
    Response,
    TeamRole,
)
from webapp.responses.withdrawing import take_back

SAID = {"reasons": ["services", "price"], "comment": "Two lots,\nnot five", "may_quote": "y"}


@pytest.fixture
def engagement(session: Session) -> Engagement:
    made = factories.engagement(session)
    session.commit()
    return made


@pytest.fixture
def person(session: Session, client: Client) -> Person:
    acme = factories.provider(session, name="Acme Care")
    someone = factories.provider_person(session, acme)
    session.commit()
    client.sign_in(someone)
    return someone


def declining(engagement: Engagement) -> str:
    return f"/engagements/{engagement.id}/not-responding"


def progress(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/progress"


def declines(session: Session) -> list[Decline]:
    session.expire_all()
    return list(session.scalars(select(Decline)))


def acts(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)))


def member(session: Session, engagement: Engagement, role: TeamRole) -> Person:
    someone = factories.officer(session)
    factories.team_member(session, engagement.programme_id, someone.id, someone.memberships[0].organisation_id, role)
    session.commit()
    return someone


def enter(session: Session, client: Client, someone: Person) -> None:
    session.commit()
    client.sign_in(someone)


# The provider


def test_a_provider_says_why_changes_it_and_responds_after_all(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    public = f"/engagements/{engagement.id}"
    assert client.get(public).links()["We will not respond"] == declining(engagement)
    sent = client.submit(declining(engagement), SAID)
    assert sent.location == declining(engagement)
    assert len(sent.statements) <= 12
    said = declines(session)[0]
    assert (said.reasons, said.comment, said.may_quote) == (["services", "price"], "Two lots,\nnot five", True)
    assert (said.organisation_id, said.declined_by) == (person.memberships[0].organisation_id, person.id)
    page = client.get(declining(engagement))
    assert len(page.statements) <= 8
    for words in ("Not services that we provide", "Two lots, not five", "Yes, without our name", person.name):
        assert words in page.text
    page = client.get(public)
    assert len(page.statements) <= 8
    assert "Your organisation has said that it will not respond" in page.text
    assert "Start your response" in page.buttons()
    changing = client.get(f"{declining(engagement)}?change=yes")
    assert "Two lots,\nnot five" in changing.html
    assert changing.html.count(" checked") == 3, "both reasons, and the consent"
    client.submit(f"{declining(engagement)}?change=yes", {"reasons": ["not_said"]})
    said = declines(session)[0]
    assert (said.reasons, said.comment, said.may_quote) == (["not_said"], None, False)
    back = client.submit(declining(engagement), action=f"{declining(engagement)}/take-back")
    assert back.location == public
    assert declines(session) == []
    assert "We will not respond" in client.get(public).links()
    assert acts(session) == ["engagement.declined", "engagement.declined", "engagement.decline_taken_back"]
    assert {event.detail.get("reasons") for event in session.scalars(select(AuditEvent))} == {None}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Choose why you will not respond, or that you give no reason"),
        ({"reasons": ["area", "not_said"]}, "You chose reasons, and that you give none. Choose one or the other"),
        ({"reasons": ["other"]}, "Why you will not respond: choose from the options shown"),
        ({"reasons": ["area"], "comment": "x" * 4001}, "What would have to change must be 4,000 characters or fewer"),
        ({"reasons": ["area"], "nonce": "none"}, "Reload the page and send it again"),
        ({"reasons": ["area"], "seen": ""}, "Reload the page and send it again"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(
    session: Session,
    engagement: Engagement,
    person: Person,
    client: Client,
    given: dict[str, object],
    message: str,
) -> None:
    page = client.submit(declining(engagement), {"comment": "It is the price", **given}, status=422)
    assert message in page.text
    assert str(given.get("comment", "It is the price")) in page.html
    assert declines(session) == []


def test_a_form_sent_twice_says_it_once(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    client.submit_twice(declining(engagement), SAID)
    client.submit_twice(declining(engagement), action=f"{declining(engagement)}/take-back")
    assert acts(session) == ["engagement.declined", "engagement.decline_taken_back"]


def test_an_old_page_writes_over_nothing_that_was_said_since(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    address = declining(engagement)
    mine, colleagues = client.filled(address, SAID), client.filled(address, {"reasons": ["not_said"]})
    client.post(address, mine)
    clash = client.post(address, colleagues, status=409)
    assert "What you sent was not recorded, since your organisation has acted" in clash.text
    assert "What would have to change Two lots, not five" in clash.text, "what stands"
    assert 'value="not_said" checked' in clash.html, "what was sent"
    assert len(clash.statements) <= 12
    again = client.post(address, {**mine.to_dict(flat=False), "comment": "Three lots"}, status=409)
    assert "Three lots" in again.html, "the same page with other words"
    words = ("Only the area", "Only the term")
    changes = [client.filled(f"{address}?change=yes", {"reasons": ["area"], "comment": each}) for each in words]
    client.post(address, changes[0])
    assert "Only the term" in client.post(address, changes[1], status=409).html
    clash = client.post(address, mine, status=409)
    assert [said.comment for said in declines(session)] == ["Only the area"]
    client.post(address, {"reasons": ["term"], **clash.hidden()})
    assert [said.reasons for said in declines(session)] == [["term"]], "what the page gives back can be sent"


def test_what_others_said_and_did_changes_nothing_of_what_a_provider_says(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    """Another said no before this one saved its draft, and has gone on since: that ends the other's no alone."""
    other = factories.provider_person(session, factories.provider(session))
    now = clock(session)
    factories.decline(session, engagement, other, declined_at=now - timedelta(days=9))
    for by in (other, person):
        section = factories.draft(
            session, factories.response(session, engagement, by, latest_at=now - timedelta(days=10)), "organisation", {}
        )
        section.saved_at = now - timedelta(days=5)
    session.commit()
    address = declining(engagement)
    mine, colleagues = client.filled(address, SAID), client.filled(address, {"reasons": ["not_said"]})
    client.post(address, mine)
    assert "Your organisation has said that it will not respond" in client.get(f"/engagements/{engagement.id}").text
    client.post(address, colleagues, status=409)
    said = {each.organisation_id: each.comment for each in declines(session)}
    assert said[person.memberships[0].organisation_id] == "Two lots,\nnot five"


def test_what_was_taken_back_does_not_come_back_with_an_old_page(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    address = declining(engagement)
    first = client.filled(address, SAID)
    client.post(address, first)
    changing = client.filled(f"{address}?change=yes", {"reasons": ["area"]})
    client.submit(address, action=f"{address}/take-back")
    for old in (first, changing):
        page = client.post(address, old, status=409)
        assert "What your organisation has said" not in page.text
    assert declines(session) == []
    assert acts(session) == ["engagement.declined", "engagement.decline_taken_back"]


def test_what_a_colleague_has_said_since_is_not_taken_back_with_an_old_page(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    address = declining(engagement)
    client.submit(address, SAID)
    old = client.filled(address, {}, f"{address}/take-back")
    client.submit(f"{address}?change=yes", {"reasons": ["area"], "comment": "Too far from us"})
    back = client.post(f"{address}/take-back", old)
    page = client.get(back.location)
    assert "Nothing was taken back" in page.text
    assert "Too far from us" in page.text
    assert acts(session) == ["engagement.declined", "engagement.declined"]
    client.submit(address, action=f"{address}/take-back")
    assert declines(session) == []


def test_the_other_signatories_are_told_once_that_a_colleague_has_said_no_for_all(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    organisation = person.memberships[0].organisation
    factories.person(session, organisation, MembershipRole.CONTRIBUTOR)
    client.submit(declining(engagement), SAID)
    assert list(session.scalars(select(MailMessage))) == [], "nobody writes to who said it"
    client.submit(declining(engagement), action=f"{declining(engagement)}/take-back")
    colleague = factories.person(session, organisation, MembershipRole.CONTRIBUTOR)
    enter(session, client, colleague)
    sent = client.submit(declining(engagement), SAID)
    assert len(sent.statements) <= 12
    client.submit(f"{declining(engagement)}?change=yes", {"reasons": ["area"]})
    mail = session.scalars(select(MailMessage)).one()
    assert mail.recipient == person.email
    assert f"{colleague.name} has said that your organisation will not respond to “{engagement.title}”" in mail.body
    assert f"http://localhost{declining(engagement)}\n" in mail.body
    assert "Two lots" not in mail.body


def test_words_of_blanks_are_none_and_need_no_consent(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    client.submit(declining(engagement), {"reasons": ["busy"], "comment": " \n ", "may_quote": "y"})
    said = declines(session)[0]
    assert (said.comment, said.may_quote) == (None, False)


def test_starting_a_response_takes_it_back_and_giving_the_draft_up_says_it_anew(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    form = client.filled(declining(engagement), SAID)
    client.post(declining(engagement), form)
    assert client.get("/responses").links()[engagement.title] == declining(engagement)
    started = client.submit(f"/engagements/{engagement.id}", action=f"/engagements/{engagement.id}/response")
    page = client.get(f"/engagements/{engagement.id}")
    assert "You have started a response" in page.text
    assert "Your draft is kept" in client.get(declining(engagement)).text
    page = client.get(started.location)
    assert page.links()["We will not respond"] == declining(engagement)
    client.post(declining(engagement), form, status=409)
    client.submit(declining(engagement), SAID)
    assert "Your organisation has said that it will not respond" in client.get(f"/engagements/{engagement.id}").text
    page = client.get(started.location)
    assert len(page.statements) <= 8
    assert "Your organisation has said that it will not respond" in page.text
    saved = factories.draft(session, session.scalars(select(Response)).one(), "organisation", {"legal_name": "Acme"})
    saved.saved_at = datetime.now(UTC) + timedelta(seconds=5)
    session.commit()
    assert "Your organisation has said that it will not respond" not in client.get(started.location).text
    officer = factories.officer(session, engagement.programme.buyer)
    enter(session, client, officer)
    assert "1 provider has said so" not in client.get(progress(engagement)).text


def test_a_response_that_counts_is_withdrawn_first_and_what_was_said_before_does_not_come_back(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    client.submit(declining(engagement), SAID)
    form = client.filled(f"{declining(engagement)}?change=yes", SAID)
    response = factories.response(session, engagement, person)
    factories.submission(session, response)
    session.commit()
    page = client.post(declining(engagement), form, status=409)
    assert "Your organisation has submitted a response, which counts" in page.text
    assert "What you sent was not recorded. These are your words: Two lots, not five" in page.text
    assert page.links()["Your response"] == f"/responses/{response.id}"
    assert "We will not respond" not in client.get(f"/engagements/{engagement.id}").links()
    client.submit(f"/responses/{response.id}/withdraw")
    page = client.get(declining(engagement))
    assert "Confirm that we will not respond" in page.buttons()


def test_one_who_sent_reasons_alone_is_told_that_a_colleague_was_faster_and_a_contributor_who_may_withdraw(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    form = client.filled(declining(engagement), {"reasons": ["area"]})
    factories.submission(session, factories.response(session, engagement, person))
    session.commit()
    page = client.post(declining(engagement), form, status=409)
    assert "What you sent was not recorded." in page.text
    assert "withdraw it first" in page.text
    assert "not recorded" not in client.get(declining(engagement)).text
    organisation = person.memberships[0].organisation
    enter(session, client, factories.person(session, organisation, MembershipRole.CONTRIBUTOR))
    assert "ask a signatory to withdraw it first" in client.get(declining(engagement)).text


def test_nothing_is_said_or_taken_back_after_the_engagement_has_closed(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    client.submit(declining(engagement), SAID)
    form = client.filled(f"{declining(engagement)}?change=yes", {"reasons": ["area"], "comment": "Too late"})
    engagement.opens_at, engagement.closes_at = (datetime.now(UTC) - timedelta(days=days) for days in (9, 1))
    session.commit()
    page = client.post(declining(engagement), form, status=409)
    assert "This engagement closed at" in page.text
    assert "These are your words: Too late" in page.text
    assert "Respond after all" not in page.buttons()
    client.post(f"{declining(engagement)}/take-back", form)
    assert [said.reasons for said in declines(session)] == [["services", "price"]]
    assert client.get(f"/engagements/{engagement.id}").links()["See what your organisation said"]


def test_what_is_said_while_the_engagement_is_being_closed_waits_and_comes_too_late(
    session: Session, engagement: Engagement, person: Person, database: Database
) -> None:
    now, acme = clock(session), person.memberships[0].organisation
    acting = ActingFor(acme.id, acme.name, acme.party, MembershipRole.SIGNATORY)
    actor = Actor(person.id, person.name, person.email, uuid.uuid4(), False, False, (acting,))
    words = Declining(reasons=[DeclineReason.AREA], comment=None, may_quote=False, nonce=uuid.uuid4(), seen=None)
    to = {"organisation_id": acme.id, "addresses": Addresses("", "", "")}
    engagement_id, engagement.closes_at = engagement.id, now - timedelta(minutes=1)
    session.flush()

    def say() -> None:
        with database.session() as own:
            about = own.get_one(Engagement, engagement_id)
            decline(own, engagement=about, declining=words, actor=actor, now=now, **to)
            own.commit()

    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        saying = elsewhere.submit(say)
        wait_until_blocked(session, saying)
        session.commit()
        with pytest.raises(ClosedError):
            saying.result(PATIENCE)
    assert declines(session) == []


def test_it_is_said_before_the_engagement_opens_and_never_of_a_draft(
    session: Session, person: Person, client: Client
) -> None:
    coming = factories.engagement(session, state="coming")
    draft = factories.engagement(session, state="draft")
    session.commit()
    client.submit(declining(coming), SAID)
    assert [said.engagement_id for said in declines(session)] == [coming.id]
    client.get(declining(draft), status=404)
    client.get(f"/engagements/{uuid.uuid4()}/not-responding", status=404)


def test_what_one_provider_says_no_other_reads_or_takes_back(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    client.submit(declining(engagement), SAID)
    enter(session, client, factories.provider_person(session))
    page = client.get(declining(engagement))
    assert "Two lots" not in page.html
    client.post(f"{declining(engagement)}/take-back", page.hidden())
    assert len(declines(session)) == 1
    enter(session, client, factories.officer(session, engagement.programme.buyer))
    client.get(declining(engagement), status=404)


def test_who_is_not_signed_in_is_led_to_signing_in(session: Session, engagement: Engagement, client: Client) -> None:
    address = client.get(f"/engagements/{engagement.id}").links()["We will not respond"]
    assert client.get(address, status=302).location.startswith("/sign-in?next=")


def test_the_invitation_and_the_download_of_what_is_held_name_it(
    session: Session, engagement: Engagement, person: Person, client: Client
) -> None:
    client.submit(declining(engagement), SAID)
    held = client.get("/account/data.json").response.json
    assert held["said_that_it_will_not_respond"][0]["comment"] == "Two lots,\nnot five"
    enter(session, client, factories.officer(session, engagement.programme.buyer))
    invitee = {"name": "Ana Diaz", "email": "ana@harbour.example", "organisation_name": "Harbour Health CIC"}
    client.submit(f"/manage/engagements/{engagement.id}/invite", invitee)
    mail = session.scalars(select(MailMessage).where(MailMessage.recipient == "ana@harbour.example")).one()
    assert f"{declining(engagement)}\n" in mail.body


# The officers


def test_officers_read_who_will_not_respond_and_why_beside_those_who_did(
    session: Session, engagement: Engagement, client: Client
) -> None:
    people = [factories.provider_person(session) for _ in range(5)]
    for invited in people[:4]:
        factories.invitation(session, engagement, invited)
    names = [factories.decline(session, engagement, people[1], reasons=["price", "staff"]).organisation.name]
    factories.decline(session, engagement, people[4], reasons=["price"], comment="Too\nlow", may_quote=True)
    factories.submission(session, factories.response(session, engagement, people[0]))
    gone = factories.decline(session, engagement, people[3])
    factories.submission(session, factories.response(session, engagement, people[3]))
    enter(session, client, factories.officer(session, engagement.programme.buyer))
    page = client.get(progress(engagement))
    assert len(page.statements) <= 15
    rate = "Of 4 invited providers, 2 (50%) submitted a response that counts, 1 said that they will not respond"
    assert f"{rate} and 1 did none of this so far." in page.text
    assert "Price too low for what is asked 2 100%" in page.text
    assert "Staff to take on or to recruit 1 50%" in page.text
    for said in (names[0], "Not invited", "Too low May be quoted"):
        assert said in page.text
    assert gone.organisation.name not in page.html.partition('id="not-responding"')[2].partition("<h2")[0]
    assert "Charity 5 4 2 2 2 40%" in page.text
    managing = client.get(f"/manage/engagements/{engagement.id}")
    assert len(managing.statements) <= 15
    assert "Will not respond 2" in managing.text
    assert f"{names[0]} Will not respond Price too low for what is asked; staff to take on" in managing.text


def test_one_that_withdrew_and_said_nothing_since_is_not_one_that_never_answered(
    session: Session, engagement: Engagement, client: Client
) -> None:
    people = [factories.provider_person(session) for _ in range(4)]
    for person in people[:3]:
        factories.invitation(session, engagement, person)
    responses = [factories.response(session, engagement, person) for person in people]
    for response in responses:
        factories.submission(session, response)
    for withdrawn in responses[1:]:
        take_back(session, response=withdrawn, now=datetime.now(UTC))
    factories.decline(session, engagement, people[2], declined_at=datetime.now(UTC) + timedelta(minutes=1))
    enter(session, client, factories.officer(session, engagement.programme.buyer))
    assert (
        "Of 3 invited providers, 1 (33%) submitted a response that counts, 1 submitted one and withdrew it, "
        "1 said that they will not respond and 0 did none of this so far."
    ) in client.get(progress(engagement)).text


def test_one_who_may_not_read_responses_learns_only_how_many(
    session: Session, engagement: Engagement, client: Client
) -> None:
    provider = factories.provider_person(session)
    factories.invitation(session, engagement, provider)
    said = factories.decline(session, engagement, provider, comment="Ours alone")
    enter(session, client, member(session, engagement, TeamRole.REVIEWER))
    page = client.get(progress(engagement))
    assert "1 provider has said so" in page.text
    by_kind = page.text.partition("Providers by kind")[2].partition("%")[0]
    assert "Will not respond" not in by_kind, "of a kind that one provider has, it tells which"
    assert by_kind.endswith(" 1 1 0 0 0"), "known, invited, started, submitted, and of those known"
    for hidden in ("Ours alone", "No capacity", said.organisation.name):
        assert hidden not in page.html
        assert hidden not in client.get(f"/manage/engagements/{engagement.id}").html
    enter(session, client, member(session, engagement, TeamRole.APPROVER))
    assert "Ours alone" in client.get(progress(engagement)).text


def test_the_list_has_pages_and_costs_as_many_statements_whatever_their_number(
    session: Session, engagement: Engagement, client: Client
) -> None:
    officer = factories.officer(session, engagement.programme.buyer)
    factories.decline(session, engagement, factories.provider_person(session))
    enter(session, client, officer)
    before = len(client.get(progress(engagement)).statements)
    at = datetime.now(UTC)
    for minutes in range(26):
        someone = factories.provider_person(session)
        factories.decline(session, engagement, someone, declined_at=at - timedelta(minutes=minutes + 1))
    last = someone.memberships[0].organisation.name
    session.commit()
    page = client.get(progress(engagement))
    assert len(page.statements) == before
    assert last not in page.html
    second = client.get(f"{progress(engagement)}?declined=2")
    assert last in second.text
    assert f"{progress(engagement)}/now?page=1&amp;declined=2" in second.html, "what is fetched again is the same page"
