"""A pasted list of people to invite: what each line says, and what is wrong with it."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.mail.addresses import RecipientError, address_of
from webapp.web.text import disguised_word, hides, revealed

MOST_LINES = 300
LONGEST = 200
LONGEST_ADDRESS = 254
SEPARATORS = ("\t", ";", ",")

_HEADINGS = (
    frozenset({"name", "full name", "contact", "contact name", "contact person", "person"}),
    frozenset({"email", "e mail", "email address", "e mail address", "contact email", "mail"}),
    frozenset(
        {"organisation", "organization", "organisation name", "provider", "provider name", "company", "supplier"}
    ),
)
"""What spreadsheets call a name, an address and an organisation."""
_PARTS = ("a name", "an email address", "an organisation")
_NAME_AND_ADDRESS = re.compile(r'"?([^"<>]+?)"? ?<([^<>]+)>')


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    name: str
    email: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Fault:
    number: int
    said: str
    """What stands in the line."""
    problem: str


@dataclass(frozen=True, slots=True)
class PastedList:
    good: tuple[Line, ...]
    faults: tuple[Fault, ...]
    left_out: str
    """The lines with faults as they were pasted, beneath the headings if there were some."""


def read(pasted: str, *, invited: Mapping[str, str]) -> PastedList:
    """`invited` says of each address that has an invitation already for which organisation, by casefolded address."""
    good: list[Line] = []
    faults: list[Fault] = []
    for number, cells in _rows(pasted):
        taken = {line.email.casefold() for line in good}
        problem = _problem(cells, taken=taken, invited=invited)
        if problem:
            faults.append(Fault(number, revealed(", ".join(cells))[:LONGEST], problem))
        else:
            name, email, organisation = cells
            good.append(Line(number, name, email, organisation))
    return PastedList(tuple(good), tuple(faults), _left_out(pasted, faults))


def _left_out(pasted: str, faults: Sequence[Fault]) -> str:
    if not faults:
        return ""
    number, first = next(_cells(pasted), (0, []))
    numbers = [fault.number for fault in faults]
    lines = pasted.splitlines()
    return "\n".join(lines[each - 1] for each in ([number] if _headings(first) else []) + numbers)


def _rows(pasted: str) -> Iterator[tuple[int, list[str]]]:
    """Name, address and organisation of every line that is not blank; in the order of the headings, if it has some."""
    lines = iter(_cells(pasted))
    number, first = next(lines, (0, []))
    places = _headings(first)
    if first and places is None:
        yield number, first
    for number, cells in lines:
        yield number, cells if places is None else [cells[place] if place < len(cells) else "" for place in places]


def _headings(cells: list[str]) -> list[int] | None:
    """Where a first line says that names, addresses and organisations stand, if it does."""
    words = [re.sub(r"[\W_]+", " ", cell).strip().casefold() for cell in cells]
    found = [next((place for place, word in enumerate(words) if word in known), None) for known in _HEADINGS]
    places = [place for place in found if place is not None]
    return places if len(places) == len(_HEADINGS) else None


def _cells(pasted: str) -> Iterator[tuple[int, list[str]]]:
    """Of every line that is not blank, cut at tabs, semicolons or commas: whichever a line has first."""
    for number, line in enumerate(pasted.splitlines(), 1):
        if line.strip():
            separator = next((each for each in SEPARATORS if each in line), ",")
            [cells] = csv.reader([line.strip(" ")], delimiter=separator, skipinitialspace=True)
            yield number, _address_apart([" ".join(cell.split()) for cell in cells])


def _address_apart(cells: list[str]) -> list[str]:
    """Of a name with its address in brackets, as mail programs copy people, and an organisation: all three."""
    together = _NAME_AND_ADDRESS.fullmatch(cells[0]) if len(cells) == 2 else None
    return [*together.groups(), cells[1]] if together else cells


def _problem(cells: list[str], *, taken: Collection[str], invited: Mapping[str, str]) -> str:
    """What is wrong with a line, if anything is."""
    if len(cells) != len(_PARTS):
        return "needs a name, an email address and an organisation, with commas between them"
    if missing := [part for part, cell in zip(_PARTS, cells, strict=True) if not cell]:
        return f"needs {' and '.join(missing)}"
    name, email, organisation = cells
    if max(len(name), len(organisation)) > LONGEST:
        return f"has a name of more than {LONGEST} characters"
    if hides(" ".join(cells)):
        return f"contains a character that cannot be seen: {revealed(' '.join(cells))[:80]}"
    if word := disguised_word(organisation):
        return f"has letters of another alphabet in “{word[:80]}”, so it could pass for another"
    if not _is_address(email) and (_is_address(name) or _is_address(organisation)):
        return "must have the email address in the middle: name, email address, organisation. Or begin with headings"
    if not _is_address(email):
        return f"“{email[:80]}” is not an email address"
    if email.casefold() in taken:
        return f"{email} is in the list twice"
    if email.casefold() in invited:
        return f"{email} has been invited already, for {invited[email.casefold()]}"
    return ""


def _is_address(email: str) -> bool:
    try:
        domain = address_of(email).domain
    except RecipientError:
        return False
    return "." in domain.strip(".") and len(email) <= LONGEST_ADDRESS


def addresses_in(pasted: str) -> Iterable[str]:
    """Whatever stands where an address belongs, to look up who of them has been invited."""
    return {cells[1].casefold() for _number, cells in _rows(pasted) if len(cells) > 1}
