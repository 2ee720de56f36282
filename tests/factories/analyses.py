"""What is asked of an analysis that has been run."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from tests.factories.rows import add
from webapp.models import (
    AnalysisRun,
    LotSearch,
    LotStructure,
    Person,
    PublishedReply,
    ReplyDecision,
    ReplyPublication,
    RunState,
    StructureStep,
    Theme,
    ThemeFramework,
    ThemeLearning,
)


def lot_search(session: Session, run: AnalysisRun, officer: Person, **rules: Any) -> LotSearch:
    """One that no worker will take up."""
    return add(session, LotSearch(run_id=run.id, requested_by=officer.id, rules=rules))


def theme_learning(session: Session, framework_id: uuid.UUID, officer: Person) -> ThemeLearning:
    """One that found nothing to propose."""
    nothing = {"version": 1, "value": {"proposals": [], "questions": [], "taught": 0, "expected_f1": 0.0}}
    row = ThemeLearning(
        framework_id=framework_id, requested_by=officer.id, state=RunState.FINISHED, progress=1, result=nothing
    )
    return add(session, row)


def reply_publication(session: Session, theme: Theme, officer: Person) -> ReplyPublication:
    """One reply, that everybody reads."""
    about = session.get_one(ThemeFramework, theme.framework_id)
    said = PublishedReply(
        position=0,
        theme_id=theme.id,
        question=about.wording,
        title=theme.title,
        providers=5,
        decision=ReplyDecision.TAKEN_UP,
        done="We split the lot.",
        reason="So that more can bid.",
    )
    row = ReplyPublication(
        engagement_id=about.engagement_id, version=1, published_by=officer.id, published_at=func.now(), replies=[said]
    )
    return add(session, row)


def lot_structure(session: Session, run: AnalysisRun, officer: Person, name: str = "Ours") -> LotStructure:
    """The lots of the engagement, not weighed yet."""
    lots = [[f"{unit['site_id']} {unit['service_line_id']}" for unit in lot["units"]] for lot in run.inputs["lots"]]
    begun = add(session, LotStructure(run_id=run.id, name=name))
    step = StructureStep(structure_id=begun.id, number=1, words="Begun", lots=lots, rules={}, made_by=officer.id)
    add(session, step)
    return begun
