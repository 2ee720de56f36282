"""An officer's way through a real OpenID provider in a real browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.journeys.conftest import OpenDevice, Visitor
from tests.webapp.accounts import people
from tests.webapp.accounts.openid_provider import CLIENT_ID, CLIENT_SECRET, real_provider
from webapp.accounts.single_sign_on import actions
from webapp.models import Person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def special_settings(issuer: str) -> dict[str, str]:
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_name": "North West NHS",
    }


@pytest.fixture
def officer(session: Session, issuer: str) -> Person:
    person = people.officer(session, email="olu@nw.example")
    actions.allow(session, name=person.memberships[0].organisation.name, issuer=issuer)
    session.commit()
    claims = {"email": person.email, "email_verified": True, "amr": ["mfa"]}
    requests.put(f"{issuer}/users/olu", json=claims, timeout=10).raise_for_status()
    return person


def sign_in_there(visitor: Visitor, subject: str) -> None:
    """From our page to the provider's, and back."""
    page = visitor.page
    page.goto("/sign-in?next=/account")
    visitor.checked("Sign in")
    page.get_by_role("link", name="Sign in with North West NHS").click()
    page.get_by_role("textbox").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_the_page_in_between_sends_itself(device: OpenDevice, officer: Person) -> None:
    visitor = device()
    sign_in_there(visitor, "olu")
    visitor.page.wait_for_url(lambda url: urlsplit(url).path == "/account")
    visitor.checked("Your account")
    visitor.page.get_by_role("button", name="Sign out", exact=True).click()
    visitor.checked("Sign in")


def test_without_javascript_it_has_a_button(device: OpenDevice, officer: Person) -> None:
    visitor = device(javascript=False)
    sign_in_there(visitor, "olu")
    visitor.checked("Signing you in")
    visitor.page.get_by_role("button", name="Continue").click()
    visitor.checked("Your account")


def test_somebody_unknown_here_gets_a_plain_page(device: OpenDevice, officer: Person) -> None:
    visitor = device()
    sign_in_there(visitor, "stranger")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("We could not sign you in that way")
    visitor.checked()
