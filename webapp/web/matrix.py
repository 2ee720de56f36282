"""Rows of the lot matrices: plain data for components/matrix.html."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MatrixOption:
    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class RadioRow:
    """One lot and the level chosen for it, or none; `id` is that of its first radio button."""

    name: str
    id: str
    title: str
    value: str | None = None
    hint: str = ""
    error: str = ""
