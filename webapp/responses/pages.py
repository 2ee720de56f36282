"""What the pages of a response show, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.language import Later, _, ngettext
from webapp.models import AskedPer, DraftRemark, Engagement, EngagementState, Question, Response, Section
from webapp.responses.answers import Difference, FileUrl, SectionAnswers, changes, draft_answers
from webapp.responses.controls import Control
from webapp.responses.drafts import Draft, SectionState
from webapp.responses.kinds.lots import title_of
from webapp.responses.queries import Journey
from webapp.responses.questionnaire import Questionnaire
from webapp.responses.remarks import Said, in_words, is_asked
from webapp.web.cells import Cell, Row, lines
from webapp.web.format import days_until, moment

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
    not_started: Sequence[Section]
    """Nobody has saved them, and nothing in them must be answered: somebody may have meant to."""
    changes: Sequence[Row]
    """Each question whose answer is not what was submitted, with the two answers."""
    sections: Sequence[SectionAnswers]
    said: Sequence[Said]
    is_asked: bool
    """Whether a signatory was asked to submit it as it stands."""

    @property
    def can_submit(self) -> bool:
        return self.is_open and not self.nothing_new and (not self.obstacles or bool(self.lots_left))

    @property
    def can_send_back(self) -> bool:
        """Once it was asked for: answers that need attention are a reason to."""
        return self.is_open and not self.nothing_new and self.is_asked


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


def length(questionnaire: Questionnaire) -> str:
    """How much there is to answer, for whoever has not begun."""
    asked = [question for section in questionnaire.sections for question in section.questions]
    required = [question for question in asked if question.required]
    counts = {
        "sections": ngettext("%(num)s section", "%(num)s sections", len(questionnaire.sections)),
        "questions": ngettext("%(num)s question", "%(num)s questions", len(asked)),
        "required": len(required),
    }
    each = {question.asked_per for question in asked}
    said = [
        _("The questionnaire has %(sections)s with %(questions)s, up to %(required)s of them required.", **counts)
        if any(_may_not_be_asked(questionnaire, question) for question in required)
        else _("The questionnaire has %(sections)s with %(questions)s, %(required)s of them required.", **counts)
    ]
    if questionnaire.conditions:
        said.append(_("Some are asked only because of what you answer to others."))
    if AskedPer.LOT in each and AskedPer.CHOSEN_LOT in each:
        said.append(_("Some are asked for each lot, others for each lot that interests you."))
    elif AskedPer.LOT in each:
        said.append(_("Some are asked for each lot."))
    elif AskedPer.CHOSEN_LOT in each:
        said.append(_("Some are asked for each lot that interests you."))
    return " ".join(said)


def _may_not_be_asked(questionnaire: Questionnaire, question: Question) -> bool:
    return question in questionnaire.conditions or question.asked_per is AskedPer.CHOSEN_LOT


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


def why_not_withdrawn_again(withdrawn_at: datetime, reason: str | None) -> tuple[str, str]:
    """The heading and the explanation for somebody who gives another reason for what is withdrawn."""
    said = (
        _("It was withdrawn at %(when)s for this reason: %(reason)s", when=moment(withdrawn_at), reason=reason)
        if reason
        else _("It was withdrawn at %(when)s.", when=moment(withdrawn_at))
    )
    return _("Your response is withdrawn already"), f"{said} {_('A reason cannot be added or changed afterwards.')}"


def banner(journey: Journey, now: datetime) -> Banner:
    response, current = journey.response, journey.response.current_submission
    when = deadline(journey.engagement, now)
    if current is None and response.withdrawn_at is not None:
        withdrawn = _("Your response was withdrawn at %(when)s.", when=moment(response.withdrawn_at))
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


def said_of_sending_back(told: int) -> str:
    if told == 0:
        return _("The draft is sent back. Nobody else works on it, so we mailed nobody; your words stand on this page.")
    return ngettext(
        "The draft is sent back. We have told %(num)s colleague by email.",
        "The draft is sent back. We have told %(num)s colleagues by email.",
        told,
    )


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
        hint=_task_hint(draft, section, state),
    )


def _task_hint(draft: Draft, section: Section, state: SectionState) -> str:
    if state is SectionState.CANNOT_START:
        return _("First say which lots interest you.")
    chose_no_lot = draft.asks_interest and not draft.chosen_lots
    if state is SectionState.NOT_NEEDED and chose_no_lot and draft.hangs_on_interest(section):
        return _("You chose no lot that this section is about.")
    if state is SectionState.NOT_NEEDED:
        return _("Going by your other answers so far, this section does not apply to you.")
    saved = draft.saved.get(section.id)
    return _("Saved by %(name)s at %(when)s", name=saved.saver, when=moment(saved.saved_at)) if saved else ""


def check_page(journey: Journey, now: datetime, file_url: FileUrl, remarks: Sequence[DraftRemark]) -> CheckPage:
    draft = journey.draft
    optional = [section for section in draft.sections if draft.asks(section) and not draft.problems(section)]
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
        not_started=[section for section in optional if draft.state(section) is SectionState.NOT_STARTED],
        changes=_changes(journey),
        sections=draft_answers(draft, file_url),
        said=in_words(remarks),
        is_asked=is_asked(remarks),
    )


def _changes(journey: Journey) -> list[Row]:
    return difference_rows(changes(journey.draft, journey.submitted)) if journey.submitted is not None else []


def difference_rows(found: Sequence[Difference]) -> list[Row]:
    return [(lines(each.question.split("\n")), _answer(each.theirs), _answer(each.mine)) for each in found]


def _answer(shown: str) -> Cell:
    return lines(shown.split("\n")) if shown else _("Not answered")
