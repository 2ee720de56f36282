"""Reaching this installation's database: the one that is named, or the embedded one, started when it is not running."""

from __future__ import annotations

import atexit
import logging

from config import Settings
from webapp.db import WEB, Database, Timeouts, migrate
from webapp.embedded_postgres import EmbeddedPostgres

log = logging.getLogger(__name__)


def database_url(settings: Settings) -> str:
    """Where the database is. An embedded server that this process started is stopped when the process ends."""
    if settings.database_url:
        return settings.database_url
    log.warning("embedded database used, DATABASE_URL is not set", extra={"folder": str(settings.data_folder)})
    server = EmbeddedPostgres(settings.data_folder / "postgres")
    url = server.start()
    atexit.register(server.stop)
    return url


def running_database_url(settings: Settings) -> str:
    """The same without starting anything. Raises EmbeddedPostgresError."""
    return settings.database_url or EmbeddedPostgres(settings.data_folder / "postgres").attach()


def open_database(settings: Settings, *, timeouts: Timeouts = WEB, application_name: str = "soundings") -> Database:
    """The database with its schema as this code needs it."""
    url = database_url(settings)
    migrate(url)
    return Database(url, timeouts=timeouts, application_name=application_name)
