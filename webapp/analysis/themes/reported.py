"""The themes of a run as its report shows them, with the frameworks that were made of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, cast, null, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from intelligence import ThemeSet
from intelligence.files import from_json
from webapp.analysis.digests import ThemeDigest, digest_of
from webapp.models import AnalysisPart, AnalysisRun, PartKind, RunState, ThemeFramework


def digests(session: Session, run: AnalysisRun) -> list[tuple[AnalysisPart, ThemeDigest]]:
    """Of the finished parts. Where the worker has not stored a digest, it is made of the whole result."""
    whole = case((AnalysisPart.summary.is_(None), AnalysisPart.result), else_=cast(null(), JSONB))
    rows = session.execute(
        select(AnalysisPart.id, AnalysisPart.summary, whole).where(
            AnalysisPart.run_id == run.id,
            AnalysisPart.kind == PartKind.THEMES,
            AnalysisPart.state == RunState.FINISHED,
        )
    )
    found = {part_id: (summary, result) for part_id, summary, result in rows}
    return [(part, _digest(*found[part.id])) for part in run.parts if part.id in found]


def _digest(summary: Any, result: Any) -> ThemeDigest:
    if summary is not None:
        return from_json(ThemeDigest, summary)
    return digest_of(from_json(ThemeSet, result["value"]))


def frameworks(session: Session, run: AnalysisRun) -> dict[str, ThemeFramework]:
    """Of the run's engagement, by the key of their question."""
    rows = session.scalars(
        select(ThemeFramework)
        .where(ThemeFramework.engagement_id == run.engagement_id)
        .order_by(ThemeFramework.question_key)
    )
    return {framework.question_key: framework for framework in rows}
