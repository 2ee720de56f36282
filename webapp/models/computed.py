"""What every row that the worker fills has in common."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import choice


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


def computed_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_share"),
        CheckConstraint("(state = 'finished') = (result IS NOT NULL)", name="finished_with_a_result"),
    )
