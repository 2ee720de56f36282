"""What the commands of this package have in common: seed and workers, numbers as options, files that may be written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from intelligence.compute import Workers, WorkersError, parse_workers
from intelligence.files import FileError

MOST_SEED = 2**32 - 1


def add_seed(parser: argparse.ArgumentParser) -> None:
    """``--seed``: what a run leaves to chance."""
    parser.add_argument(
        "--seed",
        type=whole_number(0, MOST_SEED),
        default=0,
        metavar="N",
        help="the same seed repeats a run, unless the clock ends one (default 0)",
    )


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """An option's type: a whole number within bounds, or one line that says so."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text[:40]!r}")
        return int(text)

    return read


def workers(text: str) -> Workers:
    """An option's type: where work is done, or one line that says what may be given."""
    try:
        return parse_workers(text)
    except WorkersError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def check_outputs(source: Path, outputs: Sequence[Path]) -> None:
    """Before minutes of work: can the results be written, and would they overwrite what they come from?

    Raises:
        FileError: no.
    """
    for number, path in enumerate(outputs):
        if "\0" in str(path):
            raise FileError(f"{path}: a NUL in a file's name")
        if path.is_dir():
            raise FileError(f"{path}: is a directory")
        if not path.parent.is_dir():
            raise FileError(f"{path}: no such directory: {path.parent}")
        if path.resolve() in {other.resolve() for other in (source, *outputs[:number])}:
            raise FileError(f"{path}: would overwrite another file of this command")


def say(warnings: Iterable[str]) -> None:
    """Warnings go to standard error, a line each."""
    for warning in warnings:
        sys.stderr.write(f"note: {warning}\n")
