"""What it costs to check a file of 100,000 rows: `python -m benchmarks.imports [--rows N]`.

Beside it the time that Python's own csv module takes to read the same rows without looking at them.
"""

from __future__ import annotations

import argparse
import csv
import io
import time
from datetime import date, timedelta

from webapp.exports.workbook import Sheet, workbook
from webapp.imports.checking import check
from webapp.imports.sheets import SHEETS
from webapp.imports.standing import Standing
from webapp.imports.tables import read

COLUMNS = ("Title", "Supplier", "Annual value", "Start", "End", "Terms", "Taken over", "Source")
NOTHING = Standing(rows={sheet.slug: {} for sheet in SHEETS}, lot_of_service={}, published={})


def rows(count: int) -> list[list[str]]:
    """Contracts, the last with an end before its start."""
    first = date(2027, 4, 1)
    made = [
        [
            f"Contract {number}",
            f"Supplier {number % 977}",
            f"{number * 17 % 900_000:,}",
            "01/04/2021",
            f"{first + timedelta(days=number % 900):%d/%m/%Y}",
            "NHS Standard Contract",
            "no" if number % 3 else "yes",
            "Register of November 2026",
        ]
        for number in range(count)
    ]
    made[-1][4] = "01/04/2020"
    return made


def as_csv(made: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([COLUMNS, *made])
    return target.getvalue().encode()


def measure(what: str, content: bytes) -> None:
    begun, used = time.perf_counter(), time.process_time()
    found = check(read(content), NOTHING, date(2026, 11, 22))
    assert [fault.reason for fault in found.faults] == ["must be after the start"], found.faults[:3]
    print(f"{what:<28}{time.perf_counter() - begun:8.2f} s {time.process_time() - used:8.2f} CPU-s, 1 fault found")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    made = rows(parser.parse_args().rows)
    content = as_csv(made)
    begun = time.perf_counter()
    read_only = sum(1 for _ in csv.reader(io.StringIO(content.decode())))
    print(f"{'reading only':<28}{time.perf_counter() - begun:8.2f} s, {read_only - 1:,} rows of {len(COLUMNS)} cells")
    measure("CSV, one row at fault", content)
    measure("XLSX, one row at fault", workbook([Sheet("Contracts", COLUMNS, made)]))


if __name__ == "__main__":
    main()
