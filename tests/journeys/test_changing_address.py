"""Another address for an account, in a browser: asked for, confirmed on a phone without scripts, and stopped."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice, Visitor
from tests.journeys.respondent import Respondent
from tests.webapp.accounts.people import link_for
from tests.world import run_jobs
from webapp.db import Database
from webapp.models import Person

pytestmark = pytest.mark.browser

NEW = "a.new.address.of.some.length@somewhere-else.provider.example"


def newest_link(visitor: Visitor, kind: str) -> None:
    visitor.page.goto("/sent-mail")
    visitor.page.get_by_role("main").get_by_role("link", name=re.compile(f"sign-in.link.{kind}")).first.click()


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (True, 320), (False, 320)])
def test_an_address_is_asked_for_confirmed_and_kept(
    served: Flask, device: OpenDevice, database: Database, respondent: Respondent, javascript: bool, width: int
) -> None:
    visitor, elsewhere = device(javascript=javascript, width=width), device(javascript=javascript, width=width)
    page = visitor.page
    with database.session() as session:
        page.goto(link_for(session, session.get_one(Person, respondent.person.id)))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account/email")
    visitor.checked("Change your email address")
    page.get_by_label("New email address").fill("nobody")
    page.get_by_role("button", name="Send the link").click()
    visitor.checked("Change your email address")  # in error
    page.get_by_label("New email address").fill(NEW)
    page.get_by_role("button", name="Send the link").click()
    visitor.checked("Your account")
    run_jobs(database, served.config["SETTINGS"])
    newest_link(visitor, "email")
    visitor.checked("Confirm your new email address")
    page.get_by_role("button", name="Confirm the address").click()
    visitor.checked("Your account")
    expect(page.get_by_text("Your email address changes to")).to_contain_text(NEW)
    newest_link(elsewhere, "stop-email")
    elsewhere.checked("Stop the change of the email address")
    elsewhere.page.get_by_role("button", name="Stop the change").click()
    elsewhere.checked("Sign in")
    elsewhere.page.go_back()
    elsewhere.page.reload()
    elsewhere.checked("Stop the change of the email address")  # works for days, as often as it takes
    page.goto("/account")
    visitor.checked("Sign in")
