"""Worlds that are built once, and brought back as they were for each test that wants one."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from config import Settings
from tests import all_rows
from tests.world import World, build
from webapp.db import Database

WorldOf = Callable[..., World]
"""Takes what is special about the wanted one: its number of lots, or that it is not analysed."""


@dataclass(frozen=True)
class _Kept:
    pickled: bytes
    """So that each test has people of its own, who carry nothing of what another did with them."""
    rows: all_rows.Rows


class WorldKeeper:
    """Whichever test is the first to want a world, it has the ids that `seed` draws, and every test finds it alike."""

    def __init__(self, settings: Settings, ids: Random, seed: int) -> None:
        self._settings, self._ids, self._seed = settings, ids, seed
        self._kept: dict[tuple[int, bool], _Kept] = {}

    def world(self, database: Database, *, lots: int = 2, analysed: bool = True) -> World:
        """As `tests.world.build` builds it, at a tenth of the price, in a database that holds nothing."""
        with database.engine.begin() as connection:
            assert all_rows.copied(connection) == (), "a world is the first thing that a test makes"
        if (lots, analysed) not in self._kept:
            self._kept[lots, analysed] = self._built(database, lots, analysed)
        kept = self._kept[lots, analysed]
        with database.engine.begin() as connection:
            all_rows.bring_back(connection, kept.rows)
        world: World = pickle.loads(kept.pickled)  # noqa: S301 - pickled here
        return world

    def _built(self, database: Database, lots: int, analysed: bool) -> _Kept:
        drawn = self._ids.getstate()
        self._ids.seed(f"{self._seed} {lots} {analysed}")
        world = build(database, self._settings, lots=lots, analysed=analysed)
        self._ids.setstate(drawn)
        with database.engine.begin() as connection:
            rows = all_rows.copied(connection)
            all_rows.empty(connection)
        return _Kept(pickle.dumps(world), rows)
