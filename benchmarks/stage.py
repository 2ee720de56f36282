"""What is measured: an engagement about eight lots of the North West programme, and any number of stored responses.

Responses are made by the actions that every provider's go through, then copied row by row in the database.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

import webapp.worker  # noqa: F401 - declares every job
from config import Settings
from webapp.accounts.actions import link_address, make_link
from webapp.analysis.actions import request_run
from webapp.analysis.runs import RunParameters
from webapp.audit import ActingFor, Actor
from webapp.db import MIGRATION, WORKER, Database, clock, create_engine_for, migrate
from webapp.demonstration.programme import add_programme
from webapp.demonstration.providers import answers_of, synthetic_providers
from webapp.embedded_postgres import DATABASE, EmbeddedPostgres
from webapp.engagements.actions import EngagementNotice, create_engagement, publish
from webapp.engagements.questionnaires import add_questionnaire
from webapp.jobs import WorkerContext
from webapp.models import (
    AnalysisRun,
    DraftSection,
    Engagement,
    Lot,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Programme,
    Response,
    RunState,
    TeamMember,
    TeamRole,
)
from webapp.responses import actions, queries
from webapp.responses.published import questionnaire_of
from webapp.running_jobs import run_worker

LOTS = 8
SECRET = "measured on this machine alone, never published"
TEMPLATES = len(synthetic_providers())
DAY = timedelta(days=1)
COPIED_COLUMNS: dict[str, dict[str, str | None]] = {
    "organisation": {"id": "copy.organisation_id"},
    "response": {"id": "copy.response_id", "organisation_id": "copy.organisation_id", "current_submission_id": None},
    "draft_section": {"response_id": "copy.response_id"},
    "submission": {
        "id": "copy.submission_id",
        "response_id": "copy.response_id",
        "reference": "'COPY-' || copy.submission_id",
        "nonce": "gen_random_uuid()",
    },
    "answer": {"id": "gen_random_uuid()", "submission_id": "copy.submission_id"},
    "interest": {"submission_id": "copy.submission_id"},
}
TEMPLATE_ROWS = {
    "organisation": "original.id = template.organisation_id",
    "response": "original.id = template.id",
    "draft_section": "original.response_id = template.id",
    "submission": "original.id = template.current_submission_id",
    "answer": "original.submission_id = template.current_submission_id",
    "interest": "original.submission_id = template.current_submission_id",
}


@dataclass(frozen=True)
class Stage:
    database: Database
    server: EmbeddedPostgres
    settings: Settings
    programme_id: uuid.UUID
    engagement_id: uuid.UUID
    lots: tuple[uuid.UUID, ...]
    officer: Actor

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.settings.database_url,
            "SOUNDINGS_BASE_URL": self.settings.base_url,
            "SOUNDINGS_SECRET_KEY": self.settings.secret_key,
            "SOUNDINGS_DATA": str(self.settings.data_folder),
        }

    def new_provider(self) -> str:
        """An organisation that has answered nothing; returns the path of the link that signs its one person in."""
        with self.database.session() as session:
            actor = _new_person(session, "Seaside Health CIC", Party.PROVIDER, MembershipRole.SIGNATORY)
            path = f"/engagements/{self.engagement_id}"
            link = self._link(session, actor, path, second_factor=False)
            session.commit()
        return link

    def new_officer(self) -> Actor:
        """Somebody else of the buyer."""
        with self.database.session() as session:
            buyer = session.get_one(Programme, self.programme_id).buyer
            actor = _new_person(session, "", Party.BUYER, MembershipRole.OFFICER, organisation=buyer)
            session.commit()
        return actor

    def officer_link(self) -> str:
        with self.database.session() as session:
            link = self._link(session, self.officer, "/programmes", second_factor=True)
            session.commit()
        return link

    @staticmethod
    def _link(session: Session, actor: Actor, path: str, *, second_factor: bool) -> str:
        person = session.get_one(Person, actor.person_id)
        token = make_link(
            session, person=person, destination=path, life=DAY, second_factor=second_factor, now=clock(session)
        )
        return link_address("", token)

    def add_templates(self) -> None:
        """One submitted response of each synthetic provider."""
        with self.database.session() as session:
            for provider in synthetic_providers():
                actor = _new_person(session, provider.name, Party.PROVIDER, MembershipRole.SIGNATORY)
                answers = answers_of(provider, queries.lots_of(session, self.engagement_id))
                self._respond(session, actor, answers)
            session.commit()

    def _respond(self, session: Session, actor: Actor, answers: dict[str, Any]) -> None:
        now = clock(session)
        response_id = actions.start(session, engagement_id=self.engagement_id, actor=actor, now=now)
        response = session.get_one(Response, response_id)
        for section in questionnaire_of(session, response.version_id).sections:
            kept = DraftSection(response_id=response_id, section_id=section.id, revision=1, saved_by=actor.person_id)
            kept.answers = answers.get(section.slug, {})
            session.add(kept)
        session.flush()
        actions.submit(
            session,
            response_id=response_id,
            nonce=uuid.uuid4(),
            seen=queries.draft(session, response).fingerprint(None),
            leave_out=False,
            link="",
            actor=actor,
            now=now,
        )

    def copy_to(self, count: int) -> None:
        """Copies of the submitted responses, until there are `count` in all."""
        with self.writing_much() as connection:
            connection.execute(_CHOOSE, {"engagement_id": self.engagement_id, "count": count})
            for table, changed in COPIED_COLUMNS.items():
                connection.execute(text(_copy(table, changed)))
            connection.execute(_MAKE_CURRENT)

    @contextmanager
    def writing_much(self) -> Iterator[Connection]:
        """One transaction that may take its time; the planner knows afterwards what is stored."""
        engine = create_engine_for(self.settings.database_url, timeouts=MIGRATION)
        with engine.begin() as connection:
            yield connection
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()

    @contextmanager
    def copied(self, name: str) -> Iterator[Stage]:
        """The same stage in a database of its own, as it is now; what happens to one does not happen to the other."""
        self.database.dispose()
        engine = create_engine_for(self.server.url("postgres"), timeouts=MIGRATION)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(_DISCONNECT, {"name": DATABASE})  # only what nobody uses can be copied
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {DATABASE}"))
        engine.dispose()
        url = self.server.url(name)
        database = Database(url)
        try:
            yield replace(self, database=database, settings=replace(self.settings, database_url=url))
        finally:
            database.dispose()

    def analyse(self) -> uuid.UUID:
        """A finished run over what is stored now."""
        run_id = self.request_analysis()
        self.work()
        assert self.state_of(run_id) is RunState.FINISHED, self.state_of(run_id)
        return run_id

    def request_analysis(self) -> uuid.UUID:
        """A run that waits for a worker. Few draws: its pages cost the same, whatever it takes to compute."""
        with self.database.session() as session:
            run = request_run(
                session,
                engagement=session.get_one(Engagement, self.engagement_id),
                parameters=RunParameters(draws=500, schedule_seconds=3.0, as_of=date(2026, 12, 1)),
                seed=7,
                actor=self.officer,
                now=clock(session),
            )
            session.commit()
            return run.id

    def state_of(self, run_id: uuid.UUID) -> RunState:
        with self.database.session() as session:
            return session.get_one(AnalysisRun, run_id).state

    def work(self) -> None:
        """Everything that waits for the worker, in a thread because it sets up an event loop."""
        database = Database(self.settings.database_url, timeouts=WORKER)
        context = WorkerContext(database, self.settings, logging.getLogger("benchmarks"))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(run_worker, context, once=True).result()
        database.dispose()


_DISCONNECT = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
_CHOOSE = text(
    """
    CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
    WITH template AS (
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS templates
        FROM response WHERE engagement_id = :engagement_id AND current_submission_id IS NOT NULL
    )
    SELECT template.id AS template_id, gen_random_uuid() AS organisation_id, gen_random_uuid() AS response_id,
           gen_random_uuid() AS submission_id
    FROM template JOIN generate_series(1, :count) AS number
        ON number > templates AND number % templates = place
    """
)
_MAKE_CURRENT = text(
    "UPDATE response SET current_submission_id = copy.submission_id FROM copy WHERE response.id = copy.response_id"
)


def _copy(table: str, changed: dict[str, str | None]) -> str:
    """Every column as in the original, whatever columns there are, but for those that make it another's."""
    pairs = ", ".join(f"'{column}', {value or 'NULL'}" for column, value in changed.items())
    return f"""
        INSERT INTO {table}
        SELECT made.* FROM copy
        JOIN response AS template ON template.id = copy.template_id
        JOIN {table} AS original ON {TEMPLATE_ROWS[table]}
        CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object({pairs})) AS made
    """  # noqa: S608 - of constants


