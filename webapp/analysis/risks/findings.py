"""What the newest finished analyses of a programme found, by the key under which the register knows it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from intelligence import CapacityReport, Schedule
from intelligence.files import from_json
from intelligence.risks import Risk as FoundRisk
from intelligence.risks import RiskKind, find_risks
from intelligence.schedule.changes import Replan
from webapp.analysis.runs import result_from
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Engagement,
    Lot,
    LotOutcome,
    PartKind,
    Procurement,
    Purpose,
    Replanning,
    Risk,
    RunState,
)
from webapp.programmes.joined import Joined, joined_in

OF_PLANS = (RiskKind.TENDERS_AT_ONCE, RiskKind.LITTLE_TIME)


@dataclass(frozen=True, slots=True)
class Finding:
    risk: FoundRisk
    engagement_id: uuid.UUID
    run: str
    """How people name the run."""
    part_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Found:
    """`findings` by key, in the order of the rules; of each engagement, lot and procurement the run that counts."""

    findings: Mapping[str, Finding]
    runs: Mapping[uuid.UUID, str]
    lots: Mapping[str, str]
    procurements: Mapping[str, str]
    decided: frozenset[str]
    """The lots whose bids are in."""
    joined: Joined
    providers: frozenset[str]
    """Those that the reports name, whether or not anything was found of them."""

    def key_of(self, row: Risk) -> str | None:
        """That of an entry, its provider being the one that it has been joined to since."""
        if row.found_key is None:
            return None
        provider_id = self.joined.instead_of(row.provider_id) if row.provider_id is not None else None
        about = (row.lot_id, provider_id, row.procurement_id)
        return ":".join((row.kind.value, *(str(each) for each in about if each is not None)))

    def run_about(self, row: Risk) -> str | None:
        """The run that would find the risk if there still was one."""
        if row.lot_id is not None:
            return self.lots.get(str(row.lot_id))
        if row.procurement_id is not None:
            return self.procurements.get(str(row.procurement_id))
        return self.runs.get(row.engagement_id) if row.engagement_id is not None else None


def newest_findings(session: Session, programme_id: uuid.UUID) -> Found:
    """Of each engagement whose responses are kept, its newest run of which every part is finished. What a later run
    covers too, it alone says."""
    joined, decided = joined_in(session, programme_id), _decided(session, programme_id)
    newest = _newest_runs(session, programme_id)
    plans = _newest_plans(session, newest)
    findings: dict[str, Finding] = {}
    lots: dict[str, str] = {}
    procurements: dict[str, str] = {}
    providers: set[str] = set()
    for run_id, parts in newest.items():  # the latest first
        capacity, of_plan = parts[PartKind.CAPACITY], parts.get(PartKind.SCHEDULE)
        report: CapacityReport = result_from(PartKind.CAPACITY, capacity.result)
        schedule = plans.get(run_id) or (result_from(PartKind.SCHEDULE, of_plan.result) if of_plan else None)
        for risk in find_risks(report, schedule, decided=decided):
            if risk.lot_id in lots or risk.procurement_id in procurements:
                continue
            part = of_plan if of_plan is not None and risk.kind in OF_PLANS else capacity
            known = replace(risk, provider_id=_as_joined(joined, risk.provider_id))
            findings.setdefault(known.key, Finding(known, part.engagement_id, _reference(part), part.id))
        providers |= {str(_as_joined(joined, key)) for key in _providers_of(report)}
        reference = _reference(capacity)
        lots = dict.fromkeys((lot.lot_id for lot in report.lots), reference) | lots
        planned = schedule.procurements if schedule is not None else ()
        procurements = dict.fromkeys((item.procurement_id for item in planned), reference) | procurements
    return Found(
        findings={each.risk.key: each for each in sorted(findings.values(), key=lambda each: each.risk.rank)},
        runs={
            parts[PartKind.CAPACITY].engagement_id: _reference(parts[PartKind.CAPACITY]) for parts in newest.values()
        },
        lots=lots,
        procurements=procurements,
        decided=decided,
        joined=joined,
        providers=frozenset(providers),
    )


def _providers_of(report: CapacityReport) -> set[str]:
    suppliers = {each.provider_id for lot in report.lots for each in lot.incumbents}
    needed = {lot.most_needed.provider_id for lot in report.lots if lot.most_needed is not None}
    winners = {each.provider_id for each in report.concentration}
    return suppliers | needed | winners | {each.provider_id for each in report.bottlenecks}


def _as_joined(joined: Joined, provider_id: str | None) -> str | None:
    return None if provider_id is None else str(joined.instead_of(uuid.UUID(provider_id)))


def _reference(part: Row[Any]) -> str:
    return f"{part.reference}/R{part.number}"


def _decided(session: Session, programme_id: uuid.UUID) -> frozenset[str]:
    rows = session.scalars(
        select(LotOutcome.lot_id)
        .join(LotOutcome.lot)
        .join(Lot.procurement)
        .where(Procurement.programme_id == programme_id)
    )
    return frozenset(map(str, rows))


def _newest_runs(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, dict[PartKind, Row[Any]]]:
    """The parts that are looked at, by run, the latest run first."""
    unfinished = exists().where(AnalysisPart.run_id == AnalysisRun.id, AnalysisPart.state != RunState.FINISHED)
    about_lots = exists().where(AnalysisPart.run_id == AnalysisRun.id, AnalysisPart.kind == PartKind.CAPACITY)
    newest = (
        select(AnalysisRun.id)
        .join(AnalysisRun.engagement)
        .where(Engagement.programme_id == programme_id, Engagement.disposed_at.is_(None), ~unfinished, about_lots)
        .ext(distinct_on(AnalysisRun.engagement_id))
        .order_by(AnalysisRun.engagement_id, AnalysisRun.requested_at.desc(), AnalysisRun.id)
    )
    rows = session.execute(
        select(
            AnalysisPart.id,
            AnalysisPart.run_id,
            AnalysisPart.kind,
            AnalysisPart.result,
            AnalysisRun.engagement_id,
            AnalysisRun.number,
            Engagement.reference,
        )
        .join(AnalysisPart.run)
        .join(AnalysisRun.engagement)
        .where(AnalysisRun.id.in_(newest), AnalysisPart.kind.in_((PartKind.CAPACITY, PartKind.SCHEDULE)))
        .order_by(AnalysisRun.requested_at.desc(), AnalysisRun.id, AnalysisPart.position)
    )
    found: dict[uuid.UUID, dict[PartKind, Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.run_id, {})[row.kind] = row
    return found


def _newest_plans(session: Session, run_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Schedule]:
    """Of each run the plan that was made again last, instead of its own."""
    rows = session.execute(
        select(Replanning.run_id, Replanning.result)
        .where(
            Replanning.run_id.in_(run_ids),
            Replanning.purpose == Purpose.NEW_PLAN,
            Replanning.state == RunState.FINISHED,
        )
        .ext(distinct_on(Replanning.run_id))
        .order_by(Replanning.run_id, Replanning.asked_at.desc(), Replanning.id)
    )
    return {run_id: from_json(Replan, result["value"]).schedule for run_id, result in rows if result}
