"""Asking, answering and documents in a browser: a provider on a phone, an officer at a desk, and a passer-by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests import factories as make
from tests.journeys.conftest import OpenDevice, Visitor
from tests.webapp.engagements.files import CSV, PDF
from webapp.accounts.actions import make_link
from webapp.db import clock
from webapp.models import Engagement, Person

pytestmark = pytest.mark.browser


def sign_in(visitor: Visitor, session: Session, person: Person, path: str) -> None:
    token = make_link(
        session,
        person=person,
        destination=path,
        life=timedelta(hours=1),
        now=clock(session),
        second_factor=True,
    )
    session.commit()
    visitor.page.goto(f"/sign-in/link/{token}")
    visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"**{path}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_question_is_asked_answered_and_read_by_all(
    served: Flask, device: OpenDevice, session: Session, javascript: bool
) -> None:
    engagement = make.engagement(session)
    officer = make.officer(session, engagement.programme.buyer)
    asker = make.provider_person(session, make.provider(session, name="Zebedee Health Ltd"), name="Quentin Xylander")
    session.commit()
    phone, desk = device(javascript=javascript, width=320), device(javascript=javascript)
    ask(phone, session, engagement, asker)
    answer(desk, session, engagement, officer)
    correct(desk)
    put_up_documents(desk, engagement)
    extend(desk, engagement)
    passer_by = device(javascript=javascript, width=320)
    read(passer_by, engagement)
    phone.page.goto(f"/engagements/{engagement.id}/questions")
    phone.page.get_by_role("link", name="Can Zebedee Health bid alone?").click()
    phone.checked("Your question")
    expect(phone.page.get_by_role("main")).to_contain_text("Anybody can, from any region.")
    close_early(desk, engagement)
    publish_summary(desk)
    read_summary(passer_by, engagement)


def ask(phone: Visitor, session: Session, engagement: Engagement, asker: Person) -> None:
    sign_in(phone, session, asker, f"/engagements/{engagement.id}")
    phone.checked()
    phone.page.get_by_role("button", name="Ask a question").click()
    phone.checked("Questions of your organisation")
    phone.page.get_by_role("button", name="Send your question").click()
    phone.checked()
    phone.page.get_by_role("link", name="Enter your question").click()
    expect(phone.page.get_by_label("Your question")).to_be_focused()
    phone.page.get_by_label("Your question").fill("Can Zebedee Health bid alone?")
    phone.page.get_by_label("Which lot is it about?").select_option(index=1)
    phone.page.get_by_role("button", name="Send your question").click()
    expect(phone.page.get_by_role("main")).to_contain_text("Waiting for an answer")
    phone.checked()


def answer(desk: Visitor, session: Session, engagement: Engagement, officer: Person) -> None:
    sign_in(desk, session, officer, f"/manage/engagements/{engagement.id}")
    desk.checked()
    desk.page.get_by_role("link", name="Can Zebedee Health bid alone?").click()
    desk.checked("Answer a question")
    expect(desk.page.locator("mark")).to_have_text(["Zebedee Health"])
    desk.page.get_by_label("Your answer").fill("Anybody can.")
    desk.page.get_by_role("button", name="Publish question and answer").click()
    desk.checked()
    expect(desk.page.get_by_role("alert")).to_contain_text("may tell who asked")
    desk.page.get_by_label("The question as it will be published").fill("Can one provider bid alone?")
    desk.page.get_by_role("button", name="Publish question and answer").click()
    expect(desk.page.get_by_role("main")).to_contain_text("No question waits for an answer.")
    desk.page.get_by_role("link", name="Can Zebedee Health bid alone?").click()
    desk.checked("Published answer")


def correct(desk: Visitor) -> None:
    page = desk.page
    page.get_by_role("link", name="Correct the answer").click()
    desk.checked("Correct an answer")
    page.get_by_label("Your answer").fill("")
    page.get_by_role("button", name="Publish the correction").click()
    desk.checked()
    page.get_by_label("Your answer").fill("Anybody can, from any region.")
    page.get_by_role("button", name="Publish the correction").click()
    desk.checked("Published answer")


def put_up_documents(desk: Visitor, engagement: Engagement) -> None:
    page = desk.page
    page.goto(f"/manage/engagements/{engagement.id}")
    page.get_by_role("link", name="Add or replace documents to download").click()
    desk.checked("Documents")
    page.get_by_label("What the document is").fill("Draft specification")
    page.get_by_label("File").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"MZ"})
    page.get_by_role("button", name="Add the document").click()
    desk.checked()
    page.get_by_role("link", name="The file must be a PDF, DOCX, XLSX, ODT or CSV file").click()
    expect(page.get_by_label("File")).to_be_focused()
    expect(page.get_by_label("What the document is")).to_have_value("Draft specification")
    page.get_by_label("File").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Add the document").click()
    page.get_by_role("link", name="Replace Draft specification").click()
    desk.checked("Replace a document")
    page.get_by_label("File").set_input_files({"name": "demand.csv", "mimeType": "text/csv", "buffer": CSV})
    page.get_by_role("button", name="Replace the document").click()
    expect(page.get_by_role("main")).to_contain_text("version 2")
    desk.checked("Documents")
    page.get_by_role("link", name="remove Draft specification").click()
    desk.checked("Remove a document")


def extend(desk: Visitor, engagement: Engagement) -> None:
    page = desk.page
    page.goto(f"/manage/engagements/{engagement.id}/extend")
    desk.checked("Move the closing time")
    page.get_by_role("button", name="Move the closing time").click()
    desk.checked()
    later = engagement.closes_at + timedelta(days=20)
    for legend in ("New closing date", "New last date for questions"):
        group = page.get_by_role("group", name=legend)
        for part in ("Day", "Month", "Year"):
            group.get_by_label(part).fill(str(getattr(later, part.lower())))
    page.get_by_label("Time of day").fill("noon")
    page.get_by_label("Why are you moving the closing time?").fill("Easter.")
    page.get_by_role("button", name="Move the closing time").click()
    expect(page.get_by_role("main")).to_contain_text("Questions can be asked until noon")


def read(passer_by: Visitor, engagement: Engagement) -> None:
    page = passer_by.page
    page.goto("/")
    passer_by.checked("Market engagements")
    page.get_by_label("Search").fill("optometry")
    page.get_by_role("button", name="Find engagements").click()
    expect(page.get_by_role("main")).to_contain_text("No engagement matches what you asked for.")
    passer_by.checked()
    page.get_by_label("Search").fill(engagement.title)
    page.get_by_label("Open now").check()
    page.get_by_role("button", name="Find engagements").click()
    passer_by.checked()
    page.get_by_role("link", name=engagement.title).click()
    passer_by.checked(engagement.title)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Can one provider bid alone?")
    expect(main).to_contain_text("Anybody can, from any region.")
    expect(main).to_contain_text("corrected on")
    expect(main).to_contain_text("version 2 of “Draft specification” was added.")
    expect(main).not_to_contain_text("Zebedee")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Draft specification").click()
    assert fetched.value.suggested_filename == "demand.csv"
    assert fetched.value.path().read_bytes() == CSV
    with page.expect_download() as dates:
        page.get_by_role("link", name="Put the dates into your calendar").click()
    assert dates.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")


def close_early(desk: Visitor, engagement: Engagement) -> None:
    page = desk.page
    page.goto(f"/manage/engagements/{engagement.id}")
    page.get_by_role("link", name="close the engagement early").click()
    desk.checked("Close the engagement early")
    page.get_by_role("button", name="Close the engagement").click()
    desk.checked()
    page.get_by_label("Why are you closing the engagement early?").fill("The budget was withdrawn.")
    page.get_by_label("Close the engagement now").check()
    page.get_by_role("button", name="Close the engagement").click()
    expect(page.get_by_role("main")).to_contain_text("the engagement was closed early")
    desk.checked()


def publish_summary(desk: Visitor) -> None:
    page = desk.page
    page.get_by_role("link", name="Publish or correct the summary of the engagement").click()
    desk.checked("Publish a summary")
    page.get_by_role("button", name="Publish the summary").click()
    desk.checked()
    page.get_by_label("What you heard").fill("Dental nurses are scarce.\nVetting takes long.")
    page.get_by_label("What will change because of it").fill("We will split the dental lot.")
    page.get_by_label("What happens next").fill("A tender notice in May.")
    page.get_by_role("button", name="Publish the summary").click()
    page.get_by_role("link", name="Publish or correct the summary of the engagement").click()
    desk.checked("Correct the summary")


def read_summary(passer_by: Visitor, engagement: Engagement) -> None:
    page = passer_by.page
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Summary published on")
    passer_by.checked()
    page.get_by_role("link", name=engagement.title).click()
    passer_by.checked(engagement.title)
    main = page.get_by_role("main")
    expect(main).to_contain_text("The budget was withdrawn.")
    expect(main).to_contain_text("We will split the dental lot.")
    expect(main).to_contain_text("Fewer than 5 responses were submitted.")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_question_that_came_by_telephone_is_entered_and_removed(
    served: Flask, device: OpenDevice, session: Session, width: int
) -> None:
    engagement = make.engagement(session)
    officer = make.officer(session, engagement.programme.buyer)
    caller = make.provider_person(session, make.provider(session, name="Zebedee Health Ltd"))
    make.invitation(session, engagement, caller)
    desk = device(width=width)
    sign_in(desk, session, officer, f"/manage/engagements/{engagement.id}")
    desk.page.get_by_role("link", name="Enter a question that came by email, telephone or at an event").click()
    desk.checked("Enter a question that came by other means")
    desk.page.get_by_role("button", name="Enter the question").click()
    desk.checked()
    expect(desk.page.locator(".govuk-error-summary")).to_contain_text("Choose how it came")
    desk.page.get_by_label("By telephone").check()
    desk.page.get_by_label("Which provider asked?").select_option("Zebedee Health Ltd")
    came = engagement.opens_at + timedelta(hours=1)
    for part, value in (("Day", came.day), ("Month", came.month), ("Year", came.year)):
        desk.page.get_by_label(part, exact=True).fill(str(value))
    desk.page.get_by_label("At what time?").fill("11:59pm" if came.hour > 21 else f"{came.hour + 2}:30")
    desk.page.get_by_label("The question").fill("Zebedee Health asks who pays for escorts.")
    desk.page.get_by_role("button", name="Enter the question").click()
    desk.checked("Answer a question")
    expect(desk.page.get_by_role("main")).to_contain_text(f"Entered by {officer.name}.")
    desk.page.get_by_role("link", name="Remove this question").click()
    desk.checked("Remove a question")
    desk.page.get_by_label("Why does it go?").fill("It was entered twice.")
    desk.page.get_by_role("button", name="Remove the question").click()
    expect(desk.page.get_by_role("main")).to_contain_text("The question is removed.")
