"""The releases in a release package or a record package. Nothing about the file is taken on trust."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.imports.checked import MOST_FAULTS, Fault
from webapp.past_procurements.ocds.values import Node
from webapp.web.text import show

MOST_RELEASES = 50_000
MOST_LEVELS = 30
"""Of objects and lists within each other. Real releases have about ten."""
_MOST_SHOWN = 200
_LARGEST = 10**30
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Neither has a form in the database. What else has no place in a page is replaced when it is shown."""


class UnreadablePackageError(Exception):
    """The file cannot be taken; the message says why, as "The file ..."."""


@dataclass(frozen=True, slots=True)
class Release:
    number: int
    """Its place in the file, counted from 1."""
    ocid: str
    id: str
    published_at: datetime
    content: dict[str, Any]


class Faults:
    """What is wrong with a file, up to the number that anybody reads."""

    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self.more = False
        self._known: set[tuple[str, int, str]] = set()

    def add(self, subject: str, number: int, path: str, found: object, reason: str) -> None:
        """A value that is looked at twice is wrong once."""
        if (subject, number, path) in self._known:
            return
        if len(self.listed) >= MOST_FAULTS:
            self.more = True
            return
        written = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
        self._known.add((subject, number, path))
        self.listed.append(Fault(show(subject), number, show(path), show(written[:_MOST_SHOWN]), reason))


def looks_like_json(content: bytes) -> bool:
    """In UTF-8, or in UTF-16, of which `parse` says what is wrong."""
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"{", b"[")


def parse(content: bytes) -> list[Any]:
    """The releases and records of a package, not yet looked at. Raises UnreadablePackageError."""
    try:
        package = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as problem:
        raise UnreadablePackageError("The file must be in UTF-8") from problem
    except RecursionError as problem:
        raise UnreadablePackageError(f"The file has more than {MOST_LEVELS} levels of objects") from problem
    except json.JSONDecodeError as problem:
        reason = f"The file is not JSON: line {problem.lineno}, column {problem.colno} cannot be read"
        raise UnreadablePackageError(reason) from problem
    except ValueError as problem:
        raise UnreadablePackageError(f"The file is not JSON: {problem}") from problem
    parts = package.get("releases", package.get("records")) if isinstance(package, dict) else None
    if not isinstance(parts, list):
        raise UnreadablePackageError("The file must be an OCDS release package or record package")
    if not parts:
        raise UnreadablePackageError("The file has no releases")
    if len(parts) > MOST_RELEASES:
        raise UnreadablePackageError(f"The file has more than {MOST_RELEASES:,} releases or records")
    return parts


def releases(parts: list[Any], faults: Faults) -> Iterator[Release]:
    """Those that can be used; what is wrong with the others is added to the faults."""
    for number, part in enumerate(parts, 1):
        misfit = _misfit(part)
        if misfit is not None:
            faults.add("", number, "", "", misfit)
        elif _is_record(part):
            yield from _of_record(part, number, faults)
        else:
            yield from _release(part, number, faults)


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is not a number")


def _is_record(part: dict[str, Any]) -> bool:
    return "compiledRelease" in part or isinstance(part.get("releases"), list)


def _of_record(record: dict[str, Any], number: int, faults: Faults) -> Iterator[Release]:
    """The releases of a record where it has them whole, and else what their publisher compiled from them."""
    found = record.get("releases")
    whole = [each for each in found if isinstance(each, dict) and "id" in each] if isinstance(found, list) else []
    if not whole and not isinstance(record.get("compiledRelease"), dict):
        reason = "has only links to its releases. Take a package that has the releases or a compiled release"
        faults.add(str(record.get("ocid", "")), number, "releases", "", reason)
    for release in whole or [each for each in [record.get("compiledRelease")] if isinstance(each, dict)]:
        yield from _release(release, number, faults)


def _release(content: dict[str, Any], number: int, faults: Faults) -> Iterator[Release]:
    ocid = content.get("ocid")
    named = ocid if isinstance(ocid, str) else ""

    def report(path: str, found: object, reason: str) -> None:
        faults.add(named, number, path, found, reason)

    node = Node(content, "", report)
    before = len(faults.listed)
    ocid, identifier, published_at = node.text("ocid"), node.text("id"), node.moment("date")
    if len(faults.listed) > before:
        return
    for name, value in (("ocid", ocid), ("id", identifier), ("date", published_at)):
        if not value:
            report(name, "", "must be filled in")
    if ocid and identifier and published_at:
        yield Release(number, ocid, identifier, published_at, content)


def _misfit(part: Any) -> str | None:
    """Why the part cannot be kept, if it cannot. Looks at every value in it, one level after another."""
    if not isinstance(part, dict):
        return "must be an object"
    level: list[Any] = [part]
    for _ in range(MOST_LEVELS):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.values())
                below.extend(value)
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and _UNSTORABLE.search(value):
                return "contains a character that cannot be kept"
            elif isinstance(value, int | float) and not abs(value) < _LARGEST:
                return "contains a number that is too large"
        if not below:
            return None
        level = below
    return f"has more than {MOST_LEVELS} levels of objects"
