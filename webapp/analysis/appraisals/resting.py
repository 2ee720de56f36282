"""The conclusion that a recommendation rests on: offered while it is written, and held and shown as it was then."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from intelligence import Route
from intelligence.files import from_json
from webapp.analysis.appraisals import queries
from webapp.analysis.appraisals.content import Appraised, AppraisedOption, ConcludedAppraisal
from webapp.analysis.appraisals.pages import appraisal_page
from webapp.analysis.appraisals.words import WHOLE
from webapp.analysis.planning.pages.words import ROUTES
from webapp.models import AppraisalConclusion, Procurement, Recommendation
from webapp.web.cells import link
from webapp.web.format import LONDON, day


@dataclass(frozen=True, slots=True)
class RestingPage:
    """`score_rows` are of the options that were scored, by the columns `score_columns`."""

    title: str
    said: str
    figures: str
    otherwise: str
    """That what it prefers is bought by another route than is recommended, or not at all; else empty."""
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


def was_left_out(session: Session, found: ConcludedAppraisal, earlier: Recommendation | None) -> bool:
    """Whether the recommendation before was put up without it, though it was there."""
    if earlier is None or earlier.content.get("appraisal") is not None:
        return False
    return session.get_one(AppraisalConclusion, uuid.UUID(found.conclusion_id)).concluded_at <= earlier.put_up_at


def otherwise(found: ConcludedAppraisal, route: Route) -> str:
    preferred = _preferred_option(found).route
    if preferred == route:
        return ""
    how = f"is bought by this route: {ROUTES[preferred]}" if preferred else "buys nothing"
    return (
        f"The option that the appraisal prefers {how}. That is not what is recommended here, which is to buy by this "
        f"route: {ROUTES[route]}."
    )


def concluded_since(
    found: ConcludedAppraisal, newest: ConcludedAppraisal | None, programme_id: uuid.UUID
) -> list[Markup]:
    """That another conclusion is offered by now than the one that a recommendation rests on."""
    if newest is None or newest.conclusion_id == found.conclusion_id:
        return []
    newer = link(f"Conclusion {newest.number} of “{newest.content.title}”", _address(newest, programme_id))
    return [Markup("%s is newer than the conclusion that this rests on. In it %s") % (newer, _preferred(newest))]


def resting_page(found: ConcludedAppraisal, programme_id: uuid.UUID, *, route: Route, run: str) -> RestingPage:
    """For a recommendation to buy by `route`, with the figures of `run`."""
    page = appraisal_page(found.content)
    return RestingPage(
        title=f"{found.content.title}, conclusion {found.number}",
        said=f"{_preferred(found)} {page.lead}",
        figures=_figures(found, run),
        otherwise=otherwise(found, route),
        href=_address(found, programme_id),
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
        f"{_preferred(found)} {_figures(found)}",
        *(f"Not preferred: {name}. {how}. {reason}" for name, how, reason in rejected),
    ]


def _address(found: ConcludedAppraisal, programme_id: uuid.UUID) -> str:
    return url_for(
        "appraisals.conclusion",
        programme_id=programme_id,
        appraisal_id=found.appraisal_id,
        conclusion_id=found.conclusion_id,
    )


def _figures(found: ConcludedAppraisal, run: str = "") -> str:
    """Which run's figures stood beside the scores, and that those of `run` are others."""
    market = found.content.evidence
    if market is None:
        return "No analysis was finished when it was concluded."
    others = f", and the figures of this recommendation are those of run {run}" if run not in ("", market.run) else ""
    return f"What the market said was taken from run {market.run}{others}."


def _preferred_option(found: ConcludedAppraisal) -> AppraisedOption:
    return next(each for each in found.content.options if each.id == found.content.preferred)


def _preferred(found: ConcludedAppraisal) -> str:
    name = _preferred_option(found).name
    about = f"“{found.content.about}”" if found.content.about else WHOLE.lower()
    return f"“{name}” was preferred for {about} by {found.concluded_by} on {day(found.concluded_on)}."
