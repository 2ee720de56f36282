"""What a page asked that the questionnaire, in a version that came out since, no longer asks in its section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from webapp.models import Section
from webapp.responses import queries
from webapp.responses.drafts import Draft
from webapp.responses.forms import SectionForm, read_typed
from webapp.responses.items import Item, Typed
from webapp.responses.published import questionnaire_of
from webapp.web.text import uuid_of


@dataclass(frozen=True)
class Sent:
    """A page as it was sent, of a version that the draft is no longer of."""

    section: Section
    typed: Mapping[Item, Typed]


class SectionRemovedError(Exception):
    """The section that was sent is in the version that its page showed, and not in the draft's."""

    def __init__(self, journey: queries.Journey, sent: Sent) -> None:
        super().__init__(sent.section.slug)
        self.journey = journey
        self.sent = sent


def sent_before(session: Session, journey: queries.Journey, slug: str) -> Sent | None:
    """None unless the page says that it was of another published version of this engagement, with such a section."""
    form, response = SectionForm(), journey.response
    if not form.is_of_another_version(response.version_id):
        return None
    version_id = uuid_of(form.version.data)
    if version_id is None or not queries.was_published(session, response.engagement_id, version_id):
        return None
    before = Draft(questionnaire_of(session, version_id), journey.draft.lots, saved={})
    section = before.section(slug)
    return Sent(section, read_typed(request.form, form.items_shown(before, section))) if section else None


def no_longer_asked(session: Session, journey: queries.Journey, now: Section) -> Mapping[Item, Typed]:
    """What was typed for questions that this section had when its page was opened, and does not have now."""
    sent = sent_before(session, journey, now.slug)
    keys = {question.key for question in now.questions}
    return {item: typed for item, typed in sent.typed.items() if item.question.key not in keys} if sent else {}
