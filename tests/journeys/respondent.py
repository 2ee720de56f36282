"""A provider's people with an open engagement to answer, and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.accounts.actions import set_password
from webapp.models import Person

PASSWORD = "lots of sites by the sea"


@dataclass(frozen=True)
class Respondent:
    """Two colleagues and the addresses of the response that they share."""

    person: Person
    colleague: Person
    url: str

    def section(self, slug: str) -> str:
        return f"{self.url}/sections/{slug}"


def make_respondent(session: Session) -> Respondent:
    person = make.provider_person(session, name="Asha Patel")
    colleague = make.provider_person(session, person.memberships[0].organisation, name="Ben Okoro")
    for someone in (person, colleague):
        set_password(session, person=someone, password=PASSWORD, actor=None)
    response = make.response(session, make.engagement(session), person)
    session.commit()
    return Respondent(person, colleague, f"/responses/{response.id}")


def give_password(page: Page, person: Person) -> None:
    """On the sign-in page, which leads on to where the person wanted to go."""
    page.get_by_label("Email address").fill(person.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def open_signed_in(page: Page, person: Person, url: str) -> None:
    page.goto(url)
    give_password(page, person)
    page.wait_for_url(f"**{url}")
