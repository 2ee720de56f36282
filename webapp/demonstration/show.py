"""The demonstration: an embedded database, the programme, its analysis, the server, and where to look."""

from __future__ import annotations

import os
import secrets
import signal
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from config import Settings
from intelligence.lots.design import Rules
from webapp.accounts.actions import link_address, make_link
from webapp.analysis import actions
from webapp.analysis.runs import RunParameters
from webapp.analysis.structures.actions import request_search
from webapp.db import Database, clock, migrate
from webapp.demonstration import people, processes, seed
from webapp.demonstration.appraising import appraise_first
from webapp.demonstration.recommending import put_up_first
from webapp.demonstration.registering import register_first
from webapp.embedded_postgres import EmbeddedPostgres
from webapp.models import AnalysisRun, Engagement, LotSearch, Person, RunState

SEED = 20_261_121
LINK_LIFE = timedelta(hours=8)
ANALYSIS_ENDS_WITHIN = 200.0
SEARCH_ENDS_WITHIN = 120.0

LOT_RULES = Rules(lots_at_most=12, sme_lots_at_least=3, sme_largest_annual_value=1_000_000)
"""By which the best lots are looked for at first: few enough to manage, and some that a small provider can hold."""

SET_HERE = frozenset(
    {
        "SOUNDINGS_BASE_URL",
        "SOUNDINGS_SHOWS_MAIL",
        "SOUNDINGS_SMTP_URL",
        "SOUNDINGS_NOTIFY_KEY",
        "SOUNDINGS_NOTIFY_TEMPLATE_ID",
    }
)
"""The settings that the demonstration has values of its own for, so that those of a service do not keep it from it."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A database with the demonstration in it, and the environment of the processes that work on it."""

    database: Database
    settings: Settings
    environment: Mapping[str, str]

    @property
    def log(self) -> Path:
        return self.settings.data_folder / "demonstration.log"

    def running(self, command: Sequence[str]) -> AbstractContextManager[None]:
        return processes.running(command, self.environment, log=self.log)


def settings_given() -> Settings:
    """Raises SettingsError."""
    return Settings.from_environment({name: value for name, value in os.environ.items() if name not in SET_HERE})


def run(settings: Settings, *, port: int, say: Say) -> None:
    """Set everything up, say where to look, and go on until interrupted."""
    processes.end_on_sigterm()
    with ExitStack() as stack:
        try:
            processes.end_leftovers(settings.data_folder)
            processes.require_free(port)
            stage = _stage(stack, settings, port, say)
            seeded = _seeded(stage, say)
            stack.enter_context(processes.running(processes.worker_command(), stage.environment, log=stage.log))
            run_id = _finished_run(stage, seeded, say)
            stack.enter_context(
                processes.running(processes.server_command(port=port), stage.environment, log=stage.log)
            )
            processes.wait_until_served(stage.settings.base_url, log=stage.log)
            search_has_ended(stage, run_id, within=SEARCH_ENDS_WITHIN)
            _recommend(stage, seeded)
            _register(stage, seeded)
            _say_addresses(stage, seeded, run_id, say)
            signal.pause()
        except KeyboardInterrupt:
            say("\nStopping. Nothing is lost: run it again to go on.")


def _stage(stack: ExitStack, settings: Settings, port: int, say: Say) -> Stage:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    url = settings.database_url
    if not url:
        say(f"Database   starting PostgreSQL in {settings.data_folder / 'postgres'}")
        url = stack.enter_context(EmbeddedPostgres(settings.data_folder / "postgres")).url()
    migrate(url)
    settings = replace(
        settings,
        base_url=f"http://localhost:{port}",
        database_url=url,
        secret_key=settings.secret_key or _kept_secret(settings.data_folder / "secret_key"),
        shows_mail=True,
    )
    database = Database(url)
    stack.callback(database.dispose)
    return Stage(database, settings, os.environ | environment_of(settings))


def environment_of(settings: Settings) -> dict[str, str]:
    """What its processes are given. Whatever mail server there is, nobody is written to."""
    return {
        "DATABASE_URL": settings.database_url,
        "SOUNDINGS_BASE_URL": settings.base_url,
        "SOUNDINGS_DATA": str(settings.data_folder),
        "SOUNDINGS_SECRET_KEY": settings.secret_key,
        "SOUNDINGS_SHOWS_MAIL": "yes",
        "SOUNDINGS_SMTP_URL": "",
        "SOUNDINGS_NOTIFY_KEY": "",
        "SOUNDINGS_NOTIFY_TEMPLATE_ID": "",
    }


