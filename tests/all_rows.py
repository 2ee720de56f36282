"""All rows of a database at once: emptied, copied, and brought back as they were."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

Rows = tuple[tuple[str, bytes], ...]
"""Each table that holds any, and these as PostgreSQL writes them out."""


def tables(connection: Connection) -> Sequence[str]:
    """All but what says which version the schema has."""
    named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    return connection.scalars(text(named)).all()


def empty(connection: Connection) -> None:
    """Empty every table, by DELETE: TRUNCATE makes the files of tables and indexes anew, at thirty times the price."""
    _pass_by_triggers(connection)
    connection.execute(text("; ".join(f'DELETE FROM "{name}"' for name in tables(connection))))  # noqa: S608 - ours


def copied(connection: Connection) -> Rows:
    written: list[tuple[str, bytes]] = []
    for name in tables(connection):
        with connection.connection.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
            written.append((name, b"".join(copy)))
    return tuple((name, rows) for name, rows in written if rows)


def bring_back(connection: Connection, rows: Rows) -> None:
    """Into tables that hold nothing."""
    _pass_by_triggers(connection)
    for name, written in rows:
        with connection.connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
            copy.write(written)


def _pass_by_triggers(connection: Connection) -> None:
    """As a replica's session does, for this transaction: by those that keep records as they are, which stay in force
    elsewhere, and by those that look after references."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
