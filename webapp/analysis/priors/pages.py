"""What the pages of a programme's assumptions show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence import DEFAULT_PRIORS, Prior, Priors
from webapp.analysis.changed import prior_of
from webapp.analysis.pages.assumptions import KINDS, in_words
from webapp.analysis.priors.queries import as_prior
from webapp.models import ChangedAssumption
from webapp.web.cells import link, tag
from webapp.web.format import moment, number

NAMES = frozenset(field.name for field in fields(Priors))
PLACES = 4

Cell = str | Markup
Rows = Sequence[Sequence[Any]]


def title_of(prior: Prior) -> str:
    return in_words(prior.name)


def in_figures(value: float, spread: float) -> str:
    return f"{number(value, PLACES)}, spread {number(spread, PLACES)}" if spread else number(value, PLACES)


def rows(newest: Mapping[str, ChangedAssumption], *, programme_id: uuid.UUID, may_change: bool) -> Rows:
    """Every assumption with what holds for the programme and, where it was changed, what everybody starts from."""
    found = []
    for field in fields(Priors):
        standard: Prior = getattr(DEFAULT_PRIORS, field.name)
        row = newest.get(field.name)
        changed = row is not None and row.value is not None
        held = prior_of(as_prior(row)) if row is not None and changed else standard
        name: Cell = title_of(standard)
        if may_change:
            name = link(title_of(standard), url_for(".change", programme_id=programme_id, assumption=field.name))
        found.append(
            (
                name,
                in_figures(held.value, held.spread),
                tag(*KINDS[held.kind]),
                in_figures(standard.value, standard.spread) if changed else "-",
                held.source,
            )
        )
    return found


def change_rows(changes: Sequence[ChangedAssumption]) -> Rows:
    return [
        (
            moment(row.changed_at),
            row.changer.name,
            in_figures(row.value, row.spread or 0.0) if row.value is not None else "Put back",
            row.reason,
        )
        for row in changes
    ]
