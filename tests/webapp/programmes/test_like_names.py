"""Which names are put before a person as perhaps the same firm, and which are not."""

from __future__ import annotations

import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.programmes import like_names
from webapp.programmes.like_names import LEAST_LIKE, MOST_PROPOSED, MOST_WEIGHED, Directory, Known, likeness

ALIKE = [
    ("Practice Plus Group Ltd", "PRACTICE PLUS GROUP LIMITED"),
    ("Practice Plus Group", "Practice Plus Group Health and Rehabilitation Services Limited"),
    ("Greater Manchester Mental Health NHS Foundation Trust", "Greater Manchester Mental Health NHS FT"),
    ("Bridgewater Community Healthcare NHS Foundation Trust", "Bridgewater Community Health Care"),
    ("Spectrum Community Health C.I.C.", "Spectrum Community Health Community Interest Company"),
    ("Tees Esk & Wear Valleys NHS FT", "Tees, Esk and Wear Valleys NHS Foundation Trust"),
    ("The Forward Trust", "Forward Trust"),
    ("St. John's Care", "St Johns Care Ltd"),
    ("Hôpital Santé Ltd", "HOPITAL SANTE"),
    ("Spectrum Dental Ltd", "Spectrm Dental"),
    ("Dentals United Ltd t/a Time for Teeth", "Time for Teeth Limited"),
]
UNLIKE = [
    ("North West Ambulance Service", "North East Ambulance Service"),
    ("Nottinghamshire Healthcare NHS FT", "Northamptonshire Healthcare NHS FT"),
    ("Practice Plus Group", "Priority Practice Group"),
    ("Foo Bar (UK) Ltd", "Zed Qux (UK) Ltd"),
    ("Health Care Services Ltd", "Dental Care Services Ltd"),
    ("Forward Trust", "Forward Housing"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_a_person_should_look_at(one: str, other: str) -> None:
    assert likeness(one, other) >= LEAST_LIKE
    assert Directory([Known(other)]).proposals(one), "what is alike is also found"


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_names_that_share_only_words_of_the_trade(one: str, other: str) -> None:
    assert likeness(one, other) < LEAST_LIKE


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_the_same_from_both_sides_and_whole_of_itself(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1.000001
    assert likeness(one, one) == 1
    assert likeness(one, other) == pytest.approx(likeness(other, one))


def test_the_same_number_goes_before_a_likelier_name() -> None:
    renamed = Known("Quite Another Name Ltd", uuid.uuid4(), {"companies_house_number": "01234567"})
    alike = Known("Time for Teeth Limited")
    found = Directory([alike, renamed]).proposals("Time for Teeth Ltd", "GB-COH-1234567")
    assert [(each.known, each.same_number) for each in found] == [(renamed, True), (alike, False)]
    assert Directory([renamed]).proposals("Time for Teeth Ltd", "GB-CHC-1234567") == [], "a number of another register"


def test_few_are_proposed_and_many_are_compared_quickly() -> None:
    known = [Known(f"Mersey Tyne Esk Care {number} Ltd") for number in range(300)]
    directory = Directory(known)
    started = time.process_time()
    for number in range(200):
        assert len(directory.proposals(f"Mersey Tyne Esk Care {number + 300}")) == MOST_PROPOSED
    assert time.process_time() - started < 20, "one page may look at a thousand names"


def test_names_that_share_a_word_of_the_trade_alone_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[object] = []
    alike = like_names._alike
    monkeypatch.setattr(like_names, "_alike", lambda *pair: compared.append(pair) or alike(*pair))
    words = [one * 3 + other * 3 for one in "bcdfghklmn" for other in "aeiou"]
    names = [f"{one} {other} Nursing Home" for one, other in zip(words[:25], words[25:], strict=True)]
    directory = Directory([Known(name) for name in [*names, "The Nursing Home Ltd"]])
    for name in names:
        assert [each.known.name for each in directory.proposals(name)] == [name, "The Nursing Home Ltd"]
    assert len(compared) <= 3 * len(names)


def test_of_many_that_are_alike_the_likeliest_are_compared() -> None:
    many = [Known(f"Mersey Tyne Esk Care {number}") for number in range(MOST_WEIGHED + 50)]
    for place in (0, len(many)):
        known = [*many[:place], Known("Mersey Tyne Esk Care Eastern"), *many[place:]]
        assert Directory(known).proposals("Mersey Tyne Esk Eastrn")[0].known == known[place]
