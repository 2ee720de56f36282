"""How long does it take to destroy the responses to an engagement, and how long do others wait meanwhile?

    python -m benchmarks.disposal [--responses 10000] [--invited 5000] [--events 100000]

On an embedded PostgreSQL of its own: so many responses, each with somebody to tell, answers, drafts, a file, a note,
e-mails and statements in themes; so many people whom only an invitation made known; a trail of so many events. Then it
is agreed that they be destroyed, and they are, by the actions of a web process and of the worker, while providers walk
whole journeys, each page as the app answers it, in another engagement of the same programme and in one of another
programme, and somebody else records an act twenty times a second: all that is written waits for the trail. Beside it
what the same took a moment before, beside nothing else. Ends with status 1 if anybody waited for longer than the goal.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from benchmarks.browsing import Answer, Browser, Headers, Send, in_process
from benchmarks.stage import Stage, publish_engagement, set_up
from benchmarks.walk import walk
from webapp import audit
from webapp.app import create_app
from webapp.db import WEB, WORKER, Database, Timeouts, clock
from webapp.disposal import actions
from webapp.disposal.destroying import destroy
from webapp.disposal.telling import warn_more
from webapp.engagements.mails import Addresses
from webapp.models import (
    Disposal,
    Engagement,
    Lot,
    Organisation,
    Party,
    Procurement,
    Programme,
    Route,
    ServiceLine,
    Site,
    SiteKind,
    Unit,
)

GOAL_WAIT = 2.0
BESIDE_NOTHING_SECONDS = 20.0
BETWEEN_ACTS = 0.05
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

PEOPLE = """
WITH people AS (
    INSERT INTO person (id, name, email) SELECT id, 'Ann Answerer', id || '@answered.example'
    FROM response WHERE engagement_id = :engagement RETURNING id
)
INSERT INTO membership (id, person_id, organisation_id, role)
SELECT gen_random_uuid(), people.id, response.organisation_id, 'signatory'
FROM people JOIN response ON response.id = people.id
"""
FILES = """
WITH made AS (
    INSERT INTO response_file (id, response_id, question_key, name, kind, size, sha256, content, uploaded_by)
    SELECT gen_random_uuid(), response.id, 'evidence', 'Evidence.pdf', 'pdf', 16384, repeat('0', 64),
        (SELECT decode(string_agg(md5(response.id::text || part), ''), 'hex') FROM generate_series(1, 1024) part),
        started_by
    FROM response WHERE engagement_id = :engagement
    RETURNING id, response_id
)
INSERT INTO submission_file (submission_id, file_id, question_id)
SELECT response.current_submission_id, made.id,
    (SELECT question_id FROM answer WHERE submission_id = response.current_submission_id LIMIT 1)
