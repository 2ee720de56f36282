"""What has been entered so far, as the draft that the questionnaire's own pages and rules know."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.models import DraftSection, Reception, Section
from webapp.received import queries
from webapp.responses.drafts import Draft
from webapp.responses.items import Item
from webapp.responses.published import sections_of
from webapp.responses.queries import lots_of


def draft_of(session: Session, reception: Reception) -> Draft:
    saved = {
        row.section_id: DraftSection(
            section_id=row.section_id,
            revision=row.revision,
            answers=row.answers,
            saved_at=row.saved_at,
            saver=row.saver,
        )
        for row in queries.sections(session, reception.id)
    }
    return Draft(sections_of(session, reception.version_id), lots_of(session, reception.engagement_id), saved)


def items_to_enter(draft: Draft, section: Section) -> list[Item]:
    """What a section asks, but for files: those stay in the original."""
    return [item for item in draft.items(section) if not item.takes_files]
