"""Two providers of a programme that are one firm: what points to the other from then on, and what never moves."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.providers.joins import BECAUSE, entered, index, join, undo
from tests.world import actor_of
from webapp.models import (
    AuditEvent,
    Contract,
    Engagement,
    Invitation,
    JoinedProvider,
    MailMessage,
    Organisation,
    Person,
    PublishedName,
)
from webapp.programmes.suppliers import known_names


def test_all_that_the_programme_has_of_one_is_the_others_until_it_is_undone(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    stranger = make.provider_person(session)
    misspelt = Invitation(
        engagement_id=about.id, organisation_id=supplier.id, person_id=stranger.id, email=stranger.email
    )
    decided = {"identifier": "", "decided_at": datetime.now(UTC), "decided_by": officer.id}
    published = PublishedName(programme_id=about.programme_id, name="Harbor", organisation_id=supplier.id, **decided)
    session.add_all([misspelt, published])
    made = entered(session, about, supplier, officer)
    read = f"/manage/engagements/{about.id}/responses/{made.response_id}"
    copy = client.get(f"{read}/copy.pdf").response.data
    rows = (misspelt, published, made.response)
    invitations = len(session.scalars(select(Invitation)).all())
    join(client, about, supplier, invited)
    session.expire_all()
    assert {row.organisation_id for row in rows} == {invited.id}
    assert made.reception is not None
    assert made.reception.organisation_id == supplier.id, "what was received stays as it was recorded"
    assert made.reception.organisation_name == "Harbor Health"
    assert "Entered under the name “Harbor Health”" in client.get(read).text
    assert client.get(f"{read}/copy.pdf").response.data == copy, "what was submitted is the same for ever"
    mail = session.scalars(select(MailMessage)).one()
    signatory = session.scalars(select(Person).join(Invitation).where(Invitation.id != misspelt.id)).one()
    assert (mail.recipient, mail.subject) == (signatory.email, f"A response counts as yours: {about.title}")
    assert f"/responses/{made.response_id}" in mail.body
    client.sign_in(signatory)
    assert made.reference in client.get(f"/responses/{made.response_id}").text
    receipt = client.get(f"/responses/{made.response_id}/receipts/{made.id}")
    assert "Entered under the name “Harbor Health”" in receipt.text
    client.sign_in(officer)
    page = client.get(index(about))
    assert page.text.count("It has people who can sign in") == 1
    assert "1 contract 1 invitation 1 response 1 name in past procurements" in page.text
    undo(client, session, about)
    session.expire_all()
    assert {row.organisation_id for row in rows} == {supplier.id}
    assert session.scalars(select(Contract)).one().supplier_id == supplier.id
    assert len(session.scalars(select(Invitation).where(Invitation.organisation_id == invited.id)).all()) == 1
    assert len(session.scalars(select(Invitation)).all()) == invitations
    assert f"by {officer.name}" in client.get(index(about)).text.split("Undone")[1]
    client.sign_in(signatory)
    client.get(f"/responses/{made.response_id}", status=404)
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert [act for act in acts if act.startswith("provider.")] == ["provider.joined", "provider.parted"]


def test_what_the_other_answers_itself_since_stays_its_own_when_it_is_undone(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    made = entered(session, about, supplier, officer)
    join(client, about, supplier, invited)
    make.submission(session, made.response, number=2)
    session.commit()
    undo(client, session, about)
    session.expire_all()
    assert made.response.organisation_id == invited.id, "nobody else reads what it submitted"
    assert session.scalars(select(Contract)).one().supplier_id == supplier.id


def test_signatories_are_not_told_of_what_was_set_aside(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    made = entered(session, about, supplier, officer)
    set_aside = f"/manage/engagements/{about.id}/received/{made.response_id}/set-aside"
    client.submit(set_aside, {"reason": "Sent by mistake"})
    join(client, about, supplier, invited)
    session.expire_all()
    assert made.response.organisation_id == invited.id
    assert session.scalars(select(MailMessage)).all() == []


def test_other_programmes_keep_what_they_have(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    others = make.programme(session)
    theirs = session.scalars(select(Contract).where(Contract.programme_id == others.id)).one()
    theirs.supplier_id = supplier.id
    session.commit()
    join(client, about, supplier, invited)
    session.refresh(theirs)
    assert theirs.supplier_id == supplier.id
    actor = actor_of(officer, about.programme.buyer)
    key = {"harbor health": (invited.id, "Harbor Health")}
    assert known_names(session, actor, about.programme_id).items() >= key.items()
    stranger = make.officer(session, others.buyer)
    session.commit()
    known = known_names(session, actor_of(stranger, others.buyer), others.id)
    assert known == {"harbor health": (supplier.id, "Harbor Health")}


def test_one_that_was_joined_and_answers_itself_counts_apart_and_the_page_says_so(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    join(client, about, supplier, invited)
    said = "Harbor Health has answered itself since, which counts apart. Undo this"
    own = make.response(session, about, make.provider_person(session, supplier))
    session.commit()
    assert said not in client.get(index(about)).text, "a draft counts nowhere"
    make.submission(session, own)
    about.sealed = True
    session.commit()
    assert said not in client.get(index(about)).text, "before they are opened nobody learns who has answered"
    about.sealed = False
    session.commit()
    page = client.get(index(about))
    assert said in page.text
    assert len(page.statements) <= 15
    undo(client, session, about)
    assert said not in client.get(index(about)).text


def test_who_finds_the_provider_joined_to_another_firm_is_told(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    third = make.provider(session, name="Bay Care")
    make.invitation(session, about, make.provider_person(session, third))
    session.commit()
    joining = f"{index(about)}/{supplier.id}/join"
    sent = {**client.get(joining).hidden(), "into": str(third.id), "reason": BECAUSE}
    join(client, about, supplier, invited)
    said = "Harbor Health is Harbour Health CIC in this programme already"
    assert said not in client.get(index(about)).text
    assert said in client.get(client.post(joining, sent).location).text
    assert session.scalars(select(JoinedProvider.into_id)).one() == invited.id
