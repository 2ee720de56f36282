"""A programme set up from a file, and every way in which a file can be wrong."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp.exports.workbook import Sheet, Value, workbook
from webapp.imports import tables
from webapp.imports.columns import as_text
from webapp.imports.sheets import SHEETS
from webapp.models import (
    Blackout,
    BoardDate,
    Contract,
    ContractForm,
    FixedStart,
    ImportFile,
    Lot,
    MembershipRole,
    Need,
    Organisation,
    Partner,
    Party,
    Person,
    Procurement,
    Programme,
    Site,
    TeamRole,
    Unit,
)
from webapp.programmes.setting_up.rules import LAST_YEAR

Rows = Sequence[Sequence[Value]]
WHOLE: dict[str, tuple[Sequence[str], Rows]] = {
    "Lots": (
        ["Lot code", "Title", "Procurement", "Term months", "Services"],
        [["D1", "Dental, both", "Dental", 84, "liv/dental,\nHAV/Dental"]],
    ),
    "Sites": (
        ["Code *", "Name *", "Kind *", "Postcode", "Places"],
        [["LIV", "HMP Liverpool", "Prison", "L9 3DF", 1300], ["HAV", "HMP Haverigg", "prison", None, None]],
    ),
    "Service lines": (["Code", "Name"], [["dental", "Dental services"]]),
    "Services": (
        ["Site", "Service line", "Annual value", "Demand WTE"],
        [["LIV", "dental", 250_000, 6.5], ["hav", "dental", "£120,000.50", None]],
    ),
    "Contracts": (
        ["Title", "Supplier", "Services", "Annual value", "End", "Extension uplift %", "Terms", "Taken over"],
        [["Dental", "Time Ltd", "LIV/dental", "£1.2 million", date(2028, 3, 31), 8, "Bespoke terms", "Yes"]],
    ),
    "Procurements": (
        ["Title", "Route", "Services start", "Most lots bid", "Most lots awarded"],
        [["Dental", "PSR competitive process", "01/04/2028", 3, 2]],
    ),
    "Needs": (["Need", "Site"], [["Urgent care within a day", "LIV"]]),
    "Partners": (["Organisation", "Part"], [["HMPPS", "Runs the prisons"]]),
    "Board dates": (["Board", "Day"], [["Commissioning board", "2027-05-06"]]),
    "Days without publication": (["First day", "Last day", "Reason"], [["20/12/2027", "03/01/2028", "Christmas"]]),
}


def book(**changed: tuple[Sequence[str], Rows]) -> bytes:
    content = {**WHOLE, **{name.replace("_", " "): sheet for name, sheet in changed.items()}}
    return workbook([Sheet(name, columns, rows) for name, (columns, rows) in content.items()])


def began(client: Client, session: Session) -> Programme:
    officer = make.officer(session)
    programme = Programme(
        buyer_id=officer.memberships[0].organisation_id, reference="P1", title="From a file", summary="All of it."
    )
    session.add(programme)
    session.flush()
    make.team_member(session, programme.id, officer.id, programme.buyer_id)
    session.commit()
    client.sign_in(officer)
    return programme


def send(client: Client, programme: Programme, content: bytes, name: str = "set up.xlsx") -> Page:
    """What the service shows of a file."""
    where = f"/programmes/{programme.id}/import"
    fields = dict(client.get(where).hidden())
    page = client.post(
        where, {**fields, "file": (io.BytesIO(content), name)}, status=None, content_type="multipart/form-data"
    )
    return client.get(page.location) if page.status == 302 else page


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """What stands in the body of the table with this caption."""
    tables = [table for table in page.tree.iter("table") if "".join(table.find("caption").itertext()) == caption]
    (table,) = tables
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.find("tbody").iter("tr")]


def set_up(client: Client, session: Session) -> None:
    file = session.scalars(select(ImportFile).order_by(ImportFile.created_at.desc()).limit(1)).one()
    client.submit(f"/programmes/{file.programme_id}/import/{file.id}")
    session.expire_all()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (date(2020, 3, 31), "31/03/2020"),
        (datetime(2020, 3, 31), "31/03/2020"),  # noqa: DTZ001 - a cell has no zone
        (datetime(2020, 3, 31, 14, 5), "31/03/2020 14:05"),  # noqa: DTZ001 - as above
        (12.0, "12"),
    ],
)
def test_a_cell_is_shown_as_people_write_it(cell: tables.Cell, shown: str) -> None:
    assert as_text(cell) == shown


def nothing_is_set_up(session: Session) -> bool:
    return not any(session.scalars(select(kind).limit(1)).first() for kind in (Site, Unit, Lot, Contract, Need))


def test_a_workbook_sets_everything_up_at_once(client: Client, session: Session) -> None:
    programme = began(client, session)
    page = send(client, programme, book())
    assert "Rows of the file" in page.text
    assert "Annual value £250,000; Demand WTE 6.5" in page.text
    assert nothing_is_set_up(session), "a preview changes nothing"
    set_up(client, session)
    lot = session.scalars(select(Lot)).one()
    assert {unit.site.code for unit in lot.units} == {"LIV", "HAV"}
    assert lot.annual_value == pytest.approx(370_000.50)
    assert lot.procurement.service_start == date(2028, 4, 1)
    contract = session.scalars(select(Contract)).one()
    assert (contract.form, contract.inherited, contract.end_date) == (ContractForm.BESPOKE, True, date(2028, 3, 31))
    assert (contract.annual_value, contract.extension_uplift) == (1_200_000, 8)
    assert session.scalars(select(Need)).one().site.name == "HMP Liverpool"
    assert session.scalars(select(Partner)).one().part == "Runs the prisons"
    assert session.scalars(select(BoardDate)).one().day == date(2027, 5, 6)
    assert session.scalars(select(Blackout)).one().reason == "Christmas"
    assert [site.position for site in session.scalars(select(Site).order_by(Site.position))] == [1, 2]


def test_suppliers_of_a_file_are_providers_that_can_be_invited(client: Client, session: Session) -> None:
    programme = began(client, session)
    unnamed = Contract(programme_id=programme.id, title="Eyes", supplier_name="Sight", end_date=date(2028, 3, 31))
    session.add(unnamed)
    session.commit()
    columns = ["Title", "Supplier", "Services", "End"]
    rows = [
        ["Dental", "Time Ltd", "LIV/dental", date(2028, 3, 31)],
        ["Dental, before", "TIME LTD", "", date(2027, 3, 31)],
    ]
    send(client, programme, book(Contracts=(columns, rows)))
    set_up(client, session)
    written = session.scalars(select(Contract).where(Contract.id != unnamed.id))
    (supplier,) = {contract.supplier for contract in written}
    session.refresh(unnamed)
    assert unnamed.supplier_id is None, "the file does not name it"
    assert supplier is not None
    assert (supplier.name.casefold(), supplier.party) == ("time ltd", Party.PROVIDER)
    engagement = make.engagement(session, programme)
    session.commit()
    assert supplier.name in client.get(f"/manage/engagements/{engagement.id}/invite/known").links()


def test_the_same_file_again_changes_nothing_and_another_what_it_names(client: Client, session: Session) -> None:
    programme = began(client, session)
    send(client, programme, book())
    set_up(client, session)
    revision = session.scalars(select(Lot)).one().revision
    send(client, programme, book())
    set_up(client, session)
    assert session.scalars(select(Lot)).one().revision == revision
    sites = b"Code;Name;Kind;Places\nLIV;HMP Liverpool;Prison;1,250\nWAL;HMP Walton;prison;\n"
    page = send(client, programme, sites, "sites.csv")
    assert "Sites" in page.text
    set_up(client, session)
    places = {site.code: site.places for site in session.scalars(select(Site))}
    assert places == {"LIV": 1250, "HAV": None, "WAL": None}
    send(client, programme, b"Need;Detail\nurgent care  within a day;By phone\n", "needs.csv")
    set_up(client, session)
    assert session.scalars(select(Need)).one().detail == "By phone", "the same, however many spaces"


def spaced(gap: str, first: str = "LIV", second: str = "HAV") -> bytes:
    """Two lots, of the service at the first site and at the second, whose codes have the gap."""
    dental = f"dental{gap}care"
    return book(
        Sites=(
            WHOLE["Sites"][0],
            [
                [f"LIV{gap}1", "HMP Liverpool", "Prison", None, None],
                [f"HAV{gap}1", "HMP Haverigg", "Prison", None, None],
            ],
        ),
        Service_lines=(["Code", "Name"], [[dental, "Dental services"]]),
        Services=(["Site", "Service line"], [[f"LIV{gap}1", dental], [f"HAV{gap}1", dental]]),
        Contracts=(
            ["Title", "Supplier", "Services", "End"],
            [["Dental", "Time Ltd", f"LIV{gap}1/{dental}", "31/03/2028"]],
        ),
        Needs=(["Need", "Site"], [["Urgent care within a day", f"LIV{gap}1"]]),
        Lots=(
            ["Lot code", "Title", "Procurement", "Services"],
            [
                [f"D{gap}1", "One", "Dental", f"{first}{gap}1/{dental}"],
                [f"D{gap}2", "Two", "Dental", f"{second}{gap}1/{dental}"],
            ],
        ),
    )


def test_rows_are_the_same_however_many_spaces_their_codes_have(client: Client, session: Session) -> None:
    programme = began(client, session)
    nbsp = "\N{NO-BREAK SPACE}"
    for content, code in ((spaced("  "), "LIV  1"), (spaced(nbsp, "HAV", "LIV"), f"LIV{nbsp}1")):
        send(client, programme, content)
        set_up(client, session)
        assert code in {site.code for site in session.scalars(select(Site))}
    sites_of = {lot.title: [unit.site.name for unit in lot.units] for lot in session.scalars(select(Lot))}
    assert sites_of == {"One": ["HMP Haverigg"], "Two": ["HMP Liverpool"]}
    assert [len(session.scalars(select(kind)).all()) for kind in (Site, Unit, Lot)] == [2, 2, 2]
    parts = rows_of(send(client, programme, content), "Rows of the file")
    assert {(added, changed) for _part, added, changed, _same in parts} == {("0", "0")}


def test_two_lines_of_one_row_are_one_fault_however_many_spaces(client: Client, session: Session) -> None:
    content = book(
        Sites=(["Code", "Name", "Kind"], [["LIV", "L", "Prison"], ["HAV 1", "H", "Prison"], ["HAV  1", "H", "Prison"]]),
        Services=(["Site", "Service line"], [["LIV", "dental"]]),
        Lots=(
            WHOLE["Lots"][0],
            [["D 1", "One", "Dental", 84, "LIV/dental"], ["D  1", "One", "Dental", 84, "LIV/dental"]],
        ),
    )
    faults = rows_of(send(client, began(client, session), content), "2 faults")
    assert [row[4] for row in faults] == ["Lot code names the same lot as line 2", "Code names the same site as line 3"]


FAULTS = {
    "a date that is none": (
        "Contracts",
        ["Title", "Supplier", "End"],
        [["D", "T", "31/02/2028"]],
        "Line 2 End must be a real date",
    ),
    "nothing where something must be": (
        "Sites",
        ["Code", "Name", "Kind"],
        [["LIV", "", "Prison"]],
        "Name must be filled in",
    ),
    "an unknown kind": ("Sites", ["Code", "Name", "Kind"], [["LIV", "L", "Castle"]], "Kind must be one of: Prison"),
    "a service that is nowhere": (
        "Lots",
        WHOLE["Lots"][0],
        [["D1", "T", "Dental", 84, "NIL/dental"]],
        "names no service at a site",
    ),
    "one service in two lots": (
        "Lots",
        WHOLE["Lots"][0],
        [["D1", "T", "Dental", 84, "LIV/dental"], ["D2", "T", "Dental", 84, "LIV/dental"]],
        "is in lot D1 already",
    ),
    "a row twice": (
        "Service lines",
        ["Code", "Name"],
        [["dental", "A"], ["Dental", "B"]],
        "names the same service line as line 2",
    ),
    "a need twice, with another number of spaces": (
        "Needs",
        ["Need", "Detail"],
        [["Oral health", "A"], ["oral  health", "B"]],
        "names the same need as line 2",
    ),
    "an end before its start": (
        "Contracts",
        ["Title", "Supplier", "Start", "End"],
        [["D", "T", "01/04/2028", "31/03/2028"]],
        "End must be after the start",
    ),
    "a contract that ends when nobody can plan": (
        "Contracts",
        ["Title", "Supplier", "End"],
        [["D", "T", f"31/03/{LAST_YEAR + 1}"]],
        f"End must be in {LAST_YEAR} or before",
    ),
    "a start that nobody can plan": (
        "Procurements",
        WHOLE["Procurements"][0],
        [["Dental", "psr_competitive", f"01/04/{LAST_YEAR + 1}", 1, 2]],
        f"Services start must be in {LAST_YEAR} or before",
    ),
    "a column that is missing": ("Board dates", ["Board"], [["Board"]], "Day is missing from the headings"),
    "more awards than bids": (
        "Procurements",
        WHOLE["Procurements"][0],
        [["Dental", "psr_competitive", "01/04/2028", 1, 2]],
        "must not be more than the most lots to bid for",
    ),
    "a negative number": (
        "Services",
        WHOLE["Services"][0],
        [["LIV", "dental", -1, None], ["HAV", "dental", 1, 1]],
        "must be 0 or more",
    ),
    "a code with a mark that files put between codes": (
        "Service lines",
        ["Code", "Name"],
        [["dental", "A"], ["oral/eyes", "B"]],
        "Code must not contain “/”",
    ),
    "a name that hides a character": (
        "Service lines",
        ["Code", "Name"],
        [["dental", "Den\u200btal"], ["oral", "B"]],
        "Name contains a character that cannot be seen: Den\ufffdtal",
    ),
    "a name with the mark of a hidden character": (
        "Service lines",
        ["Code", "Name"],
        [["dental", "Den\ufffdtal"], ["oral", "B"]],
        "Name contains a character that cannot be seen: Den\ufffdtal",
    ),
    "a supplier that could pass for another": (
        "Contracts",
        ["Title", "Supplier", "End"],
        [["D", "Ac\u043ern Care", "31/03/2028"]],
        "Supplier has letters of another alphabet in “Ac\u043ern”",
    ),
    "a postcode that is none": (
        "Sites",
        ["Code", "Name", "Kind", "Postcode"],
        [["LIV", "L", "Prison", "Liverpool"], ["HAV", "H", "Prison", None]],
        "Postcode must be a postcode, like L9 3DF",
    ),
    "a start that has passed": (
        "Procurements",
        WHOLE["Procurements"][0],
        [["Dental", "PSR competitive process", "01/04/2020", 3, 2]],
        "Services start must be in the future",
    ),
    "an email address that is none": (
        "Partners",
        ["Organisation", "Part", "Contact email"],
        [["HMPPS", "Runs the prisons", "sam at example"]],
        "Contact email must be an email address",
    ),
    "one name for two sites": (
        "Sites",
        ["Code", "Name", "Kind"],
        [["LIV", "HMP Liverpool", "Prison"], ["HAV", "hmp  Liverpool", "Prison"]],
        "Name is the name of LIV already",
    ),
    "a total under the lines": (
        "Contracts",
        ["Title", "Supplier", "End"],
        [["D", "T", "31/03/2028"], ["Total", None, None]],
        "1 fault Sheet Line Column What stands there What is wrong Contracts 3 Title Total Title must not be that of a",
    ),
    "a total that could be a row": (
        "Needs",
        ["Need", "Detail"],
        [["Urgent care", "12"], ["Grand total", "12"]],
        "1 fault Sheet Line Column What stands there What is wrong Needs 3 Need Grand total Need must not be that of a",
    ),
    "a column twice": (
        "Service lines",
        ["Code", "Name", "name"],
        [["dental", "A", "B"]],
        "Name is there more than once",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_by_sheet_line_column_and_reason_and_nothing_is_set_up(
    client: Client, session: Session, case: str
) -> None:
    sheet, columns, rows, said = FAULTS[case]
    programme = began(client, session)
    page = send(client, programme, book(**{sheet.replace(" ", "_"): (columns, rows)}))
    words = said.removeprefix("Line 2 ")
    assert words in page.text
    assert sheet in page.text
    assert "Set up" not in page.buttons()
    client.submit(page.response.request.path, status=200)
    assert nothing_is_set_up(session)


def test_faulty_headings_are_told_beside_those_that_a_part_needs(client: Client, session: Session) -> None:
    programme = began(client, session)
    near = send(client, programme, b"\nTitle,Supplier,Ends\nDental,Time Ltd,31/03/2028\n", "register.csv")
    assert rows_of(near, "1 fault") == [
        ["Contracts", "2", "End", "Title, Supplier, Ends", "End is missing from the headings"]
    ]
    assert ["Board dates", "Board, Day", "None"] in rows_of(near, "Parts and their headings")
    none = send(client, programme, b"Colour,Shape\nred,round\n", "shapes.csv")
    assert rows_of(none, "1 fault") == [
        ["The file", "1", "", "Colour, Shape", "These are the headings of no part that can be set up"]
    ]


def test_every_fault_of_a_row_is_told(client: Client, session: Session) -> None:
    page = send(client, began(client, session), b"Code,Name,Kind,Postcode\nL/V,Liverpool,Castle,North\n", "sites.csv")
    assert [row[2] for row in rows_of(page, "3 faults")] == ["Kind", "Code", "Postcode"]


def test_a_code_may_be_the_word_of_a_total(client: Client, session: Session) -> None:
    page = send(client, began(client, session), b"Code,Name,Kind\nSUM,Summerfield,Prison\n", "sites.csv")
    assert "Set up" in page.buttons()


def test_a_row_with_a_fault_is_not_said_to_be_nowhere(client: Client, session: Session) -> None:
    programme = began(client, session)
    columns, rows = WHOLE["Sites"]
    castle = [["LIV", "HMP Liverpool", "Castle", "L9 3DF", 1300], rows[1]]
    assert len(rows_of(send(client, programme, book(Sites=(columns, castle))), "1 fault")) == 1


def test_two_sheets_of_one_part_cannot_name_the_same_row(client: Client, session: Session) -> None:
    columns, rows = ["Code", "Name", "Kind"], [["LIV", "HMP Liverpool", "Prison"]]
    twice = workbook([Sheet("Sites", columns, rows), Sheet("Old sites", columns, rows)])
    (fault,) = rows_of(send(client, began(client, session), twice), "1 fault")
    assert fault == ["Old sites", "2", "Code", "LIV", "Code names the same site as line 2 of “Sites”"]


def test_a_preview_says_of_every_row_what_becomes_of_it(client: Client, session: Session) -> None:
    programme = began(client, session)
    send(client, programme, book())
    set_up(client, session)
    changed = {
        "Sites": (["Code", "Name", "Kind", "Places"], [["liv", "HMP Liverpool", "Prison", 1250]]),
        "Needs": (["Need", "Site"], [["Urgent care within a day", "HAV"]]),
        "Contracts": (
            ["Title", "Supplier", "Services", "End"],
            [["Dental", "Other Ltd", "LIV/dental", "31/03/2028"], ["Eyes", "Other Ltd", None, "31/03/2028"]],
        ),
        "Lots": (
            ["Lot code", "Title", "Procurement", "Post code", "Services"],
            [["D1", "Dental, both", "dental", "L9 3DF", "HAV/dental; LIV/dental"]],
        ),
    }
    page = send(client, programme, workbook([Sheet(name, columns, rows) for name, (columns, rows) in changed.items()]))
    assert rows_of(page, "What would become of each") == [
        [
            "Contracts",
            "2",
            "Dental, Other Ltd, 31 Mar 2028",
            "New, beside Dental of Time Ltd, which ends on 31 Mar 2028: Services LIV/dental",
        ],
        ["Sites", "2", "liv", "Code: from LIV to liv; Places: from 1,300 to 1,250"],
        ["Needs", "2", "Urgent care within a day", "Site: from LIV to HAV"],
        ["Contracts", "3", "Eyes, Other Ltd, 31 Mar 2028", "New"],
    ]
    assert ["Lots", "0", "0", "1"] in rows_of(page, "Rows of the file")
    assert "names 1 contract by a title that is in the register with another supplier or end" in page.text
    assert "“Post code” of Lots" in page.text
    assert len(page.statements) <= 15


def test_a_contract_that_the_file_names_is_no_namesake(client: Client, session: Session) -> None:
    programme = began(client, session)
    send(client, programme, book())
    set_up(client, session)
    rows = b"Title,Supplier,End\nDental,Time Ltd,31/03/2028\nDental,Other Ltd,31/03/2028\n"
    page = send(client, programme, rows, "register.csv")
    assert rows_of(page, "What would become of each") == [["Contracts", "3", "Dental, Other Ltd, 31 Mar 2028", "New"]]


def test_what_a_published_engagement_asks_about_stays(client: Client, session: Session) -> None:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    make.engagement(session, programme)
    programme.procurements[0].lots[0].code = "D  1"
    session.commit()
    client.sign_in(officer)
    for code in ("D 1", "d 1", "D  1", "D\N{NO-BREAK SPACE}1"):
        content = f"Lot code,Title,Procurement,Services\n{code},Other,Dental services,S2/dental\n".encode()
        assert "a published engagement asks about this lot" in send(client, programme, content, "lots.csv").text, code


def test_a_fixed_start_of_services_stays(client: Client, session: Session) -> None:
    programme = began(client, session)
    send(client, programme, book())
    set_up(client, session)
    row, said_by = session.scalars(select(Procurement)).one(), session.scalars(select(Person)).one()
    session.add(FixedStart(procurement_id=row.id, reason="The prison opens on that day", said_by=said_by.id))
    session.commit()
    columns = b"Title,Route,Services start\nDental,PSR competitive process,"
    moved = send(client, programme, columns + b"01/04/2029\n", "procurements.csv")
    assert f"{said_by.name} fixed it, because: The prison opens on that day" in moved.text
    assert "Rows of the file" in send(client, programme, columns + b"01/04/2028\n", "procurements.csv").text


def _lying_zip(content: bytes) -> bytes:
    """An archive that says its part is small."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", content)
    octets = bytearray(target.getvalue())
    size = struct.pack("<L", len(content))
    while (place := octets.find(size)) >= 0:
        octets[place : place + 4] = struct.pack("<L", 10)
    return bytes(octets)


