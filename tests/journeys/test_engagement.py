"""The main job from end to end in a browser: an officer invites, a provider answers, the officer reads the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import factories as make
from tests.journeys.conftest import OpenPage, assert_accessible, assert_fits
from tests.world import run_jobs
from webapp.accounts.actions import set_password
from webapp.db import Database
from webapp.models import Person

pytestmark = pytest.mark.browser

PASSWORD = "lots of sites by the sea"
VIEWS = "We cannot recruit dental nurses. The price is too low for agency cover."


@pytest.fixture
def officer(database: Database) -> Person:
    """An officer with a password, an authenticator and an open engagement about two lots."""
    with database.session() as session:
        buyer = make.buyer(session, name="North West Commissioning")
        someone = make.officer(session, buyer, name="Olivia Reed", email="olivia@example.org")
        set_password(session, person=someone, password=PASSWORD, actor=None)
        someone.totp_secret = pyotp.random_base32()
        make.engagement(session, make.programme(session, buyer))
        session.commit()
    return someone


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_engagement_runs_from_invitation_to_report(
    served: Flask, device: OpenPage, database: Database, officer: Person, javascript: bool
) -> None:
    def work() -> None:
        run_jobs(database, served.config["SETTINGS"])

    desk = device(javascript=javascript)
    sign_in(desk, officer)
    invite(desk)
    work()
    laptop = device(javascript=javascript)
    open_invitation(laptop)
    answer(laptop)
    reference = submit(laptop)
    work()
    phone = device(javascript=javascript, width=320)
    resume(phone, work)
    assert reference in phone.inner_text("main")
    amend_and_withdraw(phone)
    submit_again(laptop)
    read_report(desk, work)


def sign_in(page: Page, officer: Person) -> None:
    page.goto("/programmes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("button", name="Sign in").click()
    checked(page, "Sign in")  # in error
    page.get_by_label("Email address").fill(officer.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    checked(page, "Enter your code")
    assert officer.totp_secret is not None
    page.get_by_label("6-digit code").fill(pyotp.TOTP(officer.totp_secret).at(datetime.now(UTC)))
    page.get_by_role("button", name="Continue").click()
    checked(page, "Programmes")


def invite(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile("^Programme ")).first.click()
    checked(page)
    page.get_by_role("link", name=re.compile("^Engagement ")).first.click()
    checked(page)
    page.get_by_role("button", name="Invite a provider").click()
    page.get_by_role("button", name="Send invitation").click()
    checked(page, "Invite a provider")  # in error
    page.get_by_label("Name of a provider that is not in the list").fill("Seaside Dental CIC")
    page.get_by_label("Name of the person").fill("Priya Shah")
    page.get_by_label("Email address").fill("priya@seaside.example")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("Seaside Dental CIC").first).to_be_visible()


def open_invitation(page: Page) -> None:
    page.goto("/sent-mail")
    checked(page, "Sent mail")
    page.get_by_role("main").get_by_role("link", name=re.compile("/sign-in/link/")).first.click()
    checked(page)
    page.get_by_role("button", name="Sign in").click()
    checked(page)


def answer(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Start")).click()
    checked(page)
    page.get_by_role("link", name="Your organisation").click()
    page.get_by_label("What about legal_name?").fill("Seaside Dental CIC")
    page.get_by_label("Yes").check()
    save(page, "Interest in each lot")
    page.get_by_role("group", name=re.compile("Site 1")).get_by_label("Would bid", exact=True).check()
    page.get_by_role("group", name=re.compile("Site 2")).get_by_label("Would not bid").check()
    save(page, "The lots you chose")
    expect(page.get_by_role("main")).not_to_contain_text("HMP Site 2")
    page.get_by_label("Lead provider").check()
    page.get_by_label("What about start_wte?").fill("a few")
    page.get_by_role("button", name="Save and continue").click()
    checked(page, "The lots you chose")  # in error: saved, and to be corrected
    expect(page.get_by_label("What about start_wte?")).to_have_value("a few")
    page.get_by_label("What about start_wte?").fill("4.5")
    save(page, "Your views")
    page.get_by_label("What about barriers?").fill(VIEWS)
    page.get_by_label("Yes").check()
    save(page, "Check your answers")


def save(page: Page, leads_to: str) -> None:
    page.get_by_role("button", name="Save and continue").click()
    checked(page, leads_to)


def submit(page: Page) -> str:
    page.get_by_role("button", name="Submit").click()
    checked(page, "Check your answers")  # in error: not declared
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    checked(page)
    found = re.search(r"SND-[0-9A-Z]{4}-[0-9A-Z]{4}", page.inner_text("main"))
    assert found is not None
    return found.group()


def resume(page: Page, work: Callable[[], None]) -> None:
    """On a phone, with a link asked for by the e-mail address alone."""
    page.goto("/sign-in/link")
    page.get_by_label("Email address").fill("priya@seaside.example")
    page.get_by_role("button").last.click()
    work()
    page.goto("/sent-mail")
    page.get_by_role("main").get_by_role("link", name=re.compile("/sign-in/link/")).first.click()
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto("/responses")
    checked(page)
    page.get_by_role("main").get_by_role("link").first.click()
    checked(page)


def amend_and_withdraw(page: Page) -> None:
    page.get_by_role("link", name="Your views").click()
    expect(page.get_by_label("What about barriers?")).to_have_value(VIEWS)
    page.get_by_label("What about barriers?").fill(VIEWS + " Vetting takes too long.")
    save(page, "Check your answers")
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    checked(page)
    page.goto("/responses")
    page.get_by_role("main").get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile("Withdraw")).click()
    checked(page)
    page.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(page.get_by_text("Your response is withdrawn")).to_be_visible()


def submit_again(page: Page) -> None:
    page.goto("/responses")
    page.get_by_role("main").get_by_role("link").first.click()
    page.get_by_role("link", name="Check your answers").click()
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("SND-")).first).to_be_visible()


def read_report(page: Page, work: Callable[[], None]) -> None:
    page.goto("/programmes")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Programme ")).first.click()
    page.get_by_role("link", name=re.compile("^Engagement ")).first.click()
    page.get_by_role("button", name="Run analysis").click()
    checked(page)
    work()
    page.reload()
    checked(page)
    page.get_by_role("main").get_by_role("link", name="Market capacity").click()
    checked(page, "Market capacity report")
    page.get_by_role("link", name=re.compile("^D1 ")).first.click()
    checked(page)
    page.go_back()
    page.get_by_role("link", name="Themes").click()
    checked(page, "Themes in what providers wrote")
    expect(page.get_by_role("main")).to_contain_text("dental nurses")
    page.get_by_role("link", name="Schedule").click()
    checked(page, "Procurement schedule")
    page.get_by_role("link", name="Assumptions").click()
    checked(page, "What the figures assume")


def checked(page: Page, heading: str | None = None) -> None:
    """The page that was led to, found in order."""
    if heading is not None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert_accessible(page)
    assert_fits(page)
