"""How many threads a worker lets each job keep busy, and on which schema it works."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable

import psycopg
import pytest

from webapp import worker
from webapp.db import MIGRATIONS, downgrade
from webapp.worker import threads_for_each


@pytest.mark.parametrize(
    ("cores", "concurrency", "threads"),
    [(2, 2, 1), (2, 1, 2), (8, 3, 2), (1, 2, 1)],
)
def test_jobs_together_keep_no_more_threads_busy_than_there_are_cores(
    cores: int, concurrency: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(cores)))

    assert threads_for_each(concurrency) == threads


def test_a_system_that_cannot_tell_which_cores_are_ours_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert threads_for_each(2) == 4


def test_a_worker_that_starts_before_the_web_server_brings_the_schema_up_first(
    new_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an older one its jobs would fail, and use up their attempts."""
    url = new_database(template=True)
    downgrade(url, "-1")
    monkeypatch.setenv("DATABASE_URL", url)
    found: list[str] = []

    def look(_context: object, *, concurrency: int) -> None:
        with psycopg.connect(url.replace("+psycopg", "")) as link:
            found.extend(link.execute("SELECT version_num FROM alembic_version").fetchone() or ())

    monkeypatch.setattr(worker, "run_worker", look)
    worker.main(1)
    assert found == [(MIGRATIONS / "HEAD").read_text().strip()]


def test_a_worker_whose_database_is_away_ends_with_a_line(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://soundings:s3cret@127.0.0.1:{closed_port}/soundings")
    monkeypatch.setattr(sys, "argv", ["worker", "1"])
    monkeypatch.delitem(sys.modules, worker.__name__)
    with pytest.raises(SystemExit, match=r"^soundings: the database could not be reached, or refused: connection"):
        runpy.run_module(worker.__name__, run_name="__main__")
