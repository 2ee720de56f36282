"""Files as offices keep them: notes beside registers, titles above headings, merged cells, failed formulas."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.today import today
from tests.webapp.browser_of_pages import Client
from tests.webapp.imports.test_imports import began, rows_of, send, set_up
from webapp.exports.workbook import Sheet, workbook
from webapp.imports import routes
from webapp.imports.checked import MOST_FAULTS, Checked
from webapp.imports.columns import CellError, day
from webapp.imports.doubts import Doubts, doubts
from webapp.imports.sheets import SHEETS
from webapp.imports.standing import Standing
from webapp.imports.tables import MOST_SHEETS, UnreadableError, read
from webapp.models import Contract, ImportFile, Programme, Site
from webapp.web.text import simplified

SITES = Sheet("Sites", ["Code", "Name", "Kind"], [["LIV", "HMP Liverpool", "Prison"]])
PIVOT = Sheet("Pivot", ["Row labels", "Sum of value"], [["Dental", 3]])
COPY = Sheet("Sites 2019", ["Code", "Name", "Kind"], [["LIV", "HMP Liverpool", "Prison"]])
TOLD_APART = "Tell their titles apart, or make them one line with all services in a column “Services”"
REGISTER = ["Contract title", "Provider", "Start date", "Expiry date ", "Annual value (£)", "Checked by"]


def register(*rows: list[object]) -> openpyxl.Workbook:
    """A register with a title above its headings, and a hidden sheet beside it."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Contract register "
    sheet.append(["Contracts of the region, July 2026"])
    sheet.merge_cells("A1:F1")
    sheet.append(["Prepared by", "Sam Field"])
    sheet.append([])
    for row in (REGISTER, *rows):
        sheet.append(row)
    lists = made.create_sheet("Lists")
    lists.append(["Code", "Name"])
    lists.append(["dental", "Dental"])
    lists.sheet_state = "hidden"
    return made


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_register_as_an_office_keeps_it_is_read(client: Client, session: Session) -> None:
    programme = began(client, session)
    first = [" Dental ", "Time Ltd", "1 April 2021", datetime(2028, 3, 31), "£1,250,000.00", "Sam"]  # noqa: DTZ001
    second = ["Eye care", "Sight CIC", date(2021, 4, 1), "31-Mar-28", 90_000, None]
    page = send(client, programme, saved(register(first, second)))
    assert rows_of(page, "Sheets of the workbook") == [
        ["Contract register", "2", "Contracts"],
        ["Lists", "1", "Left out: it is hidden in the workbook"],
    ]
    assert "“Checked by” of Contracts" in page.text
    assert rows_of(page, "What would become of each")[0] == [
        "Contracts",
        "5",
        "Dental, Time Ltd, 31 Mar 2028",
        "New: Annual value £1,250,000; Start 1 Apr 2021",
    ]
    set_up(client, session)
    dental, eyes = session.scalars(select(Contract).order_by(Contract.title))
    assert (dental.title, dental.start_date, dental.annual_value) == ("Dental", date(2021, 4, 1), 1_250_000)
    assert (eyes.supplier_name, eyes.end_date) == ("Sight CIC", date(2028, 3, 31))


def test_suppliers_of_names_alike_and_contracts_that_cover_nothing_are_pointed_out(
    client: Client, session: Session
) -> None:
    programme = began(client, session)
    rows: list[list[object]] = [
        ["Dental", "Time for Teeth Ltd", "1/4/21", "31/03/28", "TBC", "Sam"],
        ["Dental, south", "Time For Teeth Limited.", "1/4/21", "31/03/28", "", "Sam"],
        ["Eye care", "Sight CIC", "1/4/21", "31/03/28", 90_000, "Sam"],
        ["Eye care", "Sight CIC", "1/4/21", "31/03/28", 90_000, "Sam"],
    ]
    page = send(client, programme, saved(register(*rows)))
    told = [(row[2], row[3], row[4]) for row in rows_of(page, "2 faults")]
    assert told == [
        ("Annual value", "TBC", "Annual value is not known yet: leave the cell empty"),
        ("Title", "Eye care", f"Title names the same contract as line 7. {TOLD_APART}"),
    ]

    rows[0][4] = ""
    page = send(client, programme, saved(register(*rows[:3])))
    alike = "Suppliers of names like another’s"
    assert rows_of(page, alike) == [["Time For Teeth Limited.", "Time for Teeth Ltd"]]
    assert "3 contracts would cover no services" in page.text
    set_up(client, session)

    page = send(client, programme, saved(register(["Eye care, south", "SIGHT cic", "1/4/21", "31/03/28", "", "Sam"])))
    assert alike not in page.text


