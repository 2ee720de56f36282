"""Calendar files: moments in, RFC 5545 text out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

PRODUCT = "-//Soundings//Market engagements//EN"
MOST_OCTETS = 75
"""In a line, without its line break (section 3.1)."""
_ESCAPED = re.compile(r"[\\;,]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Status(StrEnum):
    """How sure a moment is (section 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happens at one moment. `uid` stays the same and `revision` grows when it is moved or cancelled."""

    uid: str
    at: datetime
    title: str
    description: str
    address: str
    """A web page about it."""
    revision: int = 0
    status: Status | None = None


def calendar(moments: Iterable[Moment], *, name: str, written_at: datetime) -> bytes:
    """A calendar that programs can import or read again; every time is in UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for moment in moments:
        lines += _event(moment, written_at)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(moment: Moment, written_at: datetime) -> Iterator[str]:
    """Without an end, an event with a time of day takes none (section 3.6.1) and leaves the day free."""
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(moment.uid)}"
    yield f"DTSTAMP:{_utc(written_at)}"
    yield f"SEQUENCE:{moment.revision}"
    yield f"DTSTART:{_utc(moment.at)}"
    yield f"SUMMARY:{_text(moment.title)}"
    yield f"DESCRIPTION:{_text(moment.description)}"
    if moment.status is not None:
        yield f"STATUS:{moment.status}"
    yield f"URL:{_CONTROL.sub('', _LINE_BREAK.sub('', moment.address))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _utc(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a time without a zone has no place in a calendar")
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    r"""A value of type TEXT (section 3.3.11).

    >>> _text("Lots 1, 2; and\nmore")
    'Lots 1\\, 2\\; and\\nmore'
    """
    escaped = _ESCAPED.sub(lambda match: "\\" + match[0], value)
    return _CONTROL.sub("", _LINE_BREAK.sub(r"\\n", escaped))


def _folded(line: str) -> Iterator[bytes]:
    """The line in parts of at most 75 octets, each but the first led by a space; no character is cut in two."""
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > MOST_OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
