"""What the worker does for frameworks: take up what a run found, look at what stands, and write files of it."""

from __future__ import annotations

import uuid
from functools import partial

from sqlalchemy import text
from sqlalchemy.orm import Session

from intelligence import Market, ThemeSet
from intelligence.files import from_json, to_json
from webapp.analysis.actions import TAKE_UP
from webapp.analysis.computed import Work, compute_row, failing, keep_result
from webapp.analysis.themes import arriving, building, comparing, computing, export, files, lessons, log, teaching
from webapp.analysis.themes.standing import standing_of
from webapp.db import Database, clock
from webapp.jobs import JobContext, job
from webapp.models import AnalysisPart, RunState, ThemeFile, ThemeFramework, ThemeLearning

_STATISTICS = text("ANALYZE theme_comment, theme_assignment")
"""Pages ask for thousands of new rows at once, and without statistics PostgreSQL reads all of them for each."""

NOT_TAKEN_UP = "Found, but not made ready to work on. What went wrong is in the server's log."
NOT_RENEWED = "The worker could not draw up advice and map anew. What went wrong is in the server's log."


def _not_taken_up(session: Session, *, part_id: str) -> None:
    part = session.get(AnalysisPart, uuid.UUID(part_id))
    if part is not None:
        part.failure = NOT_TAKEN_UP


@job(TAKE_UP, attempts=3, on_parked=_not_taken_up)
def take_up(context: JobContext, *, part_id: str) -> None:
    """Make a framework of a run's themes.

    Where somebody works on one already, only what is new is assigned to it. That takes a while, in which nobody is kept
    from acting.
    """
    with context.database.session() as session:
        part = session.get(AnalysisPart, uuid.UUID(part_id))
        if part is None or part.state is not RunState.FINISHED or part.result is None:
            return
        market = from_json(Market, part.run.inputs)
        comments = [comment for comment in market.comments if comment.question == part.subject]
        found = from_json(ThemeSet, part.result["value"])
        part.failure = None
        framework = building.framework_of(session, part)
        if framework is not None and framework.revision:
            comparison, seed = comparing.compare(session, framework, comments), part.run.seed
            session.commit()
            assigned, now = comparison.assign(seed=seed, threads=context.threads), clock(session)
            arriving.take_in(session, framework=framework, part=part, comparison=comparison, assigned=assigned, now=now)
        else:
            building.build(session, part, found, comments, framework)
        session.execute(_STATISTICS)
        context.complete(session)
        session.commit()


def _not_renewed(session: Session, *, framework_id: str) -> None:
    framework = session.get(ThemeFramework, uuid.UUID(framework_id))
    if framework is not None:
        framework.outlook_failure = NOT_RENEWED


@job(log.RENEW, attempts=3, on_parked=_not_renewed)
def renew(context: JobContext, *, framework_id: str) -> None:
    """Advice and map of a framework as it stands. Acts that come in meanwhile ask for another look."""
    key = uuid.UUID(framework_id)
    with context.database.session() as session:
        framework = session.get(ThemeFramework, key)
        if framework is None:
            return
        standing = standing_of(session, framework)
        session.expunge_all()
    outlook = to_json(computing.look_at(standing))
    with context.database.session() as session:
        framework = session.get_one(ThemeFramework, key)
        framework.outlook, framework.outlook_failure = outlook, None  # type: ignore[assignment]  # a dataclass is an object
        context.complete(session)
        session.commit()


@job(teaching.LEARN, attempts=2, on_parked=failing(ThemeLearning))
def learn(context: JobContext, *, learning_id: str) -> None:
    """Learn from what stands when the work begins."""
    compute_row(context, ThemeLearning, uuid.UUID(learning_id), partial(_lesson, context.threads))


def _lesson(threads: int, session: Session, asked: ThemeLearning) -> Work:
    return partial(computing.propose_rest, lessons.lesson_of(session, asked.framework), threads)


@job(files.WRITE, attempts=2, on_parked=failing(ThemeFile))
def write_file(context: JobContext, *, file_id: str) -> None:
    compute_row(context, ThemeFile, uuid.UUID(file_id), partial(_contents, context.database), _keep_file)


def _contents(database: Database, _session: Session, asked: ThemeFile) -> Work:
    """What stands at one moment, whatever colleagues do meanwhile."""
    with database.session() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        framework = session.get_one(ThemeFramework, asked.framework_id)
        found = export.contents(session, framework, files.Extent(asked.reads, asked.quotes), now=clock(session))
    return partial(export.written, found, asked.kind)


def _keep_file(file: ThemeFile, made: export.Written) -> None:
    keep_result(file, made.shown)
    file.content = made.content


@job("themes.remove_files", attempts=1, periodic=True)  # the next run does what this one could not
def remove_files(context: JobContext) -> None:
    with context.database.session() as session:
        removed = files.remove_old(session, now=clock(session))
        session.commit()
    context.logger.info("theme_files.removed", extra={"files": removed})
