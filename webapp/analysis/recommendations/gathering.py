"""What stands now about a procurement, to be put up for signature, or what is still missing for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast

from sqlalchemy.orm import Session

from intelligence import CapacityReport, Lot, Route, Schedule
from intelligence import Procurement as PlannedFor
from intelligence.capacity.scenario import LimitEffects
from intelligence.files import digest, from_json
from intelligence.schedule.plan import PlannedProcurement
from intelligence.schedule.route_choice import RouteWalk, walk
from webapp.analysis import queries as runs
from webapp.analysis.pages.report import prior_driven
from webapp.analysis.planning import queries as plans
from webapp.analysis.procurements.queries import running_contracts
from webapp.analysis.procurements.rules import rests_on_nobody, says_nobody_provides, surely_running
from webapp.analysis.recommendations import queries
from webapp.analysis.recommendations.content import (
    EqualCut,
    Ground,
    PlannedDates,
    Recommended,
    RecommendedLot,
    RunEvidence,
)
from webapp.analysis.recommendations.evidence import changed_in_words
from webapp.analysis.recommendations.plan_warnings import plan_warnings
from webapp.analysis.runs import RunParameters, run_reference
from webapp.analysis.standing_terms import route_answers, steps_of
from webapp.analysis.structures.comparison import newest_comparison
from webapp.analysis.structures.search_page import FOUND_BEST
from webapp.analysis.structures.words import structure_name
from webapp.models import AnalysisRun, Contract, PartKind, Procurement, Replanning

MOST_CUTS = 8


class Missing(StrEnum):
    """Why nothing can be put up yet."""

    ROUTE_OPEN = "route_open"
    ROUTE_NOT_TAKEN = "route_not_taken"
    PROVIDER_DENIED = "provider_denied"
    """An answer says that nobody provides the services now, and the contract register says who does."""
    LOT_NOT_ASKED = "lot_not_asked"
    """No engagement asks about all of its lots."""
    RUN = "run"
    RUN_OUTDATED = "run_outdated"
    PLAN = "plan"
    PLAN_BROKEN = "plan_broken"


@dataclass(frozen=True, slots=True)
class Gathered:
    """`content` is there when nothing is missing."""

    run: AnalysisRun | None
    replanning: Replanning | None
    missing: tuple[Missing, ...]
    content: Recommended | None = None


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the newest finished run says of the procurement."""

    run: AnalysisRun
    report: CapacityReport
    replanning: Replanning | None
    schedule: Schedule | None
    item: PlannedProcurement | None


def gather(session: Session, procurement: Procurement, *, today: date) -> Gathered:
    """With its lots and their services. The newest finished run about all of them counts, and of it the newest plan."""
    answers = route_answers(session, programme_id=procurement.programme_id, procurement_id=procurement.id)
    said = answers.get(procurement.id, {})
    walked = walk({question: row.answer for question, row in said.items()})
    missing = _missing_of_route(procurement, walked)
    if says_nobody_provides(walked) and surely_running(running_contracts(session, procurement.id, today), today):
        missing += (Missing.PROVIDER_DENIED,)
    newest = queries.newest_finished_run(session, procurement.id)
    if newest is None:
        is_asked_about = queries.is_asked_about(session, procurement.id)
        return Gathered(None, None, (*missing, Missing.RUN if is_asked_about else Missing.LOT_NOT_ASKED))
    run, asked_about = newest
    figures = _figures(session, run, procurement)
    missing += _missing_of_figures(procurement, from_json(tuple[Lot, ...], asked_about), figures)
    if missing or figures.item is None or walked.outcome is None:
        return Gathered(run, figures.replanning, missing)
    ground = Ground(walked.outcome.words, steps_of(walked, said))
    return Gathered(run, figures.replanning, (), _content(session, procurement, ground, figures, figures.item))


def denied_by(session: Session, content: Recommended, procurement: Procurement, *, today: date) -> Sequence[Contract]:
    """The contracts that run today where what was put up says that nobody provides the services: the register may say
    more than on the day when it was."""
    if not rests_on_nobody(content.ground.steps):
        return ()
    return [each for each in running_contracts(session, procurement.id, today) if surely_running([each], today)]


def _missing_of_route(procurement: Procurement, walked: RouteWalk) -> tuple[Missing, ...]:
    if walked.outcome is None:
        return (Missing.ROUTE_OPEN,)
    found = walked.outcome.route
    return (Missing.ROUTE_NOT_TAKEN,) if found is not None and found.value != procurement.route.value else ()


