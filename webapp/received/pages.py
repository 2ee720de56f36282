"""What the pages of an entry show, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from webapp.models import Reception, Section
from webapp.programmes.joined import Joined
from webapp.received.actions import in_the_way
from webapp.received.drafts import items_to_enter
from webapp.responses.answers import SectionAnswers, draft_answers, typed_answers
from webapp.responses.controls import Control
from webapp.responses.drafts import Draft, SectionState
from webapp.responses.pages import Obstacle, Task
from webapp.responses.receptions import HOW
from webapp.web.format import moment
from webapp.web.text import simplified

STATES = {
    SectionState.NOT_STARTED: ("Nothing entered", "blue"),
    SectionState.IN_PROGRESS: ("Entered in part", "yellow"),
    SectionState.COMPLETE: ("Entered", ""),
    SectionState.CANNOT_START: ("First enter the lots of interest", "grey"),
    SectionState.NOT_NEEDED: ("Nothing to enter", "grey"),
}


@dataclass(frozen=True, slots=True)
class CheckPage:
    obstacles: Sequence[Obstacle]
    unanswered: int
    """Questions that must be answered online, and were not."""
    sections: Sequence[SectionAnswers]
    left_out: Sequence[SectionAnswers]
    """What would not be recorded, since the other answers have it not asked."""
    fingerprint: str

    @property
    def can_record(self) -> bool:
        return not self.obstacles and bool(self.sections)


def about(reception: Reception, joined: Joined) -> list[dict[str, str]]:
    """Whose response it is and how it came, as a summary list's rows."""
    rows = {
        "Organisation": reception.organisation_name + ("" if reception.organisation_id else " (new)"),
        **_counting_for(reception, joined),
        "Received": moment(reception.received_at),
        "How": f"{HOW[reception.how]}, from {reception.sent_by}",
        "Accepted late": reception.late_reason or "Came in time",
        "Original": reception.file.name if reception.file else "None kept",
        "Entered by": reception.enterer.name,
    }
    return [{"key": key, "value": value} for key, value in rows.items()]


def _counting_for(reception: Reception, joined: Joined) -> dict[str, str]:
    """Under what other name it counts, as where the one that was entered is joined to another."""
    if reception.organisation is None:
        return {}
    called = joined.called(reception.organisation.id, reception.organisation.name)
    return {"Counts for": called} if simplified(called) != simplified(reception.organisation_name) else {}


def tasks(draft: Draft, reception: Reception) -> list[Task]:
    made = []
    for section in draft.sections:
        state = draft.state(section)
        status, colour = STATES[state]
        href = _section_url(reception, section) if items_to_enter(draft, section) else ""
        made.append(Task(title=section.title, href=href, status=status, colour=colour))
    return made


def check_page(draft: Draft) -> CheckPage:
    slugs = {question.id: section.slug for section in draft.sections for question in section.questions}
    return CheckPage(
        obstacles=[
            Obstacle(
                problem.text,
                slugs[problem.item.question.id],
                Control(problem.item, None, part=problem.part).control_id,
            )
            for problem in in_the_way(draft)
        ],
        unanswered=sum(problem.missing for section in draft.sections for problem in draft.problems(section)),
        sections=_answered(draft),
        left_out=[
            SectionAnswers(section.title, section.slug, typed_answers(left_out))
            for section in draft.sections
            if (left_out := draft.left_out(section))
        ],
        fingerprint=draft.fingerprint(None),
    )


def _answered(draft: Draft) -> list[SectionAnswers]:
    """What was entered, where it was anything."""
    found = draft_answers(draft, lambda _file: "")
    return [section for section in found if any(row.value for group in section.groups for row in group.rows)]


def next_url(draft: Draft, reception: Reception, saved: Section) -> str:
    """The next section that asks something, in the end the check page."""
    following = (
        section for section in draft.sections if section.position > saved.position and items_to_enter(draft, section)
    )
    section = next(following, None)
    return _section_url(reception, section) if section else url_of("check", reception)


def _section_url(reception: Reception, section: Section) -> str:
    return url_of("section", reception, slug=section.slug)


def url_of(page: str, reception: Reception, *, slug: str | None = None, more: str | None = None, row: str = "") -> str:
    """`more` names the item that is to have one more row, `row` the control to lead to."""
    return url_for(
        f"received.{page}",
        engagement_id=reception.engagement_id,
        reception_id=reception.id,
        slug=slug,
        more=more,
        _anchor=row or None,
    )


def receipt(reception: Reception, reference: str, *, is_sealed: bool) -> str:
    """What stays with the officer who has recorded one."""
    said = f"The response of {reception.organisation_name} is recorded as {reference}"
    if is_sealed:
        return f"{said}. It is sealed with all others: nobody can read it before they are opened together"
    return said
