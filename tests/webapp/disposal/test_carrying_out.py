"""What the worker does about disposals that are due, and what it says where it cannot."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.jobs import Status
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from config import Settings
from tests import all_rows
from tests import factories as make
from tests.job_queue import job_states
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.webapp.disposal.test_destroying import LONG_AGO, due, engagement_of
from tests.world import World, run_jobs
from webapp.db import Database
from webapp.disposal import actions
from webapp.disposal.destroying import destroy
from webapp.disposal.jobs import CARRY_OUT, destroy_due
from webapp.health import findings
from webapp.jobs import JobContext
from webapp.models import (
    AuditEvent,
    Disposal,
    LotSearch,
    MailMessage,
    MembershipRole,
    Organisation,
    RunState,
    StructureStep,
    TeamRole,
    ThemeLearning,
)

Look = Callable[[], None]


@pytest.fixture
def world(world_of: WorldOf, session: Session) -> World:
    world = world_of()
    for table in (LotSearch, StructureStep, ThemeLearning):  # as if the worker had given them up
        session.execute(update(table).where(table.state == RunState.WAITING).values(state=RunState.FAILED))
    session.commit()
    return world


@pytest.fixture
def enqueue(session: Session, database: Database, settings: Settings) -> Look:
    """As every five minutes."""
    context = JobContext(database, settings, logging.getLogger("soundings.worker"), 1, 1, 1)

    def enqueue() -> None:
        destroy_due(context)
        session.expire_all()

    return enqueue


@pytest.fixture
def look(session: Session, database: Database, settings: Settings, enqueue: Look) -> Look:
    def look() -> None:
        enqueue()
        run_jobs(database, settings)
        session.expire_all()

    return look


def fail_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a database that is full: after everything went, before that is recorded."""

    def record(session: Session, *_given: object, **_kept: object) -> None:
        session.execute(text("SELECT 1/0"))

    monkeypatch.setattr("webapp.disposal.destroying.audit.record", record)


def an_hour_later(session: Session) -> None:
    waits = update(Disposal).where(Disposal.done_at.is_(None))
    session.execute(waits.values(failed_at=Disposal.failed_at - timedelta(hours=1, minutes=1)))
    session.commit()


def page_of(client: Client, world: World) -> str:
    client.sign_in(world.officer)
    page = client.get(f"/manage/engagements/{world.ids['engagement_id']}/disposal")
    return " ".join(page.text.split())


def acts(session: Session, act: str) -> int:
    return session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.act == act)) or 0


def told_of_failure(session: Session) -> list[str]:
    subject = MailMessage.subject.startswith("Responses could not be destroyed")
    return list(session.scalars(select(MailMessage.recipient).where(subject)))


