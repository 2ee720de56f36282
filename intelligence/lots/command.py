"""``python -m intelligence lots DESIGN.json --out RESULT.json [--seed N] [--draws N] [--seconds N]``"""

from __future__ import annotations

import argparse
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say, whole_number
from intelligence.capacity.estimate import FEWEST_DRAWS, MOST_DRAWS
from intelligence.files import read_json, write_json
from intelligence.lots.design import LotDesign
from intelligence.lots.optimise import design_lots
from intelligence.lots.result import DesignStatus

MOST_SECONDS = 86_400
NO_STRUCTURE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "design", metavar="DESIGN.json", help="units, market and rules (docs/formats/lot-design.schema.json)"
    )
    parser.add_argument("--out", required=True, metavar="RESULT.json", help="where the result goes")
    add_seed(parser)
    parser.add_argument(
        "--draws",
        type=whole_number(FEWEST_DRAWS, MOST_DRAWS),
        default=2_000,
        metavar="N",
        help=f"simulated futures for the reports on structures, {FEWEST_DRAWS} to {MOST_DRAWS} (default 2000)",
    )
    parser.add_argument(
        "--seconds",
        type=whole_number(1, MOST_SECONDS),
        default=60,
        metavar="N",
        help="stop each search after this time, with the best structure so far (default 60)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Design lots, and write the result; warnings and a conflict of rules go to standard error. 1 when there is no
    structure.

    Raises:
        FileError: the design cannot be used or the result cannot be written.
    """
    check_outputs(Path(arguments.design), [Path(arguments.out)])
    design = read_json(arguments.design, LotDesign)
    result = design_lots(design, seed=arguments.seed, draws=arguments.draws, seconds=float(arguments.seconds))
    write_json(arguments.out, result)
    say(result.warnings)
    if result.status is DesignStatus.INFEASIBLE:
        structure = "structure" if result.all_lots_considered else "structure of the lots considered"
        how_many = "These cannot all be kept" if len(result.conflict) > 1 else "This one cannot be kept"
        say([f"No {structure} meets your rules. {how_many}: {'; '.join(result.conflict)}."])
    if result.status is DesignStatus.UNDECIDED:
        say(["No structure was found in the time allowed."])
    return NO_STRUCTURE if result.best is None else 0
