"""The same capacity run on this thread, on threads, on processes, and on a Dask cluster that loses a worker.

    python -m benchmarks.cluster [--draws N]

Starts a real Dask scheduler and two workers, each a process of its own. In the last run one worker is killed (-9) when
a third of the work is done; the scheduler gives what it had to the other. Each report's digest is printed beside the
time: they must be one. Needs the library distributed (`pip install 'soundings[cluster]'`).
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.capacity import synthetic_market
from intelligence import estimate_capacity
from intelligence.compute import parse_workers
from intelligence.files import digest

Started = list[subprocess.Popen[bytes]]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, Started]]:
    """The address of a scheduler with two workers, and the workers' processes."""
    told = folder / "scheduler.json"
    scheduler = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["dask_worker", "--no-nanny", "--no-dashboard", "--nthreads", "1"]
    started: Started = []
    try:
        for program, *options in (scheduler, worker, worker):
            command = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--scheduler-file", str(told)]
            started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        while not (told.exists() and told.read_text().endswith("}")):
            time.sleep(0.1)
        address = str(json.loads(told.read_text())["address"])
        with import_module("distributed").Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def run(name: str, workers: str, draws: int, progress: Callable[[float], None]) -> None:
    market = synthetic_market(100, 30, 600, seed=0)
    start = time.perf_counter()
    report = estimate_capacity(market, seed=1, draws=draws, workers=parse_workers(workers), progress=progress)
    print(f"{name:<32} {time.perf_counter() - start:>8.2f} s  {digest(report)[:16]}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=100_000)
    draws = parser.parse_args().draws
    print(f"100 providers x 30 lots, 600 EOIs, {draws:,} draws, seed 1")
    for workers in ("serial", "threads:2", "processes:2"):
        run(workers, workers, draws, lambda share: None)
    if find_spec("distributed") is None:
        print("dask: the library distributed is not installed (pip install 'soundings[cluster]')")
        return
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as (address, (victim, _)):
        run("dask, two workers", f"dask:{address}", draws, lambda share: None)

        def kill(share: float) -> None:
            if share > 0.33 and victim.poll() is None:
                victim.send_signal(signal.SIGKILL)
                victim.wait()
                print(f"  killed one of two workers at {share:.0%}")

        run("dask, one killed on the way", f"dask:{address}", draws, kill)


if __name__ == "__main__":
    main()
