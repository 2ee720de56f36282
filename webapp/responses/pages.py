"""What the pages of a response show, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.models import AskedPer, Engagement, EngagementState, Lot, QuestionKind, Response, Section
from webapp.responses import questions
from webapp.responses.controls import Control
from webapp.responses.drafts import Block, Draft, Problem, SectionState, Together, blocks
from webapp.responses.items import Item, Typed
from webapp.responses.kinds.choices import options_of
from webapp.responses.kinds.lots import title_of
from webapp.responses.queries import Journey, Submitted
from webapp.web.format import days_until, moment, plural
from webapp.web.forms import ErrorLink
from webapp.web.matrix import MatrixOption, RadioRow

COUNTED_IN_DAYS = 3
"""From so many days on, the time left is said in days alone, as on the engagement's own page."""
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_COLOURS = {
    SectionState.NOT_STARTED: "blue",
    SectionState.IN_PROGRESS: "yellow",
    SectionState.COMPLETE: "",
    SectionState.CANNOT_START: "grey",
    SectionState.NOT_NEEDED: "grey",
}


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
class AnswerRow:
    key: str
    value: str
    problem: str = ""


@dataclass(frozen=True)
class AnswerGroup:
    heading: str
    rows: Sequence[AnswerRow]


@dataclass(frozen=True)
class SectionAnswers:
    title: str
    slug: str
    groups: Sequence[AnswerGroup]


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


@dataclass(frozen=True)
class Difference:
    """One answer in two versions."""

    question: str
    theirs: str
    mine: str


def duration(span: timedelta) -> str:
    """3 minutes and 12 seconds; 13 days: at most two units, the second only beside few of the first."""
    left = max(int(span.total_seconds()), 0)
    for place, (unit, size) in enumerate(_UNITS):
        count, rest = divmod(left, size)
        if count:
            smaller, smaller_size = _UNITS[min(place + 1, len(_UNITS) - 1)]
            more = rest // smaller_size if unit != "second" and not (unit == "day" and count > 2) else 0
            return plural(count, unit) + (f" and {plural(more, smaller)}" if more else "")
    return "less than a second"


def deadline(engagement: Engagement, now: datetime) -> str:
    match engagement.state(now):
        case EngagementState.OPEN:
            days = days_until(engagement.closes_at, now)
            left = plural(days, "day") if days >= COUNTED_IN_DAYS else duration(engagement.closes_at - now)
            return f"Closes at {moment(engagement.closes_at)} (in {left})."
        case EngagementState.CLOSED:
            return f"Closed at {moment(engagement.closes_at)} ({duration(now - engagement.closes_at)} ago)."
        case _:
            return f"Opens at {moment(engagement.opens_at)}."


def why_not_open(engagement: Engagement, now: datetime) -> tuple[str, str]:
    """The heading and the explanation for somebody who came too late or too early."""
    if engagement.state(now) is EngagementState.CLOSED:
        late = duration(now - engagement.closes_at)
        closed = f"It closed at {moment(engagement.closes_at)}. What you sent arrived {late} later and is not accepted."
        return "This engagement has closed", closed
    return "This engagement is not open yet", f"You can answer from {moment(engagement.opens_at)}."


def banner(journey: Journey, now: datetime) -> Banner:
    response, current = journey.response, journey.response.current_submission
    when = deadline(journey.engagement, now)
    if current is None and response.withdrawn_at is not None:
        return Banner("Withdrawn", f"You withdrew your response at {moment(response.withdrawn_at)}. {when}")
    if current is None:
        return Banner("Draft: not submitted", when)
    counts = f"Version {current.number}, reference {current.reference}, counts."
    if journey.unsent_changes:
        return Banner("Changes not submitted", f"{counts} Your later changes do not count yet. {when}")
    return Banner("Submitted", f"{counts} {when}")


def state_of(response: Response) -> str:
    """In a list, where nobody reads the drafts."""
    if response.current_submission is not None:
        return f"Submitted, version {response.current_submission.number}"
    return "Withdrawn" if response.withdrawn_at else "Draft: not submitted"


def tasks(draft: Draft, href: Callable[[Section], str], is_open: bool) -> list[Task]:
    return [_task(draft, section, href, is_open) for section in draft.sections]


def _task(draft: Draft, section: Section, href: Callable[[Section], str], is_open: bool) -> Task:
    state = draft.state(section)
    saved = draft.saved.get(section.id)
    reachable = is_open and state not in (SectionState.CANNOT_START, SectionState.NOT_NEEDED)
    hints = {
        SectionState.CANNOT_START: "First say which lots interest you.",
        SectionState.NOT_NEEDED: "Because of your other answers, this section does not apply to you."
        if draft.chosen_lots
        else "You chose no lot that this section is about.",
    }
    saved_by = f"Saved by {saved.saver.name} at {moment(saved.saved_at)}" if saved else ""
    return Task(
        title=section.title,
        href=href(section) if reachable else "",
        status=state.value,
        colour=_COLOURS[state],
        hint=hints.get(state, saved_by),
    )


