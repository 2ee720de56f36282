"""What it costs to import responses from a file: `python -m benchmarks.received [--rows N]`.

Each of the rows answers the health and justice questionnaire about eight lots in 40 columns, as another tool would have
written them. Beside it the time that Python's own csv module takes to read the same cells without looking at them.
"""

from __future__ import annotations

import argparse
import csv
import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import func, select

from benchmarks.stage import Stage, set_up
from webapp.db import clock
from webapp.exports.workbook import Sheet, workbook
from webapp.models import Engagement, ResponseImport, Submission
from webapp.received.importing import actions
from webapp.received.importing.columns import ORGANISATION, Target
from webapp.received.importing.reading import checked, file_of
from webapp.responses.queries import lots_of
from webapp.web.fields import SentFile

LEVELS = ("We would bid", "We are likely to bid", "We might bid", "We would not bid")
ROLES = ("As the lead provider", "As a member of a consortium", "Only as a subcontractor")
PER_LOT = ("interest", "role", "wte_at_start", "wte_month_6")
ONCE = ("legal_name", "cqc_registered", "barriers", "outcomes", "startable_together", "held_at_most", "may_quote")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--formats", nargs="+", choices=("CSV", "XLSX"), default=("CSV", "XLSX"))
    asked = parser.parse_args()
    count = asked.rows
    with set_up() as stage:
        targets, rows = file_rows(stage, count)
        print(f"{count:,} rows, {len(targets)} columns")
        written = as_csv(targets, rows)
        with timed("csv module alone"):
            assert sum(1 for _row in csv.reader(io.StringIO(written.decode()))) == count + 1
        for name, content in (("CSV", written), ("XLSX", workbook([Sheet("Answers", list(targets), rows)]))):
            if name in asked.formats:
                print(f"{name}, {len(content) / 1e6:.1f} MB")
                measure(stage, content, targets, count)


def file_rows(stage: Stage, count: int) -> tuple[dict[str, Target], list[list[str]]]:
    with stage.database.session() as session:
        codes = [lot.code for lot in lots_of(session, stage.engagement_id)]
    targets = {"Organisation": Target(ORGANISATION)}
    targets |= {f"{code} {key}": Target(key, code) for key in PER_LOT for code in codes}
    targets |= {key: Target(key) for key in ONCE}
    return targets, [row(number, len(codes)) for number in range(count)]


def row(number: int, lots: int) -> list[str]:
    told = f"Provider {number}: vetting takes {number % 9} months, and agency staff cost more than the price allows."
    cells = [f"Provider {number}"]
    cells += [LEVELS[(number + lot) % len(LEVELS)] for lot in range(lots)]
    cells += [ROLES[(number + lot) % len(ROLES)] for lot in range(lots)]
    cells += [str(number % 20) for _lot in range(lots)]
    cells += [f"{number % 20 + 1.5} WTE" for _lot in range(lots)]
    return [*cells, f"Provider {number} Ltd", "Y", told, told[::-1], "2", "3", "yes"]


def as_csv(targets: dict[str, Target], rows: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([list(targets), *rows])
    return target.getvalue().encode()


def measure(stage: Stage, content: bytes, targets: dict[str, Target], count: int) -> None:
    with stage.database.session() as session:
        engagement, now = session.get_one(Engagement, stage.engagement_id), clock(session)
        kept = actions.keep(
            session,
            import_id=uuid.uuid4(),
            engagement=engagement,
            tool="Forms",
            received_at=now - timedelta(minutes=1),
            sent=SentFile("answers", content),
            actor=stage.officer,
        )
        actions.map_columns(session, of=kept, targets=targets, meanings={}, actor=stage.officer)
        session.commit()
        kept = session.get_one(ResponseImport, kept.id)
        session.refresh(kept.file, ["content"])
        before = session.scalar(select(func.count()).select_from(Submission)) or 0
        with timed("  read"):
            file = file_of(session, kept, stage.officer)
        with timed("  check"):
            found = checked(session, kept, file, engagement, stage.officer, now)
        assert found.is_fit, (found.faults[:3], found.words[:3])
        with timed("  record"):
            actions.record_all(
                session,
                of=kept,
                engagement=engagement,
                checked=found,
                late_reason=None,
                link_of=_link,
                actor=stage.officer,
                now=now,
            )
            session.commit()
        assert session.scalar(select(func.count()).select_from(Submission)) == before + count


def _link(response_id: uuid.UUID) -> str:
    return f"/responses/{response_id}"


@contextmanager
def timed(what: str) -> Iterator[None]:
    begun, used = time.perf_counter(), time.process_time()
    yield
    print(f"{what:<28}{time.perf_counter() - begun:8.2f} s {time.process_time() - used:8.2f} CPU-s of this process")


if __name__ == "__main__":
    main()
