"""The way from a new programme to a first analysis: each step, whether it is done, and where it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import url_for

from webapp.communications.guide.queries import Progress
from webapp.programmes.permissions import Permission


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    hint: str
    is_done: bool
    href: str
    permission: Permission
    optional: bool = False


@dataclass(frozen=True, slots=True)
class StepsPage:
    tasks: tuple[dict[str, str], ...]
    done: int
    following: Step | None
    """What to do next, if the reader may do it."""


def steps_of(programme_id: uuid.UUID, so_far: Progress) -> tuple[Step, ...]:
    parts = (_beginning, _setting_up, _preparing, _holding, _concluding)
    return tuple(step for part in parts for step in part(programme_id, so_far))


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


def _preparing(programme_id: uuid.UUID, so_far: Progress) -> Sequence[Step]:
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


def _of_engagement(programme_id: uuid.UUID, so_far: Progress, endpoint: str) -> str:
    """The page of the newest engagement, or the one on which to set up the first."""
    if so_far.engagement_id is None:
        return url_for("drafting.create", programme_id=programme_id)
    return url_for(endpoint, engagement_id=so_far.engagement_id)


def steps_page(steps: Sequence[Step], granted: frozenset[Permission]) -> StepsPage:
    waiting = [step for step in steps if not step.is_done and not step.optional]
    following = next(iter(waiting), None)
    return StepsPage(
        tasks=tuple(_task(step, granted, is_next=step is following) for step in steps),
        done=sum(step.is_done for step in steps),
        following=following if following is not None and following.permission in granted else None,
    )


def _task(step: Step, granted: frozenset[Permission], *, is_next: bool) -> dict[str, str]:
    href = step.href if step.permission in granted else ""
    task = {"title": step.title, "hint": step.hint, "href": href}
    if step.is_done:
        return task | {"status": "Done"}
    if step.optional:
        return task | {"status": "Optional", "colour": "grey"}
    return task | ({"status": "Next", "colour": "blue"} if is_next else {"status": "To do", "colour": "grey"})
