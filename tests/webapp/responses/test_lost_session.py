"""A form sent without a living session loses nothing: it is given back, to be sent again once signed in."""

from __future__ import annotations

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent
from webapp.models import DraftSection, SignedInSession

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def given_back(page: Page) -> MultiDict[str, str]:
    """What "Send again" on the page would send."""
    [form] = page.tree.findall(".//main//form")
    fields = page.hidden()
    for area in form.iter("textarea"):
        fields.add(area.get("name"), area.text or "")
    return fields


def end_sessions(session: Session) -> None:
    session.execute(delete(SignedInSession))
    session.commit()


@pytest.mark.parametrize("also_the_cookie", [False, True], ids=["session ended", "cookie gone too"])
def test_a_section_sent_after_the_session_ended_is_saved_after_signing_in_again(
    client: Client, session: Session, respondent: Respondent, also_the_cookie: bool
) -> None:
    url = respondent.section("organisation")
    typed = client.get(url).hidden()
    typed.update({"legal_name": "Seaside & Sons", "then": "later"})
    end_sessions(session)
    if also_the_cookie:
        client.sign_out()
    refused = client.post(url, typed, status=403, headers=FROM_HERE)
    assert refused.tree.find(".//h1").text == "You were signed out"
    assert refused.links()["Sign in (opens in a new tab)"] == f"/sign-in?next={url}"
    assert session.query(DraftSection).count() == 0
    client.sign_in(respondent.person)
    once_more = client.post(url, given_back(refused), status=400, headers=FROM_HERE)
    assert "Sign in (opens in a new tab)" not in once_more.links()
    assert client.post(url, given_back(once_more), headers=FROM_HERE).location == respondent.url
    assert session.query(DraftSection).one().answers["legal_name"] == "Seaside & Sons"


def test_a_button_sent_after_the_session_ended_leads_back_to_a_page_that_exists(
    client: Client, session: Session, respondent: Respondent
) -> None:
    token = client.get(respondent.section("organisation")).hidden()["csrf_token"]
    end_sessions(session)
    page = client.post(f"{respondent.check}/ask", {"csrf_token": token}, status=403)
    assert page.links()["Sign in (opens in a new tab)"] == "/sign-in"
    assert list(given_back(page)) == ["csrf_token"]


def test_an_officer_who_owes_a_code_is_led_to_give_it(client: Client, respondent: Respondent, session: Session) -> None:
    officer = factories.officer(session, respondent.engagement.programme.buyer)
    session.commit()
    client.sign_in(officer, second_factor=False)
    url = f"/manage/engagements/{respondent.engagement.id}/extend"
    token = client.get("/sign-in").hidden()
    page = client.post(url, {**token, "reason": "A holiday"}, status=403)
    assert page.links()["Sign in (opens in a new tab)"] == f"/sign-in/code?next={url}"
    assert given_back(page)["reason"] == "A holiday"


def test_a_strangers_form_is_not_made_ready_to_send(client: Client, respondent: Respondent) -> None:
    url = respondent.section("organisation")
    page = client.post(url, {"legal_name": "Forged"}, status=400, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.tree.find(".//main//form") is None
