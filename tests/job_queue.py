"""What the job queue holds, and putting a parked job back as docs/how-to/run-the-service.md tells administrators to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from procrastinate.jobs import Status
from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class JobState:
    id: int
    task_name: str
    status: Status
    attempts: int  # those that have ended
    args: dict[str, Any]
    lock: str | None


def job_states(session: Session) -> tuple[JobState, ...]:
    """Every job, the oldest first."""
    rows = session.execute(
        text("SELECT id, task_name, status, attempts, args, lock FROM procrastinate_jobs ORDER BY 1")
    )
    return tuple(JobState(*row[:2], Status(row.status), *row[3:]) for row in rows)


def pending(session: Session) -> tuple[JobState, ...]:
    """The jobs that wait or run."""
    return tuple(state for state in job_states(session) if state.status in (Status.TODO, Status.DOING))


def put_back(session: Session, job_id: int) -> None:
    session.execute(text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)"), {"id": job_id})