def test_names_are_compared_once_for_the_page_that_begins_the_preview(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = began(client, session)
    rows: list[list[object]] = [["Dental", "Time for Teeth Ltd", None, date(2028, 3, 31), None, None]]
    rows += [[f"Eyes {place}", "Time For Teeth Limited.", None, date(2028, 3, 31), None, None] for place in range(30)]
    alike = "Suppliers of names like another’s"
    page = send(client, programme, saved(register(*rows)))
    assert alike in page.text
    address = f"/programmes/{programme.id}/import/{session.scalars(select(ImportFile.id)).one()}"
    assert alike not in client.get(f"{address}?page=2").text

    def compared(*_of: object) -> None:
        raise AssertionError("nobody reads it")

    sent = client.get(address).hidden()
    monkeypatch.setattr(routes, "doubts", compared)
    client.post(address, sent)
    assert "This file was set up at" in client.get(address).text


def test_a_failed_formula_one_never_worked_out_and_merged_cells_are_told(client: Client, session: Session) -> None:
    book = register(
        ["Dental", "#N/A", None, date(2028, 3, 31), "=1+1", None],
        ["Eye care", "Sight CIC", None, date(2028, 3, 31), 12, None],
        ["Feet", None, None, date(2028, 3, 31), None, None],
    )
    book.active.merge_cells("B6:B7")
    page = send(client, began(client, session), saved(book))
    assert [(row[1], row[2], row[4].split(".")[0]) for row in rows_of(page, "3 faults")] == [
        ("5", "Supplier", "Supplier is the error of a formula"),
        ("5", "Annual value", "Annual value is a formula that was never worked out"),
        ("7", "Supplier", "Supplier is merged with the cell above"),
    ]


def test_what_is_wrong_alike_in_many_lines_is_told_once_beside_all_of_them(client: Client, session: Session) -> None:
    programme = began(client, session)
    many = [[f"Dental {place}", "Time Ltd", None, "Rolling", "TBC", None] for place in range(15)]
    page = send(client, programme, saved(register(*many)))
    assert rows_of(page, "What is wrong in several lines") == [
        ["Contract register", "Annual value", "TBC", "Annual value is not known yet: leave the cell empty", "15"],
        ["Contract register", "End", "Rolling", "End must be a date, like 31/03/2028 or 2028-03-31", "15"],
    ]
    assert len(rows_of(page, "30 faults")) == 25
    assert "“Checked by” of Contracts" in page.text, "also before anything can be set up"
    assert page.links()["the headings that a file may have"] == f"/programmes/{programme.id}/import"
    assert "in several lines" not in send(client, programme, saved(register(*many[:3]))).text
    more = b"Title,Supplier,End\n" + b"Dental,Time Ltd,Rolling\n" * (MOST_FAULTS + 1)
    (told,) = rows_of(send(client, programme, more, "register.csv"), "What is wrong in several lines")
    assert told[-1] == "At least 1,000"


def test_a_sheet_of_no_part_is_left_out_once_somebody_agrees(client: Client, session: Session) -> None:
    programme = began(client, session)
    page = send(client, programme, workbook([SITES, PIVOT]))
    assert rows_of(page, "Sheets of the workbook")[1] == [
        "Pivot",
        "1",
        "Left out: its name and headings are of no part that can be set up",
    ]
    file = session.scalars(select(ImportFile)).one()
    address = f"/programmes/{programme.id}/import/{file.id}"
    assert "Confirm that these sheets may be left out" in client.submit(address, status=422).text
    assert session.scalars(select(Site)).all() == []
    client.submit(address, {"agreed": "y"})
    assert session.scalars(select(Site.code)).all() == ["LIV"]


def test_nobody_waits_for_the_programme_while_a_refused_page_is_worked_out(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = began(client, session)
    send(client, programme, workbook([SITES, PIVOT]))
    file = session.scalars(select(ImportFile)).one()
    session.commit()
    free = []

    def working_out(checked: Checked, standing: Standing) -> Doubts:
        taking = select(Programme.id).where(Programme.id == programme.id).with_for_update(skip_locked=True)
        free.append(session.scalar(taking) == programme.id)
        session.rollback()
        return doubts(checked, standing)

    monkeypatch.setattr(routes, "doubts", working_out)
    client.submit(f"/programmes/{programme.id}/import/{file.id}", status=422)
    assert free == [True, True], "before it is sent and after it is refused"


def test_a_mistyped_sheet_is_told_and_not_left_out(client: Client, session: Session) -> None:
    mistyped = Sheet("Contarct register ", ["What", "Who", "Until"], [["Dental", "Time Ltd", "31/03/2028"]])
    page = send(client, began(client, session), workbook([SITES, mistyped]))
    assert {(row[0], row[2]) for row in rows_of(page, "3 faults")} == {
        ("Contarct register", "Title"),
        ("Contarct register", "Supplier"),
        ("Contarct register", "End"),
    }


def test_a_sheet_that_is_read_can_be_left_out(client: Client, session: Session) -> None:
    programme = began(client, session)
    page = send(client, programme, workbook([SITES, COPY]))
    assert len(rows_of(page, "1 fault")) == 1
    without = client.get(f"{page.response.request.path}?without=1")
    assert rows_of(without, "Sheets of the workbook")[1] == ["Sites 2019", "1", "Left out, as you chose"]
    nothing = client.get(f"{page.response.request.path}?without=0&without=1&without=x")
    assert "headings of a sheet that you leave out" in nothing.text
    client.submit(f"{page.response.request.path}?without=1")
    assert session.scalars(select(Site.code)).all() == ["LIV"]


def test_a_workbook_of_very_many_sheets_is_refused_and_of_many_not_all_are_named(
    client: Client, session: Session
) -> None:
    pivots = [Sheet(f"Pivot {number}", ["Row labels", "Sum"], [["Dental", 3]]) for number in range(MOST_SHEETS)]
    with pytest.raises(UnreadableError, match="more than 100 sheets"):
        read(workbook([SITES, *pivots]))
    page = send(client, began(client, session), workbook([SITES, *pivots[:12]]))
    assert "“Pivot 9” and 2 others" in page.text


ROWS = "Kind;Code;Name\nPrison;CAF;Café £1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_whatever_program_wrote_them(client: Client, session: Session, encoding: str) -> None:
    page = send(client, began(client, session), ROWS.encode(encoding), "sites.csv")
    assert ("Are these words right? Café, £1" in page.text) is (encoding == "cp1252")
    set_up(client, session)
    assert session.scalars(select(Site.name)).all() == ["Café £1"]


def test_the_mark_between_cells_is_the_one_that_parts_all_lines_alike() -> None:
    (table,) = read(b"Sites, services, lots\nCode;Name\nLIV;Liverpool, Walton, north\nHAV;Haverigg\n")
    assert table.titles == ["Code", "Name"]
    with pytest.raises(UnreadableError):
        read(b"Code\nLIV\n")


@pytest.mark.parametrize(
    "written",
    [
        "31/3/28",
        "31-Mar-2028",
        "31 March 2028",
        "31st March 2028",
        "2028-03-31",
        "31.03.2028",
        "31/03/2028 00:00",
    ],
)
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert day(written) == date(2028, 3, 31)


@pytest.mark.parametrize("written", ["31 Mai 2028", "03/31/2028", "46112", "31/03/2028 23:30"])
def test_what_may_be_no_day_is_not_guessed(written: str) -> None:
    with pytest.raises(CellError):
        day(written)


def test_headings_are_known_by_the_names_that_registers_give_them(client: Client, session: Session) -> None:
    programme = began(client, session)
    start = f"1/4/{today().year + 2}"
    boards = Sheet("Board dates", ["Board", "Date"], [["Commissioning board", start]])
    contracts = Sheet("Contracts", ["Contract", "Incumbent provider", "End"], [["Dental", "Time Ltd", start]])
    plans = Sheet("Procurements", ["Title", "Route", "Start date"], [["Teeth", "PSR competitive process", start]])
    page = send(client, programme, workbook([boards, contracts, plans]))
    assert [row[:2] for row in rows_of(page, "Rows of the file")] == [
        ["Board dates", "1"],
        ["Contracts", "1"],
        ["Procurements", "1"],
    ]


def test_what_is_wrong_beside_a_missing_heading_is_told_at_once(client: Client, session: Session) -> None:
    programme = began(client, session)
    contracts = Sheet("Contracts", ["Title", "Run by", "End"], [["Dental", "Time Ltd", "Mar-28"]])
    page = send(client, programme, workbook([contracts, Sheet("Board dates", ["When"], [["Soon"]])]))
    assert [row[2] for row in rows_of(page, "4 faults")] == ["Supplier", "End", "Board", "Day"]


def test_a_site_that_is_named_where_its_code_belongs_is_told_the_code(client: Client, session: Session) -> None:
    programme = began(client, session)
    lines = Sheet("Service lines", ["Code", "Name"], [["dental", "Dental services"]])
    services = Sheet("Services", ["Site", "Service line"], [["hmp liverpool", "dental"], ["LIV", "Eyes"]])
    page = send(client, programme, workbook([SITES, lines, services]))
    assert [row[4] for row in rows_of(page, "2 faults")] == [
        "Site must be the code: LIV",
        "Service line names no service line of the file or the programme",
    ]


def test_no_other_name_of_a_column_could_mean_a_second_one() -> None:
    for sheet in SHEETS:
        names = [name for column in sheet.columns for name in {simplified(column.title), *column.also}]
        assert len(names) == len(set(names)), sheet.title
        assert names == [simplified(name) for name in names]
