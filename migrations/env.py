"""Runs migrations on the connection that webapp.db gives, or for the alembic command on DATABASE_URL."""

import logging
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection

from config import Settings
from webapp.db import MIGRATION, create_engine_for
from webapp.models import Base

log = logging.getLogger("webapp.migrations")

JOB_TABLES = "procrastinate_"  # made by 0002 from the library's own schema


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(JOB_TABLES)


def number(migration: MigrationContext, revision: object, directives: list[MigrationScript]) -> None:
    """Name a new migration by the next number rather than by a random one."""
    head = context.script.get_current_head()
    directives[0].rev_id = f"{int(head or 0) + 1:04d}"


def tell(*, step: MigrationInfo, **_others: Any) -> None:
    """A schema may take minutes to change, and whoever waits wants to know how far it is."""
    log.info("schema.changed", extra={"revision": next(iter(step.destination_revision_ids), "base")})


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=is_ours,
        compare_server_default=True,
        transaction_per_migration=True,
        process_revision_directives=number,
        on_version_apply=tell,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = Settings.from_environment().database_url
    if context.is_offline_mode() or not url:
        raise SystemExit("migrations run on a database: set DATABASE_URL")
    with create_engine_for(url, timeouts=MIGRATION).connect() as own:
        run(own)
