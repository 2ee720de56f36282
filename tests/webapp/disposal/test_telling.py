"""Those whose answers go are written to by the worker: each once, with all of the wait, and nothing goes before."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import Settings
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.webapp.disposal.test_carrying_out import acts, an_hour_later, page_of
from tests.webapp.disposal.test_destroying import LONG_AGO, due, engagement_of
from tests.world import World, actor_of, run_jobs
from webapp.db import Database
from webapp.disposal import actions, queries, telling
from webapp.disposal.destroying import destroy
from webapp.disposal.jobs import destroy_due
from webapp.disposal.waiting import end_of_wait
from webapp.engagements.disposed import last_day
from webapp.engagements.mails import Addresses
from webapp.health import findings
from webapp.jobs import JobContext
from webapp.mail import send_all
from webapp.models import Disposal, MailMessage, Membership, MembershipRole, Organisation, Person, TeamRole
from webapp.web.format import day

WARNED, REASSURED = "Download your response before", "Responses are kept after all"
DECLINED = "Responses are destroyed after"
Work = Callable[[], None]


@pytest.fixture
def world(world_of: WorldOf) -> World:
    return world_of()


@pytest.fixture
def disposal(session: Session, world: World) -> Disposal:
    """Agreed now, and nobody told yet. Six more people are concerned than the three that the world has."""
    about = engagement_of(session, world)
    for _ in range(6):
        make.response(session, about, make.provider_person(session))
    about.opens_at, about.closes_at, about.questions_close_at = LONG_AGO, LONG_AGO + timedelta(days=20), None
    about.programme.keep_until, about.programme.retention_policy = date(2024, 3, 31), "Records policy 7"
    buyer = session.get_one(Organisation, about.programme.buyer_id)
    colleague = make.person(session, buyer, MembershipRole.OFFICER)
    make.team_member(session, about.programme_id, colleague.id, buyer.id, TeamRole.LEAD_OFFICER)
    asked = Disposal(
        engagement_id=about.id,
        kept_until=date(2024, 3, 31),
        policy="Records policy 7",
        note="",
        asked_at=datetime.now(UTC),
        asked_by=world.officer.id,
    )
    session.add(asked)
    session.commit()
    given = {"addresses": Addresses("http://localhost", "/", "/"), "actor": actor_of(colleague, buyer)}
    actions.agree(session, engagement=about, now=datetime.now(UTC), **given)
    session.commit()
    return asked


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.disposal.telling.AT_ONCE", 1)


@pytest.fixture
def work(session: Session, database: Database, settings: Settings) -> Work:
    def work() -> None:
        session.commit()
        run_jobs(database, settings)
        session.expire_all()

    return work


def concerned(session: Session, world: World) -> list[Person]:
    found = queries.concerned(session, world.ids["engagement_id"], after=None, at_most=100)
    return [person for person, has_answered in found if has_answered]


def written_to(session: Session, beginning: str) -> Counter[str]:
    return Counter(session.scalars(select(MailMessage.recipient).where(MailMessage.subject.startswith(beginning))))


def join(session: Session, organisation_id: uuid.UUID, *, number: int = 1, **given: Any) -> Person:
    """Somebody whose id is before those of all others, whom the telling has passed therefore."""
    joined = Person(**{"id": uuid.UUID(int=number), "email": f"new{number}@example.org", "name": "New"} | given)
    session.add(joined)
    session.flush()
    session.add(Membership(person_id=joined.id, organisation_id=organisation_id, role=MembershipRole.CONTRIBUTOR))
    session.flush()
    return joined


def answering(session: Session, world: World) -> uuid.UUID:
    """An organisation that has answered."""
    return concerned(session, world)[-1].memberships[0].organisation_id


def go_on(session: Session, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the worker does an hour after it failed."""
    monkeypatch.undo()
    an_hour_later(session)
    actions.warn(session, disposal.id)
    work()
    session.refresh(disposal)
    assert disposal.told_at is not None


def take_back(session: Session, world: World, disposal: Disposal) -> None:
    about = engagement_of(session, world)
    buyer = session.get_one(Organisation, about.programme.buyer_id)
    given = {"addresses": Addresses("http://localhost", "/", "/"), "actor": actor_of(world.officer, buyer)}
    actions.stop(session, engagement=about, reason="A challenge", now=datetime.now(UTC), **given)
    session.commit()


