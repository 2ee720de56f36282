"""What is entered, imported, invited or written down under the name of a provider that was joined to another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import PATIENCE, wait_until_blocked
from tests.webapp.providers.joins import BECAUSE, COUNTS_FOR, entered, join, undo
from tests.webapp.received import sent_files
from tests.webapp.received.test_entering import begin, details, fill, record, send
from tests.world import actor_of
from webapp.db import Database
from webapp.models import (
    Contract,
    Engagement,
    Invitation,
    JoinedProvider,
    MailMessage,
    Organisation,
    Person,
    Programme,
    Reception,
    Response,
    ResponseImport,
    Submission,
)
from webapp.programmes.joined import hold_as_joined
from webapp.programmes.suppliers import choose, known_names, stand_behind
from webapp.providers import actions
from webapp.received.importing import jobs, reading


def test_what_comes_under_the_name_later_is_the_others(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    opened = begin(client, about, organisation_name="", organisation_id=str(supplier.id))
    join(client, about, supplier, invited)
    before = make.count_of(session, Organisation)
    fill(client, session, about, opened)
    record(client, opened)
    response = session.scalars(select(Response)).one()
    assert response.organisation_id == invited.id, "it was begun before"
    read = f"/manage/engagements/{about.id}/responses/{response.id}"
    correct = f"/manage/engagements/{about.id}/received/{response.id}/correct"
    correction = client.submit(read, action=correct).location
    record(client, correction)
    assert {made.response_id for made in session.scalars(select(Submission))} == {response.id}
    manage = f"/manage/engagements/{about.id}"
    assert str(supplier.id) not in client.get(f"{manage}/invite").html
    client.submit(f"{manage}/invite", {"name": "Bo", "email": "bo@h.example", "organisation_name": "HARBOR health"})
    client.submit(f"{manage}/invite/list", {"pasted": "Cy, cy@h.example, Harbor Health"})
    assert {each.organisation_id for each in session.scalars(select(Invitation))} == {invited.id}
    contract = f"/programmes/{about.programme_id}/set-up/contracts/add"
    ends = {"end_date-day": "31", "end_date-month": "3", "end_date-year": "2028"}
    client.submit(contract, {"title": "Eyes", "supplier_name": "harbor health", "terms": "unknown", **ends})
    assert session.scalars(select(Contract).where(Contract.title == "Eyes")).one().supplier_id == invited.id
    assert make.count_of(session, Organisation) == before


def test_a_correction_is_of_the_same_response_whether_its_provider_is_joined_or_not(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    def correction() -> str:
        read = f"/manage/engagements/{about.id}/responses/{response.id}"
        correct = f"/manage/engagements/{about.id}/received/{response.id}/correct"
        return client.submit(read, action=correct).location

    opened = begin(client, about, organisation_name="", organisation_id=str(supplier.id))
    fill(client, session, about, opened)
    record(client, opened)
    response = session.scalars(select(Response)).one()
    join(client, about, supplier, invited)
    record(client, correction())
    begun = correction()
    assert COUNTS_FOR in client.get(begun).text
    told = make.count_of(session, MailMessage)
    undo(client, session, about)
    assert COUNTS_FOR not in client.get(begun).text
    for each in (begun, correction()):
        record(client, each)
    session.expire_all()
    assert sorted(made.number for made in session.scalars(select(Submission))) == [1, 2, 3, 4]
    assert session.scalars(select(Response)).one().organisation_id == supplier.id
    assert make.count_of(session, MailMessage) == told, "it is no business of the other any more"


def test_what_is_typed_by_the_name_of_one_that_was_joined_is_the_others_under_that_name(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    join(client, about, supplier, invited)
    entry = begin(client, about, organisation_name="harbor health")
    assert COUNTS_FOR in client.get(entry).text
    again = {**details(), "organisation_id": str(invited.id), "organisation_name": "", "sent_by": "Bo"}
    send(client, f"{entry}/how", again)
    kept = session.scalars(select(Reception)).one()
    assert (kept.organisation_id, kept.organisation_name, kept.sent_by) == (invited.id, "Harbor Health", "Bo")


def test_a_file_with_both_names_of_a_firm_is_refused_by_line_and_one_of_them_is_kept(
    client: Client,
    session: Session,
    about: Engagement,
    officer: Person,
    supplier: Organisation,
    invited: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = [(provider.name, *sent_files.ACORN[1:]) for provider in (supplier, invited)]
    before = known_names(session, actor_of(officer, about.programme.buyer), about.programme_id)
    sent_files.ask(client, sent_files.preview(client, about, sent_files.file_of(*both)))
    join(client, about, supplier, invited)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "known_names", lambda *_: before)  # joined after the worker has looked
        sent_files.work(client)
    session.expire_all()
    assert session.scalars(select(ResponseImport.failure)).one() == jobs.CHANGED
    page = sent_files.preview(client, about, sent_files.file_of(*both))
    assert "names the same organisation as line 2" in page.text
    assert COUNTS_FOR not in sent_files.preview(client, about, sent_files.file_of(both[1])).text
    page = sent_files.preview(client, about, sent_files.file_of(both[0]))
    assert "Counts for 2 Harbor Health Harbour Health CIC" in page.text
    sent_files.record(client, page)
    made = session.scalars(select(Submission)).one()
    assert made.response.organisation_id == invited.id
    assert made.reception is not None
    assert made.reception.organisation_name == "Harbor Health"


def test_one_that_was_joined_is_neither_offered_nor_written_down_as_a_supplier(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    namesake = make.provider(session, name="HARBOR HEALTH")
    make.invitation(session, about, make.provider_person(session, namesake))
    contract = session.scalars(select(Contract)).one()
    contract.supplier_id, contract.supplier_name = None, "Harbor Health"
    stranger = make.provider_person(session)
    session.add(
        Invitation(engagement_id=about.id, organisation_id=supplier.id, person_id=stranger.id, email=stranger.email)
    )
    session.commit()
    join(client, about, supplier, invited)
    choosing = f"/programmes/{about.programme_id}/set-up/contracts/{contract.id}/supplier"
    page = client.get(choosing)
    offered = {each.get("value") for each in page.tree.iter("input") if each.get("type") == "radio"}
    assert offered == {str(invited.id), str(namesake.id), "new"}
    actor = actor_of(officer, about.programme.buyer)
    choose(session, programme=about.programme, contract=contract, provider_id=supplier.id, actor=actor)
    assert contract.supplier_id == invited.id, "it was joined after the page was opened"


def joining_of(
    about: Engagement, officer: Person, one: Organisation, other: Organisation
) -> Callable[[Session], JoinedProvider]:
    """By another session, which has to commit."""
    actor, now = actor_of(officer, about.programme.buyer), datetime.now(UTC)
    programme_id, joined = about.programme_id, (one.id, other.id)

    def join_them(session: Session) -> JoinedProvider:
        provider, into = (session.get_one(Organisation, key) for key in joined)
        return actions.join(
            session,
            join_id=uuid.uuid4(),
            programme=session.get_one(Programme, programme_id),
            provider=provider,
            into=into,
            reason=BECAUSE,
            link_of=str,
            actor=actor,
            now=now,
        )

    return join_them


def test_a_supplier_that_is_written_down_while_it_is_joined_is_the_other(
    session: Session,
    database: Database,
    about: Engagement,
    officer: Person,
    supplier: Organisation,
    invited: Organisation,
) -> None:
    actor, programme_id = actor_of(officer, about.programme.buyer), about.programme_id
    join_them = joining_of(about, officer, supplier, invited)
    session.commit()

    def written() -> uuid.UUID | None:
        with database.session() as own:
            programme = own.get_one(Programme, programme_id)
            named = {"supplier_name": "Harbor Health", "end_date": date(2028, 3, 31)}
            contract = Contract(programme_id=programme_id, title="Eyes", **named)
            own.add(contract)
            stand_behind(own, programme=programme, contracts=[contract], actor=actor)
            own.commit()
            return contract.supplier_id

    join_them(session)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(written)
        wait_until_blocked(session, writing)
        session.commit()
        assert writing.result(PATIENCE) == invited.id


def test_what_is_being_recorded_for_one_while_it_is_joined_becomes_the_others(
    session: Session,
    database: Database,
    about: Engagement,
    officer: Person,
    supplier: Organisation,
    invited: Organisation,
) -> None:
    """Recording asked which providers are joined a moment before, and has not committed."""
    join_them = joining_of(about, officer, supplier, invited)

    def joined() -> None:
        with database.session() as own:
            join_them(own)
            own.commit()

    hold_as_joined(session, about.programme_id)
    with ThreadPoolExecutor(1) as pool:
        joining = pool.submit(joined)
        wait_until_blocked(session, joining)
        made = entered(session, about, supplier, officer)  # and commits
        joining.result(PATIENCE)
    session.refresh(made.response)
    assert made.response.organisation_id == invited.id
