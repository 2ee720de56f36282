"""What a section asks, as its page shows it: controls in blocks, with what was typed and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from uuid import UUID

from webapp.language import _, ngettext
from webapp.models import AskedPer, Lot, Question, QuestionKind, Section
from webapp.responses.controls import Control, mark_required
from webapp.responses.drafts import Block, Draft, Problem, Together, blocks
from webapp.responses.items import Item, Typed
from webapp.responses.kinds.choices import options_of
from webapp.responses.kinds.lots import title_of
from webapp.web.format import money, number
from webapp.web.forms import ErrorLink
from webapp.web.matrix import MatrixOption, RadioRow

LotBriefs = Mapping[UUID, str]
"""By lot id: what it is worth, needs and lasts."""


@dataclass(frozen=True)
class ControlBlock:
    """Part of a section's form: a matrix of lots, or controls under a heading."""

    heading: str
    hint: str
    reasons: Sequence[str]
    """Why it is asked, where that is said."""
    controls: Sequence[Control]
    options: Sequence[MatrixOption] = ()
    rows: Sequence[RadioRow] = ()
    begins_lots: bool = False
    asks_once: bool = False
    """Each control then says for itself why it is asked."""
    note: str = ""
    """What the lot that it is about is worth and needs."""


@dataclass(frozen=True)
class SectionPage:
    slug: str
    title: str
    progress: str
    introduction: str
    blocks: Sequence[ControlBlock]
    errors: Sequence[ErrorLink]
    lots: str
    """The ids of the chosen lots that the page asks about or lets one choose from."""
    about_lots: bool
    skipped: str
    """The names of the items that the page leaves out, because of other answers."""

    @property
    def layout(self) -> str:
        wide = any(block.rows for block in self.blocks)
        return "layouts/full.html" if wide else "layouts/two_thirds.html"

    @property
    def grows(self) -> bool:
        """Whether a button of the page adds a row."""
        return any(control.most_rows for block in self.blocks for control in block.controls)

    @property
    def takes_files(self) -> bool:
        return any(control.item.takes_files for block in self.blocks for control in block.controls)


def section_page(
    draft: Draft,
    section: Section,
    typed: Mapping[Item, Typed],
    problems: Sequence[Problem],
    grown: str = "",
    briefs: LotBriefs | None = None,
) -> SectionPage:
    """A section's form with what was typed. `grown` names the item that is to have one more row."""
    wrong: dict[Item, list[Problem]] = {}
    for problem in problems:
        wrong.setdefault(problem.item, []).append(problem)
    controls = {item: _control(item, given, wrong.get(item, ()), grown) for item, given in typed.items()}
    in_order = [item for block in blocks(typed) for item in block.items if item in wrong]
    lots = dict.fromkeys(lot for item in typed for lot in _lots_of(item))
    return SectionPage(
        slug=section.slug,
        title=section.title,
        progress=_progress(draft, section) if draft.asks(section) else "",
        introduction=section.introduction or "",
        blocks=control_blocks(controls, briefs),
        errors=[error_link(problem) for item in in_order for problem in wrong[item]],
        lots=" ".join(str(lot.id) for lot in lots),
        about_lots=any(item.lot or item.among for item in typed),
        skipped=" ".join(item.name for item in draft.every_item(section, list(lots)) if item not in typed),
    )


def _progress(draft: Draft, section: Section) -> str:
    """Counted as in the list of sections and on paper, whatever is asked: what answers lead to moves no number."""
    place = draft.sections.index(section) + 1
    return _("Section %(place)s of %(sections)s", place=place, sections=len(draft.sections))


def _control(item: Item, given: Typed, problems: Sequence[Problem], grown: str) -> Control:
    error = ". ".join(problem.text_beside for problem in problems)
    part, *others = [problem.part for problem in problems] or [""]
    return Control(item, given, error, part, others, one_more=item.name == grown)


def error_link(problem: Problem) -> ErrorLink:
    return Control(problem.item, None, problem.text, problem.part).error_link


def _lots_of(item: Item) -> Sequence[Lot]:
    about = [item.lot] if item.lot and item.question.asked_per is AskedPer.CHOSEN_LOT else []
    return [*about, *item.among]


def control_blocks(controls: Mapping[Item, Control], briefs: LotBriefs | None = None) -> list[ControlBlock]:
    """`briefs` are shown where a lot is named."""
    made = []
    lots_begun = False
    seen: set[Question] = set()
    for block in blocks(controls):
        begins = block.together is Together.LOT and not lots_begun
        lots_begun = block.together is Together.LOT
        new = dict.fromkeys(item.question for item in block.items if item.question not in seen)
        seen.update(new)
        made.append(_control_block(block, [controls[item] for item in block.items], begins, list(new), briefs or {}))
    return made


def _control_block(
    block: Block, controls: Sequence[Control], begins: bool, new: Sequence[Question], briefs: LotBriefs
) -> ControlBlock:
    """`new` are those of its questions that no block before it asks: a lot may be asked what the first one is not."""
    one_question, asks_once = block.together is Together.QUESTION, block.together is Together.ASKED_ONCE
    first = block.items[0].question
    is_matrix = one_question and first.kind in (QuestionKind.ONE_OF, QuestionKind.YES_NO)
    about = block.items[0].lot
    return ControlBlock(
        heading=mark_required(first) if one_question else block.heading,
        hint=(first.hint or "") if one_question else "",
        reasons=[] if asks_once else [question.why for question in new if question.why],
        controls=[] if is_matrix else _labelled(controls, briefs) if one_question else controls,
        options=[MatrixOption(value=value, label=label) for value, label in options_of(first)] if is_matrix else [],
        rows=[_matrix_row(control, briefs) for control in controls] if is_matrix else [],
        begins_lots=begins,
        asks_once=asks_once,
        note="" if one_question or about is None else briefs.get(about.id, ""),
    )


def _labelled(controls: Sequence[Control], briefs: LotBriefs) -> Sequence[Control]:
    lots = [control.item.lot for control in controls]
    return [
        replace(control, labelled_by_lot=True, brief=briefs.get(lot.id, "") if lot else "")
        for control, lot in zip(controls, lots, strict=True)
    ]


def _matrix_row(control: Control, briefs: LotBriefs) -> RadioRow:
    lot = control.item.lot
    return RadioRow(
        name=control.name,
        id=control.id,
        title=title_of(lot) if lot else "",
        value=control.given if isinstance(control.given, str) else None,
        hint=briefs.get(lot.id, "") if lot else "",
        error=control.error,
    )


def lot_brief(lot: Lot) -> str:
    """What a lot is worth, what staff it needs and for how long, as far as it is known."""
    said = []
    if lot.annual_value is not None:
        said.append(_("%(value)s a year", value=money(lot.annual_value)))
    if lot.demand_wte is not None:
        said.append(_("%(staff)s whole-time equivalent staff needed", staff=number(lot.demand_wte, 1)))
    if lot.term_months is not None:
        years = number(lot.term_months / 12, 1)
        said.append(ngettext("for %(years)s year", "for %(years)s years", ceil(lot.term_months / 12), years=years))
    return ", ".join(said)