FROM made JOIN response ON response.id = made.response_id
"""
NOTES = """
INSERT INTO response_note (id, response_id, written_by, text)
SELECT gen_random_uuid(), id, :officer, 'Ring them about their accounts' FROM response WHERE engagement_id = :engagement
"""
INVITED = """
WITH organisations AS (
    INSERT INTO organisation (id, name, party) SELECT gen_random_uuid(), 'Invited ' || number, 'provider'
    FROM generate_series(1, :invited) number RETURNING id
), people AS (
    INSERT INTO person (id, name, email) SELECT id, 'Nora Newcomer', id || '@invited.example' FROM organisations
    RETURNING id, email
), acting AS (
    INSERT INTO membership (id, person_id, organisation_id, role)
    SELECT gen_random_uuid(), id, id, 'signatory' FROM people
)
INSERT INTO invitation (id, engagement_id, organisation_id, person_id, email, sent_at)
SELECT gen_random_uuid(), :engagement, id, id, email, now() FROM people
"""
MAILS = """
INSERT INTO mail_message (id, recipient, subject, body, sent_at)
SELECT gen_random_uuid(), person.email, 'About your response', repeat('What you have sent us. ', 60) || path, now()
FROM (
    SELECT person_id, '/engagements/' || engagement_id AS path FROM invitation
    UNION ALL SELECT started_by, '/responses/' || id FROM response CROSS JOIN generate_series(1, 3)
    UNION ALL SELECT started_by, '/responses/' || gen_random_uuid() FROM response CROSS JOIN generate_series(1, 3)
) AS written JOIN person ON person.id = written.person_id
"""
EVENTS = """
INSERT INTO audit_event (person_id, act, subject_kind, subject_id, detail)
SELECT started_by, 'response.saved', 'response', id, '{"section": "organisation"}'
FROM response CROSS JOIN generate_series(1, 1 + :events / (SELECT count(*) FROM response)) LIMIT :events
"""
COMMENTS = """
INSERT INTO theme_comment (framework_id, answer_id, organisation_id, may_quote, part_id)
SELECT framework.id, answer.id, response.organisation_id, true, framework.part_id
FROM theme_framework framework
JOIN response ON response.engagement_id = framework.engagement_id
JOIN question ON question.key = framework.question_key
JOIN answer ON answer.submission_id = response.current_submission_id AND answer.question_id = question.id
WHERE framework.engagement_id = :engagement
ON CONFLICT DO NOTHING
"""
STATEMENTS = """
INSERT INTO theme_assignment (framework_id, number, answer_id, start, stop, theme_id, strength, side, unsure, origin)
SELECT framework_id, 1000000 + row_number() OVER (), answer_id, 0, 10,
    (SELECT id FROM theme WHERE theme.framework_id = theme_comment.framework_id ORDER BY position LIMIT 1),
    .5, 'neither', false, 'found'
