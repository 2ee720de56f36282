"""How many threads a worker lets each job keep busy."""

from __future__ import annotations

import os

import pytest

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