def fail_at(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """As if the database went away then."""
    calls: list[object] = []

    def send(session: Session, letters: Any) -> None:
        calls.append(letters)
        if len(calls) == batch:
            raise RuntimeError
        send_all(session, letters)

    monkeypatch.setattr("webapp.disposal.telling.send_all", send)


def test_agreeing_writes_to_those_who_decide_alone(
    client: Client, session: Session, world: World, disposal: Disposal, work: Work
) -> None:
    """So that it takes no longer for ten thousand."""
    assert written_to(session, WARNED) == {}
    number = len(concerned(session, world))
    page = page_of(client, world)
    assert f"Everybody concerned is being written to: 0 of {number} people so far." in page
    assert "The worker of this service is not running" in page
    work()
    assert "so far" not in page_of(client, world)


@pytest.mark.usefixtures("one_by_one")
def test_each_is_told_once(session: Session, world: World, disposal: Disposal, work: Work) -> None:
    people = concerned(session, world)
    assert len(people) >= 7
    work()
    assert written_to(session, WARNED) == {person.email: 1 for person in people}
    session.refresh(disposal)
    assert disposal.told_at is not None
    assert acts(session, "disposal.told") == 1


@pytest.mark.usefixtures("one_by_one")
def test_who_joins_while_others_are_told_is_told_too(
    session: Session, world: World, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if everybody with an id like theirs was told already, and once if they have another address meanwhile."""
    first = concerned(session, world)[0]
    former = first.email
    fail_at(monkeypatch, batch=4)
    work()
    assert written_to(session, WARNED)[former] == 1
    for number in (1, 2):
        join(session, answering(session, world), number=number)
    first.former_emails, first.email = [former], "another@example.org"
    go_on(session, disposal, work, monkeypatch)
    told = written_to(session, WARNED)
    assert set(told.values()) == {1}
    assert set(told) == {person.email for person in concerned(session, world)} - {first.email} | {former}


@pytest.mark.usefixtures("one_by_one")
def test_nobody_waits_while_thousands_are_written_to(
    session: Session, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is written waits for the lock of the audit trail."""
    locked = text("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted")
    held: list[object] = []

    def send(session: Session, letters: Any) -> None:
        send_all(session, letters)
        held.append(session.scalar(locked))

    monkeypatch.setattr("webapp.disposal.telling.send_all", send)
    work()
    assert held
    assert set(held) == {0}


@pytest.mark.usefixtures("one_by_one")
def test_what_fails_says_so_and_goes_on_an_hour_later_where_it_was(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    world: World,
    disposal: Disposal,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look() -> None:
        destroy_due(JobContext(database, settings, logging.getLogger("soundings.worker"), 1, 1, 1))
        work()

    people = concerned(session, world)
    fail_at(monkeypatch, batch=3)
    work()
    assert written_to(session, WARNED).total() == 2
    page = page_of(client, world)
    assert f"2 of {len(people)} people so far" in page
    assert "Telling everybody concerned failed at" in page
    assert "Nothing is destroyed before everybody has been told." in page
    assert [each.says for each in findings(session) if not each.is_well and "disposals" in each.says]
    assert not [each.says for each in findings(session) if "parked" in each.says and not each.is_well]
    look()  # too early
    assert written_to(session, WARNED).total() == 2
    an_hour_later(session)
    look()
    assert written_to(session, WARNED) == {person.email: 1 for person in people}
    session.refresh(disposal)
    assert (disposal.told_at is None, disposal.failures, disposal.failed_at) == (False, 0, None)


def test_whoever_is_told_late_has_all_of_the_wait(
    session: Session, world: World, disposal: Disposal, work: Work
) -> None:
    """And those who decide are told of the later day."""
    session.get_one(Person, world.officer.id).password_hash = "who has come in is written to"
    session.flush()
    session.execute(text("SET LOCAL session_replication_role = replica"))  # a trigger lets nobody else move it
    session.execute(update(Disposal).values(agreed_at=LONG_AGO, due_at=end_of_wait(LONG_AGO)))
    work()
    session.refresh(disposal)
    assert disposal.told_at is not None
    assert disposal.due_at == end_of_wait(disposal.told_at)
    subjects = set(session.scalars(select(MailMessage.subject).where(MailMessage.subject.startswith(WARNED))))
    assert [day(last_day(disposal.due_at)) in subject for subject in subjects] == [True]
    later = f"Responses will be destroyed later, after {day(last_day(disposal.due_at))}"
    assert written_to(session, later) == {world.officer.email: 1}


@pytest.mark.parametrize("told", [False, True])
def test_the_day_moves_only_later_and_only_before_all_are_told(
    session: Session, disposal: Disposal, work: Work, told: bool
) -> None:
    if told:
        work()
    for days, allowed in ((1, not told), (-1, False), (None, False)):
        value = None if days is None else Disposal.due_at + timedelta(days=days)
        if allowed:
            session.execute(update(Disposal).values(due_at=value))
            continue
        with pytest.raises(IntegrityError):
            session.execute(update(Disposal).values(due_at=value))
        session.rollback()


def test_nothing_goes_before_all_are_told(session: Session, world: World) -> None:
    disposal = due(session, engagement_of(session, world), world.officer, told_at=None)
    assert not disposal.is_due(datetime.now(UTC))
    assert queries.due(session, datetime.now(UTC)) == []
    assert not destroy(session, disposal_id=disposal.id, now=datetime.now(UTC))


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("warned", [0, 2, 100])
def test_whoever_was_told_is_told_once_that_all_is_kept(
    session: Session,
    world: World,
    disposal: Disposal,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    warned: int,
) -> None:
    """Nobody else, and nobody is told any more that it goes."""
    fail_at(monkeypatch, batch=warned + 1)
    if warned:
        work()
    take_back(session, world, disposal)
    assert written_to(session, REASSURED) == {}, "the worker does that"
    work()
    told = written_to(session, WARNED)
    assert told.total() == min(warned, len(concerned(session, world)))
    assert written_to(session, REASSURED) == told


@pytest.mark.usefixtures("one_by_one")
def test_whoever_an_older_version_told_is_not_told_again(
    session: Session, world: World, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages have keys that say nothing of the disposal; the migration kept how far it was."""
    fail_at(monkeypatch, batch=4)
    work()
    session.refresh(disposal)
    disposal.told_before = disposal.told_up_to
    session.execute(update(MailMessage).values(id=func.gen_random_uuid()))
    go_on(session, disposal, work, monkeypatch)
    people = concerned(session, world)
    assert written_to(session, WARNED) == {person.email: 1 for person in people}
    take_back(session, world, disposal)
    work()
    assert written_to(session, REASSURED) == {person.email: 1 for person in people}


@pytest.mark.usefixtures("one_by_one")
def test_nobody_is_told_that_all_is_kept_once_it_is_to_go_again(
    session: Session, world: World, disposal: Disposal, work: Work
) -> None:
    work()
    take_back(session, world, disposal)
    about = engagement_of(session, world)
    given = {"kept_until": disposal.kept_until, "policy": disposal.policy, "asked_by": disposal.asked_by}
    again = Disposal(engagement_id=about.id, note="", asked_at=datetime.now(UTC), **given)
    session.add(again)
    session.commit()
    assert disposal.agreed_by is not None
    colleague = session.get_one(Person, disposal.agreed_by)
    buyer = session.get_one(Organisation, about.programme.buyer_id)
    told = {"addresses": Addresses("http://localhost", "/", "/"), "actor": actor_of(colleague, buyer)}
    actions.agree(session, engagement=about, now=datetime.now(UTC), **told)
    work()
    assert again.told_at is not None
    assert set(written_to(session, WARNED).values()) == {2}
    assert not written_to(session, REASSURED)


@pytest.mark.usefixtures("one_by_one")
def test_who_has_the_former_address_of_another_is_told(
    session: Session, world: World, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = concerned(session, world)[0]
    fail_at(monkeypatch, batch=4)
    work()
    joined = join(session, answering(session, world), former_emails=[first.email])
    go_on(session, disposal, work, monkeypatch)
    assert written_to(session, WARNED)[joined.email] == 1


@pytest.mark.parametrize("at_once", [1, 200])
def test_two_whose_addresses_fold_alike_are_told_each(
    session: Session, world: World, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("webapp.disposal.telling.AT_ONCE", at_once)
    pair = ("bids@strasse-care.example", "bids@straße-care.example")
    for number, email in enumerate(pair, start=1):
        join(session, answering(session, world), number=number, email=email)
    work()
    session.refresh(disposal)
    assert disposal.told_at is not None
    assert [written_to(session, WARNED)[email] for email in pair] == [1, 1]


@pytest.mark.usefixtures("one_by_one")
def test_who_declined_and_joins_one_that_answered_is_told_of_the_response_too(
    session: Session, world: World, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.provider_person(session, id=uuid.UUID(int=5))
    make.decline(session, engagement_of(session, world), person)
    fail_at(monkeypatch, batch=2)
    work()
    assert written_to(session, DECLINED) == {person.email: 1}
    session.execute(
        update(Membership).where(Membership.person_id == person.id).values(organisation_id=answering(session, world))
    )
    go_on(session, disposal, work, monkeypatch)
    assert (written_to(session, DECLINED)[person.email], written_to(session, WARNED)[person.email]) == (1, 1)


@pytest.mark.usefixtures("one_by_one")
def test_only_those_written_to_count_as_told_and_are_told_that_all_is_kept(
    client: Client, session: Session, world: World, disposal: Disposal, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever joined behind the last of them was told nothing yet."""
    fail_at(monkeypatch, batch=4)
    work()
    joined = join(session, answering(session, world))
    session.commit()
    told = written_to(session, WARNED)
    assert told.total() == 3
    assert f"3 of {len(concerned(session, world))} people so far" in page_of(client, world)
    take_back(session, world, disposal)
    monkeypatch.undo()
    work()
    assert joined.email not in written_to(session, REASSURED)
    assert written_to(session, REASSURED) == told


def test_the_day_stands_once_the_last_letter_is_written(session: Session, world: World, disposal: Disposal) -> None:
    """No later look has anything to add, which would move it for nobody."""
    due_at = disposal.due_at
    given = {"disposal_id": disposal.id, "base_url": "http://localhost"}
    assert telling.warn_more(session, now=datetime.now(UTC), **given)
    session.commit()
    assert telling.warn_more(session, now=datetime.now(UTC) + timedelta(days=3), **given)
    session.commit()
    session.refresh(disposal)
    assert disposal.due_at == due_at
    assert written_to(session, WARNED).total() == len(concerned(session, world))
    assert not written_to(session, "Responses will be destroyed later")
