"""An officer before a questionnaire that it draws up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp.engagements.questionnaires import SectionContent, add_questionnaire
from webapp.models import (
    Engagement,
    Organisation,
    Person,
    Question,
    QuestionnaireVersion,
    Section,
)


@dataclass
class Desk:
    client: Client
    session: Session
    engagement: Engagement
    officer: Person

    def address(self, *path: object) -> str:
        return "/".join((f"/manage/engagements/{self.engagement.id}/questionnaire", *map(str, path)))

    def outline(self) -> Page:
        return self.client.get(self.address())

    def fill(self, *path: object, status: int = 302, **given: Any) -> Page:
        return self.client.submit(self.address(*path), given, status=status)

    def press(self, *path: object, status: int = 302, **given: Any) -> Page:
        """A button of the outline."""
        address = self.address(*path)
        sent = self.outline().hidden(address if path[-1] == "move" else None)
        return self.client.post(address, {**sent, **given}, status=status)

    def ask_if(self, *path: object, about: str, status: int = 302, **given: Any) -> Page:
        """Have it asked after certain answers to the question with the key `about`, beside its other conditions."""
        address = self.address(*path, "conditions", "add")
        sent = self.client.get(f"{address}?question={about}").hidden(address)
        for name, value in given.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        return self.client.post(address, sent, status=status)

    def version(self) -> QuestionnaireVersion:
        """The newest, as it is now."""
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(
            select(QuestionnaireVersion)
            .where(QuestionnaireVersion.engagement_id == self.engagement.id)
            .order_by(QuestionnaireVersion.number.desc())
        ).first()

    def section(self, slug: str) -> Section:
        return next(section for section in self.version().sections if section.slug == slug)

    def question(self, key: str) -> Question:
        return next(each for section in self.version().sections for each in section.questions if each.key == key)

    def order(self) -> list[list[str]]:
        """The keys, section by section."""
        return [[question.key for question in section.questions] for section in self.version().sections]


def sit_down(
    client: Client, session: Session, *, sections: tuple[SectionContent, ...] | None = None, state: str = "draft"
) -> Desk:
    """Signed in before an engagement, with a draft of these sections if any are given."""
    officer = make.officer(session)
    buyer = session.get_one(Organisation, officer.memberships[0].organisation_id)
    programme = make.programme(session, buyer)
    engagement = make.engagement(session, programme, state=state, questionnaire=state != "draft")
    if sections is not None:
        add_questionnaire(session, engagement, sections)
    session.commit()
    client.sign_in(officer)
    return Desk(client, session, engagement, officer)
