"""How far two figures that rest on the same draws differ, in words."""

from __future__ import annotations

Z_95 = 1.96
"""Standard errors on either side that hold 95% of what a simulation would have said with other draws."""


def is_real(change: float, error: float) -> bool:
    """Whether the difference is more than the simulation's own noise."""
    return abs(change) > Z_95 * error and change != 0


def points(change: float, error: float) -> str:
    """In percentage points, with the margin that the simulation itself leaves."""
    if change == 0 and error == 0:
        return "none"
    sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else ""
    return f"{sign}{100 * abs(change):.1f} ± {100 * Z_95 * error:.1f} points"