def _remade(part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one cell, of a long text, in which something else stands in a part of the archive."""
    target = io.BytesIO()
    original = workbook([Sheet("Sites", ["x" * 30_000], [])])
    with zipfile.ZipFile(io.BytesIO(original)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as remade:
        for name in archive.namelist():
            content = archive.read(name)
            remade.writestr(name, re.sub(old, new, content, flags=re.DOTALL) if name.endswith(part) else content)
    return target.getvalue()


LAST_CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MANY_CELLS = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(2, 60_000))
HOSTILE = {
    "no file at all": (b"", "The file is empty"),
    "something else": (b"\x89PNG\r\n\x1a\n" + bytes(99), "must be an XLSX or CSV file"),
    "a workbook of the old kind": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Excel workbook"),
    "a comma within a cell": (
        b"Register\nTitle,Supplier,End\nDental,Time, Ltd,31/03/2028\n",
        "Line 3 has more cells than the headings on line 2",
    ),
    "a quotation mark that is not closed": (b'Code,Name\nL,"Dental\n', "A quotation mark in it is not closed"),
    "a document": (b"%PDF-1.7\n%%EOF", "must be an XLSX or CSV file"),
    "a workbook cut short": (workbook([Sheet("Sites", ["Code"], [])])[:-30], "damaged"),
    "a bomb that says what it is": (_remade("theme1.xml", rb"^.*$", bytes(101_000_000)), "unpacks to more than"),
    "a cell at the end of the sheet": (
        _remade("sheet1.xml", b"</sheetData>", LAST_CELL + b"</sheetData>"),
        "too much room",
    ),
    "a long text in every row": (_remade("sheet1.xml", b"</sheetData>", MANY_CELLS + b"</sheetData>"), "too much room"),
    "a bomb that lies": (_lying_zip(bytes(3_000_000)), "damaged"),
    "a header alone": (b"Code,Name,Kind\n", "no rows beneath its header"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_next_to_its_field(client: Client, session: Session, case: str) -> None:
    content, said = HOSTILE[case]
    programme = began(client, session)
    page = send(client, programme, content)
    assert page.status == 422
    assert said in page.text
    assert session.scalars(select(ImportFile)).all() == []


def test_a_bomb_within_its_declared_sizes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1_000)
    with pytest.raises(tables.UnreadableError, match="unpacks to more than"):
        tables.read(book())


def test_a_csv_with_more_rows_than_can_be_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(tables.UnreadableError, match="more than 2 rows"):
        tables.read(b"Code,Name\na,b\nc,d\ne,f\n")


def test_the_workbook_to_fill_in_can_be_sent_as_it_is(client: Client, session: Session) -> None:
    programme = began(client, session)
    answer = client.get(f"/programmes/{programme.id}/import/example")
    content = answer.response.get_data()
    assert "Lots" in openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert "Rows of the file" in send(client, programme, content).text
    set_up(client, session)
    procurement = session.scalars(select(Procurement)).one()
    assert procurement.lots[0].annual_value == Decimal(250_000)


def test_those_who_may_not_set_up_may_not_import(client: Client, session: Session) -> None:
    programme = began(client, session)
    buyer = session.get_one(Organisation, programme.buyer_id)
    reviewer = make.person(session, buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, reviewer.id, buyer.id, TeamRole.REVIEWER)
    session.commit()
    client.sign_out()
    client.sign_in(reviewer)
    client.get(f"/programmes/{programme.id}/import", status=404)


def test_a_postcode_of_a_file_is_kept_as_the_post_writes_it() -> None:
    sites = next(sheet for sheet in SHEETS if sheet.slug == "sites")
    assert sites.column("postcode").parse("m609ah") == "M60 9AH"
    assert sites.column("postcode").parse("Liverpool") == "Liverpool", "which is refused with its line"
