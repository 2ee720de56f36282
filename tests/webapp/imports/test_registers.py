"""Contract registers of the usual shape: site and service in a column each, and the notice period in words."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.imports.test_imports import began, book, rows_of, send, set_up
from webapp.exports.workbook import Value
from webapp.imports.columns import CellError, months_in_words
from webapp.models import Contract, Programme

HEADINGS = ["Contract", "Site", "Service", "Provider", "Notice period", "Expiry date"]
END = date(2028, 3, 31)


def sent(client: Client, programme: Programme, *rows: list[Value], headings: list[str] = HEADINGS) -> Page:
    return send(client, programme, book(Contracts=(headings, rows)))


def covered(contract: Contract) -> set[tuple[str, str]]:
    return {(unit.site.code, unit.service_line.code) for unit in contract.units}


def test_site_and_service_are_read_by_code_or_by_name_and_notice_in_months(client: Client, session: Session) -> None:
    programme = began(client, session)
    page = sent(
        client,
        programme,
        ["Dental, Liverpool", "hmp  Liverpool", "Dental services", "Time Ltd", "12 months", END],
        ["Dental, Haverigg", "HAV", "dental", "Time Ltd", "1 year’s notice", END],
        ["Dental, one more", "HAV", None, "Time Ltd", None, END],
    )
    assert "not read" not in page.text
    assert "1 contract would cover no services" in page.text
    (first,) = [row for row in rows_of(page, "What would become of each") if row[2].startswith("Dental, Liverpool")]
    assert first[3] == "New: Services liv/dental; Notice months 12"
    set_up(client, session)
    haverigg, liverpool, more = session.scalars(select(Contract).order_by(Contract.title))
    assert (covered(liverpool), liverpool.notice_months) == ({("LIV", "dental")}, 12)
    assert (covered(haverigg), haverigg.notice_months) == ({("HAV", "dental")}, 12)
    assert (covered(more), more.notice_months) == (set(), None)
    again = ["Dental, Liverpool", "HAV", "Dental services", "Time Ltd", None, END]
    changed = rows_of(sent(client, programme, again), "What would become of each")
    assert [row[3] for row in changed] == ["Services: from LIV/dental to HAV/dental"]


def test_what_cannot_be_understood_is_told_with_what_to_change(client: Client, session: Session) -> None:
    page = sent(
        client,
        began(client, session),
        ["Dental, all", "HMP Liverpool; HMP Haverigg", "dental", "Time Ltd", None, END],
        ["Eyes", "LIV", "Eye care", "Sight CIC", None, END],
        ["Dental", "LIV", "dental", "Time Ltd", "30", END],
    )
    several = "If the contract covers several services, empty the cell and name them in a column “Services”"
    told = [(row[1], row[3], row[4]) for row in rows_of(page, "3 faults")]
    assert [row[:2] for row in told] == [("4", "30"), ("2", "HMP Liverpool; HMP Haverigg"), ("3", "Eye care")]
    assert told[0][2] == "Notice period must be in months or years, like 12 months"
    assert told[1][2].startswith("Site names no site of the file or the programme, by code or by name. " + several)
    assert told[2][2].startswith("Service names no service line of the file or the programme, by code or by name.")


def test_a_service_that_nobody_has_at_the_site_is_told(client: Client, session: Session) -> None:
    programme = began(client, session)
    content = book(
        Service_lines=(["Code", "Name"], [["dental", "Dental services"], ["eyes", "Eye care"]]),
        Contracts=(HEADINGS, [["Eyes", "HMP Liverpool", "Eye care", "Sight CIC", None, END]]),
    )
    ((*_where, reason),) = rows_of(send(client, programme, content), "1 fault")
    assert reason == "Service is not on record as a service at HMP Liverpool. Add it to the part “Services”"


def test_the_columns_of_the_example_come_before_those_of_registers(client: Client, session: Session) -> None:
    headings = [*HEADINGS, "Services", "Notice months"]
    row: list[Value] = ["Dental", "Various", "dental", "Time Ltd", "1 month", END, "LIV/dental; HAV/dental", 6]
    page = sent(client, began(client, session), row, headings=headings)
    assert "New: Services liv/dental; hav/dental; Notice months 6" in page.text


@pytest.mark.parametrize("cell", ["30", 30, "90 days", "12 months from either side", "61 months", "six months"])
def test_a_notice_period_without_its_unit_or_in_another_is_refused(cell: str | int) -> None:
    with pytest.raises(CellError):
        months_in_words(60)(cell)
