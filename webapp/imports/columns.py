"""Reading one cell: as a workbook has it by its type, or as people write it in text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from webapp.imports.reading_workbook import NOT_WORKED_OUT
from webapp.imports.tables import Cell
from webapp.web.dates import month_number
from webapp.web.numbers import NumberError, parse_money, parse_number
from webapp.web.text import disguised_word, hides, is_storable, revealed, seen, simplified
from webapp.web.validators import is_email_address

Parse = Callable[[Cell], Any]
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_BRITISH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.,-]+(\d{4}|\d\d)(?: 0?0:00(?::00)?)?"
)
_MONTHS = re.compile(r"([0-9]{1,3})[\s-]*(months?|mths?|years?|yrs?)(?:['’]?s?\s+notice)?", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,\n]")
"""Stands between services, and in no code."""
_CENTURY = 2000
"""Of years with two digits: what is planned, and what ran lately."""
ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!")
)
"""What a workbook shows where a formula fails."""
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})


class CellError(ValueError):
    """Says what a cell must be, as "must be a date, like 31/03/2028"."""


@dataclass(frozen=True, slots=True)
class Column:
    """`attribute` is that of the row; `title` stands in the header."""

    attribute: str
    title: str
    parse: Parse
    example: str
    required: bool = False
    also: frozenset[str] = frozenset()
    """What registers call it as well, simplified."""

    def places(self, header: Sequence[str]) -> list[int]:
        """Where a header has it, which should be once: by its title, or else by another name."""
        title = simplified(self.title)
        names = {title} if title in header else self.also
        return [place for place, name in enumerate(header) if name in names]


def text(most: int) -> Parse:
    """What names something."""
    several = lines(most)

    def parse(cell: Cell) -> str:
        written: str = several(cell)
        if hides(written):
            raise CellError(f"contains a character that cannot be seen: {revealed(written)}")
        return written

    return parse


def organisation(most: int) -> Parse:
    """Its name, by which it must not pass for another."""
    named = text(most)

    def parse(cell: Cell) -> str:
        written: str = named(cell)
        if word := disguised_word(written):
            raise CellError(f"has letters of another alphabet in “{word}”, so it could pass for another")
        return written

    return parse


def lines(most: int) -> Parse:
    """What tells of something, in as many lines as it takes."""

    def parse(cell: Cell) -> str:
        written = as_text(cell)
        if len(written) > most:
            raise CellError(f"must be {most:,} characters or fewer")
        if not is_storable(written):
            raise CellError("contains a character that cannot be kept")
        return written

    return parse


def email(cell: Cell) -> str:
    written = as_text(cell)
    if not is_email_address(written):
        raise CellError("must be an email address, like name@example.com")
    return written


def whole(least: int, most: int) -> Parse:
    def parse(cell: Cell) -> int:
        return int(_number(cell, 0, Decimal(least), Decimal(most)))

    return parse


def months_in_words(most: int) -> Parse:
    """With its unit, like 12 months or 1 year: 30 may well be days."""

    def parse(cell: Cell) -> int:
        match = _MONTHS.fullmatch(as_text(cell))
        if match is None:
            raise CellError("must be in months or years, like 12 months")
        found = int(match[1]) * (12 if match[2][0] in "yY" else 1)
        if found > most:
            raise CellError(f"must be {most} months or fewer")
        return found

    return parse


def decimal(places: int, most: Decimal | int) -> Parse:
    def parse(cell: Cell) -> Decimal:
        return _number(cell, places, Decimal(0), Decimal(most))

    return parse


def money(most: Decimal | int) -> Parse:
    """Pounds, written out or for short: 1250000, £1.25m, £850k."""

    def parse(cell: Cell) -> Decimal:
        return _in_words(lambda: parse_money(_written(cell), minimum=Decimal(0), maximum=Decimal(most)))

    return parse


def day(cell: Cell) -> date:
    match cell:
        case datetime():
            found = cell.date()
        case date():
            found = cell
        case _:
            found = _day(as_text(cell))
    if not _EARLIEST <= found <= _LATEST:
        raise CellError(f"must have a year between {_EARLIEST.year} and {_LATEST.year}")
    return found


def yes_or_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    written = as_text(cell).casefold()
    if written in YES | NO:
        return written in YES
    raise CellError("must be yes or no")


def one_of(labels: Mapping[Any, str]) -> Parse:
    """A member of an enumeration, by its label or its code."""
    known = {simplified(label): member for member, label in labels.items()}
    known |= {simplified(member.value): member for member in labels if isinstance(member, StrEnum)}
    offered = ", ".join(labels.values())

    def parse(cell: Cell) -> Any:
        found = known.get(simplified(as_text(cell)))
        if found is None:
            raise CellError(f"must be one of: {offered}")
        return found

    return parse


def services(cell: Cell) -> tuple[tuple[str, str], ...]:
    """Codes of site and service line, like "LIV/dental; HAV/dental", as the keys of both have them."""
    found = []
    for written in filter(None, map(str.strip, _BETWEEN.split(as_text(cell)))):
        site, slash, line = (piece.strip() for piece in written.partition("/"))
        if not (site and slash and line):
            raise CellError("must be codes of site and service line, like LIV/dental; HAV/dental")
        found.append((seen(site), seen(line)))
    return tuple(dict.fromkeys(found))


def refuse_error(cell: Cell) -> None:
    """Raises CellError where a formula of a workbook has come to nothing."""
    if cell == NOT_WORKED_OUT:
        raise CellError("is a formula that was never worked out. Open the workbook in Excel, save it and send it again")
    if cell in ERRORS:
        raise CellError("is the error of a formula. Correct the formula, or type the value")


def as_text(cell: Cell) -> str:
    """As a person writes it: a workbook's 12.0 is 12, and its day 31/03/2028."""
    match cell:
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if (cell.hour, cell.minute, cell.second) != (0, 0, 0):
            return f"{cell:%d/%m/%Y %H:%M}"
        case date():  # a workbook has no days, only midnights
            return f"{cell:%d/%m/%Y}"
        case _:
            return str(cell).strip()


def _number(cell: Cell, places: int, least: Decimal, most: Decimal) -> Decimal:
    return _in_words(lambda: parse_number(_written(cell), places=places, minimum=least, maximum=most))


def _written(cell: Cell) -> str:
    return str(Decimal(str(cell))) if isinstance(cell, int | float) and not isinstance(cell, bool) else as_text(cell)


def _in_words(read: Callable[[], Decimal]) -> Decimal:
    try:
        return read()
    except NumberError as problem:
        raise CellError(problem.about("").strip()) from problem


def _day(written: str) -> date:
    try:
        if match := _ISO.fullmatch(written):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if (match := _BRITISH.fullmatch(written)) and (month := month_number(match[2])):
            year = int(match[3])
            return date(year if year > 99 else _CENTURY + year, month, int(match[1]))
    except ValueError as problem:
        raise CellError("must be a real date") from problem
    raise CellError("must be a date, like 31/03/2028 or 2028-03-31")
