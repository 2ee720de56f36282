"""A program of its own that reads a workbook: run with the workbook as its input, it prints the cells as JSON.

Some workbooks of a few kilobytes need more memory than any computer has, since a sheet is laid out up to its last cell
and a text may be named by a million cells. Whoever reads one dies of it, which must not be the web server. That this is
not part of the service's own process is the point, so it imports nothing of it.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MOST_MEMORY = 1 << 30
MOST_SECONDS = 30
DAMAGED, TOO_LARGE = 3, 4


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError):
        return DAMAGED
    characters = sum(len(cell) for _name, rows in sheets for row in rows for cell in row if isinstance(cell, str))
    if characters > int(sys.argv[1]):
        return TOO_LARGE
    json.dump(sheets, sys.stdout, default=_named)
    return 0


def _named(cell: Any) -> dict[str, Any]:
    """What JSON has no word for, under the name of its type."""
    return {type(cell).__name__: cell.total_seconds() if isinstance(cell, timedelta) else cell.isoformat()}


if __name__ == "__main__":
    sys.exit(main())
