"""What the pages of a response show, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from webapp.language import Later, _, ngettext
from webapp.models import AskedPer, Engagement, EngagementState, Lot, QuestionKind, Response, Section
from webapp.responses.answers import FileUrl, SectionAnswers, draft_answers
from webapp.responses.controls import Control, mark_required
from webapp.responses.drafts import Block, Draft, Problem, Saved, SectionState, Together, blocks
from webapp.responses.items import Item, Typed
from webapp.responses.kinds.choices import options_of
from webapp.responses.kinds.lots import title_of
from webapp.responses.queries import Journey
from webapp.web.format import days_until, moment, money, number
from webapp.web.forms import ErrorLink
from webapp.web.matrix import MatrixOption, RadioRow

LotBriefs = Mapping[UUID, str]
"""By lot id: what it is worth, needs and lasts."""

COUNTED_IN_DAYS = 3
"""From so many days on, the time left is said in days alone, as on the engagement's own page."""
FEW_DAYS = 2
"""With so many, the hours are said too."""
_DAY = 86_400
_UNITS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (_DAY, lambda count: ngettext("%(num)s day", "%(num)s days", count)),
    (3_600, lambda count: ngettext("%(num)s hour", "%(num)s hours", count)),
    (60, lambda count: ngettext("%(num)s minute", "%(num)s minutes", count)),
    (1, lambda count: ngettext("%(num)s second", "%(num)s seconds", count)),
)
_SHOWN = {
    SectionState.NOT_STARTED: (Later("Not started"), "blue"),
    SectionState.IN_PROGRESS: (Later("In progress"), "yellow"),
    SectionState.COMPLETE: (Later("Complete"), ""),
    SectionState.CANNOT_START: (Later("Cannot start yet"), "grey"),
    SectionState.NOT_NEEDED: (Later("Nothing to answer"), "grey"),
}
"""What a section's state is called, and the colour of its tag."""


@dataclass(frozen=True)
class Banner:
    """The state of a response, on every page of it."""

    state: str
    text: str


@dataclass(frozen=True)
class Task:
    title: str
    href: str
    status: str
    colour: str
    hint: str = ""


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


@dataclass(frozen=True)
class Obstacle:
    text: str
    slug: str
    control: str


@dataclass(frozen=True)
class CheckPage:
    is_open: bool
    obstacles: Sequence[Obstacle]
    lots_left: Sequence[str]
    """The lots that can only be left out, if all else is ready."""
    nothing_new: bool
    sections: Sequence[SectionAnswers]

    @property
    def can_submit(self) -> bool:
        return self.is_open and not self.nothing_new and (not self.obstacles or bool(self.lots_left))


def duration(span: timedelta) -> str:
    """3 minutes and 12 seconds; 13 days: at most two units, the second only beside few of the first."""
    left = max(int(span.total_seconds()), 0)
    for place, (size, said) in enumerate(_UNITS):
        count, rest = divmod(left, size)
        if count:
            smaller_size, smaller_said = _UNITS[min(place + 1, len(_UNITS) - 1)]
            more = 0 if size == _DAY and count > FEW_DAYS else rest // smaller_size
            longer = said(count)
            return _("%(longer)s and %(shorter)s", longer=longer, shorter=smaller_said(more)) if more else longer
    return _("less than a second")


def deadline(engagement: Engagement, now: datetime) -> str:
    match engagement.state(now):
        case EngagementState.OPEN:
            days = days_until(engagement.closes_at, now)
            left = (
                ngettext("%(num)s day", "%(num)s days", days)
                if days >= COUNTED_IN_DAYS
                else duration(engagement.closes_at - now)
            )
            return _("Closes at %(when)s (in %(left)s).", when=moment(engagement.closes_at), left=left)
        case EngagementState.CLOSED:
            ago = duration(now - engagement.closes_at)
            return _("Closed at %(when)s (%(duration)s ago).", when=moment(engagement.closes_at), duration=ago)
        case _:
            return _("Opens at %(when)s.", when=moment(engagement.opens_at))


def next_steps(engagement: Engagement, now: datetime) -> list[str]:
    """What whoever has submitted can still do, and what to expect of the buyer."""
    change = _(
        "Until %(when)s you can change your answers and submit again, or withdraw your response.",
        when=moment(engagement.closes_at),
    )
    return [
        *([change] if engagement.state(now) is EngagementState.OPEN else []),
        _("When the buyer publishes what it heard and what will change, you get it by email."),
        _("This was not a bid. If the services are put out to tender, you decide then whether to bid."),
    ]


def why_not_open(engagement: Engagement, now: datetime) -> tuple[str, str]:
    """The heading and the explanation for somebody who came too late or too early."""
    if engagement.state(now) is EngagementState.CLOSED:
        late = duration(now - engagement.closes_at)
        reason = _(
            "It closed at %(when)s. What you sent arrived %(duration)s later and is not accepted.",
            when=moment(engagement.closes_at),
            duration=late,
        )
        return _("This engagement has closed"), reason
    return _("This engagement is not open yet"), _("You can answer from %(when)s.", when=moment(engagement.opens_at))