FROM theme_comment CROSS JOIN generate_series(1, 2)
"""
WHAT_IS_STORED = (PEOPLE, FILES, NOTES, INVITED, MAILS, EVENTS, COMMENTS, STATEMENTS)
COUNTED = ("response", "answer", "response_file", "theme_assignment", "mail_message", "invitation", "audit_event")


@dataclass
class Waits:
    """How long each write of one of the others took, and what failed."""

    whose: str
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def line(self) -> str:
        ordered = sorted(self.seconds) or [0.0]
        median, longest = ordered[len(ordered) // 2], ordered[-1]
        failed = f", {len(self.failures)} failed: {self.failures[0]}" if self.failures else ""
        return (
            f"  {self.whose:<44}{len(self.seconds):6} writes, median {median:6.3f} s, longest {longest:6.3f} s{failed}"
        )


Write = Callable[[Waits], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, default=10_000)
    parser.add_argument("--invited", type=int, default=5_000)
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    with set_up() as stage:
        stage.add_templates()
        stage.analyse()
        stage.copy_to(asked.responses)
        fill(stage, invited=asked.invited, events=asked.events)
        others = [writer(stage, beside) for beside in (same_programme(stage), another_programme(stage))]
        print("beside nothing else")
        with writing(stage, others):
            time.sleep(BESIDE_NOTHING_SECONDS)
        print("while it is agreed, and everybody concerned is written to")
        with writing(stage, others) as while_agreed:
            disposal_id = agree(stage)
        print("while the responses are destroyed")
        with writing(stage, others) as while_destroyed:
            carry_out(stage, disposal_id)
        longest = max(second for each in (*while_agreed, *while_destroyed) for second in each.seconds)
        failed = sum(len(each.failures) for each in (*while_agreed, *while_destroyed))
        print(f"longest wait {longest:.2f} s of at most {GOAL_WAIT:.0f} s, {failed} failed")
        sys.exit(longest > GOAL_WAIT or failed > 0)


def fill(stage: Stage, **numbers: int) -> None:
    given = {"engagement": stage.engagement_id, "officer": stage.officer.person_id, **numbers}
    with stage.writing_much() as connection:
        for statement in WHAT_IS_STORED:
            connection.execute(
                text(statement), {name: value for name, value in given.items() if f":{name}" in statement}
            )
        stored = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in COUNTED}  # noqa: S608
    print(", ".join(f"{number:,} rows of {table}" for table, number in stored.items()))


def same_programme(stage: Stage) -> Stage:
    with stage.database.session() as session:
        programme = session.get_one(Programme, stage.programme_id)
        lots = [session.get_one(Lot, lot_id) for lot_id in stage.lots]
        other = publish_engagement(session, programme, lots, stage.officer, "ME-02")
        session.commit()
        return replace(stage, engagement_id=other.id)


def another_programme(stage: Stage) -> Stage:
    """Of another buyer, with as many lots."""
    with stage.database.session() as session:
        buyer = Organisation(name="Another buyer", party=Party.BUYER)
        session.add(buyer)
        session.flush()
        line = ServiceLine(position=1, code="dental", name="Dental")
        sites = [
            Site(position=place, code=f"S{place}", name=f"HMP {place}", kind=SiteKind.PRISON)
            for place, _lot in enumerate(stage.lots, 1)
        ]
        programme = Programme(
            buyer_id=buyer.id, reference="OTHER", title="Another", summary="Dental.", sites=sites, service_lines=[line]
        )
        session.add(programme)
        session.flush()
        lots = [
            Lot(position=site.position, code=f"D{site.position}", title=site.name, units=[unit])
            for site in sites
            for unit in [Unit(site=site, service_line=line, annual_value=250_000, demand_wte=6)]
        ]
        session.add(
            Procurement(
                programme_id=programme.id,
                position=1,
                title="Dental services",
                route=Route.PSR_COMPETITIVE,
                service_start=date(2031, 4, 1),
                lots=lots,
            )
        )
        session.flush()
        other = publish_engagement(session, programme, lots, stage.officer, "ME-03")
        session.commit()
        return replace(stage, programme_id=programme.id, engagement_id=other.id, lots=tuple(lot.id for lot in lots))


def writer(stage: Stage, beside: Stage) -> tuple[str, Write]:
    """A provider after the other walks the whole journey; each form that is sent counts."""
    app = create_app(stage.settings, stage.database)
    same = beside.programme_id == stage.programme_id

    def write(waits: Waits) -> None:
        walk(Browser(timing(in_process(app), waits)), beside.new_provider(), beside.lots)

    return f"providers, {'same' if same else 'another'} programme", write


def timing(send: Send, waits: Waits) -> Send:
    def timed(method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
        began = time.perf_counter()
        answer = send(method, path, body, headers)
        if method == "POST":
            waits.seconds.append(time.perf_counter() - began)
        return answer

    return timed


def recorder(stage: Stage) -> tuple[str, Write]:
    def write(waits: Waits) -> None:
        time.sleep(BETWEEN_ACTS)
        began = time.perf_counter()
        with stage.database.session() as session:
            about = session.get_one(Programme, stage.programme_id)
            audit.record(session, "programme.opened", subject=about, actor=stage.officer)
            session.commit()
        waits.seconds.append(time.perf_counter() - began)

    return "whoever records an act", write


@contextmanager
def writing(stage: Stage, others: Sequence[tuple[str, Write]]) -> Iterator[list[Waits]]:
    """Each in a thread of its own until the block ends; then their waits are printed."""
    every = [*others, recorder(stage)]
    waits, over = [Waits(whose) for whose, _write in every], threading.Event()

    def go_on(write: Write, into: Waits) -> None:
        while not over.is_set():
            try:
                write(into)
            except Exception as error:  # what failed is what is asked for
                into.failures.append(f"{type(error).__name__}: {str(error)[:80]}")

    threads = [
        threading.Thread(target=go_on, args=(write, into)) for (_whose, write), into in zip(every, waits, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        over.set()
        for thread in threads:
            thread.join()
        for each in waits:
            print(each.line())


def agree(stage: Stage) -> uuid.UUID:
    """Asked for and agreed to as the two people do it, and then brought forward."""
    colleague, disposal_id = stage.new_officer(), uuid.uuid4()
    addresses = Addresses(stage.settings.base_url, f"/engagements/{stage.engagement_id}", "/sign-in/link")
    with stage.database.session() as session:
        engagement = session.get_one(Engagement, stage.engagement_id)
        engagement.opens_at, engagement.closes_at = LONG_AGO, LONG_AGO + timedelta(days=20)
        engagement.questions_close_at = None
        engagement.programme.keep_until, engagement.programme.retention_policy = date(2024, 1, 1), "Records policy 7"
        session.commit()
        actions.ask(
            session,
            engagement=engagement,
            disposal_id=disposal_id,
            note="",
            addresses=addresses,
            actor=stage.officer,
            now=clock(session),
        )
        session.commit()

    def agreed(session: Session) -> None:
        about = session.get_one(Engagement, stage.engagement_id)
        actions.agree(session, engagement=about, addresses=addresses, actor=colleague, now=clock(session))

    measure(stage, WEB, agreed)
    print("  and the worker, which writes to everybody")
    warn_all(stage, disposal_id)
    with stage.database.session() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # a trigger lets nobody else move it
        disposal = session.get_one(Disposal, disposal_id)
        disposal.asked_at, disposal.agreed_at, disposal.due_at = (LONG_AGO + timedelta(days=n) for n in (30, 31, 60))
        disposal.told_at = disposal.agreed_at
        session.commit()
    return disposal_id


def warn_all(stage: Stage, disposal_id: uuid.UUID) -> None:
    """As the worker does, some hundred in each transaction."""
    began, longest, all_told = time.perf_counter(), 0.0, False
    while not all_told:
        batch_began = time.perf_counter()
        with stage.database.session() as session:
            base_url = stage.settings.base_url
            all_told = warn_more(session, disposal_id=disposal_id, base_url=base_url, now=clock(session))
            session.commit()
        longest = max(longest, time.perf_counter() - batch_began)
    print(f"  {time.perf_counter() - began:.1f} s, {longest:.2f} s at a time at most")


def carry_out(stage: Stage, disposal_id: uuid.UUID) -> None:
    """As the worker does."""

    def destroyed(session: Session) -> None:
        assert destroy(session, disposal_id=disposal_id, now=clock(session))

    measure(stage, WORKER, destroyed)
    with stage.database.session() as session:
        print(f"  {session.get_one(Disposal, disposal_id).destroyed}")


def measure(stage: Stage, timeouts: Timeouts, act: Callable[[Session], None]) -> None:
    """One transaction: its seconds, for how many of them it held the lock of the trail, and its slowest statements."""
    database, statements = Database(stage.settings.database_url, timeouts=timeouts), list[Statement]()
    with timing_statements(database.engine, statements), database.session() as session:
        began = time.perf_counter()
        act(session)
        session.commit()
        ended = time.perf_counter()
    database.dispose()
    locked = next((each.began for each in statements if "INTO audit_event" in each.text), ended)
    print(f"  {ended - began:.1f} s, of which {ended - locked:.2f} s with the trail; {len(statements)} statements, as")
    for each in sorted(statements, key=lambda each: each.seconds, reverse=True)[:5]:
        print(f"  {each.seconds:8.2f} s  {' '.join(each.text.split())[:90]}")


@dataclass
class Statement:
    text: str
    began: float
    seconds: float = 0.0


@contextmanager
def timing_statements(engine: Engine, into: list[Statement]) -> Iterator[None]:
    def begin(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        into.append(Statement(statement, time.perf_counter()))

    def end(*_given: object) -> None:
        into[-1].seconds = time.perf_counter() - into[-1].began

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    yield


if __name__ == "__main__":
    main()