def control_blocks(controls: Mapping[Item, Control]) -> list[ControlBlock]:
    made = []
    lots_begun = False
    for block in blocks(controls):
        begins = block.together is Together.LOT and not lots_begun
        lots_begun = block.together is Together.LOT
        made.append(_control_block(block, [controls[item] for item in block.items], begins))
    return made


def _control_block(block: Block, controls: Sequence[Control], begins: bool) -> ControlBlock:
    one_question = block.together is Together.QUESTION
    first = block.items[0].question
    alike = [first] if one_question else [item.question for item in block.items]
    is_matrix = one_question and first.kind in (QuestionKind.ONE_OF, QuestionKind.YES_NO)
    return ControlBlock(
        heading=block.heading,
        hint=(first.hint or "") if one_question else "",
        reasons=[question.why for question in alike if question.why] if begins or one_question else [],
        controls=[] if is_matrix else [replace(control, labelled_by_lot=one_question) for control in controls],
        options=[MatrixOption(value=value, label=label) for value, label in options_of(first)] if is_matrix else [],
        rows=[_matrix_row(control) for control in controls] if is_matrix else [],
        begins_lots=begins,
    )


def _matrix_row(control: Control) -> RadioRow:
    lot = control.item.lot
    return RadioRow(
        name=control.name,
        id=control.id,
        title=title_of(lot) if lot else "",
        value=control.given if isinstance(control.given, str) else None,
        error=control.error,
    )


def section_page(
    draft: Draft, section: Section, typed: Mapping[Item, Typed], problems: Sequence[Problem], grown: str = ""
) -> SectionPage:
    """A section's form with what was typed. `grown` names the item that is to have one more row."""
    wrong = {problem.item: problem for problem in problems}
    controls = {item: _control(item, given, wrong.get(item), grown) for item, given in typed.items()}
    in_order = [item for block in blocks(typed) for item in block.items if item in wrong]
    asked = [section for section in draft.sections if draft.items(section)]
    lots = dict.fromkeys(lot for item in typed for lot in _lots_of(item))
    return SectionPage(
        slug=section.slug,
        title=section.title,
        progress=f"Section {asked.index(section) + 1} of {len(asked)}" if section in asked else "",
        introduction=section.introduction or "",
        blocks=control_blocks(controls),
        errors=[controls[item].error_link for item in in_order],
        lots=" ".join(str(lot.id) for lot in lots),
        skipped=" ".join(item.name for item in draft.every_item(section, list(lots)) if item not in typed),
    )


def _control(item: Item, given: Typed, problem: Problem | None, grown: str) -> Control:
    error, part = (problem.text, problem.part) if problem else ("", "")
    return Control(item, given, error, part, one_more=item.name == grown)


def _lots_of(item: Item) -> Sequence[Lot]:
    about = [item.lot] if item.lot and item.question.asked_per is AskedPer.CHOSEN_LOT else []
    return [*about, *item.among]


def check_page(journey: Journey, now: datetime) -> CheckPage:
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
        sections=draft_answers(draft),
    )


def answer_groups(
    items: Sequence[Item], show: Callable[[Item], str], problem: Callable[[Item], str]
) -> list[AnswerGroup]:
    return [
        AnswerGroup(block.heading, [AnswerRow(block.label(item), show(item), problem(item)) for item in block.items])
        for block in blocks(items)
    ]


def typed_answers(typed: Mapping[Item, Typed]) -> list[AnswerGroup]:
    """What was sent, where it was anything."""
    sent = [item for item in typed if not questions.is_blank(typed[item])]
    return answer_groups(sent, lambda item: questions.show_typed(item, typed[item]), lambda item: "")


def draft_answers(draft: Draft) -> list[SectionAnswers]:
    """Everything asked, as it was typed, with what stands in the way."""
    made = []
    for section in draft.sections:
        errors = {problem.item: problem.reason for problem in draft.problems(section)}
        groups = answer_groups(
            draft.items(section),
            lambda item, section=section: questions.show_typed(item, draft.typed(section, item)),  # type: ignore[misc]
            lambda item, errors=errors: errors.get(item, ""),  # type: ignore[misc]
        )
        if groups:
            made.append(SectionAnswers(section.title, section.slug, groups))
    return made


def submitted_answers(submitted: Submitted) -> list[SectionAnswers]:
    """What a submission answered; what was not asked or left blank is left out."""
    draft, values = submitted.draftless, submitted.values
    made = []
    for section in draft.sections:
        answered = [item for item in draft.every_item(section, draft.lots) if item.key in values]
        groups = answer_groups(answered, lambda item: questions.show(item, values[item.key]), lambda item: "")
        if groups:
            made.append(SectionAnswers(section.title, section.slug, groups))
    return made


def differences(draft: Draft, section: Section, typed: Mapping[Item, Typed]) -> list[Difference]:
    """Where a person's version of a section differs from the saved one."""
    made = []
    for item, mine in typed.items():
        theirs = draft.typed(section, item)
        if (theirs or "") != (mine or ""):
            question = item.question.wording if item.lot is None else f"{title_of(item.lot)}: {item.question.wording}"
            versions = (questions.show_typed(item, version) for version in (theirs, mine))
            made.append(Difference(question, *versions))
    return made
