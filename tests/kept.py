"""What takes long to build is built once, and brought back as it was for each test that wants it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests import all_rows
from tests.world import World
from webapp.db import Database

Told = TypeVar("Told")
WorldOf = Callable[..., World]
"""Takes what is special about the wanted one: its number of lots, or that it is not analysed."""


@dataclass(frozen=True)
class _Kept:
    rows: all_rows.Rows
    told: bytes
    """Pickled, so that each test has people of its own, who carry nothing of what another did with them."""


class Keeper:
    """Whichever test is the first to want something, it has the ids that `seed` draws, and each test finds it alike."""

    def __init__(self, ids: Random, seed: int) -> None:
        self._ids, self._seed = ids, seed
        self._kept: dict[str, _Kept] = {}

    def bring_back(self, database: Database, name: str, build: Callable[[], Told]) -> Told:
        """What `build` tells of what it has put into a database that held nothing, with that in the database again."""
        with database.engine.begin() as connection:
            assert all_rows.copied(connection) == (), f"the {name} is the first thing that a test makes"
        if name not in self._kept:
            self._kept[name] = self._built(database, name, build)
        kept = self._kept[name]
        with database.engine.begin() as connection:
            all_rows.bring_back(connection, kept.rows)
        told: Told = pickle.loads(kept.told)  # noqa: S301 - pickled here
        return told

    def _built(self, database: Database, name: str, build: Callable[[], Told]) -> _Kept:
        drawn = self._ids.getstate()
        self._ids.seed(f"{self._seed} {name}")
        told = build()
        self._ids.setstate(drawn)
        with database.engine.begin() as connection:
            rows = all_rows.copied(connection)
            all_rows.empty(connection)
        return _Kept(rows, pickle.dumps(told))
