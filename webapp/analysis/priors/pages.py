"""What the pages of a programme's assumptions show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence import DEFAULT_PRIORS, Prior, Priors
from webapp.analysis.pages.assumptions import KINDS, as_computed
from webapp.analysis.pages.meanings import meaning_of
from webapp.analysis.priors import queries
from webapp.models import ChangedAssumption
from webapp.web.cells import link, tag
from webapp.web.format import moment

NAMES = frozenset(field.name for field in fields(Priors))
PLACES = 4

Cell = str | Markup
Rows = Sequence[Sequence[Any]]


def title_of(prior: Prior) -> str:
    return meaning_of(prior.name).title


def unit_of(prior: Prior) -> str:
    """In what its value is written, for whoever changes it."""
    return meaning_of(prior.name).unit


def said(prior: Prior, value: float, spread: float) -> str:
    """What the value means, and the value itself."""
    return f"{meaning_of(prior.name).say(value)} ({as_computed(value, spread, PLACES)})"


def rows(newest: Mapping[str, ChangedAssumption], *, programme_id: uuid.UUID, may_change: bool) -> Rows:
    """Every assumption with what holds for the programme and, where it was changed, what everybody starts from."""
    found = []
    for field in fields(Priors):
        standard: Prior = getattr(DEFAULT_PRIORS, field.name)
        row = newest.get(field.name)
        changed = row is not None and row.value is not None
        held = queries.held(field.name, row)
        name: Cell = title_of(standard)
        if may_change:
            name = link(title_of(standard), url_for(".change", programme_id=programme_id, assumption=field.name))
        found.append(
            (
                name,
                said(standard, held.value, held.spread),
                tag(*KINDS[held.kind]),
                said(standard, standard.value, standard.spread) if changed else "-",
                held.source,
            )
        )
    return found


def change_rows(standard: Prior, changes: Sequence[ChangedAssumption]) -> Rows:
    return [
        (
            moment(row.changed_at),
            row.changer.name,
            said(standard, row.value, row.spread or 0.0) if row.value is not None else "Put back",
            row.reason,
        )
        for row in changes
    ]
