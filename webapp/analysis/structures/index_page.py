"""The searches and structures of a run, as lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for

from webapp.analysis.pages.progress import state_tag
from webapp.models import LotSearch, LotStructure, StructureStep
from webapp.web.cells import link
from webapp.web.format import moment, number, plural

Rows = Sequence[Sequence[Any]]


def search_rows(searches: Iterable[LotSearch]) -> Rows:
    return [
        (
            link(moment(asked.requested_at), url_for("lot_searches.show", run_id=asked.run_id, search_id=asked.id)),
            asked.requester.name,
            plural(_rules(asked), "rule"),
            state_tag(asked),
        )
        for asked in searches
    ]


def _rules(asked: LotSearch) -> int:
    return sum(value not in (None, False, []) for value in asked.rules.values())


def structure_rows(structures: Iterable[tuple[LotStructure, StructureStep]]) -> Rows:
    return [
        (
            link(found.name, url_for("lot_structures.board", run_id=found.run_id, structure_id=found.id)),
            number(sum(map(bool, last.lots))),  # a lot that was emptied keeps its place
            last.words,
            f"{last.maker.name}, {moment(last.made_at)}",
        )
        for found, last in structures
    ]
