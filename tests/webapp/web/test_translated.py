"""The page machinery has no text of its own outside the catalogue: fields, components and pages of failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from tests.pseudo_locale import CODE, latin_words, pseudo_locale, untranslated
from webapp.language import speaking
from webapp.web.dates import DateField
from webapp.web.errors import FAILURES
from webapp.web.fields import (
    CharacterCountField,
    CheckboxesField,
    EmailField,
    FileField,
    IntegerField,
    MoneyField,
    NumberField,
    PasswordField,
    RadioField,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.format import file_size
from webapp.web.forms import BaseForm
from webapp.web.matrix import MatrixOption, RadioRow
from webapp.web.pagination import Page
from webapp.web.validators import Answered, EmailAddress

PAGE = """
{% extends "layouts/two_thirds.html" %}
{% from "components/page.html" import notification_banner, warning %}
{% from "components/data.html" import figure, progress, summary_list %}
{% from "components/matrix.html" import radio_matrix %}
{% from "components/navigation.html" import pagination %}
{% set page_title = "Σελιδα" %}
{% set back = {"href": "/"} %}
{% block content %}
{% for field in form %}{{ field() }}{% endfor %}
{{ radio_matrix(levels, options) }}
{{ summary_list([{"key": "Ονομα", "value": "Αννα", "href": "#"}]) }}
{% call figure("c", "Σχημα", "") %}<p>Αριθμος</p>{% endcall %}
{{ progress("Μισο", "/progress", "/") }}{{ warning("Προσοχη") }}
{{ notification_banner("Ναι", true, "a") }}{{ notification_banner("Οχι", false, "b") }}
{{ pagination(page, page_url) }}
{% endblock %}"""


class GreekForm(BaseForm):
    """Every kind of field, with labels that are no text of ours."""

    line = TextField("Γραμμη", [Answered("Γραψε")], max_length=5)
    text = TextAreaField("Κειμενο", max_length=5)
    words = CharacterCountField("Λεξεις", max_words=2)
    characters = CharacterCountField("Γραμματα", max_length=5)
    email = EmailField("Διευθυνση", [EmailAddress()])
    password = PasswordField("Κωδικος")
    number = NumberField("Αριθμος", places=1, maximum=10)
    whole = IntegerField("Ακεραιος", maximum=10)
    money = MoneyField("Ποσο")
    day = DateField("Ημερα")
    radio = RadioField("Επιλογη", choices=[choice("a", "Αλφα")])
    boxes = CheckboxesField("Επιλογες", choices=[choice("a", "Αλφα")])
    file = FileField("Αρχειο", max_bytes=10)


@pytest.fixture(autouse=True)
def greek(pseudo_translation: Path) -> Iterator[None]:
    with pseudo_locale(pseudo_translation):
        yield


@pytest.fixture
def bound() -> Callable[..., GreekForm]:
    """The form after it was sent, and found wrong or right."""

    def fill(**typed: str) -> GreekForm:
        sent = MultiDict({name.replace("_", "-"): text for name, text in typed.items()})
        form = GreekForm(formdata=sent, meta={"csrf": False})
        form.validate()
        return form

    return fill


def test_components(gallery: Flask, bound: Callable[..., GreekForm]) -> None:
    with gallery.test_request_context("/", method="POST"), speaking(CODE):
        form = bound(email="ω")
        page = render_template_string(
            PAGE,
            form=form,
            options=[MatrixOption(value="a", label="Αλφα")],
            levels=[RadioRow(name="l", id="l", title="Παρτιδα", error="Επιλεξε")],
            page=Page(items=(), number=3, total=240),
            page_url=lambda number: f"?page={number}",
            account={"name": "Αννα", "sign_out_url": "/sign-out"},
            navigation=[{"text": "Εδω", "href": "/"}],
            footer_links=[{"text": "Εδω", "href": "/"}],
        )
    assert untranslated(page) == []


@pytest.mark.parametrize(
    "typed",
    [
        {"line": "αβγδεζ"},
        {"line": "\0"},
        {"text": "αβγδεζ"},
        {"words": "α β γ"},
        {"email": "ω"},
        {"number": "ω"},
        {"number": "1.25"},
        {"number": "-1"},
        {"number": "11"},
        {"whole": "1.5"},
        {"day_day": "1"},
        {"day_month": "1"},
        {"day_year": "2027"},
        {"day_day": "1", "day_month": "4"},
        {"day_day": "1", "day_year": "2027"},
        {"day_month": "4", "day_year": "2027"},
        {"day_day": "ω", "day_month": "4", "day_year": "2027"},
        {"day_day": "1", "day_month": "ω", "day_year": "2027"},
        {"day_day": "1", "day_month": "4", "day_year": "27"},
        {"day_day": "31", "day_month": "2", "day_year": "2027"},
        {"day_day": "1", "day_month": "4", "day_year": "1066"},
        {"radio": "ω"},
        {"boxes": "ω"},
    ],
)
def test_what_fields_object_to(gallery: Flask, bound: Callable[..., GreekForm], typed: dict[str, str]) -> None:
    with gallery.test_request_context("/", method="POST"), speaking(CODE):
        form = bound(**{"line": "αβγ", **typed})
        messages = [str(message) for field in form for message in field.errors]
    assert len(messages) == 1, messages
    assert latin_words(messages[0]) == []


@pytest.mark.parametrize("size", [12, 4_000, 4_000_000, 4_000_000_000])
def test_sizes_of_files(size: int) -> None:
    with speaking(CODE):
        assert latin_words(file_size(size)) == []


@pytest.mark.parametrize("status", sorted(FAILURES))
def test_pages_of_failures(browser: Any, status: int) -> None:
    page = browser.get(f"/fail/{status}", headers={"Accept-Language": CODE})
    assert page.status_code == status
    assert untranslated(page.text) == []


@pytest.mark.parametrize("url", ["/database-lost", "/fail/409"])
def test_a_page_that_gives_back_what_was_typed(browser: Any, post: Callable[..., Any], url: str) -> None:
    browser.set_cookie("language", CODE)
    page = post({"name": "Αννα"}, url)
    assert "Αννα" in page.text
    assert untranslated(page.text) == []


def test_a_page_that_was_open_for_too_long(browser: Any) -> None:
    page = browser.post("/", data={"name": "Αννα"}, headers={"Accept-Language": CODE})
    assert page.status_code == 400
    assert untranslated(page.text) == []
