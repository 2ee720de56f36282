"""The way from a new programme to signed recommendations: each step, whether it is done, and where it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import url_for

from webapp.communications.guide.queries import Progress
from webapp.programmes.permissions import Permission
from webapp.web.format import number


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    hint: str
    is_done: bool
    href: str
    permission: Permission
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """Through the programme itself, or through one engagement."""

    title: str
    steps: tuple[Step, ...]

    @property
    def following(self) -> Step | None:
        return next((step for step in self.steps if not step.is_done and not step.optional), None)


@dataclass(frozen=True, slots=True)
class NextStep:
    way: str
    step: Step


@dataclass(frozen=True, slots=True)
class StepsPage:
    ways: tuple[tuple[str, tuple[dict[str, str], ...]], ...]
    """Each with its title and its tasks."""
    done: int
    all: int
    following: tuple[NextStep, ...]
    """What to do next in each, where the reader may do it."""


def ways_of(programme_id: uuid.UUID, so_far: Sequence[Progress]) -> list[Way]:
    """Through the programme, and through each engagement that is not done with; of those done with, the newest."""
    newest, *earlier = so_far
    programme = (_beginning, _setting_up, _planning)
    ways = [Way("The programme", tuple(step for part in programme for step in part(programme_id, newest)))]
    ways.append(_through_engagement(programme_id, newest))
    others = (_through_engagement(programme_id, each) for each in earlier)
    ways += [way for way in others if way.following is not None]
    if newest.procurements and any(each.analysed for each in so_far):
        ways.append(Way("The procurements", tuple(_deciding(programme_id, newest))))
    return ways


def _through_engagement(programme_id: uuid.UUID, so_far: Progress) -> Way:
    parts = (_preparing, _holding, _concluding)
    steps = tuple(step for part in parts for step in part(programme_id, so_far))
    return Way(so_far.engagement_title or "The engagement", steps)


def _beginning(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    return (
        Step(
            "Say who is in the team",
            "Colleagues who work on the programme, and what each may do",
            so_far.team > 1,
            url_for("teams.show", programme_id=programme_id),
            Permission.READ,
            optional=True,
        ),
        Step(
            "Set it up from a workbook",
            "Quicker than page by page when you have a spreadsheet of sites and contracts",
            so_far.imports > 0,
            url_for("imports.send", programme_id=programme_id),
            Permission.SET_UP,
            optional=True,
        ),
    )


def _setting_up(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    def part(slug: str) -> str:
        return url_for("setting_up.part", programme_id=programme_id, part_slug=slug)

    return (
        Step(
            "Enter sites and service lines",
            "Where services are needed, and which",
            bool(so_far.sites and so_far.service_lines),
            part("service-lines" if so_far.sites else "sites"),
            Permission.SET_UP,
        ),
        Step(
            "Enter services",
            "Which service line each site needs, with value and demand",
            so_far.services > 0,
            part("services"),
            Permission.SET_UP,
        ),
        Step(
            "Enter the contract register",
            "Who provides what now, and when it ends",
            so_far.contracts > 0,
            part("contracts"),
            Permission.SET_UP,
        ),
        Step(
            "Draft procurements and lots",
            "What would be tendered together; it can change after the engagement",
            bool(so_far.procurements and so_far.lots),
            part("lots" if so_far.procurements else "procurements"),
            Permission.SET_UP,
        ),
    )


def _planning(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    of_engagement = partial(_of_engagement, programme_id, so_far)
    return (
        Step(
            "Plan communications",
            "Notice, invitations, events and summary, each with somebody who sees to it",
            so_far.activities > 0,
            url_for("communications.plan", programme_id=programme_id),
            Permission.RUN,
            optional=so_far.published,
        ),
        Step(
            "Set up an engagement",
            "Its title, dates, contact and the lots it asks about",
            so_far.engagement_id is not None,
            of_engagement("engagements.manage"),
            Permission.RUN,
        ),
    )


def _preparing(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    of_engagement = partial(_of_engagement, programme_id, so_far)
    return (
        Step(
            "Build the questionnaire",
            "From a template, then with your own questions",
            so_far.questions > 0 or so_far.published,
            of_engagement("builder.show"),
            Permission.RUN,
        ),
        Step(
            "Publish",
            "Check the notice first; from then on everybody can read it",
            so_far.published,
            of_engagement("engagements.manage" if so_far.published else "drafting.publish"),
            Permission.RUN,
        ),
    )


def _holding(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    of_engagement = partial(_of_engagement, programme_id, so_far)
    return (
        Step(
            "Invite providers",
            "Those you know, and above all those who do not work for you yet",
            so_far.invitations > 0,
            of_engagement("engagements.invite"),
            Permission.RUN,
            optional=so_far.closed or so_far.analysed,
        ),
        Step(
            "Let it close",
            "Answer questions and watch who has started until then",
            so_far.published and so_far.closed,
            of_engagement("engagements.manage"),
            Permission.READ,
        ),
        Step(
            "Run the analysis",
            "You have had a first look: run it again once the engagement has closed"
            if so_far.analysed and not so_far.closed
            else "Capacity, themes and a schedule from what was submitted; as a first look before it closes",
            so_far.analysed and so_far.closed,
            of_engagement("engagements.manage"),
            Permission.ANALYSE,
        ),
    )


def _concluding(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    of_engagement = partial(_of_engagement, programme_id, so_far)
    return (
        Step(
            "Publish the summary",
            "What was heard, what will change and what happens next",
            so_far.summaries > 0,
            of_engagement("summaries.write"),
            Permission.RUN,
        ),
        Step(
            "Say what was done about each theme",
            "Sign what the analysis found in providers’ own words, then publish what you decided and why",
            so_far.replies > 0,
            of_engagement("theme_replies.index"),
            Permission.ANALYSE,
            optional=True,
        ),
    )


def _deciding(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
    planned = number(so_far.procurements)
    return (
        Step(
            "Put up a recommendation for each procurement",
            f"The route with its reasons, the lots and the dates: {number(so_far.recommended)} of {planned} so far",
            so_far.recommended >= so_far.procurements,
            url_for("procurements.index", programme_id=programme_id),
            Permission.ANALYSE,
        ),
        Step(
            "Have each signed",
            f"By an approver who did not write it: {number(so_far.signed)} of {planned} so far",
            so_far.signed >= so_far.procurements,
            url_for("recommendations.index", programme_id=programme_id),
            Permission.READ,
        ),
    )


def _of_engagement(programme_id: uuid.UUID, so_far: Progress, endpoint: str) -> str:
    """The page of the engagement, or the one on which to set up the first."""
    if so_far.engagement_id is None:
        return url_for("drafting.create", programme_id=programme_id)
    return url_for(endpoint, engagement_id=so_far.engagement_id)


def steps_page(ways: Sequence[Way], granted: frozenset[Permission]) -> StepsPage:
    """Before there is an engagement, only the programme has something that comes next."""
    programme, *engagements = ways
    set_up = [way for way in engagements if programme.steps[-1].is_done]
    steps = [step for way in ways for step in way.steps]
    return StepsPage(
        ways=tuple((way.title, _tasks(way, granted, goes_on=way in (programme, *set_up))) for way in ways),
        done=sum(step.is_done for step in steps),
        all=len(steps),
        following=tuple(
            NextStep(way.title, way.following)
            for way in (programme, *set_up)
            if way.following is not None and way.following.permission in granted
        ),
    )


def _tasks(way: Way, granted: frozenset[Permission], *, goes_on: bool) -> tuple[dict[str, str], ...]:
    return tuple(_task(step, granted, is_next=goes_on and step is way.following) for step in way.steps)


def _task(step: Step, granted: frozenset[Permission], *, is_next: bool) -> dict[str, str]:
    href = step.href if step.permission in granted else ""
    task = {"title": step.title, "hint": step.hint, "href": href}
    if step.is_done:
        return task | {"status": "Done"}
    if step.optional:
        return task | {"status": "Optional", "colour": "grey"}
    return task | ({"status": "Next", "colour": "blue"} if is_next else {"status": "To do", "colour": "grey"})
