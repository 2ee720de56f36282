"""Drawing up a questionnaire in a browser, at a desk and on a phone, with and without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests import factories as make
from tests.journeys.conftest import OpenDevice, Visitor
from webapp.accounts.actions import make_link
from webapp.db import clock
from webapp.models import Engagement

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "javascript"), [(320, True), (1280, False)])
def test_a_questionnaire_is_drawn_up_and_a_new_version_published(
    served: Flask, device: OpenDevice, session: Session, width: int, javascript: bool
) -> None:
    engagement = make.engagement(session)
    make.response(session, engagement)
    desk = device(width=width, javascript=javascript)
    open_builder(desk, session, engagement)
    begin(desk)
    add_question(desk)
    ask_only_if(desk)
    add_from_library(desk)
    preview(desk)
    publish(desk)


def open_builder(desk: Visitor, session: Session, engagement: Engagement) -> None:
    officer = make.officer(session, engagement.programme.buyer)
    path = f"/manage/engagements/{engagement.id}"
    token = make_link(
        session, person=officer, destination=path, life=timedelta(hours=1), now=clock(session), second_factor=True
    )
    session.commit()
    desk.page.goto(f"/sign-in/link/{token}")
    desk.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    desk.page.wait_for_url(f"**{path}")
    desk.page.get_by_role("link", name="Read the questionnaire, or begin a new version").click()
    desk.checked("Questionnaire")


def begin(desk: Visitor) -> None:
    desk.page.get_by_role("button", name="Begin a new version").click()
    desk.checked("Begin a questionnaire")
    desk.page.get_by_label("The published version 1").check()
    press(desk.page, "Begin")
    desk.checked("Questionnaire")


def add_question(desk: Visitor) -> None:
    follow(desk.page, "Add a question", "Your views")
    desk.checked("Add a question")
    desk.page.get_by_label("One of several answers").check()
    press(desk.page, "Continue")
    desk.checked("Add a question")
    desk.page.get_by_label("Answers to choose from").fill("Only one")
    press(desk.page, "Save", exact=True)
    desk.checked()
    expect(desk.page.get_by_role("alert")).to_contain_text("Enter the question")
    expect(desk.page.get_by_label("Answers to choose from")).to_have_value("Only one")
    desk.page.get_by_label("Question", exact=True).fill("How long should a contract last?")
    desk.page.get_by_label("Answers to choose from").fill("3 years\n5 years\n7 years")
    desk.page.get_by_label("Once").check()
    press(desk.page, "Save", exact=True)
    desk.checked("Questionnaire")
    expect(desk.page.get_by_role("main")).to_contain_text("How long should a contract last?")


def ask_only_if(desk: Visitor) -> None:
    follow(desk.page, "When it is asked", "How long should a contract last?")
    desk.checked("When it is asked")
    for answer in ("Yes", "No"):
        press(desk.page, "condition", exact=False)
        desk.checked("Add a condition")
        desk.page.get_by_label("Ask it depending on this earlier question").select_option("cqc")
        press(desk.page, "Show its answers")
        desk.page.get_by_label("is one of those ticked below").check()
        desk.page.get_by_label(answer, exact=True).check()
        desk.checked("Add a condition")
        press(desk.page, "Save")
        if answer == "No":
            desk.checked("Add a condition")
            expect(desk.page.get_by_role("alert")).to_contain_text("It would never be asked")
    desk.page.get_by_role("link", name="When it is asked").click()
    desk.checked("When it is asked")
    expect(desk.page.get_by_role("main")).to_contain_text("you answer “Yes” to “What about cqc?”")
    desk.page.get_by_role("link", name="Questionnaire", exact=True).click()
    expect(desk.page.get_by_role("main")).to_contain_text("Only if you answer “Yes” to “What about cqc?”.")


def add_from_library(desk: Visitor) -> None:
    follow(desk.page, "add some from the library", "Your views")
    desk.page.get_by_role("link", name="The dental service").click()
    desk.checked("Add from the library")
    desk.page.get_by_label("Who would treat patients?").check()
    press(desk.page, "Add")
    desk.checked("Questionnaire")


def preview(desk: Visitor) -> None:
    follow(desk.page, "Preview as a provider sees it", "Your views")
    desk.checked("Your views")
    expect(desk.page.get_by_label("Dental hygienists")).to_be_disabled()
    desk.page.get_by_role("link", name="Questionnaire", exact=True).click()


def publish(desk: Visitor) -> None:
    desk.page.get_by_role("button", name="See the effect and publish").click()
    desk.checked("Publish version 2")
    expect(desk.page.get_by_role("main")).to_contain_text("Who would treat patients?")
    press(desk.page, "Publish version 2")
    desk.checked("Publish version 2")
    desk.page.get_by_label("They move to the new version").check()
    desk.page.get_by_label("What has changed, and why?").fill("We ask about dental services, too.")
    press(desk.page, "Publish version 2")
    desk.checked("Questionnaire")
    expect(desk.page.get_by_role("main")).to_contain_text("as it is published. It cannot be changed.")


def follow(page: Page, text: str, about: str) -> None:
    page.get_by_role("link", name=re.compile(rf"{text}\s*: {re.escape(about)}")).click()


def press(page: Page, name: str, *, exact: bool = True) -> None:
    page.get_by_role("button", name=name, exact=exact).click()
