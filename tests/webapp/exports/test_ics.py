"""Calendar files, read back by a reader that follows the standard to the letter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.exports.ics import Moment, calendar

NOW = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
WHEN = datetime(2027, 7, 1, 17, 0, tzinfo=timezone(timedelta(hours=1)))


def moment(**given: object) -> Moment:
    defaults = {"uid": "1@example.org", "at": WHEN, "title": "Closes", "description": "", "address": "http://x/1"}
    return Moment(**{**defaults, **given})


def read(octets: bytes) -> list[tuple[str, str]]:
    """The properties, unfolded, with their names; text stays escaped."""
    assert octets.endswith(b"\r\n")
    lines = octets[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    unfolded = octets.replace(b"\r\n ", b"").decode()
    return [tuple(line.split(":", 1)) for line in unfolded[:-2].split("\r\n")]


def plain(escaped: str) -> str:
    """What a calendar program shows for a value of type TEXT."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], escaped)


def test_a_calendar_says_when_in_utc() -> None:
    properties = read(calendar([moment(revision=2)], name="Dental, 2027", written_at=NOW))
    assert properties == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Soundings//Market engagements//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", "Dental\\, 2027"),
        ("BEGIN", "VEVENT"),
        ("UID", "1@example.org"),
        ("DTSTAMP", "20270102T030405Z"),
        ("SEQUENCE", "2"),
        ("DTSTART", "20270701T160000Z"),
        ("SUMMARY", "Closes"),
        ("DESCRIPTION", ""),
        ("URL", "http://x/1"),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\\;,:é\N{ANCHOR}😀"), max_size=400))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    properties = dict(read(calendar([moment(title=text)], name="", written_at=NOW)))
    assert plain(properties["SUMMARY"]) == text


def test_no_text_begins_a_line_of_its_own() -> None:
    hostile = "x\r\nEND:VEVENT\rBEGIN:VALARM\n\x00\x0bATTACH:http://evil"
    octets = calendar(
        [moment(title=hostile, description=hostile, address=hostile, uid=hostile)], name=hostile, written_at=NOW
    )
    names = [name for name, _ in read(octets)]
    assert names.count("END") == 2
    assert "ATTACH" not in names
    assert "BEGIN:VALARM" not in octets.decode().split("\r\n")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        calendar([moment(at=datetime(2027, 7, 1, 17, 0))], name="", written_at=NOW)  # noqa: DTZ001 - what is tested