def _figures(session: Session, run: AnalysisRun, procurement: Procurement) -> _Figures:
    report = cast(CapacityReport, runs.result_of(session, run, PartKind.CAPACITY))  # every part is finished
    replanning, schedule = plans.newest_schedule(session, run)
    planned = schedule.procurements if schedule else ()
    item = next((each for each in planned if each.procurement_id == str(procurement.id)), None)
    return _Figures(run, report, replanning, schedule, item)


def _digest_of_own_plan(run: AnalysisRun) -> str:
    """Its inputs have no boards, lengths or pins: those are among the run's parameters."""
    return digest({"inputs": run.inputs_digest, "parameters": run.parameters})


def _missing_of_figures(
    procurement: Procurement, asked_about: tuple[Lot, ...], figures: _Figures
) -> tuple[Missing, ...]:
    frozen = {lot.id: lot.annual_value for lot in asked_about}
    now = {str(lot.id): lot.annual_value for lot in procurement.lots}
    if not now.items() <= frozen.items():
        return (Missing.RUN_OUTDATED,)
    if figures.schedule is None or figures.item is None:
        return (Missing.PLAN,)
    planned = next(each for each in figures.schedule.problem.procurements if each.id == str(procurement.id))
    if _as_set_up(planned) != _as_set_up(procurement) or set(planned.lot_ids) != now.keys():
        return (Missing.RUN_OUTDATED,)
    return (Missing.PLAN_BROKEN,) if figures.schedule.broken_rules else ()


def _as_set_up(of: Procurement | PlannedFor) -> tuple[object, ...]:
    """What forecast and plan take from a procurement itself besides its lots: as it is now, or as a run froze it."""
    limits = of.most_lots_bid, of.most_lots_awarded
    return of.route.value, of.service_start, of.mobilisation_days, of.officer, limits


def _content(
    session: Session, procurement: Procurement, ground: Ground, figures: _Figures, item: PlannedProcurement
) -> Recommended:
    run, chances = figures.run, {lot.lot_id: lot for lot in figures.report.lots}
    compared = newest_comparison(session, run.id, at_most=MOST_CUTS, best_name=lambda _best: FOUND_BEST)
    cuts = compared.cuts if compared else {}
    alike = compared.alike if compared else ()
    return Recommended(
        procurement=procurement.title,
        route=Route(procurement.route.value),
        ground=ground,
        lots=tuple(
            RecommendedLot(
                str(lot.id),
                lot.code,
                lot.title,
                lot.annual_value,
                drawn.p_none,
                drawn.p_one,
                drawn.p_two_or_more,
                drawn.staff_month_6.p_one_bidder_meets_demand if drawn.staff_month_6 else None,
            )
            for lot in procurement.lots
            for drawn in (chances[str(lot.id)],)
        ),
        stages=tuple(PlannedDates(stage.stage, stage.start, stage.end) for stage in item.stages),
        service_start=item.service_start,
        most_lots_bid=procurement.most_lots_bid,
        most_lots_awarded=procurement.most_lots_awarded,
        all_awardable=_all_awardable(session, run, procurement),
        run=run_reference(run),
        inputs_digest=run.inputs_digest,
        code_version=run.code_version,
        seed=run.seed,
        draws=figures.report.draws,
        caution=prior_driven(figures.report),
        plan_digest=figures.replanning.problem_digest if figures.replanning else _digest_of_own_plan(run),
        search_id=compared.search_id if compared else None,
        other_cuts=tuple(cuts.values()),
        equal_cuts=tuple(EqualCut(structure_name(name), cuts[same_as].name) for name, same_as in alike),
        evidence=RunEvidence(
            asked_at=run.requested_at,
            providers=sum(count for _kind, _size, count in runs.respondents(session, run)),
            entered=run.received_otherwise,
            changed=tuple(map(changed_in_words, from_json(RunParameters, run.parameters).changed)),
        ),
        plan=plan_warnings(_whole_plan(session, figures), item),
    )


def _whole_plan(session: Session, figures: _Figures) -> Schedule:
    """With its bidders, which the digest of a run's own plan leaves out."""
    if figures.replanning is not None and figures.schedule is not None:
        return figures.schedule
    return cast(Schedule, runs.result_of(session, figures.run, PartKind.SCHEDULE))  # its dates are gathered


def _all_awardable(session: Session, run: AnalysisRun, procurement: Procurement) -> float | None:
    """Under the limits on one supplier as they are set."""
    found = cast(LimitEffects | None, runs.result_of(session, run, PartKind.LIMITS))
    for effect in found.tenders if found else ():
        if effect.procurement_id == str(procurement.id):
            return (effect.within if effect.as_set else effect.without).p_all_awardable
    return None
