"""What is under way: what a schedule has found so far, for the page that shows it, and whether it was asked to end."""

from __future__ import annotations

import time
import uuid

from sqlalchemy import select, update

from intelligence.compute import Progress
from webapp.db import Database
from webapp.models import Stoppable

SECONDS_BETWEEN = 0.5
LONGEST = 3600.0
"""Seconds after which any search ends; its own limit is counted work, which comes far sooner."""
STOPPED = "Stopped before it was finished."


class StoppedError(Exception):
    """Somebody asked for what is computed to end."""


class Watch:
    """Both are asked and told far more often than the database is."""

    def __init__(self, database: Database, model: type[Stoppable], key: uuid.UUID) -> None:
        self._database, self._model, self._key = database, model, key
        self._ends = time.monotonic() + LONGEST
        self._told = self._asked = 0.0
        self._is_to_end = False

    def found(self, cost: int, bound: int) -> None:
        if time.monotonic() < self._told:
            return
        self._told = time.monotonic() + SECONDS_BETWEEN
        with self._database.session() as session:
            found = {"best_cost": cost, "best_bound": bound}
            session.execute(update(self._model).where(self._model.id == self._key).values(found))
            session.commit()

    def time_left(self) -> float:
        """Seconds until the search must end; none once somebody asked it to."""
        return 0.0 if self._asked_to_end() else max(0.0, self._ends - time.monotonic())

    def ending(self, report: Progress) -> Progress:
        """`report`, for what has no result before its end: it raises StoppedError once somebody asked it to end."""

        def progress(share: float) -> None:
            report(share)
            if self._asked_to_end():
                raise StoppedError

        return progress

    def _asked_to_end(self) -> bool:
        if not self._is_to_end and time.monotonic() >= self._asked:
            self._asked = time.monotonic() + SECONDS_BETWEEN
            with self._database.session() as session:
                asked_at = session.scalar(select(self._model.stop_asked_at).where(self._model.id == self._key))
            self._is_to_end = asked_at is not None
        return self._is_to_end