@contextmanager
def set_up(base_url: str = "http://localhost:8000", *, cluster: Path | None = None) -> Iterator[Stage]:
    """A fresh database with the engagement in it, gone afterwards. Everything reaches the disk as in production."""
    with (
        TemporaryDirectory(prefix="soundings-bench-") as folder,
        EmbeddedPostgres(cluster or Path(folder) / "postgres") as server,
    ):
        url = server.url()
        migrate(url)
        database = Database(url)
        settings = Settings(secret_key=SECRET, base_url=base_url, database_url=url, data_folder=Path(folder))
        try:
            yield _stage(database, server, settings)
        finally:
            database.dispose()


def _stage(database: Database, server: EmbeddedPostgres, settings: Settings) -> Stage:
    with database.session() as session:
        programme = add_programme(session, providers={})
        session.flush()
        buyer = session.get_one(Organisation, programme.buyer_id)
        officer = _new_person(session, "Olivia Reed", Party.BUYER, MembershipRole.OFFICER, organisation=buyer)
        leads = {"person_id": officer.person_id, "organisation_id": buyer.id, "role": TeamRole.LEAD_OFFICER}
        session.add(TeamMember(programme_id=programme.id, **leads))
        lots = _first_lots(session, programme)
        engagement = publish_engagement(session, programme, lots, officer, "ME-01")
        session.commit()
        lot_ids = tuple(lot.id for lot in lots)
        return Stage(database, server, settings, programme.id, engagement.id, lot_ids, officer)


