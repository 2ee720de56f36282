"""``python -m intelligence capacity MARKET.json --out REPORT.json [--seed N] [--draws N] [--workers WORKERS]``"""

from __future__ import annotations

import argparse
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say, whole_number, workers
from intelligence.capacity.estimate import FEWEST_DRAWS, MOST_DRAWS, estimate_capacity
from intelligence.compute import SERIAL, WorkersError
from intelligence.files import FileError, read_json, write_json
from intelligence.market import Market


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("market", metavar="MARKET.json", help="what the market said (docs/methods/capacity.md)")
    parser.add_argument("--out", required=True, metavar="REPORT.json", help="where the report goes")
    add_seed(parser)
    parser.add_argument(
        "--draws",
        type=whole_number(FEWEST_DRAWS, MOST_DRAWS),
        default=10_000,
        metavar="N",
        help=f"simulated futures, {FEWEST_DRAWS} to {MOST_DRAWS} (default 10000)",
    )
    parser.add_argument(
        "--workers",
        type=workers,
        default=SERIAL,
        metavar="WORKERS",
        help="serial (default), threads:N, processes:N or dask:ADDRESS; the report is the same from each",
    )


def run(arguments: argparse.Namespace) -> int:
    """Estimate, and write the report; warnings go to standard error.

    Raises:
        FileError: the market or the workers cannot be used, or the report cannot be written.
    """
    check_outputs(Path(arguments.market), [Path(arguments.out)])
    market = read_json(arguments.market, Market)
    try:
        report = estimate_capacity(market, seed=arguments.seed, draws=arguments.draws, workers=arguments.workers)
    except WorkersError as error:
        raise FileError(str(error)) from error
    write_json(arguments.out, report)
    say(report.warnings)
    return 0
