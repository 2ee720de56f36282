"""A new organisation in a browser: registered, staffed and looked after, on a narrow screen too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice, Visitor
from tests.world import run_jobs
from webapp.db import Database

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_organisation_comes_in_and_grows(
    served: Flask, device: OpenDevice, database: Database, javascript: bool
) -> None:
    def work() -> None:
        run_jobs(database, served.config["SETTINGS"])

    desk = device(javascript=javascript)
    register(desk, work)
    look_after(desk)
    invite(desk, work)
    phone = device(javascript=javascript, width=320)
    join(phone)
    account(phone)
    change_people(desk)


def newest_link(visitor: Visitor) -> None:
    visitor.page.goto("/sent-mail")
    visitor.page.get_by_role("main").get_by_role("link", name=re.compile("sign-in.link.(join|register).")).first.click()


def register(visitor: Visitor, work: Callable[[], None]) -> None:
    page = visitor.page
    page.goto("/sign-in")
    visitor.checked("Sign in")
    page.get_by_role("link", name="register your organisation").click()
    visitor.checked("Register your organisation")
    page.get_by_role("button", name="Send me the link").click()
    visitor.checked("Register your organisation")  # in error
    page.get_by_label("Name of your organisation").fill("Seaside Dental CIC")
    page.get_by_label("Social enterprise or community interest company").check()
    page.get_by_label(re.compile("^Small")).check()
    page.get_by_label("Yes").check()
    page.get_by_label(re.compile("^Companies House number")).fill("1234567")
    page.get_by_label("Your name").fill("Priya Shah")
    page.get_by_label("Your email address").fill("priya@seaside.example")
    page.get_by_role("button", name="Send me the link").click()
    visitor.checked("Check your email to finish")
    work()
    newest_link(visitor)
    visitor.checked("Finish your registration")
    page.get_by_role("button", name="Register and sign in").click()
    visitor.checked("Your organisation")


def look_after(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Change the details").click()
    visitor.checked("Change your organisation’s details")
    expect(page.get_by_label(re.compile("^Companies House number"))).to_have_value("01234567")
    page.get_by_role("button", name="Save").click()
    visitor.checked("Your organisation")
    page.get_by_role("link", name="Leave this organisation").click()
    visitor.checked("Leave your organisation")
    page.get_by_role("button", name="Leave").click()
    visitor.checked("Leave your organisation")  # refused: the last signatory


def invite(visitor: Visitor, work: Callable[[], None]) -> None:
    page = visitor.page
    page.goto("/organisation/invite")
    page.get_by_role("button", name="Send the invitation").click()
    visitor.checked("Invite a colleague")  # in error
    page.get_by_label("Your colleague’s name").fill("Ben Okoro")
    page.get_by_label("Their email address").fill("ben@seaside.example")
    page.get_by_label("Contributor").check()
    page.get_by_role("button", name="Send the invitation").click()
    visitor.checked("Your organisation")
    work()


def join(visitor: Visitor) -> None:
    newest_link(visitor)
    visitor.checked("Join Seaside Dental CIC")
    visitor.page.get_by_role("button", name="Join and sign in").click()
    visitor.checked("Your responses")
    visitor.page.get_by_role("link", name="Your organisation and its people").click()
    visitor.checked("Your organisation")


def account(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Your account and your data").click()
    visitor.checked("Your account")
    for name in ("Ben " + 60 * "O", "Ben Okoro"):
        page.get_by_role("link", name="Change Name").click()
        page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Save the name").click()
        visitor.checked("Your account")
    page.get_by_role("link", name="Set up Authenticator app").click()
    visitor.checked("Set up an authenticator app")
    page.goto("/account")
    page.get_by_role("link", name="Set Password").click()
    visitor.checked("Set your password")
    page.get_by_role("textbox", name="New password").fill("lots of sites by the sea")
    page.get_by_role("button", name="Save the password").click()
    visitor.checked("Your account")
    page.get_by_role("link", name="Set up Authenticator app").click()
    visitor.checked("Confirm that it is you")
    page.goto("/account/data")
    visitor.checked("Your data")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download your data").click()
    assert download.value.suggested_filename == "soundings-your-data.json"


def change_people(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/organisation")
    page.get_by_role("link", name="Change Ben Okoro").click()
    visitor.checked("Ben Okoro")
    page.get_by_role("link", name="Remove Ben Okoro").click()
    visitor.checked("Remove Ben Okoro")
    page.get_by_role("button", name="Remove").click()
    visitor.checked("Your organisation")
    expect(page.get_by_text("Ben Okoro no longer acts for your organisation")).to_be_visible()
