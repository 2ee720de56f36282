"""How the service is, for whoever watches it: its schema, its workers, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.db import alembic_config
from webapp.jobs import worker_is_at_work

LATE, LATE_MAIL = 5, 15
"""Minutes after which jobs call for somebody. A mail server may put new senders off for a while."""

_DUE_FOR = text("""
    SELECT count(*) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
    WHERE j.status = 'todo' AND j.queue_name <> 'mail'
    AND greatest(e.at, j.scheduled_at) < now() - :minutes * interval '1 minute'
""")
_MAIL_SINCE = text("""
    SELECT count(*) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
    WHERE j.status IN ('todo', 'doing') AND j.task_name = 'mail.deliver'
    AND e.at < now() - :minutes * interval '1 minute'
""")
_PARKED = text("""
    SELECT task_name, count(*) FROM procrastinate_jobs
    WHERE status = 'failed' AND queueing_lock IS DISTINCT FROM task_name
    AND task_name NOT IN ('disposal.carry_out', 'disposal.warn')
    GROUP BY task_name ORDER BY task_name
""")  # a periodic one, which is locked by its own name, has been followed by the next, and a disposal is tried again
_DISPOSALS = text("""
    SELECT count(*) FROM disposal
    WHERE failures > 0 AND stopped_at IS NULL AND done_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Finding:
    is_well: bool
    says: str


def findings(session: Session) -> Iterator[Finding]:
    """Nothing further where the schema is another, since the rest is asked of its tables."""
    needed, found = ScriptDirectory.from_config(alembic_config()).get_current_head(), _schema(session)
    if found != needed:
        yield Finding(False, f"the schema is {found or 'not there'}, and this code needs {needed}")
        return
    yield Finding(True, f"the schema is {found}, as this code needs it")
    at_work = worker_is_at_work(session)
    yield Finding(at_work, "a worker is at work" if at_work else "no worker has given a sign lately")
    late = session.scalar(_DUE_FOR, {"minutes": LATE})
    yield Finding(not late, f"{late or 'no'} jobs have been due for more than {LATE} minutes")
    mail = session.scalar(_MAIL_SINCE, {"minutes": LATE_MAIL})
    yield Finding(not mail, f"{mail or 'no'} emails have waited for more than {LATE_MAIL} minutes")
    parked = session.execute(_PARKED).all()
    yield Finding(not parked, f"{', '.join(f'{count} {name}' for name, count in parked) or 'no'} jobs are parked")
    failed = session.scalar(_DISPOSALS)
    yield Finding(not failed, f"{failed or 'no'} disposals have failed and are not done")


def _schema(session: Session) -> str | None:
    if session.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    version: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return version
