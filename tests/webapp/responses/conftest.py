"""A provider's two colleagues, an open engagement and the response they work on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from webapp.db import Database
from webapp.models import Engagement, Lot, Person, Response


@dataclass
class Respondent:
    """Who answers what, and the addresses of its pages."""

    person: Person
    colleague: Person
    engagement: Engagement
    lots: list[Lot]
    response: Response

    @property
    def url(self) -> str:
        return f"/responses/{self.response.id}"

    @property
    def check(self) -> str:
        return f"{self.url}/check"

    def section(self, slug: str) -> str:
        return f"{self.url}/sections/{slug}"

    def levels(self, *levels: str) -> dict[str, str]:
        return {f"interest-{lot.id}": level for lot, level in zip(self.lots, levels, strict=False)}

    def fill(self, client: Client) -> None:
        """Everything that is required, for the first of the lots."""
        client.submit(self.section("organisation"), {"legal_name": "Seaside Health"})
        client.submit(self.section("interest"), self.levels("likely", *["no"] * (len(self.lots) - 1)))
        client.submit(self.section("lots"), {f"role-{self.lots[0].id}": "lead", f"start_wte-{self.lots[0].id}": "4.5"})

    def submit(self, client: Client, **given: str) -> Page:
        return client.submit(self.check, {"declared": "y", **given})


def make_respondent(session: Session, about: Engagement | None = None) -> Respondent:
    engagement = about or factories.engagement(session)
    person = factories.provider_person(session, name="Asha Patel")
    colleague = factories.provider_person(session, person.memberships[0].organisation, name="Ben Okoro")
    response = factories.response(session, engagement, person)
    lots = factories.lots_of(engagement)
    session.commit()
    return Respondent(person, colleague, engagement, lots, response)


@pytest.fixture
def respondent(session: Session) -> Respondent:
    return make_respondent(session)


@pytest.fixture
def colleague_client(app: Flask, database: Database, respondent: Respondent) -> Client:
    client = Client(app, database)
    client.sign_in(respondent.colleague)
    return client


@pytest.fixture
def client(client: Client, respondent: Respondent) -> Client:
    """Signed in as the person who began the response."""
    client.sign_in(respondent.person)
    return client