def publish_engagement(
    session: Session, programme: Programme, lots: Sequence[Lot], officer: Actor, reference: str
) -> Engagement:
    """Open for two weeks, with the health and justice questionnaire."""
    now = clock(session)
    notice = EngagementNotice(
        reference=reference,
        title="Health services for five prisons",
        summary="Before we tender we want to know who would bid for what.",
        process="Answer the questionnaire. We will publish a summary.",
        contact_email="engagement@example.org",
        opens_at=now - DAY,
        closes_at=now + 14 * DAY,
    )
    engagement = create_engagement(session, programme=programme, notice=notice, lots=lots, actor=officer)
    add_questionnaire(session, engagement)
    publish(session, engagement=engagement, actor=officer, now=now)
    return engagement


def _first_lots(session: Session, programme: Programme) -> list[Lot]:
    procurements = {procurement.id for procurement in programme.procurements}
    lots = session.scalars(select(Lot).where(Lot.procurement_id.in_(procurements)).order_by(Lot.code)).all()
    return list(lots[:LOTS])


def _new_person(
    session: Session, name: str, party: Party, role: MembershipRole, *, organisation: Organisation | None = None
) -> Actor:
    if organisation is None:
        organisation = Organisation(name=name, party=party, synthetic=True)
        session.add(organisation)
    person = Person(name="Asha Patel", email=f"{uuid.uuid4()}@example.org")
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=role))
    session.flush()
    acting_for = ActingFor(organisation.id, organisation.name, organisation.party, role)
    return Actor(person.id, person.name, person.email, uuid.uuid4(), True, True, (acting_for,))
