"""Responses side by side: a table for the questions of each section, and for each question that is about lots."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from webapp.models import Lot, Response, Section
from webapp.reading.pages import asked_as, shown
from webapp.reading.queries import Given
from webapp.responses.kinds.lots import title_of
from webapp.web.cells import Cell, lines

MOST_COMPARED = 4


@dataclass(frozen=True, slots=True)
class ComparedTable:
    title: str
    about: str
    """What its rows are: questions, or lots."""
    rows: Sequence[Sequence[Cell]]
    """What each is, and the answers in the order of the responses compared."""


@dataclass(frozen=True, slots=True)
class _Row:
    section: Section
    wording: str
    lot: Lot | None
    place: int
    lot_place: int
    answers: list[str]
    asked_as: list[str]
    """In which other words, below each answer: they make no difference between answers."""

    @property
    def order(self) -> tuple[int, bool, int, int]:
        return self.section.position, self.lot is not None, self.place, self.lot_place

    @property
    def table(self) -> tuple[str, str]:
        """Its title and what its rows are."""
        return (self.wording, "Lot") if self.lot else (self.section.title, "Question")

    @property
    def cells(self) -> list[Cell]:
        said = map(_cell, self.answers, self.asked_as)
        return [title_of(self.lot) if self.lot else self.wording, *said]


def compared(
    responses: Sequence[Response], given: Iterable[Given], lots: Mapping[str, Lot], *, only_different: bool
) -> list[ComparedTable]:
    """Of each question, or question and lot, that any of them answered; or of those that they answered differently.

    `lots` are those of the engagement by id, in its order.
    """
    rows = sorted(_rows(responses, given, lots), key=lambda row: row.order)
    told = [row for row in rows if not only_different or len(set(row.answers)) > 1]
    return [
        ComparedTable(title, about, [row.cells for row in group])
        for (title, about), group in groupby(told, key=lambda row: row.table)
    ]


def _rows(responses: Sequence[Response], given: Iterable[Given], lots: Mapping[str, Lot]) -> Iterable[_Row]:
    places = {response.id: place for place, response in enumerate(responses)}
    lot_places = {lot_id: place for place, lot_id in enumerate(lots)}
    rows: dict[tuple[str, uuid.UUID | None], _Row] = {}
    for each in given:
        question, lot = each.question, each.lot
        lot_place = lot_places[str(lot.id)] if lot else 0
        none = [""] * len(responses)
        new = _Row(question.section, question.wording, lot, question.position, lot_place, none, none.copy())
        row = rows.setdefault((question.key, lot.id if lot else None), new)
        place = places[each.response_id]
        row.answers[place], row.asked_as[place] = shown(each, lots), asked_as(row.wording, each)
    return rows.values()


def _cell(answer: str, asked: str) -> Cell:
    said = answer + asked
    return lines(said.splitlines()) if "\n" in said else said
