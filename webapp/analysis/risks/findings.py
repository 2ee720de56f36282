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
class Seen:
    """What the newest analysis says of a risk: its figure, or None where it does not find it."""

    run: str
    """How people name the run."""
    part_id: uuid.UUID
    figure: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    risk: FoundRisk
    engagement_id: uuid.UUID
    run: str
    part_id: uuid.UUID

    @property
    def seen(self) -> Seen:
        return Seen(self.run, self.part_id, self.risk.figure)


@dataclass(frozen=True, slots=True)
class SetUp:
    """The lots and procurements that are in the programme now, and those of them whose bids are in."""

    present: frozenset[str]
    decided: frozenset[str]

    def is_to_come(self, risk: FoundRisk) -> bool:
        about = {each for each in (risk.lot_id, risk.procurement_id) if each is not None}
        return about <= self.present - self.decided


@dataclass(frozen=True, slots=True)
class Found:
    """`findings` by key, in the order of the rules; of each engagement, lot and procurement the run that counts."""

    findings: Mapping[str, Finding]
    runs: Mapping[uuid.UUID, Seen]
    lots: Mapping[str, Seen]
    procurements: Mapping[str, Seen]
    set_up: SetUp
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

    def key_now(self, key: str) -> str:
        """That of a finding on a page opened before its provider was joined to another."""
        others = {str(joined): str(into) for joined, (_, (into, _)) in self.joined.others.items()}
        return ":".join(others.get(part, part) for part in key.split(":"))

    def is_decided(self, row: Risk) -> bool:
        """Whether the bids are in of what an entry is about."""
        return str(row.lot_id) in self.set_up.decided or str(row.procurement_id) in self.set_up.decided

    def seen_of(self, row: Risk) -> Seen | None:
        """What the run says of an entry that would find it if there still was such a risk; None if none is kept, and
        of what was entered by hand."""
        key = self.key_of(row)
        if key is None:
            return None
        if key in self.findings:
            return self.findings[key].seen
        if row.lot_id is not None:
            return self.lots.get(str(row.lot_id))
        if row.procurement_id is not None:
            return self.procurements.get(str(row.procurement_id))
        return self.runs.get(row.engagement_id) if row.engagement_id is not None else None


def newest_findings(session: Session, programme_id: uuid.UUID) -> Found:
    """Of each engagement whose responses are kept, its newest run of which every part is finished. What a later run
    covers too, it alone says."""
    joined, set_up = joined_in(session, programme_id), _set_up(session, programme_id)
    newest = _newest_runs(session, programme_id)
    plans = _newest_plans(session, newest)
    findings: dict[str, Finding] = {}
    lots: dict[str, Seen] = {}
    procurements: dict[str, Seen] = {}
    providers: set[str] = set()
    for run_id, parts in newest.items():  # the latest first
        capacity, of_plan = parts[PartKind.CAPACITY], parts.get(PartKind.SCHEDULE)
        report: CapacityReport = result_from(PartKind.CAPACITY, capacity.result)
        schedule = plans.get(run_id) or (result_from(PartKind.SCHEDULE, of_plan.result) if of_plan else None)
        of_lots = Seen(_reference(capacity), capacity.id)
        of_time = Seen(_reference(of_plan, again=run_id in plans), of_plan.id) if of_plan is not None else of_lots
        for risk in find_risks(report, schedule, decided=set_up.decided):
            if risk.lot_id in lots or risk.procurement_id in procurements or not set_up.is_to_come(risk):
                continue
            seen = of_time if risk.kind in OF_PLANS else of_lots
            known = replace(risk, provider_id=_as_joined(joined, risk.provider_id))
            findings.setdefault(known.key, Finding(known, capacity.engagement_id, seen.run, seen.part_id))
        providers |= {str(_as_joined(joined, key)) for key in _providers_of(report)}
        lots = dict.fromkeys((lot.lot_id for lot in report.lots), of_lots) | lots
        planned = schedule.procurements if schedule is not None else ()
        procurements = dict.fromkeys((item.procurement_id for item in planned), of_time) | procurements
    return Found(
        findings={each.risk.key: each for each in sorted(findings.values(), key=lambda each: each.risk.rank)},
        runs={
            part.engagement_id: Seen(_reference(part), part.id)
            for part in (parts[PartKind.CAPACITY] for parts in newest.values())
        },
        lots=lots,
        procurements=procurements,
        set_up=set_up,
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


def _reference(part: Row[Any], *, again: bool = False) -> str:
    return f"{part.reference}/R{part.number}" + (", planned again" if again else "")


def _set_up(session: Session, programme_id: uuid.UUID) -> SetUp:
    """A procurement is decided once all of its lots are."""
    rows = session.execute(
        select(Procurement.id, Lot.id, exists().where(LotOutcome.lot_id == Lot.id))
        .outerjoin(Lot, Lot.procurement_id == Procurement.id)
        .where(Procurement.programme_id == programme_id)
    ).all()
    undecided = {str(each) for procurement_id, lot_id, is_in in rows if not is_in for each in (procurement_id, lot_id)}
    present = {str(each) for procurement_id, lot_id, _ in rows for each in (procurement_id, lot_id) if each is not None}
    return SetUp(frozenset(present), frozenset(present - undecided))


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
