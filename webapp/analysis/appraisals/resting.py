"""The conclusion that a recommendation rests on: offered while it is written, and held and shown as it was then."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from intelligence.files import from_json
from webapp.analysis.appraisals import queries
from webapp.analysis.appraisals.content import Appraised, ConcludedAppraisal
from webapp.analysis.appraisals.pages import WHOLE, appraisal_page
from webapp.models import Procurement
from webapp.web.format import LONDON, day


@dataclass(frozen=True, slots=True)
class RestingPage:
    """`score_rows` are of the options that were scored, by the columns `score_columns`."""

    title: str
    said: str
    href: str
    score_columns: list[dict[str, Any]]
    score_rows: Sequence[Sequence[Any]]
    rejected_rows: Sequence[Sequence[Any]]
    digest: str


def offered(session: Session, procurement: Procurement) -> ConcludedAppraisal | None:
    """The newest conclusion about the procurement, or else about its whole programme."""
    row = queries.newest_conclusion(session, procurement)
    if row is None:
        return None
    return ConcludedAppraisal(
        appraisal_id=str(row.appraisal_id),
        conclusion_id=str(row.id),
        number=row.number,
        concluded_by=row.concluder.name,
        concluded_on=row.concluded_at.astimezone(LONDON).date(),
        digest=row.digest,
        content=from_json(Appraised, row.content),
    )


def resting_page(found: ConcludedAppraisal, programme_id: uuid.UUID) -> RestingPage:
    page = appraisal_page(found.content)
    return RestingPage(
        title=f"{found.content.title}, conclusion {found.number}",
        said=f"{_preferred(found)} {page.lead}",
        href=url_for(
            "appraisals.conclusion",
            programme_id=programme_id,
            appraisal_id=found.appraisal_id,
            conclusion_id=found.conclusion_id,
        ),
        score_columns=page.score_columns,
        score_rows=page.score_rows,
        rejected_rows=page.rejected_rows,
        digest=found.digest,
    )


def resting_lines(found: ConcludedAppraisal | None) -> list[str]:
    """The same for a file, which has the conclusion in full on a sheet of its own."""
    if found is None:
        return []
    rejected = appraisal_page(found.content).rejected_rows
    return [
        f"Rests on the appraisal “{found.content.title}”, conclusion {found.number}, SHA-256 {found.digest}. "
        f"{_preferred(found)}",
        *(f"Not preferred: {name}. {how}. {reason}" for name, how, reason in rejected),
    ]


def _preferred(found: ConcludedAppraisal) -> str:
    name = next(each.name for each in found.content.options if each.id == found.content.preferred)
    about = f"“{found.content.about}”" if found.content.about else WHOLE.lower()
    return f"“{name}” was preferred for {about} by {found.concluded_by} on {day(found.concluded_on)}."
