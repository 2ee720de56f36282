"""Two providers of a programme that are one firm: what points to the other from then on, and what never moves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.analysis.themes.conftest import run_of
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.locks import PATIENCE, wait_until_blocked
from tests.webapp.received import sent_files
from tests.webapp.received.test_entering import begin, details, fill, record, send
from tests.world import actor_of
from webapp.analysis import market
from webapp.db import Database, clock
from webapp.models import (
    AuditEvent,
    Contract,
    Engagement,
    InterestLevel,
    Invitation,
    JoinedProvider,
    MailMessage,
    Organisation,
    Person,
    Programme,
    PublishedName,
    Reception,
    Response,
    ResponseImport,
    Submission,
    TeamRole,
)
from webapp.programmes.joined import hold_as_joined
from webapp.programmes.suppliers import choose, known_names, stand_behind
from webapp.providers import actions
from webapp.received.importing import jobs, reading
from webapp.responses.withdrawing import take_back

COUNTS_FOR = "Counts for Harbour Health CIC"
BECAUSE = "The same number at Companies House"


@pytest.fixture
def supplier(session: Session, about: Engagement) -> Organisation:
    """Made of a name in the contract register: nobody signs in for it."""
    made = make.provider(session, name="Harbor Health")
    session.scalars(select(Contract).where(Contract.programme_id == about.programme_id)).one().supplier_id = made.id
    session.commit()
    return made


@pytest.fixture
def invited(session: Session, about: Engagement) -> Organisation:
    """It signs in."""
    person = make.provider_person(session, make.provider(session, name="Harbour Health CIC"))
    make.invitation(session, about, person)
    session.commit()
    return session.get_one(Organisation, person.memberships[0].organisation_id)


def index(about: Engagement) -> str:
    return f"/programmes/{about.programme_id}/providers"


def join(client: Client, about: Engagement, one: Organisation, other: Organisation, status: int = 302) -> Page:
    return client.submit(f"{index(about)}/{one.id}/join", {"into": str(other.id), "reason": BECAUSE}, status=status)


def undo(client: Client, session: Session, about: Engagement) -> Page:
    made = session.scalars(select(JoinedProvider).where(JoinedProvider.undone_at.is_(None))).one()
    return client.submit(f"{index(about)}/joins/{made.id}/undo")


def entered(session: Session, about: Engagement, organisation: Organisation, by: Person) -> Submission:
    """A response that an officer entered for an organisation."""
    taken = make.reception(session, about, by, organisation_id=organisation.id, organisation_name=organisation.name)
    begun = {"engagement_id": about.id, "version_id": about.versions[-1].id, "started_by": by.id}
    response = Response(organisation_id=organisation.id, **begun)
    session.add(response)
    session.flush()
    levels = {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)}
    made = make.submission(session, response, levels, reception_id=taken.id)
    session.commit()
    return made


def test_a_supplier_that_answered_under_another_name_counts_once_and_as_the_incumbent(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    response = make.response(session, about, session.scalars(select(Invitation)).one().person)
    make.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)})
    session.commit()
    assert "Harbor Health: not heard yet" in client.get(f"/manage/engagements/{about.id}/progress").text
    page = client.get(
        client.get(f"/manage/engagements/{about.id}/progress").links()["Say which providers are one firm"]
    )
    assert "Harbor Health Supplier of ‘Dental services’ Harbour Health CIC Join Harbor Health to another" in page.text
    done = client.get(join(client, about, supplier, invited).location).text
    assert "Harbor Health is Harbour Health CIC in this programme from now on" in done
    assert "Harbour Health CIC Also here: Harbor Health" in done
    assert f"Harbor Health is Harbour Health CIC {BECAUSE}" in done
    session.expire_all()
    assert "Harbour Health CIC: heard" in client.get(f"/manage/engagements/{about.id}/progress").text
    seen = market.load(session, engagement=about)
    assert [provider.id for provider in seen.providers] == [str(invited.id)]
    assert {lot.incumbent_ids for lot in seen.lots} == {(str(invited.id),)}
    contract = session.scalars(select(Contract)).one()
    assert contract.supplier_name == "Incumbent Ltd", "the register says what it said"
    act = session.scalars(select(AuditEvent).where(AuditEvent.act == "provider.joined")).one()
    assert act.detail == {
        "programme": str(about.programme_id),
        "provider": str(supplier.id),
        "into": str(invited.id),
        "contracts": 1,
        "invitations": 0,
        "published_names": 0,
        "responses": 0,
        "reason": BECAUSE,
    }


def test_all_that_the_programme_has_of_one_is_the_others_until_it_is_undone(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    stranger = make.provider_person(session)
    misspelt = Invitation(engagement_id=about.id, organisation_id=supplier.id, person_id=stranger.id)
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
    assert page.text.count("People sign in for it") == 1
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
    session.add(Invitation(engagement_id=about.id, organisation_id=supplier.id, person_id=stranger.id))
    session.commit()
    join(client, about, supplier, invited)
    choosing = f"/programmes/{about.programme_id}/set-up/contracts/{contract.id}/supplier"
    page = client.get(choosing)
    offered = {each.get("value") for each in page.tree.iter("input") if each.get("type") == "radio"}
    assert offered == {str(invited.id), str(namesake.id), "new"}
    actor = actor_of(officer, about.programme.buyer)
    choose(session, programme=about.programme, contract=contract, provider_id=supplier.id, actor=actor)
    assert contract.supplier_id == invited.id, "it was joined after the page was opened"


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


def test_one_that_signs_in_or_answered_itself_is_never_joined_to_another(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    joining = f"{index(about)}/{invited.id}/join"
    page = client.get(joining)
    assert "People sign in for “Harbour Health CIC”" in page.text
    assert "Join them" not in page.buttons()
    fields = {**client.get(f"{index(about)}/{supplier.id}/join").hidden(), "into": str(supplier.id), "reason": BECAUSE}
    refused = client.post(joining, fields, status=409)
    assert "People sign in for “Harbour Health CIC”" in refused.text
    assert BECAUSE in refused.html, "somebody may have begun to sign in after the page was opened"
    make.submission(session, make.response(session, about, officer, organisation_id=supplier.id))
    session.commit()
    assert "has answered itself" in client.get(f"{index(about)}/{supplier.id}/join").text
    assert session.scalars(select(JoinedProvider)).all() == []


def test_where_both_have_a_response_one_is_set_aside_first(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    made = entered(session, about, supplier, officer)
    own = make.response(session, about, session.scalars(select(Invitation)).one().person)
    session.commit()
    page = join(client, about, supplier, invited, status=422)
    said = f"Both have a response to “{about.title}”, and a firm has one. First set aside the one that was entered for"
    assert f"{said} “Harbor Health”" in page.text
    assert BECAUSE in page.html, "what was typed is kept"
    set_aside = f"/manage/engagements/{about.id}/received/{made.response_id}/set-aside"
    client.submit(set_aside, {"reason": "It answers itself"})
    join(client, about, supplier, invited)
    session.expire_all()
    assert made.response.organisation_id == supplier.id, "on record as it was"
    assert own.organisation_id == invited.id
    assert "Join Harbor Health" not in client.get(index(about)).text


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


def test_two_that_were_joined_to_a_third_are_not_joined_on(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    third = make.provider(session, name="Harbour H.")
    entered(session, about, third, officer)
    join(client, about, third, supplier)
    page = client.get(f"{index(about)}/{supplier.id}/join")
    assert "“Harbour H.” is joined to “Harbor Health”. Undo that first" in page.text


@pytest.mark.parametrize("has_answered", [False, True])
def test_before_sealed_responses_are_opened_nothing_is_joined_whoever_has_answered(
    client: Client,
    session: Session,
    about: Engagement,
    officer: Person,
    supplier: Organisation,
    invited: Organisation,
    has_answered: bool,
) -> None:
    about.sealed = True
    third = make.provider(session, name="Harbour Answered")
    if has_answered:
        entered(session, about, supplier, officer)
        entered(session, about, third, officer)
    session.commit()
    page = client.get(f"{index(about)}/{supplier.id}/join")
    assert f"The responses to “{about.title}” are sealed" in page.text
    assert "Harbour Answered" not in client.get(index(about)).text
    client.get(f"{index(about)}/{third.id}/join", status=404)
    assert "Join them" not in page.buttons()


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


def test_only_those_who_run_engagements_join_providers_of_their_programme(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    elsewhere = make.engagement(session)
    stranger = make.provider(session, name="Unknown here")
    make.invitation(session, elsewhere, make.provider_person(session, stranger))
    session.commit()
    client.get(f"{index(about)}/{stranger.id}/join", status=404)
    page = client.get(f"{index(about)}/{supplier.id}/join")
    assert "Unknown here" not in page.html
    assert "choose one of the options shown" in join(client, about, supplier, stranger, status=422).text
    join(client, about, supplier, invited)
    made = session.scalars(select(JoinedProvider)).one()
    client.get(f"{index(elsewhere)}/joins/{made.id}/undo", status=404)
    designer = make.person(session, about.programme.buyer, officer.memberships[0].role)
    make.team_member(session, about.programme_id, designer.id, about.programme.buyer_id, TeamRole.LOT_DESIGNER)
    session.commit()
    client.sign_in(designer)
    for path in (index(about), f"{index(about)}/{supplier.id}/join", f"{index(about)}/joins/{made.id}/undo"):
        client.get(path, status=404)


def test_every_page_of_an_analysis_says_that_a_response_behind_it_was_withdrawn_under_whichever_name_it_counts(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    made = entered(session, about, supplier, officer)
    runs = [run_of(session, about, officer, number).run for number in (1, 2)]
    for run, named in zip(runs, (supplier, invited), strict=True):  # before they are joined, and before they are parted
        run.inputs = {"providers": [], "interests": [{"provider_id": str(named.id)}] * 2}
    session.commit()
    join(client, about, supplier, invited)
    session.refresh(made.response)
    take_back(session, response=made.response, now=clock(session))
    session.commit()
    said = "1 response behind this run has been withdrawn since."
    assert [said in client.get(f"/runs/{run.id}").text for run in runs] == [True, True]
    undo(client, session, about)
    assert [said in client.get(f"/runs/{run.id}").text for run in runs] == [True, True]


def test_an_analysis_says_that_providers_were_joined_or_parted_since(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    said = "Providers have been joined or parted since, and this run counted them as they were. Run the analysis again."

    def told() -> list[bool]:
        return [said in client.get(f"/runs/{run.id}").text for run in runs]

    runs = [run_of(session, about, officer).run]
    session.commit()
    assert told() == [False]
    join(client, about, supplier, invited)
    runs.append(run_of(session, about, officer, 2).run)
    session.commit()
    assert told() == [True, False]
    undo(client, session, about)
    assert told() == [False, True], "the first counted them apart, as they are again"


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