def test_one_failure_keeps_no_other(
    session: Session, world: World, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = engagement_of(session, world)
    other = make.engagement(session, about.programme, state="closed")
    broken = due(session, other, world.officer, due_at=LONG_AGO + timedelta(days=59))
    disposal, broken_id = due(session, about, world.officer), broken.id

    def destroy_unless_broken(session: Session, *, disposal_id: uuid.UUID, now: datetime) -> bool:
        if disposal_id == broken_id:
            raise RuntimeError
        return destroy(session, disposal_id=disposal_id, now=now)

    monkeypatch.setattr("webapp.disposal.jobs.destroy", destroy_unless_broken)
    look()
    assert (disposal.done_at is None, broken.done_at is None) == (False, True)
    assert (disposal.failures, broken.failures) == (0, 1)
    monkeypatch.undo()
    an_hour_later(session)
    look()
    look()  # which finds nothing more to do
    assert broken.done_at is not None
    assert acts(session, "disposal.done") == 2


def test_what_fails_says_so_on_its_page_and_is_done_an_hour_later(
    client: Client, session: Session, world: World, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    disposal = due(session, engagement_of(session, world), world.officer)
    before = dict(all_rows.copied(session.connection()))
    fail_half_way(monkeypatch)
    look()
    look()  # too soon
    after = dict(all_rows.copied(session.connection()))
    changed = {table for table in before if before[table] != after[table] and not table.startswith("procrastinate")}
    assert changed == {"disposal", "audit_event"}
    assert (disposal.failures, disposal.done_at, acts(session, "disposal.failed")) == (1, None, 1)
    page = page_of(client, world)
    assert "are all still there" in page
    assert re.search(r"It failed at \S.+ Nothing was destroyed", page)
    assert f"under {disposal.id}" in page
    assert "within minutes" not in page
    assert "Take it back" in page
    monkeypatch.undo()
    an_hour_later(session)
    look()
    assert disposal.done_at is not None
    page = page_of(client, world)
    assert "Certificate of disposal" in page
    assert "It failed" not in page


def test_those_who_decide_are_told_once_when_it_fails_again(
    client: Client, session: Session, world: World, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = engagement_of(session, world)
    buyer = session.get_one(Organisation, about.programme.buyer_id)
    for role in (TeamRole.APPROVER, TeamRole.OFFICER):
        person = make.person(session, buyer, MembershipRole.OFFICER, email=f"{role}@buyer.example", password_hash="set")
        make.team_member(session, about.programme_id, person.id, buyer.id, role)
    due(session, about, world.officer)
    fail_half_way(monkeypatch)
    look()
    assert told_of_failure(session) == []
    for failures in (2, 3):
        an_hour_later(session)
        look()
        told = told_of_failure(session)
        assert "approver@buyer.example" in told
        assert "officer@buyer.example" not in told
        assert len(told) == len(set(told))
        assert f"It has failed {failures} times, last at" in page_of(client, world)


def test_nobody_is_told_of_a_failure_once_it_is_taken_back(session: Session, world: World, look: Look) -> None:
    about = engagement_of(session, world)
    disposal, buyer = due(session, about, world.officer), session.get_one(Organisation, about.programme.buyer_id)
    person = make.person(session, buyer, MembershipRole.OFFICER, password_hash="set")
    make.team_member(session, about.programme_id, person.id, buyer.id, TeamRole.APPROVER)
    for _ in range(actions.TELL_AFTER):
        actions.fail(session, disposal_id=disposal.id, now=datetime.now(UTC))
    disposal.stopped_at, disposal.stopped_by, disposal.stop_reason = LONG_AGO, world.officer.id, "A challenge"
    session.commit()
    look()
    states = [job.status for job in job_states(session) if job.task_name == actions.TELL_OF_FAILURE]
    assert (states, told_of_failure(session)) == ([Status.SUCCEEDED], [])


def test_what_killed_its_worker_says_so_on_its_page(
    client: Client, session: Session, world: World, database: Database, settings: Settings, enqueue: Look
) -> None:
    disposal = due(session, engagement_of(session, world), world.officer)
    enqueue()
    dead = session.scalar(
        text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")
    )
    doing = text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :dead WHERE task_name = :name")
    session.execute(doing, {"dead": dead, "name": CARRY_OUT})
    session.commit()
    run_jobs(database, settings)
    session.expire_all()
    assert (disposal.failures, disposal.done_at) == (1, None)
    assert "Nothing was destroyed" in page_of(client, world)


def test_looking_while_it_waits_asks_for_it_once(
    session: Session, world: World, database: Database, settings: Settings, enqueue: Look
) -> None:
    disposal = due(session, engagement_of(session, world), world.officer)
    enqueue()
    enqueue()
    assert [job.task_name for job in job_states(session)].count(CARRY_OUT) == 1
    run_jobs(database, settings)
    session.expire_all()
    assert disposal.done_at is not None
    assert {job.status for job in job_states(session) if job.task_name == CARRY_OUT} == {Status.SUCCEEDED}


def test_what_was_enqueued_while_a_try_was_under_way_waits_when_that_fails(
    session: Session, world: World, look: Look, enqueue: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    disposal = due(session, engagement_of(session, world), world.officer)

    def fail(session: Session, *_given: object, **_kept: object) -> None:
        enqueue()
        session.execute(text("SELECT 1/0"))

    monkeypatch.setattr("webapp.disposal.destroying.audit.record", fail)
    look()
    assert [job.task_name for job in job_states(session)].count(CARRY_OUT) == 2
    assert disposal.failures == 1


@pytest.mark.parametrize("how", ["done", "taken back"])
def test_what_is_over_cannot_fail(session: Session, world: World, how: str) -> None:
    """A worker may be taken for dead that has just ended it, and a colleague may be quicker."""
    disposal = due(session, engagement_of(session, world), world.officer)
    if how == "done":
        assert destroy(session, disposal_id=disposal.id, now=datetime.now(UTC))
    else:
        disposal.stopped_at, disposal.stopped_by, disposal.stop_reason = LONG_AGO, world.officer.id, "A challenge"
    session.commit()
    actions.fail(session, disposal_id=disposal.id, now=datetime.now(UTC))
    session.commit()
    assert (disposal.failures, disposal.failed_at, acts(session, "disposal.failed")) == (0, None, 0)


@pytest.mark.parametrize("how", ["done", "taken back"])
def test_watching_tells_of_a_failure_until_it_is_over(
    client: Client, session: Session, world: World, look: Look, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    due(session, engagement_of(session, world), world.officer)
    assert "no disposals have failed and are not done" in says(session)
    fail_half_way(monkeypatch)
    look()
    assert "1 disposals have failed and are not done" in wrong(session)
    assert "no jobs are parked" in says(session)
    monkeypatch.undo()
    if how == "done":
        an_hour_later(session)
        look()
        assert acts(session, "disposal.done") == 1
    else:
        client.sign_in(world.officer)
        client.submit(f"/manage/engagements/{world.ids['engagement_id']}/disposal/stop", {"reason": "A challenge"})
    assert wrong(session) <= {"no worker has given a sign lately"}


def says(session: Session) -> set[str]:
    session.rollback()  # now() is when the transaction began
    return {finding.says for finding in findings(session)}


def wrong(session: Session) -> set[str]:
    session.rollback()
    return {finding.says for finding in findings(session) if not finding.is_well}


def test_the_page_says_that_no_worker_runs(client: Client, session: Session, world: World) -> None:
    due(session, engagement_of(session, world), world.officer)
    page = page_of(client, world)
    assert "due to be destroyed" in page
    assert "The worker of this service is not running" in page
    session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    session.commit()
    assert "The worker of this service is not running" not in page_of(client, world)
