"""Where themes lie on a map: the types. This module imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThemePlace:
    """`x` and `y` lie between -1 and 1; only distances between themes mean something, not the axes."""

    theme_id: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ThemeMap:
    """`kept` is the share of the squared distances between themes, from 0 to 1, that two dimensions can show."""

    places: tuple[ThemePlace, ...]
    kept: float
