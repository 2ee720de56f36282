"""The register of risks through its pages: what was found, what people make of it, and who may see what."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from intelligence.capacity.report import CapacityReport, IncumbentIntent, LotCapacity, ProviderLeaving
from intelligence.files import from_json
from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp.analysis.runs import stored
from webapp.db import clock
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    AuditEvent,
    JoinedProvider,
    LotOutcome,
    MembershipRole,
    Organisation,
    PartKind,
    Person,
    Programme,
    Risk,
    RiskFigure,
    RiskKind,
    RiskState,
    RiskVersion,
    RunState,
    TeamMember,
    TeamRole,
)

WRITTEN = {
    "title": "Nobody bids for D1",
    "cause": "Staff are scarce.",
    "event": "No bid comes.",
    "effect": "We buy again.",
    "likelihood": "4",
    "impact": "5",
    "mitigation": "Longer mobilisation.",
    "warning_sign": "No questions.",
    "state": "open",
}


class Register:
    """A programme whose analysis found risks, with the officer who leads it signed in."""

    def __init__(self, client: Client, session: Session) -> None:
        self.client, self.session = client, session
        self.officer = make.officer(session)
        buyer = session.get_one(Organisation, self.officer.memberships[0].organisation_id)
        self.about = make.engagement(session, make.programme(session, buyer))
        self.supplier = make.provider(session)
        self.lot_id = str(make.lots_of(self.about)[0].id)
        self.analysed(1)
        self.address = f"/programmes/{self.about.programme_id}/risks"
        client.sign_in(self.officer)

    @property
    def programme(self) -> Programme:
        return self.about.programme

    def analysed(self, number: int, p_none: float = 0.43) -> AnalysisRun:
        """The first lot has this chance of no bid, hangs on its present supplier, and that has not spoken."""
        run = make.finished_run(self.session, self.about, self.officer, number)
        part = next(each for each in run.parts if each.kind is PartKind.CAPACITY)
        assert part.result is not None
        report = from_json(CapacityReport, part.result["value"])
        first, second = report.lots
        lots = (drawing(first, p_none, str(self.supplier.id)), drawing(second, 0.01, None))
        part.result = stored(replace(report, lots=lots, bottlenecks=(), concentration=()))
        self.session.commit()
        return run

    def key(self, kind: str = "no_bid") -> str:
        return ":".join((kind, self.lot_id, *([str(self.supplier.id)] if kind != "no_bid" else [])))

    def adding(self, kind: str = "no_bid") -> str:
        return f"{self.address}/add?found={self.key(kind)}"

    def sent(self, **given: str) -> dict[str, str]:
        on = (clock(self.session) + timedelta(days=20)).date()
        return WRITTEN | {"owner": str(self.officer.id)} | review(on) | given

    def enter(self, kind: str = "no_bid", **given: str) -> RiskVersion:
        self.client.submit(self.adding(kind), self.sent(**given))
        return self.newest()

    def newest(self) -> RiskVersion:
        self.session.expire_all()
        newest = select(RiskVersion).order_by(RiskVersion.written_at.desc()).limit(1)
        return self.session.scalars(newest).one()

    def change(self, row: RiskVersion, **given: str) -> Page:
        return self.client.submit(f"{self.address}/{row.risk_id}/change", self.sent(**given))

    def shown(self) -> str:
        return self.client.get(self.address).text

    def member(self, role: TeamRole) -> Person:
        someone = make.person(self.session, self.programme.buyer, MembershipRole.OFFICER)
        make.team_member(self.session, self.programme.id, someone.id, self.programme.buyer_id, role)
        self.session.commit()
        return someone

    def count(self) -> tuple[int, int]:
        return self.session.query(Risk).count(), self.session.query(RiskVersion).count()


def drawing(lot: LotCapacity, p_none: float, supplier: str | None) -> LotCapacity:
    return replace(
        lot,
        p_none=p_none,
        p_one=0.1,
        p_two_or_more=0.9 - p_none,
        p_awardable=1 - p_none,
        staff_month_6=None,
        incumbents=(IncumbentIntent(supplier, None, None, 0.0),) if supplier else (),
        most_needed=ProviderLeaving(supplier, min(p_none + 0.2, 1.0)) if supplier else None,
    )


def review(on: date) -> dict[str, str]:
    return {"review_on-day": str(on.day), "review_on-month": str(on.month), "review_on-year": str(on.year)}


def values(page: Page) -> dict[str, str]:
    """What stands in the text fields, and what is chosen."""
    tree, found = page.tree, {}
    for field in tree.iter("textarea"):
        found[field.get("name")] = (field.text or "").strip()
    for field in tree.iter("input"):
        if field.get("type") == "text" or field.get("checked") is not None:
            found[field.get("name")] = field.get("value", "")
    return found


@pytest.fixture
def register(client: Client, session: Session) -> Register:
    return Register(client, session)


def test_what_was_found_is_put_on_the_register_with_its_words_and_figure(register: Register) -> None:
    before = register.shown()
    assert before.count("Put on the register") == 3
    page = register.client.get(register.adding())
    assert "The chance of no credible bid is 43%." in page.text
    assert "None" not in page.text, "what it is about is known"
    begun = values(page)
    assert (begun["title"], begun["state"]) == (f"No credible bid for {lot_name(register)}", "open")
    row = register.enter()
    assert (row.risk.kind, row.risk.found_key, row.number) == (RiskKind.NO_BID, register.key(), 1)
    assert (row.figure.figure, row.figure.run) == (0.43, f"{register.about.reference}/R1")
    after = register.shown()
    assert after.count("Put on the register") == 2
    assert "20 (4 × 5) 43%" in after
    event = register.session.scalars(select(AuditEvent).where(AuditEvent.act == "risk.entered")).one()
    assert (event.person_id, event.subject_id) == (register.officer.id, row.risk_id)
    there = register.client.get(register.adding(), status=302)
    assert there.location == f"{register.address}/{row.risk_id}", "it is on the register already"


def test_the_report_leads_from_a_lot_at_risk_to_the_register(register: Register) -> None:
    run = register.analysed(2)
    report = f"/runs/{run.id}/report"
    leads = [href for words, href in register.client.get(report).links().items() if "Put on the risk register" in words]
    assert leads == [register.adding()], "the other lot is at no risk"
    assert "No credible bid" in register.client.get(leads[0]).text
    register.client.sign_in(register.member(TeamRole.REVIEWER))
    assert "Put on the risk register" not in register.client.get(report).text


def lot_name(register: Register) -> str:
    lot = make.lots_of(register.about)[0]
    return f"{lot.code} {lot.title}"


def test_pages_ask_no_more_of_the_database_for_more_entries(register: Register) -> None:
    row, asked = register.enter(), []
    for _ in range(2):
        pages = (register.address, f"{register.address}/{row.risk_id}", f"{register.address}/{row.risk_id}/change")
        asked.append([len(register.client.get(each).statements) for each in pages])
        for place in range(5):
            owner = make.person(register.session, register.programme.buyer, MembershipRole.OFFICER)
            provider = make.provider(register.session)
            make.risk(register.session, register.programme, owner, provider_id=provider.id, title=f"Other {place}")
        register.session.commit()
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 15


def test_a_newer_analysis_changes_nothing_that_was_written_and_is_told(register: Register) -> None:
    row = register.enter()
    register.analysed(2, 0.26)
    page = register.shown()
    assert f"26% ({register.about.reference}/R2) When written: 43% ({register.about.reference}/R1)" in page
    assert "New figures" in page
    assert (row.title, row.likelihood) == (WRITTEN["title"], 4)
    register.change(row, title="Fewer bid for D1", likelihood="3")
    assert "New figures" not in register.shown(), "whoever wrote it knew them"
    register.analysed(3, 0.05)
    assert f"No longer found ({register.about.reference}/R3)" in register.shown()
    assert register.newest().title == "Fewer bid for D1"


def test_only_a_finished_run_counts(register: Register) -> None:
    run = register.analysed(2, 0.05)
    part = run.parts[-1]
    part.state, part.result = RunState.RUNNING, None
    register.session.commit()
    assert register.shown().count("Put on the register") == 3


def test_a_lot_whose_bids_are_in_is_no_risk_any_more(register: Register) -> None:
    register.enter()
    known = {"closed_on": date(2026, 1, 5), "bids": 1, "credible_bids": 1, "source": "s"}
    register.session.add(LotOutcome(lot_id=register.lot_id, recorded_by=register.officer.id, **known))
    register.session.commit()
    page = register.shown()
    assert "Its bids are in" in page
    assert "Put on the register" not in page


def test_every_wording_is_kept_and_shown_with_who_changed_what(register: Register) -> None:
    row = register.enter()
    register.change(row, title="Fewer bid for D1", state="accepted", accepted_because="The board knows.")
    again = register.newest()
    assert (again.number, again.reason, again.state) == (2, "The board knows.", RiskState.ACCEPTED)
    page = register.client.get(f"{register.address}/{row.risk_id}").text
    assert f"Title Nobody bids for D1 Fewer bid for D1 {register.officer.name}" in page
    for table in (Risk, RiskVersion):
        with pytest.raises(DBAPIError, match="never changed"):
            register.session.execute(delete(table))
        register.session.rollback()


def test_a_finding_and_a_wording_that_are_sent_twice_are_written_once(register: Register) -> None:
    shown = register.client.submit_twice(register.adding(), register.sent())
    assert register.count() == (1, 1)
    own = {"kind": "tupe", "lot": register.lot_id, "procurement": "", "provider": ""}
    register.client.submit_twice(f"{register.address}/add", register.sent(**own))
    assert register.count() == (2, 2)
    assert register.client.submit_twice(f"{shown}/change", register.sent(title="Anew")) == shown
    assert register.count() == (2, 3)


def test_two_who_word_an_entry_see_both_versions_and_neither_is_lost(register: Register) -> None:
    row = register.enter()
    url = f"{register.address}/{row.risk_id}/change"
    opened = register.client.filled(url, register.sent(title="Mine"))
    register.change(row, title="Theirs")
    page = register.client.post(url, opened, status=409)
    assert "Theirs" in page.text
    assert "Mine" in page.text
    assert register.newest().title == "Theirs"
    kept = [(each.get("name"), (each.text or "").strip()) for each in page.tree.iter("textarea")]
    register.client.post(url, page.hidden() | dict(kept))
    assert (register.newest().title, register.newest().number) == ("Mine", 3)


def test_two_who_put_the_same_finding_on_the_register_see_both_versions(register: Register) -> None:
    opened = register.client.filled(register.adding(), register.sent(title="Mine"))
    register.enter(title="Theirs")
    page = register.client.post(register.adding(), opened, status=409)
    assert "Theirs" in page.text
    assert "Mine" in page.text
    assert register.count() == (1, 1)
    kept = [(each.get("name"), (each.text or "").strip()) for each in page.tree.iter("textarea")]
    register.client.post(register.adding(), page.hidden() | dict(kept))
    assert register.newest().title == "Mine"


def test_what_is_found_no_more_when_it_is_sent_keeps_what_was_typed(register: Register) -> None:
    opened = register.client.filled(register.adding(), register.sent(title="Mine"))
    register.analysed(2, 0.05)
    page = register.client.post(register.adding(), opened, status=409)
    assert values(page)["title"] == "Mine"
    own = page.hidden() | register.sent(title="Mine", kind="no_bid", lot=register.lot_id)
    register.client.post(f"{register.address}/add", own)
    assert register.newest().risk.found_key is None
    assert "Entered by hand" in register.shown()
    register.client.get(f"{register.address}/add?found=nonsense", status=302)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": " "}, "Enter a title"),
        ({"likelihood": "6"}, "choose one of the options shown"),
        ({"owner": "other"}, "Enter the owner’s name"),
        ({"owner": "00000000-0000-0000-0000-000000000000"}, "choose one of the options shown"),
        ({"state": "accepted"}, "Enter why it is accepted"),
        ({"state": "closed"}, "Enter why it is closed"),
        ({"cause": "x" * 2001}, "2,000 characters or fewer"),
        (review(date(2020, 1, 1)), "The day of the next review must be today or later"),
    ],
)
def test_what_an_entry_cannot_be_is_told_beside_the_field(
    register: Register, given: dict[str, str], message: str
) -> None:
    page = register.client.submit(register.adding(), register.sent(**given), status=422)
    assert message in page.text
    assert values(page)["effect"] == WRITTEN["effect"]
    assert register.count() == (0, 0)


def test_a_closed_entry_stands_apart_and_needs_no_review(register: Register) -> None:
    row = register.enter()
    register.change(row, state="closed", closed_because="Two bids came.", **review(date(2020, 1, 1)))
    page = register.shown()
    assert "No risk is open on the register." in page
    assert "Overdue" not in page
    assert page.index("Closed") < page.index(WRITTEN["title"])


def test_a_review_that_is_overdue_is_marked(register: Register) -> None:
    make.risk(register.session, register.programme, register.officer, review_on=date(2020, 1, 1))
    register.session.commit()
    page = register.shown()
    assert "1 review is overdue" in page
    assert "1 Jan 2020 Overdue" in page


def test_a_reviewer_sees_nothing_of_single_providers(register: Register) -> None:
    of_provider, of_lot = register.enter("hangs_on_one", title="All hangs on one"), register.enter()
    register.client.sign_in(register.member(TeamRole.REVIEWER))
    page = register.client.get(register.address)
    assert register.supplier.name not in page.html
    assert "All hangs on one" not in page.html
    assert WRITTEN["title"] in page.text
    assert "Put on the register" not in page.text
    register.client.get(f"{register.address}/{of_lot.risk_id}")
    register.client.get(f"{register.address}/{of_provider.risk_id}", status=404)
    book = downloaded(register)
    every = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert register.supplier.name not in every
    assert "All hangs on one" not in every
    register.client.sign_in(register.member(TeamRole.APPROVER))
    assert register.supplier.name in register.client.get(register.address).text


def downloaded(register: Register) -> openpyxl.Workbook:
    answer = register.client.submit(register.address, action=f"{register.address}/file", status=200)
    return openpyxl.load_workbook(io.BytesIO(answer.response.get_data()))


def test_the_file_has_what_stands_what_was_found_and_every_wording(register: Register) -> None:
    row = register.enter(title="=1+1")
    register.change(row, title="Anew")
    book = downloaded(register)
    standing, found, every = ([[*each] for each in sheet.iter_rows(values_only=True)] for sheet in book)
    assert [each[1] for each in standing] == ["Title", "Anew"]
    assert {each[0] for each in found[1:]} == {"Present supplier leaves", "Hangs on one provider"}
    assert [each[3] for each in every] == ["Stands", "No", "Yes"]
    assert "=1+1" in every[1]
    assert register.session.scalars(select(AuditEvent).where(AuditEvent.act == "risk.exported")).one()


def test_the_file_for_a_challenge_has_every_wording(register: Register) -> None:
    row = register.enter()
    register.change(row, title="Anew")
    record = f"/programmes/{register.programme.id}/record"
    answer = register.client.submit(record, action=f"{record}/file", status=200)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.response.get_data()))["Risk register"]
    titles = [each[8] for each in sheet.iter_rows(values_only=True)]
    assert titles == ["Title", WRITTEN["title"], "Anew"]


def test_a_figure_goes_with_its_analysis_and_the_words_stay(register: Register) -> None:
    row = register.enter("incumbent_exit")
    parts = select(AnalysisPart.id).join(AnalysisPart.run).where(AnalysisRun.engagement_id == register.about.id)
    register.session.execute(delete(AnalysisPart).where(AnalysisPart.id.in_(parts)))
    register.session.commit()
    assert register.session.query(RiskFigure).count() == 0
    page = register.client.get(f"{register.address}/{row.risk_id}").text
    assert "No analysis of it is kept" in page
    assert "has not said" not in page
    assert WRITTEN["cause"] in page


def test_what_an_entry_begins_with_repeats_no_answer(register: Register) -> None:
    begun = " ".join(values(register.client.get(register.adding("incumbent_exit"))).values())
    assert register.supplier.name in begun
    assert "not said" not in begun
    assert "%" not in begun


def test_an_entry_about_a_provider_that_was_joined_to_another_is_known_again(register: Register) -> None:
    row = register.enter("hangs_on_one")
    former, register.supplier = register.supplier, make.provider(register.session)
    join = {"programme_id": register.programme.id, "organisation_id": former.id, "into_id": register.supplier.id}
    register.session.add(JoinedProvider(**join, reason="One firm", joined_by=register.officer.id, moved={}))
    register.analysed(2)
    page = register.client.get(register.address).text
    assert page.count("Put on the register") == 2
    assert "63% of no bid without it" in page
    assert "No longer found" not in register.client.get(f"{register.address}/{row.risk_id}").text


def test_a_provider_that_was_joined_while_the_form_was_open_is_written_as_the_other(register: Register) -> None:
    former, add = register.supplier, f"{register.address}/add"
    of_finding = register.client.filled(register.adding("hangs_on_one"), register.sent(title="Of a finding"))
    by_hand = register.client.filled(add, register.sent(kind="other", title="By hand", provider=str(former.id)))
    address = register.adding("hangs_on_one")
    register.supplier = make.provider(register.session)
    join = {"programme_id": register.programme.id, "organisation_id": former.id, "into_id": register.supplier.id}
    register.session.add(JoinedProvider(**join, reason="One firm", joined_by=register.officer.id, moved={}))
    register.analysed(2)
    register.client.post(add, by_hand)
    assert (register.newest().title, register.newest().risk.provider_id) == ("By hand", register.supplier.id)
    register.client.post(address, of_finding)
    newest = register.newest()
    assert (newest.title, newest.risk.provider_id) == ("Of a finding", register.supplier.id)
    assert newest.risk.found_key == register.key("hangs_on_one")


def test_nobody_joins_providers_while_a_risk_is_written(register: Register) -> None:
    sent = register.client.filled(f"{register.address}/add", register.sent(kind="other"))
    page = register.client.post(f"{register.address}/add", sent)
    assert any("pg_advisory_xact_lock_shared" in each for each in page.statements)


def test_an_owner_who_left_the_team_stays_the_owner(register: Register) -> None:
    someone = register.member(TeamRole.OFFICER)
    row = register.enter(owner=str(someone.id))
    register.session.execute(delete(TeamMember).where(TeamMember.person_id == someone.id))
    register.session.commit()
    page = register.client.get(f"{register.address}/{row.risk_id}/change").text
    assert f"{someone.name} (no longer in the team)" in page
    register.change(row, owner=str(someone.id), title="Still theirs")
    assert register.newest().owner_id == someone.id
    register.change(row, owner="other", owner_name="Cara at the hospital")
    assert register.newest().owned_by == "Cara at the hospital"


def test_a_lot_that_an_entry_is_about_cannot_be_removed(register: Register) -> None:
    register.about.published_at = None
    lot, other = make.lots_of(register.about)
    make.risk(register.session, register.programme, register.officer, lot_id=lot.id)
    register.session.commit()
    removing = f"/programmes/{register.programme.id}/set-up/lots"
    assert "the risk register has it" in register.client.get(f"{removing}/{lot.id}/remove").text
    assert "the risk register has it" not in register.client.get(f"{removing}/{other.id}/remove").text
