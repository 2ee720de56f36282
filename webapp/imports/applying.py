"""Writing what a checked file says into the programme: new rows, and changes of those that are named again.

An empty cell leaves what stands; a row that the file does not name stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from webapp.imports.checked import Checked, Line
from webapp.imports.sheets import SHEETS, Key, Sheet
from webapp.imports.standing import Standing
from webapp.models import (
    Blackout,
    BoardDate,
    Contract,
    Lot,
    Need,
    Partner,
    Procurement,
    Programme,
    ServiceLine,
    Site,
    Unit,
)
from webapp.web.text import seen

_NEW: dict[str, Callable[[uuid.UUID], Any]] = {
    "sites": lambda programme_id: Site(id=uuid.uuid4(), programme_id=programme_id),
    "service_lines": lambda programme_id: ServiceLine(id=uuid.uuid4(), programme_id=programme_id),
    "units": lambda programme_id: Unit(id=uuid.uuid4()),
    "needs": lambda programme_id: Need(id=uuid.uuid4(), programme_id=programme_id),
    "contracts": lambda programme_id: Contract(id=uuid.uuid4(), programme_id=programme_id),
    "procurements": lambda programme_id: Procurement(id=uuid.uuid4(), programme_id=programme_id),
    "lots": lambda programme_id: Lot(id=uuid.uuid4()),
    "partners": lambda programme_id: Partner(id=uuid.uuid4(), programme_id=programme_id),
    "board_dates": lambda programme_id: BoardDate(id=uuid.uuid4(), programme_id=programme_id),
    "blackouts": lambda programme_id: Blackout(id=uuid.uuid4(), programme_id=programme_id),
}
LINKS = ("site", "service_line", "procurement", "units")
"""The cells that name other rows."""
_PLACED = ("sites", "service_lines", "procurements")
"""Whose rows stand in an order of their own."""


def apply(session: Session, *, programme: Programme, checked: Checked, standing: Standing) -> list[Any]:
    """In the order in which rows refer to each other; the rows that the file names."""
    written: list[Any] = []
    rows = {slug: dict(known) for slug, known in standing.rows.items()}
    order = [sheet.slug for sheet in SHEETS]
    for sheet, lines in sorted(checked.sheets, key=lambda each: order.index(each[0].slug)):
        with session.no_autoflush:  # a row is whole only when all it refers to is set
            written += _apply_sheet(session, programme, sheet, lines, rows)
        session.flush()
    return written


def _apply_sheet(
    session: Session, programme: Programme, sheet: Sheet, lines: Iterable[Line], rows: dict[str, dict[Key, Any]]
) -> list[Any]:
    written = []
    known = rows[sheet.slug]
    place = max((row.position for row in known.values()), default=0) if sheet.slug in _PLACED else 0
    for line in lines:
        row = known.get(line.key)
        if row is None:
            row = known[line.key] = _NEW[sheet.slug](programme.id)
            session.add(row)
            if sheet.slug in _PLACED:
                place += 1
                row.position = place
        _write(row, line, rows)
        written.append(row)
    return written


def _write(row: Any, line: Line, rows: dict[str, dict[Key, Any]]) -> None:
    before = {name: getattr(row, name) for name in _plain(line)}
    for name, value in _plain(line).items():
        setattr(row, name, value)
    linked = _link(row, line, rows)
    if row.__dict__.get("revision") is not None and (linked or before != _plain(line)):
        row.revision += 1


def _plain(line: Line) -> dict[str, Any]:
    """The cells that are filled in and stand in the row as they are."""
    return {name: value for name, value in line.row.items() if value is not None and name not in LINKS}


def _link(row: Any, line: Line, rows: dict[str, dict[Key, Any]]) -> bool:
    """Set what the line refers to; whether that changes anything."""
    changed = False
    for name, slug in (("site", "sites"), ("service_line", "service_lines"), ("procurement", "procurements")):
        named = line.row.get(name)
        if named is None:
            continue
        target = rows[slug][(seen(named),)]
        if getattr(row, f"{name}_id") != target.id:
            if name == "procurement":
                row.position = max((lot.position for lot in target.lots if lot.position), default=0) + 1
            setattr(row, name, target)
            changed = True
    if line.row.get("units") is not None:
        units = [rows["units"][service] for service in line.row["units"]]
        changed = changed or {unit.id for unit in row.units} != {unit.id for unit in units}
        row.units = units
    return changed
