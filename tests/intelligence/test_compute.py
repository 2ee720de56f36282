"""Pieces of work come back in order and the same, whoever does them, and whoever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from intelligence.capacity.block import DRAWS_PER_BLOCK
from intelligence.capacity.estimate import estimate_capacity
from intelligence.compute import SERIAL, Backend, Progress, Workers, WorkersError, beside, parse_workers, run_pieces
from intelligence.files import canonical_json
from tests.intelligence.capacity.markets import eoi, market_of

ROOT = Path(__file__).parents[2]
MARKET = market_of([eoi(provider, lot) for provider in range(6) for lot in range(3)], lots=3)


def power(exponent: int, piece: int, tell: Progress) -> int:
    tell(0.5)
    return int(piece**exponent)


def fail_at_two(piece: int, tell: Progress) -> int:
    if piece == 2:
        raise ZeroDivisionError("piece two")
    return piece


@pytest.mark.parametrize(
    ("text", "workers"),
    [
        ("serial", SERIAL),
        ("1", SERIAL),
        ("threads:1", SERIAL),
        ("3", Workers(Backend.PROCESSES, 3)),
        ("processes:2", Workers(Backend.PROCESSES, 2)),
        ("threads:8", Workers(Backend.THREADS, 8)),
        ("dask:tcp://h:1", Workers(Backend.DASK, address="tcp://h:1")),
    ],
)
def test_workers_are_read(text: str, workers: Workers) -> None:
    assert parse_workers(text) == workers


@pytest.mark.parametrize(
    "text", ["", "0", "threads", "threads:0", "threads:x", "processes:9999", "dask:", "many", "-1"]
)
def test_what_is_no_kind_of_workers_is_refused(text: str) -> None:
    with pytest.raises(WorkersError, match="must be serial, threads:N"):
        parse_workers(text)


@pytest.mark.parametrize("workers", ["serial", "threads:3", "processes:2"])
def test_results_come_in_the_order_of_the_pieces_and_progress_is_told(workers: str) -> None:
    told: list[float] = []
    found = list(run_pieces(partial(power, 2), range(7), workers=parse_workers(workers), progress=told.append))
    assert found == [0, 1, 4, 9, 16, 25, 36]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1 if workers != "serial" else 6.5 / 7)


@pytest.mark.parametrize("workers", ["serial", "threads:2", "processes:2"])
def test_what_a_piece_raises_reaches_the_caller(workers: str) -> None:
    pieces = run_pieces(fail_at_two, range(5), workers=parse_workers(workers), progress=lambda share: None)
    with pytest.raises(ZeroDivisionError, match="piece two"):
        list(pieces)


def test_what_is_begun_beside_the_pieces_needs_nobody_to_ask_for_it() -> None:
    begun = threading.Event()
    beside(begun.set, parse_workers("threads:2"))
    assert begun.wait(timeout=60)


def test_on_this_thread_what_is_beside_the_pieces_is_done_once_when_it_is_asked_for() -> None:
    done: list[int] = []
    result = beside(lambda: done.append(1), SERIAL)
    assert not done
    result()
    result()
    assert done == [1]


@pytest.mark.parametrize("workers", ["serial", "threads:2"])
def test_a_run_is_stopped_by_what_progress_raises(workers: str) -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        estimate_capacity(MARKET, seed=1, draws=3 * DRAWS_PER_BLOCK, workers=parse_workers(workers), progress=stop)


def test_equal_seeds_give_equal_bytes_whatever_the_workers() -> None:
    draws = 2 * DRAWS_PER_BLOCK + 104  # the last block is a short one
    reports = [
        canonical_json(estimate_capacity(MARKET, seed=3, draws=draws, workers=parse_workers(workers)))
        for workers in ("serial", "threads:2", "processes:2")
    ]
    assert reports[0] == reports[1] == reports[2]


def test_a_cluster_that_is_not_there_is_named() -> None:
    if find_spec("distributed") is None:
        pytest.skip("the library distributed is not installed: pip install 'soundings[cluster]'")
    with pytest.raises(WorkersError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"):
        list(run_pieces(partial(power, 2), [1, 2], workers=parse_workers("dask:tcp://127.0.0.1:9"), progress=print))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler with two workers, each a process of its own."""
    if find_spec("distributed") is None:
        pytest.skip("the library distributed is not installed: pip install 'soundings[cluster]'")
    told = tmp_path / "scheduler.json"
    scheduler = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["dask_worker", "--no-nanny", "--no-dashboard", "--nthreads", "1"]
    processes = []
    try:
        for program, *options in (scheduler, worker, worker):
            command = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--scheduler-file", str(told)]
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            processes.append(subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL))
        address = address_in(told)
        with import_module("distributed").Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def address_in(path: Path) -> str:
    """The scheduler's address, once it has written it down."""
    for _ in range(600):
        if path.exists() and (content := path.read_text()).endswith("}"):
            return str(json.loads(content)["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


def test_a_dask_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, (victim, survivor) = cluster
    draws = 8 * DRAWS_PER_BLOCK
    killed: list[float] = []

    def kill_one(share: float) -> None:
        if not killed and share > 0.1:
            killed.append(share)
            victim.send_signal(signal.SIGKILL)
            victim.wait()

    workers = parse_workers(f"dask:{address}")
    report = estimate_capacity(MARKET, seed=3, draws=draws, workers=workers, progress=kill_one)
    assert killed
    assert killed[0] < 0.5
    assert survivor.poll() is None
    assert canonical_json(report) == canonical_json(estimate_capacity(MARKET, seed=3, draws=draws))
