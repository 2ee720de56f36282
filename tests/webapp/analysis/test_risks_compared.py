"""What the register says when the newest analysis is another than the one that was known when an entry was written."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence import Schedule
from intelligence.capacity.report import CapacityReport, ProviderWins, Wins
from intelligence.files import from_json
from intelligence.risks import Risk as FoundRisk
from intelligence.risks import RiskKind as FoundKind
from tests import factories as make
from tests.webapp.analysis.test_plan_calendars import replanned
from tests.webapp.analysis.test_risks import Register, values
from tests.webapp.browser_of_pages import Client
from tests.webapp.disposal.test_destroying import carried_out, due
from tests.world import actor_of
from webapp.analysis.risks import actions
from webapp.analysis.risks.actions import FindingGoneError
from webapp.analysis.risks.findings import newest_findings
from webapp.analysis.risks.forms import RiskForm
from webapp.analysis.risks.queries import Named
from webapp.analysis.risks.words import finding_in_words
from webapp.analysis.runs import result_from, stored
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    JoinedProvider,
    LotOutcome,
    PartKind,
    Procurement,
    Purpose,
    Risk,
    RiskFigure,
    RiskState,
    RiskVersion,
    TeamRole,
)

DIFFERS = "The newest analysis differs from the one that stood when this was written"


@pytest.fixture
def register(client: Client, session: Session) -> Register:
    return Register(client, session)


def part_of(register: Register, kind: PartKind) -> AnalysisPart:
    run = register.session.scalars(select(AnalysisRun)).one()
    return next(each for each in run.parts if each.kind is kind)


def in_hand(schedule: Schedule, days: int) -> Schedule:
    return replace(schedule, procurements=tuple(replace(each, slack_days=days) for each in schedule.procurements))


def planned_with(register: Register, days: int) -> str:
    """The plan leaves so many days in hand. The address that puts this on the register."""
    part = part_of(register, PartKind.SCHEDULE)
    schedule = in_hand(result_from(PartKind.SCHEDULE, part.result), days)
    part.result = stored(schedule)
    register.session.commit()
    return f"{register.address}/add?found=little_time:{schedule.procurements[0].procurement_id}"


def entry(register: Register, row: RiskVersion) -> str:
    return register.client.get(f"{register.address}/{row.risk_id}").text


def test_a_closed_risk_that_comes_back_is_said(register: Register) -> None:
    row = register.enter()
    register.analysed(2, 0.05)
    register.change(row, state="closed", closed_because="No longer found")
    assert "closed risk" not in register.shown()
    register.analysed(3, 0.9)
    page = register.shown()
    assert "No risk is open on the register. The newest analysis finds 1 closed risk." in page
    assert f"90% ({register.about.reference}/R3) When written: No longer found ({register.about.reference}/R2)" in page
    assert "New figures" in page


def test_who_rewords_what_is_no_longer_found_knows_that_until_it_is_found_again(register: Register) -> None:
    row = register.enter()
    register.analysed(2, 0.05)
    assert DIFFERS in entry(register, row)
    register.change(row, title="Gone by the second run")
    assert DIFFERS not in entry(register, row)
    assert "or does not find it any more" not in register.shown()
    register.analysed(3, 0.05)
    assert DIFFERS not in entry(register, row), "a third run says the same"
    register.analysed(4, 0.9)
    assert DIFFERS in entry(register, row)
    book = register.client.submit(register.address, action=f"{register.address}/file", status=200)
    assert book.response.get_data()


def test_a_plan_that_was_made_again_on_the_same_run_has_newer_figures(register: Register) -> None:
    register.client.submit(planned_with(register, 15), register.sent())
    assert "New figures" not in register.shown()
    run = register.session.scalars(select(AnalysisRun)).one()
    replanned(register.session, run, 1, lambda schedule: in_hand(schedule, 1), Purpose.NEW_PLAN)
    page, known = register.shown(), f"{register.about.reference}/R1"
    assert f"1 day in hand ({known}, planned again) When written: 15 days in hand ({known})" in page
    assert "New figures" in page


def test_a_procurement_whose_bids_are_in_has_no_newer_figures(register: Register) -> None:
    register.client.submit(planned_with(register, 0), register.sent())
    row, lots = register.newest(), make.lots_of(register.about)
    known = {"closed_on": date(2026, 1, 5), "bids": 1, "credible_bids": 1, "source": "s"}
    for lot, is_in in zip(lots, (False, True), strict=True):
        assert ("Its bids are in" in entry(register, row)) is False, "a lot of it is still to come"
        register.session.add(LotOutcome(lot_id=lot.id, recorded_by=register.officer.id, **known))
        register.session.commit()
        assert ("Its bids are in" in entry(register, row)) is is_in
    assert DIFFERS not in entry(register, row)
    assert "Little time in the plan" not in register.shown().split("not on the register")[1]


def remove_procurement(register: Register) -> uuid.UUID:
    """Its lots move to another, and it is removed through its page."""
    session, own = register.session, register.programme.procurements[0]
    about = {"programme_id": register.programme.id, "route": own.route, "service_start": own.service_start}
    other = Procurement(title="Other", position=9, **about)
    session.add(other)
    session.flush()
    for lot in list(own.lots):
        lot.procurement_id = other.id
    session.commit()
    session.expire_all()
    register.client.submit(f"/programmes/{register.programme.id}/set-up/procurements/{own.id}/remove", {})
    session.expire_all()
    return other.id


def test_what_is_no_longer_in_the_programme_is_no_finding(register: Register) -> None:
    adding = planned_with(register, 0)
    assert "Little time in the plan" in register.shown()
    opened = register.client.filled(adding, register.sent(title="Mine"))
    remove_procurement(register)
    page = register.shown()
    assert "Little time in the plan" not in page
    assert "No longer in the programme" not in page
    kept = register.client.post(adding, opened, status=409)
    assert values(kept)["title"] == "Mine"
    assert register.count() == (0, 0)


def test_what_leaves_the_programme_while_its_finding_is_entered_is_told(register: Register) -> None:
    planned_with(register, 0)
    session = register.session
    found = newest_findings(session, register.programme.id).findings
    finding = next(each for each in found.values() if each.risk.kind is FoundKind.LITTLE_TIME)
    remove_procurement(register)
    row = make.risk(session, register.programme, register.officer)
    written = {name: getattr(row, name) for name in ("title", "cause", "event", "effect", "mitigation", "warning_sign")}
    version = RiskVersion(
        likelihood=1,
        impact=1,
        owner_id=register.officer.id,
        review_on=date(2031, 1, 5),
        state=RiskState.OPEN,
        **written,
    )
    with pytest.raises(FindingGoneError):
        actions.enter(
            session,
            entry_id=uuid.uuid4(),
            programme=register.programme,
            risk=actions.risk_of(finding),
            version=version,
            finding=finding,
            actor=actor_of(register.officer, register.programme.buyer),
        )


def test_what_was_found_is_led_by_its_counts_below_the_register(register: Register) -> None:
    register.enter()
    page = register.shown()
    assert "2 findings have no entry: Present supplier leaves (1), Hangs on one provider (1)." in page
    assert page.index("On the register") < page.index("Found by the newest analysis")


def test_a_reviewer_is_not_told_that_all_is_on_the_register(register: Register) -> None:
    register.enter()
    register.client.sign_in(register.member(TeamRole.REVIEWER))
    assert "All that the newest finished analysis found, beside what is about a single provider," in register.shown()
    register.client.sign_in(register.officer)
    for kind in ("incumbent_exit", "hangs_on_one"):
        register.enter(kind)
    assert "All that the newest finished analysis found has an entry" in register.shown()


@pytest.mark.parametrize("kind", FoundKind)
def test_an_entry_begins_with_no_figure(kind: FoundKind) -> None:
    risk = FoundRisk(kind, 0.93, 0.71, "L", "P", "T")
    named = Named({"L": "Lot"}, {"T": "Tender"}, {"P": "Provider"})
    begun = RiskForm.begun(risk, named, owner_id=uuid.uuid4(), today=date(2027, 1, 4))
    assert "likelihood" not in begun
    words = " ".join(str(begun[name]) for name in ("title", "cause", "event", "effect"))
    assert not any(figure in words for figure in ("93", "71", "%"))


def test_a_share_of_lots_is_not_said_to_be_of_value(register: Register) -> None:
    part = part_of(register, PartKind.CAPACITY)
    assert part.result is not None
    report = from_json(CapacityReport, part.result["value"])
    for known, words in ((True, "worth a quarter of the programme"), (False, "a quarter of all lots or more")):
        wins = ProviderWins(str(register.supplier.id), 3, 0.5, (Wins(3, 0.9, 0.5, 0.3),), values_known=known)
        part.result = stored(replace(report, concentration=(wins,)))
        register.session.commit()
        found = newest_findings(register.session, register.programme.id).findings
        finding = found[f"concentration:{register.supplier.id}"]
        assert words in finding_in_words(finding.risk)


def test_a_finding_is_entered_once_though_its_provider_was_joined_meanwhile(register: Register) -> None:
    row = register.enter("hangs_on_one")
    former, register.supplier = register.supplier, make.provider(register.session)
    join = {"programme_id": register.programme.id, "organisation_id": former.id, "into_id": register.supplier.id}
    register.session.add(JoinedProvider(**join, reason="One firm", joined_by=register.officer.id, moved={}))
    register.analysed(2)
    there = register.client.get(register.adding("hangs_on_one"), status=302)
    assert there.location == f"{register.address}/{row.risk_id}"
    assert register.session.query(Risk).count() == 1


def test_a_disposal_takes_what_analyses_said_and_leaves_the_words(register: Register) -> None:
    row = register.enter()
    register.analysed(2, 0.05)
    register.change(row, title="Gone by the second run")
    assert register.session.query(RiskFigure).count() == 2
    agreeing = register.client.get(f"/manage/engagements/{register.about.id}/disposal").text
    assert "the competition risk register in the words of those who wrote it" in agreeing
    assert "appraisals of options with their scores and reasons" in agreeing
    assert carried_out(register.session, due(register.session, register.about, register.officer))
    register.session.expire_all()
    assert register.session.query(RiskFigure).count() == 0
    assert "No analysis of it is kept" in entry(register, row)
    register.change(row, title="After")
    assert register.newest().title == "After"
