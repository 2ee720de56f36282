"""The layout and the components make valid pages, clean and in error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.web.gallery import GOOD, LOTS, GalleryForm


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("data", [None, {}, GOOD, {"kind": "king", "start-day": "1", "name": "<b>'\"&\0"}])
def test_every_component_is_valid_html(
    browser: FlaskClient, post: Callable[..., Any], read: Callable[[str], Any], data: dict[str, Any] | None
) -> None:
    answer = browser.get("/") if data is None else post(data)
    assert answer.status_code == (200 if data is None or data is GOOD else 422)
    page = answer.get_data(as_text=True)
    tree = read(page)
    assert " style=" not in page
    assert " required" not in page
    described = " ".join(each.get("aria-describedby", "") for each in tree.iter()).split()
    assert {each.get("id") for each in tree.iter()} >= set(described)


def test_the_title_is_the_heading(browser: FlaskClient, read: Callable[[str], Any]) -> None:
    tree = read(browser.get("/").get_data(as_text=True))
    assert words(tree.find(".//title")) == "Every component - Soundings"
    assert words(tree.find(".//h1")) == "Every component"


def test_an_error_is_in_the_title_the_summary_and_at_its_control(
    post: Callable[..., Any], read: Callable[[str], Any]
) -> None:
    tree = read(post({**GOOD, "start-day": "", "staff": "many"}).get_data(as_text=True))
    assert words(tree.find(".//title")) == "Error: Every component - Soundings"
    summary = tree.find(".//div[@class='govuk-error-summary']")
    links = {link.get("href"): words(link) for link in summary.iter("a")}
    assert links == {
        "#staff": "Staff must be a number, like 12",
        "#start-day": "Start date must include a day",
        "#level-2": "Choose a level for lot 2",
    }
    ids = {each.get("id"): each for each in tree.iter() if each.get("id")}
    assert all(ids[href[1:]].tag == "input" for href in links)
    assert ids["staff"].get("value") == "many"
    assert words(ids["staff-error"]) == "Error: Staff must be a number, like 12"
    assert ids["staff"].get("aria-describedby") == "staff-error"


def test_a_label_can_be_the_heading(browser: FlaskClient, read: Callable[[str], Any]) -> None:
    tree = read(browser.get("/small").get_data(as_text=True))
    assert [words(heading) for heading in tree.iter("h1")] == ["Name"]


def test_a_password_is_never_sent_back(post: Callable[..., Any]) -> None:
    assert "correct horse" not in post({**GOOD, "name": ""}).get_data(as_text=True)


def test_a_text_area_keeps_a_leading_line_break(post: Callable[..., Any], read: Callable[[str], Any]) -> None:
    tree = read(post({**GOOD, "reason": "\n\n  two above"}).get_data(as_text=True))
    assert tree.find(".//textarea[@id='reason']").text == "\n\n  two above"


def test_each_lot_of_a_matrix_is_a_group_with_its_name(browser: FlaskClient, read: Callable[[str], Any]) -> None:
    tree = read(browser.get("/").get_data(as_text=True))
    matrix = tree.find(".//div[@class='app-matrix app-matrix--4']")
    rows = matrix.findall("fieldset")
    assert [words(row.find("legend")) for row in rows] == [f"Lot {number}: {lot}" for number, lot in enumerate(LOTS, 1)]
    assert [len(row.findall(".//input")) for row in rows] == [4, 4, 4]
    checked = [each.get("value") for each in matrix.iter("input") if "checked" in each.attrib]
    assert checked == ["likely"]


def test_a_forgotten_name_in_a_template_fails_loudly(gallery: Flask) -> None:
    with gallery.test_request_context(), pytest.raises(Exception, match="'missing' is undefined"):
        gallery.jinja_env.from_string("{{ missing }}").render()


def test_a_misspelt_look_fails_loudly(gallery: Flask) -> None:
    with gallery.test_request_context(), pytest.raises(TypeError, match="widht"):
        gallery.jinja_env.from_string("{{ form.name(widht='5') }}").render(form=GalleryForm(meta={"csrf": False}))
