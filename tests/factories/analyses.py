"""What is asked of an analysis that has been run."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from intelligence import Route, Schedule, ScheduleProblem
from intelligence.capacity.estimate import estimate_capacity
from intelligence.files import digest, to_json
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, ScheduleStatus
from intelligence.schedule.routes import stages_of
from tests.factories.rows import add
from webapp.analysis import market
from webapp.analysis.recommendations.content import (
    Ground,
    PlannedDates,
    Recommended,
    RecommendedLot,
    fingerprint,
)
from webapp.analysis.runs import RunParameters, run_reference, stored
from webapp.analysis.structures.comparison import ComparedCut
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Engagement,
    LotSearch,
    LotStructure,
    PartKind,
    Person,
    Procurement,
    PublishedReply,
    Recommendation,
    Replanning,
    ReplyDecision,
    ReplyPublication,
    RunState,
    StructureStep,
    Theme,
    ThemeFramework,
    ThemeLearning,
)


def finished_run(session: Session, about: Engagement, officer: Person, number: int = 1) -> AnalysisRun:
    """One whose few draws are drawn here, with a plan that nobody solved: each stage takes a week."""
    as_of = date(2026, 12, 1)
    inputs = market.load(session, engagement=about, as_of=as_of)
    planned = tuple(_planned(each.id, each.title, each.route, each.service_start) for each in inputs.procurements)
    problem = ScheduleProblem(as_of, inputs.procurements)
    plan = Schedule(problem, planned, ScheduleStatus.FEASIBLE, 0, 0, 0.0, (), (), (), (), seed=7, seconds=1.0)
    results = {PartKind.CAPACITY: estimate_capacity(inputs, seed=7, draws=100), PartKind.SCHEDULE: plan}
    run = AnalysisRun(
        engagement_id=about.id,
        number=number,
        requested_by=officer.id,
        seed=7,
        parameters=to_json(RunParameters(100, 1.0, problem.as_of)),
        inputs=to_json(inputs),
        inputs_digest=digest(inputs),
        code_version="test",
        parts=[
            AnalysisPart(
                position=place, kind=kind, title=kind, state=RunState.FINISHED, progress=1, result=stored(result)
            )
            for place, (kind, result) in enumerate(results.items())
        ],
    )
    return add(session, run)


def _planned(key: str, title: str, route: Route, starts: date) -> PlannedProcurement:
    first, stages = date(2027, 1, 4), []
    for rule in stages_of(route):
        last = first + timedelta(days=4)
        stages.append(PlannedStage(rule.stage, first, last, 5, rule.counting, rule.evidence, rule.source))
        first += timedelta(days=7)
    return PlannedProcurement(key, title, route, tuple(stages), stages[0].start, first, starts, 20, "It fits.")


def recommendation(
    session: Session,
    procurement: Procurement,
    run: AnalysisRun,
    officer: Person,
    plan: Replanning | None = None,
    *,
    number: int = 1,
    stages: tuple[PlannedDates, ...] = (),
) -> Recommendation:
    """One that waits, with chances that nobody drew."""
    content = Recommended(
        procurement=procurement.title,
        route=Route(procurement.route.value),
        ground=Ground("The competitive process is the one to use.", ()),
        lots=tuple(
            RecommendedLot(str(lot.id), lot.code, lot.title, lot.annual_value, 0.2, 0.3, 0.5)
            for lot in procurement.lots
        ),
        stages=stages,
        service_start=procurement.service_start,
        run=run_reference(run),
        inputs_digest=run.inputs_digest,
        code_version=run.code_version,
        seed=run.seed,
        draws=200,
        caution="",
        plan_digest=run.inputs_digest,
        search_id=None,
        other_cuts=(ComparedCut("By site", 2, 0.1, 0.2),),
    )
    row = Recommendation(
        procurement_id=procurement.id,
        number=number,
        run_id=run.id,
        replanning_id=plan.id if plan else None,
        content=to_json(content),
        digest=fingerprint(content, "Why", "What else"),
        reasons="Why",
        alternatives="What else",
        put_up_by=officer.id,
    )
    return add(session, row)


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
