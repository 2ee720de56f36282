"""The workbook to fill in: every sheet that can be taken, its columns, and a row that shows how."""

from __future__ import annotations

from webapp.exports.workbook import Sheet as OutSheet
from webapp.exports.workbook import workbook
from webapp.imports.sheets import SHEETS


def example() -> bytes:
    """A column whose title ends in a star must be filled in."""
    sheets = [
        OutSheet(
            sheet.title,
            [f"{column.title} *" if column.required else column.title for column in sheet.columns],
            [[column.example for column in sheet.columns]],
        )
        for sheet in SHEETS
    ]
    return workbook(sheets)
