"""The contracts look at the app as a whole, with the same client as the slices' tests and one world for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from config import Settings
from tests.webapp.conftest import client, settings
from tests.world import World, build
from webapp.app import create_app
from webapp.db import Database

__all__ = ["client", "settings"]


@pytest.fixture(scope="session")
def database(new_database: Callable[..., str]) -> Iterator[Database]:
    """The contracts' own, made once: none of them leaves anything changed."""
    database = Database(new_database(template=True))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def app(settings: Settings, database: Database) -> Flask:
    return create_app(settings, database)


@pytest.fixture(scope="session")
def world(database: Database, settings: Settings) -> World:
    return build(database, settings)
