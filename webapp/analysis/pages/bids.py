"""The chance of each number of credible bids, in few rows however many bids there can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

LEAST_SHOWN = 0.005
MOST_ROWS = 20
STEPS = tuple(digit * 10**power for power in range(6) for digit in (1, 2, 5))
"""How many numbers of bids a row can stand for."""


def chances(distribution: Sequence[float]) -> list[tuple[str, float]]:
    """Numbers of bids, each with its chance; ranges of them where they are many, and each unlikely end in one row."""
    first, last = _likely(distribution)
    step = next(step for step in STEPS if last - first < MOST_ROWS * step)
    starts = range(first - first % step, last + 1, step)
    end = starts[-1] + step
    rows = [(_range(start, start + step - 1), sum(distribution[start : start + step])) for start in starts]
    fewer, more = sum(distribution[: starts[0]]), sum(distribution[end:])
    return [
        *([(_range(0, starts[0] - 1), fewer)] if fewer > 0 else []),
        *rows,
        *([(f"{end} or more", more)] if more > 0 else []),
    ]


def _likely(distribution: Sequence[float]) -> tuple[int, int]:
    """The least and the greatest number of bids, but for the ends that together have no chance to speak of."""
    up, down = accumulate(distribution), accumulate(reversed(distribution))
    first = next(bids for bids, share in enumerate(up) if share > LEAST_SHOWN)
    left_out = next(number for number, share in enumerate(down) if share > LEAST_SHOWN)
    return first, len(distribution) - 1 - left_out


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"
