"""``python -m intelligence capacity MARKET.json --out REPORT.json [--seed N] [--draws N]``"""

from __future__ import annotations

import argparse
import sys

from intelligence.capacity.estimate import FEWEST_DRAWS, MOST_DRAWS, estimate_capacity
from intelligence.files import read_json, write_json
from intelligence.market import Market

MOST_SEED = 2**63 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("market", metavar="MARKET.json", help="what the market said (docs/methods/capacity.md)")
    parser.add_argument("--out", required=True, metavar="REPORT.json", help="where the report goes")
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="the same seed repeats a run (default 0)")
    parser.add_argument(
        "--draws",
        type=_draws,
        default=10_000,
        metavar="N",
        help=f"simulated futures, {FEWEST_DRAWS} to {MOST_DRAWS} (default 10000)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Estimate, and write the report; warnings go to standard error.

    Raises:
        FileError: the market cannot be used or the report cannot be written.
    """
    market = read_json(arguments.market, Market)
    report = estimate_capacity(market, seed=arguments.seed, draws=arguments.draws)
    write_json(arguments.out, report)
    for warning in report.warnings:
        sys.stderr.write(f"{warning}\n")
    return 0


def _seed(text: str) -> int:
    return _whole_number(text, 0, MOST_SEED)


def _draws(text: str) -> int:
    return _whole_number(text, FEWEST_DRAWS, MOST_DRAWS)


def _whole_number(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text[:40]!r}")
    return int(text)
