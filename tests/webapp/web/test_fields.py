"""What people type is read, kept and answered in plain words; nothing they send breaks a page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.webapp.web.gallery import GOOD, GalleryForm
from webapp.web.text import is_storable, revealed, show

steady = settings(max_examples=50, deadline=None)  # a busy machine is no fault of ours


def submit(app: Flask, **changes: Any) -> GalleryForm:
    """The form after a submission that is good but for some changes; None leaves a field out."""
    sent = MultiDict({name: value for name, value in {**GOOD, **changes}.items() if value is not None})
    with app.test_request_context("/", method="POST"):
        form = GalleryForm(formdata=sent, meta={"csrf": False})
        form.validate()
        return form


def test_a_good_submission_is_read_into_plain_values(gallery: Flask) -> None:
    form = submit(gallery)
    assert form.errors == {}
    assert form.staff.data == 1200
    assert isinstance(form.staff.data, int)
    assert form.value.data == Decimal("48150009.50")
    assert form.share.data == Decimal("12.5")
    assert form.start.data == date(2027, 4, 1)
    assert (form.kind.data, form.groups.data, form.size.data, form.quoted.data) == (
        "other",
        ["gp", "nurse"],
        "small",
        True,
    )


def test_blank_answers_are_none_and_only_the_needed_ones_are_errors(gallery: Flask) -> None:
    form = submit(gallery, **dict.fromkeys(GOOD))
    assert (form.value.data, form.size.data, form.groups.data, form.quoted.data) == (None, None, [], False)
    assert form.errors == {
        "name": ["Enter the name"],
        "email": ["Enter an email address"],
        "password": ["Enter a password"],
        "staff": ["Enter the staff"],
        "start": ["Enter the start date"],
        "kind": ["Choose what you are"],
        "quoted": ["Say that we may quote you"],
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"])
def test_a_name_has_one_line(gallery: Flask, end: str) -> None:
    """What an email says of an organisation must not pass for what we say."""
    assert submit(gallery, name=f"Acorn Care{end}Your account is blocked").errors == {
        "name": ["Name must be on one line"]
    }
    assert submit(gallery, name=f" Acorn Care{end}").name.data == "Acorn Care"
    assert submit(gallery, reason=f"one{end}two").reason.data == f"one{end}two"


def test_nought_is_an_answer(gallery: Flask) -> None:
    form = submit(gallery, staff="0")
    assert form.staff.data == 0
    assert "staff" not in form.errors


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1200", 1200),
        (" 1,200 ", 1200),
        ("£1,200", 1200),
        ("1,234,567.5", Decimal("1234567.5")),
        ("12.50", 12.5),
        ("£1m", 1_000_000),
        ("1.2 million", 1_200_000),
        ("£850k", 850_000),
    ],
)
def test_money_is_read_as_people_write_it(gallery: Flask, typed: str, value: object) -> None:
    assert submit(gallery, value=typed).value.data == value


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("lots", "Annual value must be a number, like 1,200"),
        ("NaN", "Annual value must be a number, like 1,200"),
        ("inf", "Annual value must be a number, like 1,200"),
        ("1e9", "Annual value must be a number, like 1,200"),
        ("1,20", "Annual value must be a number, like 1,200"),
        ("١٢", "Annual value must be a number, like 1,200"),
        ("9" * 5000, "Annual value must be a number, like 1,200"),
        ("0x10", "Annual value must be a number, like 1,200"),
        ("1.005", "Annual value must have 2 decimal places or fewer"),
        ("-1", "Annual value must be 0 or more"),
        ("\u22121", "Annual value must be 0 or more"),
        ("9" * 20, "Annual value must be 999,999,999,999.99 or less"),
    ],
)
def test_what_is_not_an_amount_is_kept_and_said(gallery: Flask, typed: str, message: str) -> None:
    form = submit(gallery, value=typed)
    assert form.value.errors == [message]
    assert form.value.data is None
    assert form.value.typed == typed


def test_a_whole_number_is_asked_for_by_name(gallery: Flask) -> None:
    assert submit(gallery, staff="1.5").staff.errors == ["Staff must be a whole number, like 12"]
    assert submit(gallery, staff="10,001").staff.errors == ["Staff must be 10,000 or less"]


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "lands_on"),
    [
        ("", "4", "2027", "Start date must include a day", "start-day"),
        ("1", "", "", "Start date must include a month and year", "start-month"),
        ("1", "13", "2027", "Start date must include a month from 1 to 12", "start-month"),
        ("1", "\u00b2", "2027", "Start date must include a month from 1 to 12", "start-month"),
        ("one", "4", "2027", "Start date must include a day as a number, like 27", "start-day"),
        ("1", "4", "27", "Start date must include a year with 4 numbers", "start-year"),
        ("31", "2", "2027", "Start date must be a real date", "start-day"),
        ("99", "2", "2027", "Start date must be a real date", "start-day"),
        ("1", "4", "0001", "Start date must have a year between 1900 and 2199", "start-year"),
    ],
)
def test_a_wrong_date_says_which_part(
    gallery: Flask, day: str, month: str, year: str, message: str, lands_on: str
) -> None:
    form = submit(gallery, **{"start-day": day, "start-month": month, "start-year": year})
    assert form.start.errors == [message]
    assert form.start.control_id == lands_on
    assert [text for _, text, _ in form.start.boxes] == [day, month, year]


def test_months_may_be_written_in_letters(gallery: Flask) -> None:
    assert submit(gallery, **{"start-month": "April"}).start.data == date(2027, 4, 1)
    assert submit(gallery, **{"start-month": "sept"}).start.data == date(2027, 9, 1)


def test_only_offered_choices_are_taken(gallery: Flask) -> None:
    form = submit(gallery, kind="king", size="huge", groups=["gp", "king"])
    assert form.kind.errors == ["What are you: choose one of the options shown"]
    assert form.size.errors == ["Size: choose one of the options shown"]
    assert form.groups.errors == ["Who is hard to recruit: choose from the options shown"]


def test_lengths_are_limited_in_characters_and_words(gallery: Flask) -> None:
    assert submit(gallery, name="é" * 80).name.errors == []
    assert submit(gallery, name="é" * 81).name.errors == ["Name must be 80 characters or fewer"]
    assert submit(gallery, reason="\r\n" * 500).reason.errors == []
    assert submit(gallery, barriers="one two three four five six").barriers.errors == [
        "What would stop you bidding must be 5 words or fewer"
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "Acorn\u200b Care",
        "Acorn \u202eeraC",
        "Acorn\u2066 Care\u2069",
        "Acorn\u200dCare",
        "\u200cAcorn",
        "Acorn Care\u200e",
        "Acorn\u00adCare",
        "Acorn\ufeff",
        "Acorn\u3164Care",
        "Acorn\U000e0041",
    ],
)
def test_a_name_holds_nothing_that_its_reader_does_not_see(gallery: Flask, hidden: str) -> None:
    form = submit(gallery, name=hidden)
    assert form.name.errors == ["Name contains a character that cannot be seen, shown as \ufffd. Remove it"]
    assert form.name.typed == revealed(hidden) != hidden
    assert submit(gallery, name=form.name.typed).name.errors == form.name.errors, "not kept with the mark in its place"
    assert submit(gallery, reason=hidden).reason.data == hidden  # text of several lines is kept as it is
    assert submit(gallery, password=hidden).password.data == hidden


@pytest.mark.parametrize(
    "name",
    [
        "Zoë’s Care – Ōtautahi",
        "רפואה (1) \u200fבע״מ",
        "الرعاية\u061c 24/7",
        "می\u200cخواهم",
        "ක්\u200dෂණික",
        "नर्सिंग क्\u200dष",
        "\U0001f468\u200d\u2695\ufe0f & \U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f Cymru",
    ],
)
def test_names_in_every_script_are_kept(gallery: Flask, name: str) -> None:
    form = submit(gallery, name=name)
    assert (form.name.data, form.name.errors) == (name, [])


@pytest.mark.parametrize("address", ["ada", "ada@", "@example.com", "a b@example.com", "a@b", "a@@b.com", "a@b..com"])
def test_what_is_not_an_address_is_refused(gallery: Flask, address: str) -> None:
    assert submit(gallery, email=address).email.errors == [
        "Enter an email address in the correct format, like name@example.com"
    ]


@steady
@given(typed=st.text(max_size=60))
def test_text_is_kept_to_the_character_or_refused(gallery: Flask, typed: str) -> None:
    form = submit(gallery, reason=typed)
    if is_storable(typed):
        assert (form.reason.data, form.reason.errors) == (typed, [])
    else:
        assert form.reason.errors == ["Why contains a character that cannot be kept. Remove it where \ufffd is shown"]
        assert form.reason.typed == show(typed)


@pytest.mark.parametrize("field", [name for name in GOOD if name not in {"password", "groups", "quoted"}])
def test_every_field_refuses_nul(gallery: Flask, field: str) -> None:
    assert submit(gallery, **{field: "a\0b"}).errors != {}


def test_an_empty_submission_is_a_submission(gallery: Flask) -> None:
    gallery_without_csrf = gallery.test_request_context("/", method="POST", data={})
    with gallery_without_csrf:
        form = GalleryForm(meta={"csrf": False})
        assert not form.validate()
        assert form.version.data == "3"  # a hidden field that was not sent keeps its value


def test_bytes_that_are_no_text_are_refused_with_the_rest_kept(post: Any, read: Any, browser: Any) -> None:
    token = read(browser.get("/").get_data(as_text=True)).find(".//input[@name='csrf_token']").get("value")
    body = urlencode({"csrf_token": token, "name": "Ada"}) + "&reason=before%ED%A0%80after"
    answer = browser.post("/", data=body, content_type="application/x-www-form-urlencoded")
    tree = read(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert tree.find(".//input[@id='name']").get("value") == "Ada"
    assert tree.find(".//textarea[@id='reason']").text == "before\ufffd\ufffd\ufffdafter"


def test_a_rule_can_put_its_message_on_a_field(gallery: Flask) -> None:
    form = submit(gallery)
    form.add_error(form.name, "Another lot has this name")
    assert [(link.text, link.href) for link in form.error_links()] == [("Another lot has this name", "#name")]
