"""Many rows in few statements, each of a size that a web request's patience allows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, column, func, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from webapp.models import Base

ROWS_AT_ONCE = 5_000


def insert_all(session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *, unless: str = "") -> None:
    """Insert rows that all name the same columns; `unless` names a constraint whose conflicts are passed over.

    Rows without an `id` get one where the table has ids.
    """
    for some in chunks(rows):
        given, names = _recordset(model, some), list(some[0])
        if "id" in model.__table__.c and "id" not in names:
            given, names = given.add_columns(func.gen_random_uuid()), [*names, "id"]
        if unless:
            session.execute(upsert(model).from_select(names, given).on_conflict_do_nothing(constraint=unless))
        else:
            session.execute(insert(model).from_select(names, given, include_defaults=False))


def chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


def _recordset(model: type[Base], rows: Sequence[dict[str, Any]]) -> Any:
    """The rows as a statement that gives them: one text, however many they are."""
    table = model.__table__
    typed: list[ColumnElement[Any]] = [column(name, table.c[name].type) for name in rows[0]]
    written = cast(literal(json.dumps(rows, default=str), Text), JSONB)
    given = func.jsonb_to_recordset(written).table_valued(*typed, name="given").render_derived(with_types=True)
    return select(*given.c)
