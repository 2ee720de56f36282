"""Every failure has a plain page, and none loses what the person typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from webapp.web.files import MOST_PARTS
from webapp.web.request import name_request

Read = Callable[[str], Any]
TYPED = {"comment": "Kept </textarea>\r\n  & whole", "lot": ["1", "2"], "postcode": "L9 7LH"}


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
def test_every_failure_has_a_page_of_ours(browser: FlaskClient, read: Read, status: int) -> None:
    answer = browser.get(f"/fail/{status}")
    assert answer.status_code == status
    tree = read(answer.get_data(as_text=True))
    heading = "".join(tree.find(".//h1").itertext())
    assert tree.find(".//title").text == f"{heading} - Soundings"
    assert str(status) not in heading


def test_a_lost_database_gives_the_form_back_to_send_again(post: Callable[..., Any], read: Read) -> None:
    answer = post(TYPED, "/database-lost?from=here")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    tree = read(answer.get_data(as_text=True))
    form = tree.find(".//main//form")
    assert form.get("action") == "/database-lost?from=here"
    kept = [(area.get("name"), area.text) for area in form.iter("textarea")]
    assert kept == [("comment", "Kept </textarea>\n  & whole"), ("lot", "1"), ("lot", "2"), ("postcode", "L9 7LH")]
    assert form.find("input[@name='csrf_token']") is not None


@pytest.mark.parametrize("more", [{"new-password": "correct horse"}, {"nul": "a\0b"}])
def test_what_could_not_be_sent_again_unchanged_is_only_shown(
    post: Callable[..., Any], read: Read, more: dict[str, str]
) -> None:
    page = post({**TYPED, **more}, "/database-lost").get_data(as_text=True)
    assert read(page).find(".//main//form") is None
    assert "L9 7LH" in page
    assert "correct horse" not in page


def test_an_older_browser_behind_a_proxy_with_the_certificate_gets_its_form_back_too(
    browser: FlaskClient, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(browser.application.config, "SESSION_COOKIE_SECURE", True)
    forms = [
        read(browser.post("/", data=TYPED, headers={"Origin": origin}).get_data(as_text=True)).find(".//main//form")
        for origin in ("https://localhost", "http://localhost")
    ]
    assert [form is not None for form in forms] == [True, False]


def test_a_request_without_a_token_is_shown_but_not_made_ready_to_send(browser: FlaskClient, read: Read) -> None:
    answer = browser.post("/database-lost", data=TYPED)
    assert answer.status_code == 400
    tree = read(answer.get_data(as_text=True))
    assert tree.find(".//main//form") is None
    assert "Kept </textarea>" in "".join(tree.find(".//main").itertext())


def test_too_much_is_said_to_be_too_much(browser: FlaskClient) -> None:
    answer = browser.post("/", data={"comment": "x" * 2_500_000})
    assert answer.status_code == 413
    assert "too large to send" in answer.get_data(as_text=True)


def test_more_fields_than_any_page_has_are_too_much_and_are_not_given_back(browser: FlaskClient) -> None:
    """However short they are: reading and showing a million costs seconds, and anybody can send them."""
    form = "application/x-www-form-urlencoded"
    answer = browser.post("/", data="a=b&" * (MOST_PARTS + 1), content_type=form)
    assert answer.status_code == 413
    assert "<textarea" not in answer.get_data(as_text=True)
    assert browser.post("/", data="a=b&" * 4_000, content_type=form).status_code == 400


def test_a_fault_of_ours_says_nothing_of_its_cause(browser: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = browser.get("/broken")
    assert answer.status_code == 500
    assert "a fault of ours" not in answer.get_data(as_text=True)
    assert "a fault of ours" in caplog.text


@pytest.mark.parametrize(
    ("path", "endpoint", "event"),
    [
        ("/broken", "broken", "page failed"),
        ("/database-lost", "lose_database", "database unavailable"),
        ("/fail/500", "fail", "page refused"),
        ("/fail/503", "fail", "page refused"),
    ],
)
def test_a_page_about_a_fault_names_the_line_of_the_log_about_it(
    browser: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, endpoint: str, event: str
) -> None:
    caplog.handler.addFilter(name_request)
    try:
        page = browser.get(f"{path}?token=of-a-link").get_data(as_text=True)
    finally:
        caplog.handler.removeFilter(name_request)
    [record] = caplog.records
    assert record.exc_info
    assert record.getMessage() == event, "an address may hold a token"
    assert f'give this reference: <span translate="no">{vars(record)["request"]}<' in page
    assert (vars(record)["verb"], vars(record)["endpoint"]) == ("GET", endpoint)
    assert "reference" not in browser.get("/fail/404").get_data(as_text=True)


def test_an_early_answer_is_left_alone(browser: FlaskClient) -> None:
    assert browser.get("/early").location == "/elsewhere"


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}],
    ids=["by its metadata", "by its origin"],
)
def test_a_page_of_ours_with_a_stale_token_is_given_back_to_send_again(
    browser: FlaskClient, read: Read, headers: dict[str, str]
) -> None:
    answer = browser.post("/?from=here", data={**TYPED, "ods_code": "A12", "csrf_token": "stale"}, headers=headers)
    assert answer.status_code == 400
    form = read(answer.get_data(as_text=True)).find(".//main//form")
    assert form.get("action") == "/?from=here"
    assert [area.get("name") for area in form.iter("textarea")] == ["comment", "lot", "lot", "postcode", "ods_code"]
    assert form.find("input[@name='csrf_token']").get("value") not in ("", "stale")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost.example"},
        {"Origin": "null"},
    ],
)
def test_what_another_site_made_up_is_never_made_ready_to_send(
    browser: FlaskClient, read: Read, headers: dict[str, str]
) -> None:
    answer = browser.post("/", data=TYPED, headers=headers)
    assert answer.status_code == 400
    assert read(answer.get_data(as_text=True)).find(".//main//form") is None


def test_as_much_as_a_form_may_hold_is_given_back(post: Callable[..., Any], read: Read) -> None:
    answers = {f"answer-{number}": "x" * 400 for number in range(1_500)}
    page = post(answers, "/database-lost").get_data(as_text=True)
    assert {area.get("name"): area.text for area in read(page).find(".//main//form").iter("textarea")} == answers
