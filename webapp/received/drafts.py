"""What has been entered so far, as the draft that the questionnaire's own pages and rules know."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.models import Reception, Section
from webapp.received import queries
from webapp.responses.drafts import Draft, Saved
from webapp.responses.items import Item
from webapp.responses.published import questionnaire_of
from webapp.responses.queries import lots_of


def draft_of(session: Session, reception: Reception) -> Draft:
    saved = {
        row.section_id: Saved(
            row.section_id,
            row.revision,
            row.answers,
            saved_at=row.saved_at,
            saved_by=row.saved_by,
            saver=row.saver.name,
        )
        for row in queries.sections(session, reception.id)
    }
    questionnaire = questionnaire_of(session, reception.version_id)
    return Draft(questionnaire, lots_of(session, reception.engagement_id), saved)


def items_to_enter(draft: Draft, section: Section) -> list[Item]:
    """What a section asks, but for files: those stay in the original."""
    return [item for item in draft.items(section) if not item.takes_files]
