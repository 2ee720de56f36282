"""The themes of a run as its report shows them, with the frameworks that were made of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload

from webapp.analysis import queries as runs
from webapp.analysis.digests import ThemeDigest
from webapp.analysis.themes import queries, quotes
from webapp.analysis.themes.report_pages import QuestionThemes, RunInThemes, Stands, question_themes
from webapp.analysis.themes.tallies import tallies
from webapp.audit import Actor
from webapp.models import AnalysisPart, AnalysisRun, PartKind, ThemeAct, ThemeActKind, ThemeFramework
from webapp.programmes.permissions import Permission, permissions_on


def questions(session: Session, run: AnalysisRun, reader: Actor) -> list[QuestionThemes]:
    """What the report shows of each question, in the order of the questionnaire."""
    frameworks = _frameworks(session, run)
    every = list(frameworks.values())
    versions, counted = queries.official(session, every), tallies(session, every)
    granted = permissions_on(session, run.engagement.programme_id, reader)
    hidden = set() if Permission.LEAD in granted else queries.restricted(session, run.engagement_id)
    reads = Permission.READ_RESPONSES in granted
    newest = _newest_runs(session, every)
    views = queries.asked_for_views(session, run.engagement_id)
    stands = {
        key: Stands(
            framework,
            versions.get(framework.id),
            counted[framework.id],
            reads=reads and key not in hidden,
            works=Permission.ANALYSE in granted and key not in hidden,
            takes_sides=key in views,
            newest=newest[framework.id],
        )
        for key, framework in frameworks.items()
    }
    digests = runs.digests(session, run, PartKind.THEMES)
    quotable = quotes.still_quotable(session, _quoted(digest for part, digest in digests if part.subject not in hidden))
    return [
        question_themes(part, digest, stands.get(part.subject or ""), quotable=quotable) for part, digest in digests
    ]


def _quoted(digests: Iterable[ThemeDigest]) -> set[str]:
    return {quote.comment_id for digest in digests for group in digest.groups for quote in group.quotes}


def _newest_runs(session: Session, frameworks: Sequence[ThemeFramework]) -> dict[uuid.UUID, RunInThemes]:
    """The last run that brought each framework answers or missed some: the first, where none has done so since."""
    rows = session.execute(
        select(ThemeAct.framework_id, ThemeAct.detail["run"].as_integer(), ThemeAct.done_at)
        .where(ThemeAct.framework_id.in_([each.id for each in frameworks]), ThemeAct.kind == ThemeActKind.ARRIVED)
        .ext(distinct_on(ThemeAct.framework_id))
        .order_by(ThemeAct.framework_id, ThemeAct.number.desc())
    )
    first = {each.id: RunInThemes(each.part.run.number, each.part.run.requested_at) for each in frameworks}
    return first | {framework_id: RunInThemes(number, at) for framework_id, number, at in rows}


def _frameworks(session: Session, run: AnalysisRun) -> dict[str, ThemeFramework]:
    """Of the run's engagement, by the key of their question."""
    rows = session.scalars(
        select(ThemeFramework)
        .where(ThemeFramework.engagement_id == run.engagement_id)
        .options(
            joinedload(ThemeFramework.part)
            .load_only(AnalysisPart.run_id)
            .joinedload(AnalysisPart.run)
            .load_only(AnalysisRun.number, AnalysisRun.requested_at)
        )
        .order_by(ThemeFramework.question_key)
    )
    return {framework.question_key: framework for framework in rows}
