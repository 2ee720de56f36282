"""Writing how far a computation is, for the page that shows it."""

from __future__ import annotations

import time
import uuid

from webapp.db import Database
from webapp.models import Computed

SECONDS_BETWEEN_REPORTS = 0.5


class Reporter:
    """Writes the progress of one row, but not so often that it costs anything."""

    def __init__(self, database: Database, model: type[Computed], key: uuid.UUID) -> None:
        self._database = database
        self._model = model
        self._key = key
        self._next = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SECONDS_BETWEEN_REPORTS
        with self._database.session() as session:
            session.get_one(self._model, self._key).progress = min(max(share, 0.0), 1.0)
            session.commit()
