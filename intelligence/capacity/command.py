"""``python -m intelligence capacity MARKET.json --out REPORT.json [--seed N] [--draws N] [--workers WORKERS]
[--priors PRIORS.json] [--elsewhere OUTCOMES.json]``"""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say, whole_number, workers
from intelligence.capacity.estimate import FEWEST_DRAWS, MOST_DRAWS, estimate_capacity
from intelligence.capacity.priors import DEFAULT_PRIORS, Prior, PriorError, Priors
from intelligence.compute import SERIAL, WorkersError
from intelligence.files import FileError, read_json, write_json
from intelligence.market import Market, Outcome


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
    parser.add_argument(
        "--priors", metavar="PRIORS.json", help="assumptions that differ from the usual ones, by the names of Priors"
    )
    parser.add_argument("--elsewhere", metavar="OUTCOMES.json", help="what came of the lots of other buyers")


def run(arguments: argparse.Namespace) -> int:
    """Estimate, and write the report; warnings go to standard error.

    Raises:
        FileError: the market, what goes with it or the workers cannot be used, or the report cannot be written.
    """
    for source in filter(None, (arguments.market, arguments.priors, arguments.elsewhere)):
        check_outputs(Path(source), [Path(arguments.out)])
    market = read_json(arguments.market, Market)
    priors = _priors(arguments.priors) if arguments.priors else DEFAULT_PRIORS
    elsewhere = read_json(arguments.elsewhere, tuple[Outcome, ...]) if arguments.elsewhere else ()
    try:
        report = estimate_capacity(
            market,
            seed=arguments.seed,
            draws=arguments.draws,
            priors=priors,
            workers=arguments.workers,
            elsewhere=elsewhere,
        )
    except WorkersError as error:
        raise FileError(str(error)) from error
    write_json(arguments.out, report)
    say(report.warnings)
    return 0


def _priors(path: str) -> Priors:
    """The usual ones with those of a file in their places."""
    changed = read_json(path, dict[str, Prior])
    unknown = sorted(changed.keys() - {field.name for field in fields(Priors)})
    if unknown:
        raise FileError(f"{path}: {unknown[0]}: no such assumption")
    try:
        return replace(DEFAULT_PRIORS, **changed)
    except PriorError as error:
        raise FileError(f"{path}: {error}") from error
