"""Which words in a question could tell who asked it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.engagements.clarifications.names import Identity, identity_of
from webapp.models import Membership, Organisation, Party, Person


def identity(name: str, *people: tuple[str, str]) -> Identity:
    members = [
        Membership(person=Person(name=who, email=email, former_names=["Wilhelmina Vane"], former_emails=[]))
        for who, email in people
    ]
    return identity_of(Organisation(name=name, party=Party.PROVIDER, memberships=members))


ACME = identity("Acme Health Ltd", ("Priya Shah-Jones", "priya@acme-health.co.uk"), ("Will O'Neil", "will@gmail.com"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We at Acme Health Ltd ask", ("Acme Health Ltd",)),
        ("we at ACME\n health ask", ("ACME\n health",)),
        ("see www.acme-health.co.uk/prices", ("acme-health.co.uk",)),
        ("see acme‑health.co.uk", ("acme‑health.co.uk",)),
        ("write to Priya@Acme-Health.co.uk", ("Priya@Acme-Health.co.uk",)),
        ("ask Priya or shah-jones", ("Priya",)),
        ("Will O’Neil will ask; O'Neil knows", ("Will O’Neil", "O'Neil")),
        ("asked by Wilhelmina", ("Wilhelmina",)),
        ("we will ask on gmail.com", ()),
        ("Acmeology and Priyanka", ()),
        ("ONeil asks for Acme's, and Acmes, clinics", ("ONeil", "Acme", "Acmes")),
        ("", ()),
    ],
)
def test_names_are_found_as_people_write_them(text: str, found: tuple[str, ...]) -> None:
    assert ACME.found_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to ann.low@elsewhere.example.", ("ann.low@elsewhere.example",)),
        (
            "Ring 0151 496 0000 or (0151) 496-0001, +44 151 496 0002",
            ("0151 496 0000", "(0151) 496-0001", "+44 151 496 0002"),
        ),
        ("My mobile is 07700900123", ("07700900123",)),
        ("By 01/02/2027 for 0.5 WTE, lots 1 to 12, £1,250,000 and 2028-03-31?", ()),
        ("As the incumbent we ask what our existing staff earn", ("As the incumbent", "our existing staff")),
        ("We currently run the clinic. We hold the contract.", ("We currently run", "We hold the")),
        ("We at the hospice do it now. We run clinics elsewhere.", ("We at the hospice do it now",)),
        ("Does the incumbent share what it knows, and may we run a clinic?", ()),
    ],
)
def test_what_tells_of_anybody_is_found(text: str, found: tuple[str, ...]) -> None:
    assert ACME.found_in(text) == found


@pytest.mark.parametrize(
    ("registered", "called"),
    [
        ("Mersey Care NHS Foundation Trust", "Mersey Care"),
        ("Bridge CIC", "Bridge"),
        ("St. Ann’s Hospice, Limited", "St. Ann's Hospice"),
        ("Trust Ltd.", "Trust"),
    ],
)
def test_the_name_is_found_without_its_legal_form(registered: str, called: str) -> None:
    assert identity(registered).found_in(f"what {called} needs") == (called,)


@pytest.mark.parametrize(
    ("registered", "text", "found"),
    [
        ("Wharfside Health CIC", "Wharfside would like to know about health", ("Wharfside",)),
        ("Wharfside Health CIC", "wharfside's staff; WHARFSIDE", ("wharfside", "WHARFSIDE")),
        ("Wharfside Health CIC", "We are WHC, or WH for short; who asks?", ("WHC", "WH")),
        ("Wharfside Health CIC", "WharfsideHealth asks", ("WharfsideHealth",)),
        ("Central and North West London NHS Foundation Trust", "CNWL asks in London", ("CNWL", "London")),
        ("Turning Point", "Turning Point asks at this point", ("Turning Point",)),
        ("Turning Point", "At Turning we ask", ("Turning",)),
        ("St Oswald’s Hospice", "Oswalds and Oswald ask", ("Oswalds", "Oswald")),
        ("Island Therapies", "Does IT need therapies?", ()),
        ("The North Dental Services Trust", "How are NHS dental services in the north cared for in trust?", ()),
    ],
)
def test_short_forms_of_the_name_are_found_and_ordinary_words_are_not(
    registered: str, text: str, found: tuple[str, ...]
) -> None:
    assert identity(registered).found_in(text) == found


def test_the_name_in_a_domain_is_found_without_its_ending() -> None:
    asker = identity("W Health", ("Ann Low", "ann@wharfsidecare.co.uk"))
    assert asker.found_in("At Wharfsidecare we ask") == ("Wharfsidecare",)


@pytest.mark.parametrize("name", ["(", "[a-z]+", "a|b|", ".*", "", "  ", "\\", "^$", "'''"])
def test_a_name_is_never_a_pattern(name: str) -> None:
    assert identity(name).found_in("abc who pays? aaaa") == ()


def test_marks_are_put_around_escaped_text() -> None:
    marked = ACME.marked("<b>Acme Health</b> & Priya")
    assert marked == "&lt;b&gt;<mark>Acme Health</mark>&lt;/b&gt; &amp; <mark>Priya</mark>"


@given(st.text(max_size=200), st.text(max_size=30))
def test_marking_changes_no_character(text: str, name: str) -> None:
    marked = identity(name, (name, f"x@{name}.org")).marked(text)
    assert marked.replace("<mark>", "").replace("</mark>", "") == str(identity("").marked(text))