def _kept_secret(path: Path) -> str:
    """The same on every run, so that whoever was signed in still is."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def _seeded(stage: Stage, say: Say) -> seed.Seeded:
    with stage.database.session() as session:
        found = seed.seeded(session)
        if found is not None:
            say("Programme  North West health and justice services, as it was left")
            session.commit()
            return found
        say("Programme  adding North West health and justice services and 40 synthetic responses")
        made = seed.seed(session, now=clock(session), base_url=stage.settings.base_url)
        session.commit()
        return made


def _finished_run(stage: Stage, seeded: seed.Seeded, say: Say) -> uuid.UUID:
    """The newest run, brought to its end."""
    run_id = first_or_newest_run(stage, seeded)
    until, shown = time.monotonic() + ANALYSIS_ENDS_WITHIN, ""
    while time.monotonic() < until:
        with stage.database.session() as session:
            run = session.get_one(AnalysisRun, run_id)
            finished = sum(part.state is RunState.FINISHED for part in run.parts)
            progress = f"Analysis   {finished} of {len(run.parts)} parts finished"
            if progress != shown:
                say(progress)
                shown = progress
            if run.state in (RunState.FINISHED, RunState.FAILED):
                return run_id
        time.sleep(0.3)
    raise processes.DemonstrationError(f"the analysis did not end in time; {stage.log} says why")


def search_has_ended(stage: Stage, run_id: uuid.UUID, *, within: float) -> bool:
    """Waited for so that what is concluded holds its figures, and not for ever: all else can be looked at without."""
    going_on = exists().where(LotSearch.run_id == run_id, LotSearch.state.in_((RunState.WAITING, RunState.RUNNING)))
    until = time.monotonic() + within
    while True:
        with stage.database.session() as session:
            if not session.scalar(select(going_on)):
                return True
        if time.monotonic() >= until:
            return False
        time.sleep(0.3)


def _recommend(stage: Stage, seeded: seed.Seeded) -> None:
    """What was concluded from the options, and what is for the approver to sign."""
    with stage.database.session() as session:
        appraise_first(session, actor=seeded.officer_actor, now=clock(session))
        put_up_first(session, base_url=stage.settings.base_url, actor=seeded.officer_actor, now=clock(session))
        session.commit()


def _register(stage: Stage, seeded: seed.Seeded) -> None:
    """The first risks, of what the analysis found."""
    with stage.database.session() as session:
        programme = session.get_one(Engagement, seeded.engagement_id).programme
        register_first(session, programme=programme, actor=seeded.officer_actor, now=clock(session))
        session.commit()


def first_or_newest_run(stage: Stage, seeded: seed.Seeded) -> uuid.UUID:
    """The first is asked for here, with a search for the best lots beside it."""
    with stage.database.session() as session:
        newest = session.scalar(
            select(AnalysisRun.id)
            .where(AnalysisRun.engagement_id == seeded.engagement_id)
            .order_by(AnalysisRun.number.desc())
            .limit(1)
        )
        if newest is not None:
            return newest
        now = clock(session)
        run = actions.request_run(
            session,
            engagement=session.get_one(Engagement, seeded.engagement_id),
            parameters=RunParameters(stage.settings.analysis_draws, stage.settings.schedule_seconds, now.date()),
            seed=SEED,
            actor=seeded.officer_actor,
            now=now,
        )
        request_search(session, search_id=uuid.uuid4(), run=run, rules=LOT_RULES, actor=seeded.officer_actor, now=now)
        session.commit()
        return run.id


def _say_addresses(stage: Stage, seeded: seed.Seeded, run_id: uuid.UUID, say: Say) -> None:
    base = stage.settings.base_url
    with stage.database.session() as session:
        ids = {"run_id": run_id, "engagement_id": seeded.engagement_id}
        links = "\n".join(
            f"  {visitor.introduction}\n    {link_address(base, _link(session, visitor, person, ids))}"
            for visitor, person in people.visitors(session)
        )
        session.commit()
    say(
        f"""
Soundings is running at {base}

Sign in as any of these, each in a browser window of its own that shares nothing with the others:

{links}
  Every email that was sent
    {base}/sent-mail

Each link works once; run this again for new ones. Everything, and the log, is kept in {stage.settings.data_folder}.
Press Ctrl-C to stop.
"""
    )


def _link(session: Session, visitor: people.Visitor, person: Person, ids: Mapping[str, uuid.UUID]) -> str:
    """The token that signs a visitor in; whoever is in the team need not give a code."""
    return make_link(
        session,
        person=person,
        destination=visitor.begins_at.format(**ids),
        life=LINK_LIFE,
        second_factor=visitor.role is not None,
        now=clock(session),
    )
