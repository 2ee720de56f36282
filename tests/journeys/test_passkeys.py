"""Passkeys with the browser's own part in them: its authenticator is a virtual one, all else is as people have it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, expect
from sqlalchemy.orm import Session

from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import PASSWORD, Respondent
from tests.webapp.accounts import people
from webapp.models import Person

pytestmark = pytest.mark.browser

PROGRAMMES = "/programmes"


@dataclass(frozen=True)
class Authenticator:
    """Of one device, through the DevTools protocol (domain WebAuthn)."""

    devtools: CDPSession
    id: str

    @classmethod
    def of(cls, visitor: Visitor) -> Authenticator:
        devtools = visitor.page.context.new_cdp_session(visitor.page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(devtools, made["authenticatorId"])

    def credentials(self) -> list[dict[str, object]]:
        return list(self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"])

    def turn_back(self) -> None:
        """As a copy of it, made when it had signed less, would be."""
        [credential] = self.credentials()
        self.devtools.send(
            "WebAuthn.removeCredential", {"authenticatorId": self.id, "credentialId": credential["credentialId"]}
        )
        self.devtools.send(
            "WebAuthn.addCredential",
            {"authenticatorId": self.id, "credential": {**credential, "signCount": 0}},
        )


@pytest.fixture
def officer(session: Session) -> Person:
    return people.officer(session, name="Olu Officer")


def add_passkey(visitor: Visitor, session: Session, person: Person, name: str = "Work laptop") -> None:
    """Sign in by link and code, which confirms who it is, then add one on the account's page."""
    page = visitor.page
    page.goto(people.link_for(session, person))
    page.get_by_role("main").get_by_role("button").click()
    if person.totp_secret is not None:
        page.get_by_label("6-digit code").fill(people.code_of(person))
        page.get_by_role("button", name="Continue").click()
    page.goto("/account")
    page.get_by_role("link", name="Add a passkey").click()
    visitor.checked("Add a passkey")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("The passkey is added")).to_be_visible()
    visitor.checked("Your account")
    expect(page.get_by_text(f"{name}: added")).to_be_visible()


def sign_out(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Sign out", exact=True).click()
    visitor.checked("Sign in")


def use_passkey(visitor: Visitor, url: str = "/sign-in") -> None:
    visitor.page.goto(url)
    visitor.page.get_by_role("button", name="Use a passkey").click()


def arrived(visitor: Visitor, path: str) -> None:
    visitor.page.wait_for_url(lambda url: urlsplit(url).path == path)


def test_an_officer_adds_a_passkey_and_signs_in_with_nothing_else(
    device: OpenDevice, session: Session, officer: Person
) -> None:
    visitor = device()
    authenticator = Authenticator.of(visitor)
    add_passkey(visitor, session, officer)
    assert len(authenticator.credentials()) == 1
    sign_out(visitor)
    use_passkey(visitor, PROGRAMMES)
    arrived(visitor, PROGRAMMES)
    visitor.page.goto("/account")
    expect(visitor.page.get_by_text("last used")).to_be_visible()
    assert people.acts(session)[-2:] == ["passkey.added", "person.signed_in"]


def test_a_second_passkey_in_the_same_device_is_refused_by_it(
    device: OpenDevice, session: Session, officer: Person
) -> None:
    visitor = device()
    Authenticator.of(visitor)
    add_passkey(visitor, session, officer)
    visitor.page.goto("/account/passkeys/add")
    visitor.page.get_by_role("button", name="Add the passkey").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Enter a name for the passkey")
    visitor.checked("Add a passkey")
    visitor.page.get_by_label("Name of the passkey").fill("The same again")
    visitor.page.get_by_role("button", name="Add the passkey").click()
    expect(visitor.page.get_by_text("No passkey was made")).to_be_visible()
    visitor.checked()


def test_a_device_without_one_of_ours_is_told_so(device: OpenDevice, officer: Person) -> None:
    visitor = device()
    Authenticator.of(visitor)
    use_passkey(visitor)
    expect(visitor.page.get_by_text("No passkey was used")).to_be_visible()
    visitor.checked("Sign in")


def test_a_copy_that_counts_from_the_start_is_refused(device: OpenDevice, session: Session, officer: Person) -> None:
    visitor = device()
    authenticator = Authenticator.of(visitor)
    add_passkey(visitor, session, officer)
    sign_out(visitor)
    use_passkey(visitor, "/sign-in?next=/account")
    arrived(visitor, "/account")
    sign_out(visitor)
    authenticator.turn_back()
    use_passkey(visitor)
    visitor.checked("That passkey did not work")
    assert people.acts(session)[-1] == "passkey.count_went_back"


def test_a_removed_passkey_works_no_more(device: OpenDevice, session: Session, officer: Person) -> None:
    visitor = device()
    Authenticator.of(visitor)
    add_passkey(visitor, session, officer)
    visitor.page.get_by_role("link", name="Remove Work laptop").click()
    visitor.checked("Remove a passkey")
    visitor.page.get_by_role("button", name="Remove the passkey").click()
    expect(visitor.page.get_by_text("You have none")).to_be_visible()
    sign_out(visitor)
    use_passkey(visitor)
    visitor.checked("That passkey did not work")


def test_without_javascript_the_page_says_so_and_other_ways_in_work(device: OpenDevice, respondent: Respondent) -> None:
    visitor = device(javascript=False)
    visitor.page.goto("/sign-in")
    expect(visitor.page.get_by_text("To sign in with a passkey, turn on JavaScript")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    visitor.page.get_by_label("Email address").fill(respondent.person.email)
    visitor.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    arrived(visitor, "/responses")


def test_a_browser_that_knows_no_passkeys_is_not_offered_any(device: OpenDevice) -> None:
    visitor = device()
    visitor.page.add_init_script("delete window.PublicKeyCredential")
    visitor.page.goto("/sign-in")
    visitor.page.wait_for_function("document.readyState === 'complete'")
    expect(visitor.page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    visitor.checked("Sign in")


def test_under_another_address_of_the_same_machine_the_browser_uses_none(device: OpenDevice, served: Flask) -> None:
    visitor = device()
    Authenticator.of(visitor)
    port = served.config["SETTINGS"].base_url.rpartition(":")[2]
    visitor.page.goto(f"http://other.localhost:{port}/sign-in")
    visitor.page.get_by_role("button", name="Use a passkey").click()
    expect(visitor.page.get_by_text("No passkey was used")).to_be_visible()
