"""Reading times of day."""

from __future__ import annotations

from datetime import time

import pytest

from webapp.web.times import parse_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("17:00", time(17)),
        (" 9.30 ", time(9, 30)),
        ("5pm", time(17)),
        ("5:15 PM", time(17, 15)),
        ("12pm", time(12)),
        ("12:30am", time(0, 30)),
        ("Noon", time(12)),
        ("23:59", time(23, 59)),
    ],
)
def test_times_as_people_write_them(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "5", "17", "24:00", "12:60", "13pm", "0am", "midnight", "00:00", "12am", "5 o'clock", "٥pm"]
)
def test_what_could_be_misread_is_asked_about(typed: str) -> None:
    assert parse_time(typed) is None
