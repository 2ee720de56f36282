"""What a programme may learn from: dates against those signed first, forecasts, and what its team wrote down."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intelligence.files import digest, to_json
from intelligence.schedule.routes import Stage as Planned
from tests import factories as make
from tests.today import today
from tests.webapp.analysis.recommending import Desk, sit_down
from tests.webapp.browser_of_pages import Client
from webapp.analysis.forecasts import queries
from webapp.analysis.forecasts.frozen import FrozenContent, FrozenLot
from webapp.analysis.recommendations.content import PlannedDates
from webapp.models import (
    AnalysisRun,
    AuditEvent,
    FrozenForecast,
    Lesson,
    LotOutcome,
    Recommendation,
    Ruling,
    Stage,
    StageRecord,
    Verdict,
)
from webapp.web.format import short_day

COMPLAINED = {
    "title": "Three weeks over Easter",
    "kind": "complaint",
    "happened_on-day": "5",
    "happened_on-month": "1",
    "happened_on-year": "2026",
    "what": "Two charities said that nobody could answer in that time.",
    "next_time": "",
}
SIGNED_FIRST = (
    PlannedDates(Planned.APPROVE_TO_PROCEED, date(2026, 1, 30), date(2026, 2, 4)),
    PlannedDates(Planned.PREPARE, date(2026, 2, 2), date(2026, 2, 20)),
    PlannedDates(Planned.TENDER, date(2026, 2, 23), date(2026, 3, 25)),
    PlannedDates(Planned.EVALUATE, date(2026, 3, 26), date(2026, 4, 30)),
)
SENT_BACK = (PlannedDates(Planned.TENDER, date(2026, 1, 1), date(2026, 1, 2)),)
SIGNED_AGAIN = (PlannedDates(Planned.TENDER, date(2026, 5, 1), date(2026, 6, 1)),)


@pytest.fixture
def desk(session: Session) -> Desk:
    return sit_down(session)


def of_programme(desk: Desk, *path: object) -> str:
    return "/".join((f"/programmes/{desk.about.programme_id}/record", *map(str, path)))


def sign(session: Session, desk: Desk, stages: tuple[PlannedDates, ...], verdict: Verdict) -> None:
    number = len(session.scalars(select(Recommendation.id)).all()) + 1
    run = session.scalars(select(AnalysisRun)).one()
    row = make.recommendation(session, desk.procurement, run, desk.officer, number=number, stages=stages)
    ruling = Ruling(recommendation_id=row.id, verdict=verdict, reason="So", ruled_by=desk.approver.id)
    ruling.ruled_at = datetime(2026, 2, 4, 12, tzinfo=UTC)
    session.add(ruling)
    session.flush()


def happened(session: Session, desk: Desk, stage: Stage, began: date, ended: date | None) -> None:
    session.add(
        StageRecord(
            procurement_id=desk.procurement.id,
            stage=stage,
            began_on=began,
            ended_on=ended,
            reason="By the notice",
            said_by=desk.officer.id,
        )
    )


def rows_of(tree: Any) -> list[list[str]]:
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in tree.findall(".//tbody/tr")]


def test_stages_are_held_against_what_was_signed_first(client: Client, session: Session, desk: Desk) -> None:
    sign(session, desk, SENT_BACK, Verdict.SENT_BACK)
    sign(session, desk, SIGNED_FIRST, Verdict.SIGNED)
    sign(session, desk, SIGNED_AGAIN, Verdict.SIGNED)
    happened(session, desk, Stage.APPROVE_TO_PROCEED, date(2026, 1, 30), date(2026, 2, 4))
    happened(session, desk, Stage.PREPARE, date(2026, 2, 2), date(2026, 2, 19))
    happened(session, desk, Stage.PARTICIPATION, date(2026, 2, 20), date(2026, 2, 21))
    happened(session, desk, Stage.TENDER, date(2026, 2, 23), date(2026, 4, 17))
    happened(session, desk, Stage.EVALUATE, date(2026, 4, 20), None)
    session.commit()
    client.sign_in(desk.officer)
    page = client.get(of_programme(desk, "lessons"))
    name, late = desk.procurement.title, (today() - date(2026, 4, 30)).days
    assert rows_of(page.tree) == [
        [f"{name}: Approval to proceed", "Had ended when it was signed", "30 Jan 2026 to 4 Feb 2026", "-"],
        [f"{name}: Prepare documents", "2 Feb 2026 to 20 Feb 2026", "2 Feb 2026 to 19 Feb 2026", "1 day sooner"],
        [f"{name}: Requests to participate", "Not in what was signed", "20 Feb 2026 to 21 Feb 2026", "-"],
        [f"{name}: Tender open", "23 Feb 2026 to 25 Mar 2026", "23 Feb 2026 to 17 Apr 2026", "23 days later"],
        [
            f"{name}: Evaluate bids",
            "26 Mar 2026 to 30 Apr 2026",
            "Since 20 Apr 2026",
            f"Under way, {late} days late so far",
        ],
    ]
    assert "Of 2 signed stages that ended since, 1 did so by the day that was signed first." in page.text
    assert "1 stage is under way after the signed end." in page.text
    assert f"Evaluate bids, under way: 20 Apr 2026 to {short_day(today())}" in page.response.get_data(as_text=True)
    assert f"The latest was “Tender open” of {name}, 23 days after it." in page.text
    assert len(page.statements) <= 15
    book = openpyxl.load_workbook(io.BytesIO(_file(client, desk)))
    kept = list(book["Dates kept"].iter_rows(values_only=True))
    assert [row[-1] for row in kept[1:]] == [
        "-",
        "1 day sooner",
        "-",
        "23 days later",
        f"Under way, {late} days late so far",
    ]


def test_the_file_for_a_challenge_has_bids_as_forecast_and_as_they_came(
    client: Client, session: Session, desk: Desk
) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    first, second = desk.procurement.lots
    lot = FrozenLot(str(first.id), 3, (0.2, 0.5, 0.3), low=0, high=2)
    content = FrozenContent("R", "d", "c", 1, 100, 0.8, (lot,))
    session.add(
        FrozenForecast(
            run_id=run.id,
            frozen_by=desk.officer.id,
            frozen_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
            reason="Signed",
            content=to_json(content),
            digest=digest(content),
        )
    )
    closing = ((second, date(2026, 2, 1), 0), (first, date(2026, 3, 1), 3))
    session.add_all(
        LotOutcome(lot_id=of.id, closed_on=on, bids=4, credible_bids=came, source="=1+1", recorded_by=desk.officer.id)
        for of, on, came in closing
    )
    session.commit()
    client.sign_in(desk.officer)
    book = openpyxl.load_workbook(io.BytesIO(_file(client, desk)))
    rows = [[cell.value for cell in row] for row in book["Forecasts"].iter_rows(min_row=2)]
    assert [[row[0], *row[2:6]] for row in rows[:2]] == [
        [f"{second.code} {second.title}", 4, 0, "=1+1", desk.officer.name],
        [f"{first.code} {first.title}", 4, 3, "=1+1", desk.officer.name],
    ]
    assert rows[0][7:] == ["No forecast of it was frozen before its bids closed", *[None] * 5]
    assert rows[1][7:] == ["1.1", "20%", "50%", "30%", "0 to 2", "No"]
    assert rows[2][0].startswith("Of 1 lot whose bids have come since, 0% drew a number of credible bids within")
    assert rows[2][0].endswith("luck could make it look better or worse.")
    assert len(rows) == 3
    about = {row[0]: row[1] for row in book["About this file"].iter_rows(values_only=True)}
    assert about["Sheet: Forecasts"].endswith("closed. 3 rows")


def test_the_file_for_a_challenge_has_the_forecasts_of_more_lots_than_a_page_counts(
    client: Client, session: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = queries.scored.__kwdefaults__
    assert kept is not None
    monkeypatch.setitem(kept, "limit", 1)
    run = session.scalars(select(AnalysisRun)).one()
    both = desk.procurement.lots
    frozen = tuple(FrozenLot(str(each.id), 3, (0.2, 0.5, 0.3), low=0, high=2) for each in both)
    content = FrozenContent("R", "d", "c", 1, 100, 0.8, frozen)
    told = FrozenForecast(run_id=run.id, frozen_by=desk.officer.id, reason="Signed", content=to_json(content))
    told.frozen_at, told.digest = datetime(2026, 1, 5, 9, tzinfo=UTC), digest(content)
    session.add(told)
    session.add_all(
        LotOutcome(lot_id=of.id, closed_on=on, bids=4, credible_bids=1, source="Portal", recorded_by=desk.officer.id)
        for of, on in zip(both, (date(2026, 2, 1), date(2026, 3, 1)), strict=True)
    )
    session.commit()
    client.sign_in(desk.officer)
    book = openpyxl.load_workbook(io.BytesIO(_file(client, desk)))
    rows = [[cell.value for cell in row] for row in book["Forecasts"].iter_rows(min_row=2)]
    assert [row[7] for row in rows[:2]] == ["1.1", "1.1"]
    assert rows[2][0].startswith("Of 2 lots")


def test_until_a_signed_stage_has_ended_the_page_says_so(client: Client, session: Session, desk: Desk) -> None:
    ahead = today() + timedelta(days=9)
    sign(session, desk, (PlannedDates(Planned.EVALUATE, today(), ahead),), Verdict.SIGNED)
    happened(session, desk, Stage.EVALUATE, today() - timedelta(days=1), None)
    session.commit()
    client.sign_in(desk.officer)
    page = client.get(of_programme(desk, "lessons"))
    assert "No stage has ended since its end was signed. What was signed first counts" in page.text
    assert [row[-1] for row in rows_of(page.tree)] == ["Under way"]


def _file(client: Client, desk: Desk) -> bytes:
    return client.submit(of_programme(desk), action=f"{of_programme(desk)}/file", status=200).response.get_data()


def test_without_a_signature_or_a_stage_the_page_says_what_it_takes(
    client: Client, session: Session, desk: Desk
) -> None:
    happened(session, desk, Stage.PREPARE, date(2026, 2, 2), date(2026, 2, 19))
    session.commit()
    client.sign_in(desk.officer)
    said = client.get(of_programme(desk, "lessons")).text
    assert "it takes a signed recommendation, and stages put on record" in said
    assert "it takes a forecast that was frozen before a lot’s bids closed" in said
    assert "No lesson, complaint, representation or challenge is on record yet" in said


def test_a_lesson_is_put_on_record_corrected_and_kept(client: Client, session: Session, desk: Desk) -> None:
    client.sign_in(desk.officer)
    writing = of_programme(desk, "lessons", "write")
    blank = client.submit(writing, COMPLAINED | {"kind": "", "title": " "}, status=422)
    assert "Choose what it is" in blank.text
    assert "Enter what it is about" in blank.text
    assert COMPLAINED["what"] in blank.text, "what was typed is kept"
    client.submit(writing, COMPLAINED | {"happened_on-year": "2126"}, status=422)
    client.submit(writing, COMPLAINED)
    row = session.scalars(select(Lesson)).one()
    assert (row.happened_on, row.next_time) == (date(2026, 1, 5), None)
    shown = client.get(of_programme(desk, "lessons")).text
    assert "Complaint" in shown
    assert COMPLAINED["what"] in shown
    client.submit(of_programme(desk, "lessons", row.id), COMPLAINED | {"next_time": "Never over Easter"})
    shown = client.get(of_programme(desk, "lessons")).text
    assert "Never over Easter" in shown
    assert "Nothing entered" not in shown, "only what stands is shown"
    book = openpyxl.load_workbook(io.BytesIO(_file(client, desk)))
    lessons = list(book["Lessons"].iter_rows(values_only=True))
    assert [each[4] for each in lessons[1:]] == ["Never over Easter"]
    replaced = list(book["Replaced by corrections"].iter_rows(values_only=True))
    assert [each[0] for each in replaced[1:]] == ["Lessons"]
    assert [act for act in session.scalars(select(AuditEvent.act)) if act.startswith("lesson")] == [
        "lesson.recorded",
        "lesson.corrected",
    ]


def test_the_database_refuses_to_change_a_lesson(session: Session, desk: Desk) -> None:
    make.lesson(session, desk.about.programme, desk.officer)
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        session.execute(text("UPDATE lesson SET what = 'others'"))


def test_an_approver_reads_lessons_and_writes_none(client: Client, session: Session, desk: Desk) -> None:
    row = make.lesson(session, desk.about.programme, desk.officer)
    session.commit()
    client.sign_in(desk.approver)
    page = client.get(of_programme(desk, "lessons"))
    assert row.what in page.text
    assert not [name for name in page.links() if name.startswith(("Enter", "Correct"))]
    client.get(of_programme(desk, "lessons", "write"), status=404)
    client.get(of_programme(desk, "lessons", row.id), status=404)
