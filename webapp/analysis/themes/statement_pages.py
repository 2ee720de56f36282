"""What the page of statements shows: a person's words, with where they come from and where they stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from intelligence.text.themes import SetAsideReason
from webapp.analysis.themes.statements import Statement
from webapp.analysis.themes.words import PILES, REASONS, SIDES
from webapp.models import Origin, Pile, Theme, ThemeFramework
from webapp.web.cells import labelled, link, tag
from webapp.web.format import plural
from webapp.web.text import shortened

LONGEST_SHOWN = 700
LONGEST_ANSWER = 3_000
"""Characters of an answer that are shown beneath a part of it; its response has all of it."""


@dataclass(frozen=True, slots=True)
class StatementOnPage:
    value: str
    """What its box sends: its number and where it stands."""
    box_id: str
    text: str
    place: str
    tags: list[Markup]
    source: list[str | Markup]
    also: str
    words: str
    answer: str
    """The whole of what a statement is part of, and of how many words it is; empty where it is the whole."""


def shown(
    statements: Sequence[Statement],
    themes: Sequence[Theme],
    also: Mapping[tuple[uuid.UUID, uuid.UUID], list[str]],
    framework: ThemeFramework,
    *,
    takes_sides: bool,
) -> list[StatementOnPage]:
    """`takes_sides` says whether the question asks for a view, so that support and objection mean something."""
    titles = {theme.id: theme.title for theme in themes}
    return [_statement(each, titles, also, framework, takes_sides) for each in statements]


def box_id(number: int) -> str:
    return f"statement-{number}"


def _statement(
    each: Statement,
    titles: Mapping[uuid.UUID, str],
    also: Mapping[tuple[uuid.UUID, uuid.UUID], list[str]],
    framework: ThemeFramework,
    takes_sides: bool,
) -> StatementOnPage:
    row = each.row
    others = also.get((row.answer_id, row.theme_id), []) if row.theme_id else []
    place = titles[row.theme_id] if row.theme_id else PILES.get(row.pile, "") if row.pile else ""
    if row.reason and row.pile is Pile.SET_ASIDE and row.origin is not Origin.PERSON:
        place += f": {REASONS[SetAsideReason(row.reason)]}"
    whole = each.answer.strip()
    return StatementOnPage(
        value=f"{row.number}:{row.theme_id or (row.pile.value if row.pile else '')}",
        box_id=box_id(row.number),
        text=shortened(each.text.strip(), LONGEST_SHOWN),
        place=place,
        tags=([_side(each)] if takes_sides and row.theme_id and row.side in SIDES else [])
        + _tags(each, framework.part.run.number),
        source=_source(each, framework.engagement_id),
        also=f"The answer also speaks of {', '.join(others)}" if others else "",
        words=plural(len(each.answer.split()), "word"),
        answer=shortened(whole, LONGEST_ANSWER) if len(each.text.strip()) < len(whole) else "",
    )


def _side(each: Statement) -> Markup:
    return tag(*SIDES[each.row.side])


def _tags(each: Statement, first_run: int) -> list[Markup]:
    row, tags = each.row, []
    if row.confirmed_by:
        tags.append(tag("Confirmed", "turquoise"))
    elif row.unsure and row.origin is not Origin.PERSON:
        tags.append(tag("Unsure", "yellow"))
    if row.origin is Origin.PERSON:
        tags.append(tag("Placed by hand", "blue"))
    if each.run != first_run:
        tags.append(tag(f"Came with run {each.run}", "purple"))
    if not each.may_quote:
        tags.append(tag("Not for quotation", "grey"))
    return tags


def _source(each: Statement, engagement_id: uuid.UUID) -> list[str | Markup]:
    response = url_for("submitted.read", engagement_id=engagement_id, response_id=each.response_id)
    name = link(each.organisation.name, response)
    parts = [labelled(name, synthetic=each.organisation.synthetic)]
    if each.lot:
        parts.append(f"Lot {each.lot}")
    if each.row.confirmed_by and each.confirmed_by:
        parts.append(f"Confirmed by {each.confirmed_by}")
    return parts
