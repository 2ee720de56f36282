"""What every row that the worker fills has in common."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Key, choice


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class Computed:
    """How far the row is, and what came out as JSON, which is read only where it is asked for."""

    state: Mapped[RunState] = mapped_column(choice(RunState, "state"), server_default=text("'waiting'"))
    progress: Mapped[float] = mapped_column(server_default=text("0"))
    failure: Mapped[str | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)

    @property
    def is_under_way(self) -> bool:
        return self.state in (RunState.WAITING, RunState.RUNNING)


class Stoppable(Computed):
    """A row whose computing officers can end."""

    id: Mapped[Key]
    stop_asked_at: Mapped[datetime | None]
    """When somebody asked it to end: a schedule with the best found so far, anything else without a result."""

    @property
    def was_stopped(self) -> bool:
        """Whether somebody ended it before it had a result."""
        return self.state is RunState.FAILED and self.stop_asked_at is not None


def computed_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_share"),
        CheckConstraint("(state = 'finished') = (result IS NOT NULL)", name="finished_with_a_result"),
    )
