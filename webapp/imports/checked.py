"""What a file holds once it is checked: its lines, its faults, and what each of its sheets is read as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.imports.headings import Unread
from webapp.imports.sheets import Key, Row, Sheet

MOST_FAULTS = 1_000
MOST_OFTEN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    sheet: str
    line: int
    """Of the file, counted from 1."""
    column: str
    found: str
    """What stands there."""
    reason: str
    of_headings: bool = False

    @property
    def told(self) -> str:
        return f"{self.column or 'These'} {self.reason}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file that has been read."""

    sheet: str
    """Where it stands, as faults name it."""
    number: int
    key: Key
    row: Row


class Why(StrEnum):
    """Why a sheet of a workbook is left out."""

    HIDDEN = "hidden"
    UNKNOWN = "unknown"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class SheetOfFile:
    """A sheet of the workbook, and what it is read as."""

    place: int
    """Among the sheets that have rows."""
    name: str
    rows: int
    sheet: Sheet | None
    left_out: Why | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    sheets: Sequence[tuple[Sheet, Sequence[Line]]]
    faults: Sequence[Fault]
    more_faults: bool
    """Whether there are more than are listed."""
    unread: Sequence[Unread] = ()
    sheets_of_file: Sequence[SheetOfFile] = ()
    """Of a workbook."""

    @property
    def often(self) -> list[tuple[Fault, int]]:
        """What is wrong alike in several lines, with their number: a search and replace mends each. Most first."""
        first: dict[tuple[str, ...], Fault] = {}
        for fault in self.faults:
            first.setdefault(_alike(fault), fault)
        numbers = Counter(map(_alike, self.faults)).most_common(MOST_OFTEN)
        return [(first[alike], number) for alike, number in numbers if number > 1]

    @property
    def unknown(self) -> list[SheetOfFile]:
        """Those that are left out only if somebody agrees."""
        return [each for each in self.sheets_of_file if each.left_out is Why.UNKNOWN]


def _alike(fault: Fault) -> tuple[str, ...]:
    return fault.sheet, fault.column, fault.found, fault.reason
