"""The arrays that the parts of the capacity model hand each other: of flags, one row each and one column a draw."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Flags: TypeAlias = npt.NDArray[np.bool_]
Bits: TypeAlias = npt.NDArray[np.uint8]
"""Flags, eight draws to a byte."""
Counts: TypeAlias = npt.NDArray[np.int64]


def count_rows(flags: Flags) -> npt.NDArray[np.uint16]:
    """How many of the rows are true in each column; the sum that numpy offers for flags takes ten times as long."""
    width = np.uint8 if len(flags) < 256 else np.uint16
    counts: npt.NDArray[np.uint16] = np.add.reduce(flags.view(np.uint8), axis=0, dtype=width).astype(np.uint16)
    return counts
