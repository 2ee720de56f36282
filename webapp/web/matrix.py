"""Rows of the lot matrices: plain data for components/matrix.html."""

from dataclasses import dataclass

from webapp.web.text import show


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


@dataclass(frozen=True, kw_only=True)
class NumberCell:
    name: str
    id: str
    text: str = ""
    error: str = ""

    @property
    def typed(self) -> str:
        return show(self.text)


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """One lot with a number for each column."""

    id: str
    title: str
    cells: tuple[NumberCell, ...]
    hint: str = ""

    @property
    def error(self) -> bool:
        return any(cell.error for cell in self.cells)
