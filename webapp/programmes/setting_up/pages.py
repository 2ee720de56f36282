"""What the pages of the set-up show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from webapp.models import Contract
from webapp.programmes.setting_up.part import Part, PartForm, Row
from webapp.programmes.setting_up.parts import PARTS
from webapp.programmes.setting_up.plan import Plan
from webapp.web.cells import Cell, link
from webapp.web.format import plural
from webapp.web.pagination import Page, paginate


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the overview."""

    title: str
    href: str
    status: str
    colour: str
    hint: str


@dataclass(frozen=True, slots=True)
class PartPage:
    part: Part
    first: Sequence[Part]
    """Those of which a row must be there before there can be one of this."""
    columns: Sequence[dict[str, object]]
    rows: Sequence[Sequence[Cell]]
    page: Page[Row]
    nameless: int
    """Contracts whose supplier is only a name."""


COUNTED = {
    "service at a site": ("service", "services"),
    "period without publication": ("period without publication", "periods without publication"),
}
"""The nouns that do not become many by an s at their end."""


def overview(plan: Plan) -> list[Task]:
    tasks = []
    for part in PARTS.values():
        count = len(part.rows(plan))
        href = url_for(".part", programme_id=plan.programme.id, part_slug=part.slug)
        status = plural(count, *COUNTED.get(part.noun, (part.noun,)))
        tasks.append(Task(part.title, href, status if count else "None yet", "" if count else "grey", part.about))
    return tasks


def part_page(plan: Plan, part: Part, asked: str | None) -> PartPage:
    rows = part.rows(plan)
    page = paginate(len(rows), lambda limit, offset: rows[offset : offset + limit], asked)
    shown = [_linked(plan, part, row) for row in page.items]
    columns = [{"text": name, "numeric": name in part.numeric} for name in part.columns]
    nameless = [row for row in rows if isinstance(row, Contract) and row.supplier_id is None]
    return PartPage(part, first(plan, part), columns, shown, page, len(nameless))


def first(plan: Plan, part: Part) -> list[Part]:
    return [PARTS[slug] for slug in part.rests_on if not PARTS[slug].rows(plan)]


def _linked(plan: Plan, part: Part, row: Row) -> list[Cell]:
    name, *others = part.cells(row, plan)
    href = url_for(".change", programme_id=plan.programme.id, part_slug=part.slug, row_id=row.id)
    return [link(str(name), href), *others]


def saved_form(part: Part, row: Row, plan: Plan) -> PartForm:
    """What the row is by now, as its form."""
    saved = part.form(formdata=None, data=part.form.stored(row))
    saved.offer(plan)
    return saved
