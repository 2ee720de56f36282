"""The main job from end to end in a browser: an officer invites, a provider answers, the officer reads the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import factories as make
from tests.journeys.conftest import OpenDevice, Visitor
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
    served: Flask, device: OpenDevice, database: Database, officer: Person, javascript: bool
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
    assert reference in phone.page.inner_text("main")
    amend_and_withdraw(phone)
    submit_again(laptop)
    read_report(desk, work)


def sign_in(visitor: Visitor, officer: Person) -> None:
    page = visitor.page
    page.goto("/programmes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("button", name="Sign in").click()
    visitor.checked("Sign in")  # in error
    page.get_by_label("Email address").fill(officer.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    visitor.checked("Enter your code")
    assert officer.totp_secret is not None
    page.get_by_label("6-digit code").fill(pyotp.TOTP(officer.totp_secret).at(datetime.now(UTC)))
    page.get_by_role("button", name="Continue").click()
    visitor.checked("Programmes")


def invite(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("main").get_by_role("link", name=re.compile("^Programme ")).first.click()
    visitor.checked()
    page.get_by_role("link", name=re.compile("^Engagement ")).first.click()
    visitor.checked()
    page.get_by_role("button", name="Invite a provider").click()
    page.get_by_role("button", name="Send invitation").click()
    visitor.checked("Invite a provider")  # in error
    page.get_by_label("Name of a provider that is not in the list").fill("Seaside Dental CIC")
    page.get_by_label("Name of the person").fill("Priya Shah")
    page.get_by_label("Email address").fill("priya@seaside.example")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("Seaside Dental CIC").first).to_be_visible()


def open_invitation(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/sent-mail")
    visitor.checked("Sent mail")
    page.get_by_role("main").get_by_role("link", name=re.compile("sign-in.link")).first.click()
    visitor.checked()
    page.get_by_role("button", name="Sign in").click()
    visitor.checked()


def answer(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name=re.compile("Start")).click()
    visitor.checked()
    page.get_by_role("main").get_by_role("link", name="Your organisation").click()
    page.get_by_label("What about legal_name?").fill("Seaside Dental CIC")
    page.get_by_label("Yes").check()
    save(visitor, "Interest in each lot")
    page.get_by_role("group", name=re.compile("Site 1")).get_by_label("Would bid", exact=True).check()
    page.get_by_role("group", name=re.compile("Site 2")).get_by_label("Would not bid").check()
    save(visitor, "The lots you chose")
    expect(page.get_by_role("main")).not_to_contain_text("HMP Site 2")
    page.get_by_label("Lead provider").check()
    page.get_by_label("What about start_wte?").fill("a few")
    page.get_by_role("button", name="Save and continue").click()
    visitor.checked("The lots you chose")  # in error: saved, and to be corrected
    expect(page.get_by_label("What about start_wte?")).to_have_value("a few")
    page.get_by_label("What about start_wte?").fill("4.5")
    save(visitor, "Your views")
    page.get_by_label("What about barriers?").fill(VIEWS)
    page.get_by_label("Yes").check()
    save(visitor, "Check your answers")


def save(visitor: Visitor, leads_to: str) -> None:
    page = visitor.page
    page.get_by_role("button", name="Save and continue").click()
    visitor.checked(leads_to)


def submit(visitor: Visitor) -> str:
    page = visitor.page
    page.get_by_role("button", name="Submit").click()
    visitor.checked("Check your answers")  # in error: not declared
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    visitor.checked()
    found = re.search(r"SND-[0-9A-Z]{4}-[0-9A-Z]{4}", page.inner_text("main"))
    assert found is not None
    return found.group()


def resume(visitor: Visitor, work: Callable[[], None]) -> None:
    """On a phone, with a link asked for by the e-mail address alone."""
    page = visitor.page
    page.goto("/sign-in/link")
    page.get_by_label("Email address").fill("priya@seaside.example")
    page.get_by_role("button").last.click()
    work()
    page.goto("/sent-mail")
    page.get_by_role("main").get_by_role("link", name=re.compile("sign-in.link")).first.click()
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto("/responses")
    visitor.checked()
    page.get_by_role("main").get_by_role("link").first.click()
    visitor.checked()


def amend_and_withdraw(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Your views").click()
    expect(page.get_by_label("What about barriers?")).to_have_value(VIEWS)
    page.get_by_label("What about barriers?").fill(VIEWS + " Vetting takes too long.")
    save(visitor, "Check your answers")
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    visitor.checked()
    page.goto("/responses")
    page.get_by_role("main").get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile("Withdraw")).click()
    visitor.checked()
    page.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(page.get_by_text("Your response is withdrawn")).to_be_visible()


def submit_again(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/responses")
    page.get_by_role("main").get_by_role("link").first.click()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_label(re.compile("I am authorised")).check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("SND-")).first).to_be_visible()


def read_report(visitor: Visitor, work: Callable[[], None]) -> None:
    page = visitor.page
    page.goto("/programmes")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Programme ")).first.click()
    page.get_by_role("link", name=re.compile("^Engagement ")).first.click()
    page.get_by_role("button", name="Run analysis").click()
    visitor.checked()
    work()
    visitor.returns()
    page.get_by_role("main").get_by_role("link", name="Market capacity").click()
    visitor.checked("Market capacity report")
    page.get_by_role("link", name=re.compile("^D1 ")).first.click()
    visitor.checked()
    page.get_by_role("link", name="Back to the report").click()
    page.get_by_role("link", name="Themes").click()
    visitor.checked("Themes in what providers wrote")
    expect(page.get_by_role("main")).to_contain_text("recruit dental nurses", ignore_case=True)
    page.get_by_role("link", name="Schedule").click()
    visitor.checked("Procurement schedule")
    page.get_by_role("link", name="Assumptions").click()
    visitor.checked("What the figures assume")