def banner(journey: Journey, now: datetime) -> Banner:
    response, current = journey.response, journey.response.current_submission
    when = deadline(journey.engagement, now)
    if current is None and response.withdrawn_at is not None:
        withdrawn = _("You withdrew your response at %(when)s.", when=moment(response.withdrawn_at))
        return Banner(_("Withdrawn"), f"{withdrawn} {when}")
    if current is None:
        return Banner(_("Draft: not submitted"), when)
    counts = _(
        "Version %(number)s, reference %(reference)s, counts.", number=current.number, reference=current.reference
    )
    if journey.unsent_changes:
        changes = _("Your later changes do not count yet.")
        return Banner(_("Changes not submitted"), f"{counts} {changes} {when}")
    return Banner(_("Submitted"), f"{counts} {when}")


def state_of(response: Response) -> str:
    """In a list, where nobody reads the drafts."""
    if response.current_submission is not None:
        return _("Submitted, version %(number)s", number=response.current_submission.number)
    return _("Withdrawn") if response.withdrawn_at else _("Draft: not submitted")


def tasks(draft: Draft, href: Callable[[Section], str], is_open: bool) -> list[Task]:
    return [_task(draft, section, href, is_open) for section in draft.sections]


def _task(draft: Draft, section: Section, href: Callable[[Section], str], is_open: bool) -> Task:
    state = draft.state(section)
    reachable = is_open and state not in (SectionState.CANNOT_START, SectionState.NOT_NEEDED)
    status, colour = _SHOWN[state]
    return Task(
        title=section.title,
        href=href(section) if reachable else "",
        status=str(status),
        colour=colour,
        hint=_task_hint(draft, state, draft.saved.get(section.id)),
    )


def _task_hint(draft: Draft, state: SectionState, saved: Saved | None) -> str:
    if state is SectionState.CANNOT_START:
        return _("First say which lots interest you.")
    if state is SectionState.NOT_NEEDED and draft.chosen_lots:
        return _("Because of your other answers, this section does not apply to you.")
    if state is SectionState.NOT_NEEDED:
        return _("You chose no lot that this section is about.")
    return _("Saved by %(name)s at %(when)s", name=saved.saver, when=moment(saved.saved_at)) if saved else ""


def control_blocks(controls: Mapping[Item, Control], briefs: LotBriefs | None = None) -> list[ControlBlock]:
    """`briefs` are shown where a lot is named."""
    made = []
    lots_begun = False
    for block in blocks(controls):
        begins = block.together is Together.LOT and not lots_begun
        lots_begun = block.together is Together.LOT
        made.append(_control_block(block, [controls[item] for item in block.items], begins, briefs or {}))
    return made


def _control_block(block: Block, controls: Sequence[Control], begins: bool, briefs: LotBriefs) -> ControlBlock:
    one_question = block.together is Together.QUESTION
    first = block.items[0].question
    alike = [first] if one_question else [item.question for item in block.items]
    is_matrix = one_question and first.kind in (QuestionKind.ONE_OF, QuestionKind.YES_NO)
    about = block.items[0].lot
    return ControlBlock(
        heading=mark_required(first) if one_question else block.heading,
        hint=(first.hint or "") if one_question else "",
        reasons=[question.why for question in alike if question.why] if begins or one_question else [],
        controls=[] if is_matrix else _labelled(controls, briefs) if one_question else controls,
        options=[MatrixOption(value=value, label=label) for value, label in options_of(first)] if is_matrix else [],
        rows=[_matrix_row(control, briefs) for control in controls] if is_matrix else [],
        begins_lots=begins,
        asks_once=block.together is Together.ASKED_ONCE,
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
    asked = [section for section in draft.sections if draft.asks(section)]
    lots = dict.fromkeys(lot for item in typed for lot in _lots_of(item))
    return SectionPage(
        slug=section.slug,
        title=section.title,
        progress=_progress(asked.index(section) + 1, draft, len(asked)) if section in asked else "",
        introduction=section.introduction or "",
        blocks=control_blocks(controls, briefs),
        errors=[error_link(problem) for item in in_order for problem in wrong[item]],
        lots=" ".join(str(lot.id) for lot in lots),
        about_lots=any(item.lot or item.among for item in typed),
        skipped=" ".join(item.name for item in draft.every_item(section, list(lots)) if item not in typed),
    )


def _progress(place: int, draft: Draft, asked: int) -> str:
    """Answers to come may add sections, and what is said now must not be wrong then."""
    if asked < len(draft.sections):
        return _("Section %(place)s of %(sections)s so far", place=place, sections=asked)
    return _("Section %(place)s of %(sections)s", place=place, sections=asked)


def _control(item: Item, given: Typed, problems: Sequence[Problem], grown: str) -> Control:
    error = ". ".join(problem.text_beside for problem in problems)
    part, *others = [problem.part for problem in problems] or [""]
    return Control(item, given, error, part, others, one_more=item.name == grown)


def error_link(problem: Problem) -> ErrorLink:
    return Control(problem.item, None, problem.text, problem.part).error_link


def _lots_of(item: Item) -> Sequence[Lot]:
    about = [item.lot] if item.lot and item.question.asked_per is AskedPer.CHOSEN_LOT else []
    return [*about, *item.among]


def check_page(journey: Journey, now: datetime, file_url: FileUrl) -> CheckPage:
    draft = journey.draft
    obstacles = [
        Obstacle(problem.text, section.slug, Control(problem.item, None, part=problem.part).control_id)
        for section in draft.sections
        for problem in draft.problems(section)
    ]
    return CheckPage(
        is_open=journey.is_open(now),
        obstacles=obstacles,
        lots_left=[] if draft.general_problems else [title_of(lot) for lot in draft.lots_with_problems],
        nothing_new=not journey.unsent_changes,
        sections=draft_answers(draft, file_url),
    )
