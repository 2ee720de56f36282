"""A real PostgreSQL for every test worker, and a clean database for every test that asks for one."""

from __future__ import annotations

import gc
import os
import random
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from tests.all_rows import empty
from tests.pseudo_locale import write_translation
from webapp.db import Database, migrate
from webapp.embedded_postgres import EmbeddedPostgres

CARELESS = {
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}  # nobody keeps this data
IDS = random.Random()  # noqa: S311 - tests keep no secrets
EMPTIED = count(1)
VACUUMED_EVERY = 40
"""Emptied tables, not while a test runs: rows without an order come in that in which they were written."""

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of ours
settings.register_profile("search", patient)
settings.register_profile("steady", patient, derandomize=True)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Draw the ids of a test's rows anew from the seed of the run and the name of the test, as pytest-randomly does."""
    IDS.seed(f"{item.config.getoption('randomly_seed')} {item.nodeid}")


@pytest.fixture(scope="session", autouse=True)
def drawn_ids() -> Iterator[random.Random]:
    """What is simulated follows the ids of lots and providers: let a test see the same figures whenever it runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uuid.os", SimpleNamespace(urandom=IDS.randbytes))
        yield IDS


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Importing everything makes millions of objects that stay: spare the garbage collector counting them again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what computes and walks, so that no worker is left alone with a long file at the end.

    Browser tests may fail once: a browser on a busy machine has troubles of its own. The run says how many were rerun.
    """
    items.sort(key=lambda item: item.nodeid.startswith("tests/webapp/"))
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile each template once, however many apps the test workers of a run make: their folders lie in one."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.fixture(scope="session")
def pseudo_translation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that has it: written, and read by the service, once for each test worker."""
    folder = tmp_path_factory.mktemp("translations")
    write_translation(folder)
    return folder


@pytest.fixture(scope="session")
def server_url() -> Iterator[URL]:
    """A server of this test worker's own, unless DATABASE_URL_TESTS names one (with a superuser's rights)."""
    if given := os.environ.get("DATABASE_URL_TESTS"):
        yield make_url(given)
        return
    # Not in pytest's own folder, which root's server could only use from within a user namespace.
    folder = Path(tempfile.gettempdir()) / f"soundings-{secrets.token_hex(6)}"
    try:
        with EmbeddedPostgres(folder, settings=CARELESS) as server:
            yield make_url(server.url("postgres"))
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_database(server_url: URL) -> Iterator[Callable[..., str]]:
    """Makes databases: empty ones, or with template=True ones that have the schema, at a tenth of the price."""
    made: list[str] = []

    def run(statement: str) -> None:
        with psycopg.connect(server_url.set(drivername="postgresql").render_as_string(False), autocommit=True) as link:
            link.execute(statement)

    def url_of(name: str) -> str:
        return server_url.set(database=name).render_as_string(hide_password=False)

    def create(*, template: bool = False) -> str:
        name = f"test_{os.getpid()}_{len(made)}"
        made.append(name)
        run(f"CREATE DATABASE {name} TEMPLATE {made[0] if template else 'template0'}")
        return url_of(name)

    migrate(create())
    yield create
    for name in reversed(made):
        run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def database_url(new_database: Callable[..., str]) -> str:
    return new_database(template=True)


@pytest.fixture(scope="session")
def session_database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def database(session_database: Database) -> Iterator[Database]:
    """The database, holding nothing; what the test commits is gone afterwards."""
    with session_database.engine.connect() as connection:
        before = write_position(connection)
    yield session_database
    with session_database.engine.begin() as connection:
        written = write_position(connection) != before
        if written:
            empty(connection)
    if written and next(EMPTIED) % VACUUMED_EVERY == 0:
        with session_database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as session:
        yield session


def write_position(connection: Connection) -> str:
    """Where the server's log stands: it moves on with every write, whoever makes it."""
    return str(connection.scalar(text("SELECT pg_current_wal_insert_lsn()")))
