"""Workbooks and CSV files as a spreadsheet reads them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from webapp.exports import workbook as exports
from webapp.exports.workbook import Sheet, csv_file, workbook

RUN = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1"]
HOSTILE = [*RUN, "https://example.org", "'quoted", "Plain, “text”\nof two lines"]


def opened(octets: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(octets))


def test_text_is_text_whatever_it_looks_like() -> None:
    sheet = opened(workbook([Sheet("Answers", ["Text"], [[text] for text in HOSTILE])])).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == HOSTILE
    assert all(cell.hyperlink is None for cell in cells)


def test_lines_typed_in_a_browser_are_lines_of_a_cell() -> None:
    assert opened(workbook([Sheet("Answers", ["Text"], [["one\r\ntwo"]])])).active["A2"].value == "one\ntwo"


def test_values_keep_their_types_and_moments_are_london_s() -> None:
    summer = datetime(2027, 7, 1, 11, 0, tzinfo=UTC)
    row = [1, 2.5, Decimal("1.10"), True, date(2027, 7, 1), summer, None]
    sheet = opened(workbook([Sheet("Values", list("abcdefg"), [row])])).active
    values = [cell.value for cell in next(sheet.iter_rows(min_row=2))]
    assert values == [1, 2.5, 1.1, "Yes", datetime(2027, 7, 1), datetime(2027, 7, 1, 12, 0), None]  # noqa: DTZ001 - as read


def test_a_sheet_s_name_and_a_long_text_fit_a_workbook() -> None:
    octets = workbook([Sheet("Lot 1: HMP [Liverpool] / dental services", ["Text"], [["x" * 40_000]])])
    book = opened(octets)
    assert book.sheetnames == ["Lot 1  HMP  Liverpool    dental"[:31]]
    value = book.active["A2"].value
    assert len(value) == exports.MOST_CHARACTERS
    assert value.endswith("can hold no more]")


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    workbook([Sheet("Fits", ["a"], [[1], [2]])])
    with pytest.raises(ValueError, match="2 rows at most"):
        workbook([Sheet("Too long", ["a"], [[1], [2], [3]])])


def test_no_line_of_a_csv_file_begins_a_formula() -> None:
    text = "".join(csv_file(Sheet("Answers", ["Text"], [[text] for text in HOSTILE])))
    assert text.startswith("\ufeff")
    read = [row[0] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))][1:]
    assert [value.removeprefix("'") for value in read[:7]] == HOSTILE[:7]
    assert all(value.startswith("'") for value in read[:7])
    assert read[9] == HOSTILE[9]
