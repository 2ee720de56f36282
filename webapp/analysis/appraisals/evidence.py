"""What the market said, from the newest finished run about what is appraised: beside the scores, never in them."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from sqlalchemy.orm import Session

from intelligence import CapacityReport, Lot
from intelligence.files import digest, from_json
from intelligence.lots.result import StructureReport
from intelligence.schedule.plan import PlannedProcurement
from intelligence.schedule.routes import Stage
from webapp.analysis import queries as runs
from webapp.analysis.appraisals import queries
from webapp.analysis.appraisals.content import Evidence, MarketLot, PlannedTender
from webapp.analysis.pages.report import prior_driven
from webapp.analysis.planning import queries as plans
from webapp.analysis.runs import run_reference
from webapp.analysis.structures.comparison import ComparedCut, newest_comparison
from webapp.analysis.structures.search_page import FOUND_BEST
from webapp.analysis.structures.words import structure_name
from webapp.models import AnalysisRun, Appraisal, PartKind
from webapp.web.format import plural

MOST_CUTS = 12


def evidence_of(session: Session, appraisal: Appraisal) -> Evidence | None:
    """None where no analysis is finished."""
    found = queries.newest_finished_run(session, appraisal)
    if found is None:
        return None
    run, lots = found
    report = cast(CapacityReport, runs.result_of(session, run, PartKind.CAPACITY))  # every part is finished
    asked_about = {lot.id: lot for lot in from_json(tuple[Lot, ...], lots)}
    _, schedule = plans.newest_schedule(session, run)
    planned, about = schedule.procurements if schedule else (), appraisal.procurement
    own_lots = {str(lot.id): lot.title for lot in (about.lots if about else queries.lots(session, appraisal))}
    return Evidence(
        run=run_reference(run),
        run_id=str(run.id),
        inputs_digest=run.inputs_digest,
        code_version=run.code_version,
        caution=prior_driven(report),
        lots=tuple(
            MarketLot(asked_about[drawn.lot_id].title, drawn.p_none, drawn.p_one, drawn.p_two_or_more)
            for drawn in report.lots
            if drawn.lot_id in own_lots
        ),
        cuts=_cuts(session, run),
        tenders=tuple(_tender(each) for each in planned if about is None or each.procurement_id == str(about.id)),
        not_asked_about=tuple(title for lot_id, title in own_lots.items() if lot_id not in asked_about),
    )


def _cuts(session: Session, run: AnalysisRun) -> tuple[ComparedCut, ...]:
    """As far as the newest search compared any. One that comes to the same lots as another has its figures too: an
    option may be cut like either."""
    found = newest_comparison(session, run.id, at_most=MOST_CUTS, best_name=_best_name)
    if found is None:
        return ()
    alike = (
        replace(found.cuts[same_as], name=structure_name(name))
        for name, same_as in found.alike
        if name not in found.cuts
    )
    return (*found.cuts.values(), *alike)


def _best_name(report: StructureReport) -> str:
    """With its lots, since the best of one search is not that of another."""
    lots = sorted(sorted(lot.unit_ids) for lot in report.lots)
    return f"{FOUND_BEST} ({plural(len(lots), 'lot')}, {digest({'lots': lots})[:6]})"


def _tender(item: PlannedProcurement) -> PlannedTender:
    tender = next((each for each in item.stages if each.stage is Stage.TENDER), None)
    return PlannedTender(
        item.title,
        tender.start if tender else None,
        tender.end if tender else None,
        item.service_start,
    )
