"""Writing once what is sent twice: by a double click, a reload, or a page that was kept open."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


class WrittenAlreadyError(Exception):
    """A row with this key is there; the transaction is rolled back."""


def add_once(session: Session, *rows: Any) -> None:
    """Add rows of one table whose keys say what they came from. Raises WrittenAlreadyError."""
    session.add_all(rows)
    try:
        session.flush()
    except IntegrityError as error:
        broken = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
        if broken not in {f"pk_{row.__tablename__}" for row in rows}:
            raise
        session.rollback()
        raise WrittenAlreadyError from error
