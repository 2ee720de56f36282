"""The intelligence module on files, without a server: ``python -m intelligence --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

from intelligence.files import FileError


@dataclass(frozen=True, slots=True)
class Command:
    """`module` offers ``add_arguments(parser)`` and ``run(arguments) -> exit code``; it is imported when it is chosen,
    so that asking for help does not load a solver."""

    module: str
    summary: str


COMMANDS = {
    "capacity": Command("intelligence.capacity.command", "estimate how many credible bids each lot would draw"),
    "formats": Command("intelligence.formats", "write the formats of the commands' files as JSON Schema"),
    "rcpsp": Command("intelligence.schedule.rcpsp_command", "plan a project of PSPLIB with the means of a schedule"),
    "schedule": Command("intelligence.schedule.command", "plan what to tender when"),
    "forecast": Command("intelligence.forecast.command", "forecast the number of bids of lots from past lots alone"),
    "lots": Command("intelligence.lots.command", "cut services into lots that the market can compete for"),
    "themes": Command("intelligence.text.command", "find the themes in a column of comments"),
}


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of repeating its usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(argv: Sequence[str]) -> int:
    """Run one command; the exit code is 0, 2 when arguments or files cannot be used, 1 when there is no answer."""
    parser = OneLineParser(prog="python -m intelligence", description="What a market said, analysed without a server.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        description = f"{command.summary[0].upper()}{command.summary[1:]}."
        subparser = subparsers.add_parser(name, help=command.summary, description=description)
        if argv[:1] == [name]:
            import_module(command.module).add_arguments(subparser)
    arguments = parser.parse_args(argv)
    try:
        code: int = import_module(COMMANDS[arguments.command].module).run(arguments)
    except FileError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
