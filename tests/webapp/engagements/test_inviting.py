"""Inviting many: nothing goes out unless all of a list is good or the officer leaves the rest out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from webapp.audit import Actor, broken_links
from webapp.db import clock
from webapp.engagements.inviting import actions, queries
from webapp.engagements.inviting.lines import Fault, Line, read
from webapp.engagements.mails import Addresses
from webapp.models import (
    AuditEvent,
    Contract,
    Engagement,
    Invitation,
    MailMessage,
    Membership,
    Organisation,
    Person,
    SignInLink,
    Unit,
)

GOOD = "Ana Diaz, ana@harbour.example, Harbour Health CIC"


@pytest.fixture
def officer(officer: Person, client: Client) -> Person:
    client.sign_in(officer)
    return officer


def address(engagement: Engagement, which: str) -> str:
    return f"/manage/engagements/{engagement.id}/invite/{which}"


def agreed(page: Page) -> str:
    """What the button of the page carries that sends in spite of what the page points out."""
    return page.tree.find(".//button[@name='good_only']").get("value")


def invited(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Person.email, Organisation.name).select_from(Invitation).join(Person).join(Organisation)
    )
    return sorted((email, name) for email, name in rows)


@pytest.mark.parametrize(
    ("line", "organisation"),
    [
        (GOOD, "Harbour Health CIC"),
        ("Ana Diaz\tana@harbour.example\tHarbour, Health; and more", "Harbour, Health; and more"),
        ("Ana Diaz; ana@harbour.example; Harbour, Health", "Harbour, Health"),
        ('"Diaz, Ana", ana@harbour.example,  "Harbour,  Health"', "Harbour, Health"),
        ("Ana Diaz <ana@harbour.example>\tHarbour Health", "Harbour Health"),
        ('"Diaz, Ana" <ana@harbour.example>, Harbour Health', "Harbour Health"),
    ],
)
def test_lines_are_read_as_people_and_spreadsheets_write_them(line: str, organisation: str) -> None:
    found = read(f"\n{line}\n\n", invited={})
    assert [(each.number, each.email, each.organisation) for each in found.good] == [
        (2, "ana@harbour.example", organisation)
    ]


def test_headings_say_in_which_order_the_columns_stand() -> None:
    lines = (
        "Provider\tTown\tE-mail address\tContact",
        "",
        "Acorn\tHull\tann@a.example\tAnn",
        "Oak\tYork\tbo@o.example",
        "\tYork\tcy@c.example\tCy",
    )
    found = read("\n".join(lines), invited={})
    assert found.good == (Line(3, "Ann", "ann@a.example", "Acorn"),)
    assert [(fault.number, fault.problem) for fault in found.faults] == [
        (4, "needs a name"),
        (5, "needs an organisation"),
    ]
    assert found.left_out.splitlines() == [lines[0], *lines[3:]]


def test_each_fault_names_its_line() -> None:
    lines = [
        GOOD,
        "Bo",
        "Cy, cy at example, C",
        GOOD.upper(),
        "Di, di@d.example, D",
        "E" * 201 + ", e@e.example, E",
        "F, f@f.example, F\u200b",
        "G, g@g.example, G\ufffd",
        "H, h@h.example, Ac\u043ern Care",
    ]
    found = read("\n".join(lines), invited={"di@d.example": "Dover Care"})
    assert found.good == (Line(1, "Ana Diaz", "ana@harbour.example", "Harbour Health CIC"),)
    assert [fault.number for fault in found.faults] == [2, 3, 4, 5, 6, 7, 8, 9]
    problems = {fault.number: fault.problem for fault in found.faults}
    assert problems[7] == "contains a character that cannot be seen: F f@f.example F\ufffd"
    assert problems[8] == "contains a character that cannot be seen: G g@g.example G\ufffd"
    assert problems[9] == "has letters of another alphabet in “Ac\u043ern”, so it could pass for another"
    assert found.faults[3] == Fault(5, "Di, di@d.example, D", "di@d.example has been invited already, for Dover Care")
    (swapped,) = read("Fen Care, Flo Fry, flo@fen.example", invited={}).faults
    assert (
        swapped.problem
        == "must have the email address in the middle: name, email address, organisation. Or begin with headings"
    )


def test_nothing_is_sent_while_a_line_is_bad_unless_the_officer_leaves_it_out(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    pasted = f"{GOOD}\nBo, bo.example, Bo’s Care"
    page = client.submit(address(engagement, "list"), {"pasted": pasted}, status=422)
    assert "Line 2 Bo, bo.example, Bo’s Care “bo.example” is not an email address" in page.text
    assert pasted.splitlines()[1] in page.html
    assert factories.count_of(session, MailMessage) == factories.count_of(session, Invitation) == 0
    assert "Leave those out and send 1 invitation" in page.buttons()
    page = client.submit(address(engagement, "list"), {"pasted": pasted, "good_only": agreed(page)}, status=200)
    assert "We are sending 1 invitation" in page.text
    [given_back] = page.html.split("<textarea")[1:]
    assert "Bo, bo.example, Bo’s Care" in given_back, "what was left out"
    assert GOOD not in given_back
    assert invited(session) == [("ana@harbour.example", "Harbour Health CIC")]
    assert factories.count_of(session, MailMessage) == 1


def test_lines_that_name_one_organisation_share_it_and_a_known_name_is_that_provider(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    supplier = factories.provider(session, name="Known Care")
    session.scalars(select(Contract)).one().supplier_id = supplier.id
    session.commit()
    lines = (GOOD, "Bo, bo@harbour.example, HARBOUR health cic", "Cy, cy@known.example, known care")
    client.submit(address(engagement, "list"), {"pasted": "\n".join(lines)})
    assert [name for _email, name in invited(session)] == ["Harbour Health CIC", "Harbour Health CIC", "Known Care"]
    assert factories.count_of(session, Organisation) == 3, "the buyer, the supplier and the new one"


def test_new_organisations_of_names_like_another_s_are_pointed_out_before_anything_is_sent(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    supplier = factories.provider(session, name="Time for Teeth Ltd")
    session.scalars(select(Contract)).one().supplier_id = supplier.id
    session.commit()
    pasted = f"{GOOD}\nBo, bo@teeth.example, TIME FOR TEETH limited\nCy, cy@harbour.example, Harbour Health"
    page = client.submit(address(engagement, "list"), {"pasted": pasted}, status=200)
    assert "Line 2 TIME FOR TEETH limited Time for Teeth Ltd Line 3 Harbour Health Harbour Health CIC" in page.text
    assert factories.count_of(session, Invitation) == 0
    assert "They are other firms: send 3 invitations" in page.buttons()
    client.submit(address(engagement, "list"), {"pasted": pasted, "good_only": agreed(page)})
    assert factories.count_of(session, Invitation) == 3


def test_a_name_like_one_that_two_known_providers_share_is_pointed_out(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    for name in ("Time for Teeth Ltd", "Time for Teeth, Ltd."):
        known = factories.provider_person(session, factories.provider(session, name=name))
        factories.invitation(session, engagement, known)
    session.commit()
    pasted = "Bo, bo@teeth.example, TIME FOR TEETH limited\nCy, cy@teeth.example, time for teeth ltd"
    page = client.submit(address(engagement, "list"), {"pasted": pasted}, status=200)
    assert "Line 1 TIME FOR TEETH limited Time for Teeth Ltd; Time for Teeth, Ltd." in page.text
    assert "Line 2" not in page.text, "it is a known one"
    assert factories.count_of(session, Invitation) == 2


def test_who_leaves_lines_out_agrees_to_the_new_organisations_that_the_page_named(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    pasted = f"{GOOD}\nBo, bo@harbour.example, Harbour Health\nCy, nowhere, Zed"
    page = client.submit(address(engagement, "list"), {"pasted": pasted}, status=422)
    also = "also to the new organisations named here"
    assert f"Leave out the lines that cannot be used and send 2 invitations, {also}" in page.buttons()
    changed = pasted.replace("Harbour Health\n", "Harbour Health Ltd\n")
    again = client.submit(address(engagement, "list"), {"pasted": changed, "good_only": agreed(page)}, status=422)
    assert "Line 2 Harbour Health Ltd Harbour Health CIC" in again.text
    assert factories.count_of(session, Invitation) == 0
    client.submit(address(engagement, "list"), {"pasted": changed, "good_only": agreed(again)}, status=200)
    assert len(invited(session)) == 2


def test_nobody_is_sent_to_ask_where_questions_have_closed(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.submit(address(engagement, "list"), {"pasted": GOOD})
    engagement.questions_close_at = clock(session) - timedelta(hours=1)
    session.commit()
    client.submit(address(engagement, "list"), {"pasted": "Bo, bo@b.example, Bo Care"})
    told = {mail.recipient: mail.body for mail in session.scalars(select(MailMessage))}
    asks = {recipient for recipient, body in told.items() if "Ask about the engagement here" in body}
    assert asks == {"ana@harbour.example"}


def test_many_are_invited_by_as_many_statements_as_two(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    def send(count: int) -> int:
        """Half of them to new organisations, half to colleagues of theirs, who may not act for them."""
        organisations = [f"Provider {count} {number // 2}" for number in range(count)]
        lines = [f"Ana Diaz, ana-{count}-{number}@h.example, {name}" for number, name in enumerate(organisations)]
        return len(client.submit(address(engagement, "list"), {"pasted": "\n".join(lines)}).statements)

    assert send(2) == send(60) <= 25
    assert factories.count_of(session, Invitation) == 62
    assert factories.count_of(session, Membership) == 31 + len(officer.memberships)
    messages = session.scalars(select(MailMessage)).all()
    assert Counter(message.recipient.split("-")[0] for message in messages) == {"ana": 62}, "each once, all at once"
    assert factories.count_of(session, SignInLink) == 31
    deferred = session.scalars(text("SELECT args ->> 'message_id' FROM procrastinate_jobs")).all()
    assert sorted(deferred) == sorted(str(message.id) for message in messages)
    [invited, *_others] = acts = session.scalars(
        select(AuditEvent).where(AuditEvent.act == "engagement.invited").order_by(AuditEvent.id)
    ).all()
    assert len(acts) == 62
    assert invited.person_id == officer.id
    assert broken_links(session) == []


def test_known_providers_are_offered_with_their_address_and_present_suppliers_first(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    earlier = factories.engagement(session, engagement.programme, state="closed")
    names = {"Aston Care": None, "Zeal Health": None, "Never Invited": None}
    for name in ("Aston Care", "Zeal Health"):
        person = factories.provider_person(session, factories.provider(session, name=name))
        names[name] = person
        session.add(
            Invitation(
                engagement_id=earlier.id,
                organisation_id=person.memberships[0].organisation_id,
                person_id=person.id,
                email=person.email,
            )
        )
    factories.response(
        session, earlier, factories.provider_person(session, factories.provider(session, name="Never Invited"))
    )
    stranger = factories.provider_person(session, factories.provider(session, name="A stranger"))
    zeal = names["Zeal Health"].memberships[0].organisation_id
    contract = session.scalars(select(Contract).where(Contract.programme_id == engagement.programme_id)).one()
    contract.supplier_id, contract.units = zeal, [session.scalars(select(Unit).order_by(Unit.id)).first()]
    session.commit()
    page = client.get(address(engagement, "known"))
    assert "Present supplier of D" in page.text
    assert page.text.index("Zeal Health") < page.text.index("Aston Care")
    one_by_one = client.get(page.links()["Never Invited"])
    assert one_by_one.tree.find(".//select/option[@selected]").text.strip() == "Never Invited"
    assert "A stranger" not in page.text
    assert stranger.email not in page.html
    client.submit(address(engagement, "known"), {"providers": [str(zeal)]})
    [message] = session.scalars(select(MailMessage)).all()
    assert message.recipient == names["Zeal Health"].email
    assert "Zeal Health" not in client.get(address(engagement, "known")).text
    assert "Choose at least one provider" in client.submit(address(engagement, "known"), status=422).text


def test_the_register_costs_as_many_statements_with_60_providers_as_with_one(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    earlier = factories.engagement(session, engagement.programme, state="closed")

    def add(count: int) -> int:
        for _ in range(count):
            person = factories.provider_person(session)
            organisation_id = person.memberships[0].organisation_id
            session.add(
                Invitation(
                    engagement_id=earlier.id, organisation_id=organisation_id, person_id=person.id, email=person.email
                )
            )
        session.commit()
        return len(client.get(address(engagement, "known")).statements)

    assert add(1) == add(60) <= 15
    assert "Page 3" in client.get(address(engagement, "known")).html


def test_names_stay_as_an_officer_last_wrote_them_whatever_the_person_is_called(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    member = factories.provider_person(session, factories.provider(session, name="Aston Care"), name="Ash of Aston")
    session.commit()
    managing = f"/manage/engagements/{engagement.id}"
    client.submit(address(engagement, "list"), {"pasted": f"{GOOD}\nDr A. Stone, {member.email}, Aston Care"})
    shown = client.get(managing)
    assert f"Dr A. Stone {member.email}" in shown.text
    assert "Ana Diaz ana@harbour.example Harbour Health CIC" in shown.text
    assert "Ash of Aston" not in shown.text, "that the address is somebody's is not told"
    harbour = session.scalars(select(Organisation).where(Organisation.name == "Harbour Health CIC")).one()
    again = {"organisation_id": str(harbour.id), "name": "Ana Díaz", "email": "ana@harbour.example"}
    client.submit(f"{managing}/invite", again)
    assert "Ana Díaz ana@harbour.example" in client.get(managing).text
    later = factories.engagement(session, engagement.programme, state="open")
    session.commit()
    assert "Ana Díaz, ana@harbour.example" in client.get(address(later, "known")).text
    client.submit(address(later, "known"), {"providers": [str(harbour.id)]})
    assert "Ana Díaz ana@harbour.example" in client.get(f"/manage/engagements/{later.id}").text


def test_what_became_of_the_mail_is_shown_with_the_invitation(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.submit(address(engagement, "list"), {"pasted": GOOD})
    manage = f"/manage/engagements/{engagement.id}"
    message = session.scalars(select(MailMessage)).one()
    assert "Queued Not yet" in client.get(manage).text
    message.refused_for = "no such mailbox"
    session.commit()
    shown = client.get(manage).text
    assert ("Refused Not yet" in shown, "no such mailbox" in shown) == (True, False), "words may name another address"
    message.refused_for, message.sent_at = None, datetime.now(UTC)
    session.commit()
    assert "Delivered Not yet" in client.get(manage).text


def test_whoever_was_invited_since_the_list_was_looked_through_gets_no_second_mail(
    session: Session, engagement: Engagement, officer: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.submit(address(engagement, "list"), {"pasted": GOOD})
    monkeypatch.setattr(queries, "invited_for", lambda *_asked: {})  # as before the first of two presses was kept
    client.submit(address(engagement, "list"), {"pasted": f"{GOOD}\nBo, bo@b.example, Bo Care"})
    assert "invited a moment ago" in client.get(f"/manage/engagements/{engagement.id}").text
    assert invited(session) == [("ana@harbour.example", "Harbour Health CIC")]
    [invitation] = session.scalars(select(Invitation)).all()
    offered = [queries.Known(invitation.organisation, invitation.person, "Ana Diaz", invitation.email, ())]
    actor = Actor(officer.id, officer.name, officer.email, officer.id, True, True, ())
    with pytest.raises(actions.JustInvitedError):
        actions.invite_known(
            session,
            engagement=engagement,
            offered=offered,
            chosen=[invitation.organisation_id],
            addresses=Addresses("http://localhost", f"/engagements/{engagement.id}", "/sign-in/link"),
            actor=actor,
            now=datetime.now(UTC),
        )
    session.rollback()
    assert factories.count_of(session, MailMessage) == 1


def test_those_invited_at_once_are_listed_by_address(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    lines = [f"Ana, {name}@h.example, Harbour {name}" for name in ("cy", "Ann", "bo")]
    client.submit(address(engagement, "list"), {"pasted": "\n".join(lines)})
    html = client.get(f"/manage/engagements/{engagement.id}").html
    assert html.index("ann@h.example") < html.index("bo@h.example") < html.index("cy@h.example")


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_nobody_is_invited_before_publishing_or_after_closing(session: Session, client: Client, state: str) -> None:
    engagement = factories.engagement(session, state=state)
    officer = factories.officer(session, engagement.programme.buyer)
    session.commit()
    client.sign_in(officer)
    for which in ("list", "known"):
        assert "Send invitations" not in client.get(address(engagement, which)).buttons()
    sent = client.get(f"/manage/engagements/{engagement.id}/extend").hidden()
    sent["pasted"] = GOOD
    client.post(address(engagement, "list"), sent)
    assert factories.count_of(session, Invitation) == 0


def test_of_a_new_provider_the_first_of_the_list_becomes_signatory(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    """Also where the database finds the invitations in another order, which it does once it knows how many it has."""
    organisation = factories.provider(session, name="Earlier Org")
    session.flush()
    for _number in range(3):
        factories.invitation(session, engagement, factories.provider_person(session, organisation))
    session.commit()
    session.execute(text("ANALYZE invitation, person, engagement"))
    session.commit()
    lines = [f"P{number}, p{number}@o{number // 2}.example, Org {number // 2}" for number in range(8)]
    client.submit(address(engagement, "list"), {"pasted": "\n".join(lines)})
    joined = select(Person.email).join(Membership).join(Organisation).where(Organisation.name.startswith("Org "))
    assert sorted(session.scalars(joined)) == [f"p{number}@o{number // 2}.example" for number in range(0, 8, 2)]
