"""How it stands with the responses to an engagement: kept, asked for, agreed, destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from webapp.disposal.actions import why_not
from webapp.disposal.queries import Stated
from webapp.disposal.waiting import WAIT
from webapp.engagements.disposed import last_day
from webapp.models import Disposal, Engagement
from webapp.programmes.permissions import Permission
from webapp.web.cells import Row
from webapp.web.format import day, moment, number

GOES = (
    "every response: drafts, submissions with their answers and files, and those that were withdrawn or set aside",
    "what officers entered or imported, with the originals, and what the team noted",
    "that providers would not respond, and why",
    "what was made from the responses: analyses, forecasts, plans and lots that were compared, themes with every "
    "statement and what was decided about them",
    "who was invited and reminded, questions as they were asked, and the service’s copies of emails about the "
    "engagement; of people whom only the invitation made known and who never signed in, name and address too",
)
STAYS = (
    "what was asked and told to everybody: the questionnaire, documents, published questions with their answers, the "
    "summary, and “You said, we did”; the team still sees whose a published question was",
    "the record: the equal-treatment log, meetings, events with who came, decisions, conflicts of interest",
    "recommendations as they were put up and signed, frozen forecasts, and how many bids came",
    "appraisals of options with their scores and reasons, and conclusions with the figures that they rest on: chances "
    "of bids, and dates of the plan",
    "the competition risk register in the words of those who wrote it; the figures of analyses beside it go",
    "the audit trail, which says who did what and when, and never what was answered",
    "a certificate: how many of what were destroyed, when, by whose decision and by which policy, and whose responses "
    "they were",
)
COUNTED = {
    "responses": "Responses that were submitted",
    "submissions": "Versions of them",
    "answers": "Answers in all versions",
    "drafts": "Sections of drafts",
    "files": "Files that providers attached",
    "originals": "Originals of received responses",
    "notes": "Notes of the team",
    "declines": "Providers that said they would not respond",
    "questions": "Questions that were not published",
    "analyses": "Analyses",
    "themes": "Themes",
    "invitations": "Invitations",
    "reminders": "Reminders",
    "emails": "Copies of emails",
    "people": "People who never signed in",
}


@dataclass(frozen=True, slots=True)
class DisposalPage:
    retention: str
    stated: str
    state: str
    failed: str
    """That it failed, and what to do; empty if it did not."""
    telling: str
    """How many of those concerned have been written to; empty before and afterwards."""
    waits_for_worker: bool
    why_not: str
    can_state: bool
    can_ask: bool
    can_agree: bool
    can_stop: bool
    note: str
    certificate: tuple[dict[str, str], ...]
    counted: tuple[Row, ...]
    responses: tuple[Row, ...]
    taken_back: tuple[str, ...]
    wait: str
    goes: tuple[str, ...] = GOES
    stays: tuple[str, ...] = STAYS


def disposal_page(
    engagement: Engagement,
    disposals: Sequence[Disposal],
    asker_leads: bool,
    telling: tuple[int, int] | None,
    stated: Stated,
    granted: frozenset[Permission],
    person_id: uuid.UUID,
    now: datetime,
) -> DisposalPage:
    standing = next((each for each in disposals if each.stopped_at is None), None)
    done = standing if standing is not None and standing.done_at is not None else None
    reason = "" if standing is not None else why_not(engagement, stated, now)
    decides = Permission.DISPOSE in granted
    return DisposalPage(
        retention=retention(engagement),
        stated=_last_stated(stated),
        state=_state(standing, asker_leads, now),
        failed=_failed(standing),
        telling=_telling(*telling) if telling is not None else "",
        waits_for_worker=standing is not None and (standing.is_due(now) or standing.is_being_told),
        why_not=reason,
        can_state=Permission.LEAD in granted and done is None,
        can_ask=Permission.LEAD in granted and standing is None and not reason,
        can_agree=decides
        and standing is not None
        and standing.is_only_asked
        and standing.asked_by != person_id
        and asker_leads,
        can_stop=decides and standing is not None and done is None,
        note=standing.note if standing is not None else "",
        certificate=_certificate(engagement, done) if done else (),
        counted=_counted(done) if done else (),
        responses=_responses(done) if done and Permission.READ_RESPONSES in granted else (),
        taken_back=tuple(_taken_back(each) for each in disposals if each.stopped_at is not None),
        wait=f"{WAIT.days} days",
    )


def retention(engagement: Engagement) -> str:
    until, policy = engagement.programme.keep_until, engagement.programme.retention_policy
    return f"Until the end of {day(until)}, by this policy: {policy}" if until else "Not stated yet"


def _last_stated(stated: Stated) -> str:
    """By whom and when, and what stood before: whoever agrees sees that the day was changed."""
    if not stated:
        return ""
    event, name = stated[0]
    until, policy = event.detail["was_until"], event.detail["was_policy"]
    before = f"{day(date.fromisoformat(until))}, by this policy: {policy}" if until else "nothing was stated"
    return f"By {name} at {moment(event.at)}. Before that: {before}"


def _state(standing: Disposal | None, asker_leads: bool, now: datetime) -> str:
    match standing:
        case None:
            return "The responses are kept."
        case Disposal(done_at=datetime() as done_at):
            return f"The responses were destroyed at {moment(done_at)}."
        case Disposal(failures=failures) if failures and standing.is_being_told:
            return "It is agreed that the responses be destroyed. They are all still there."
        case Disposal(failures=failures) if failures:
            return "The responses are due to be destroyed, and are all still there."
        case Disposal() if standing.is_due(now):
            return (
                "The responses are due to be destroyed. The worker does so within minutes, all at once, as soon as "
                "nothing of the engagement is being computed. Until then nothing is gone."
            )
        case Disposal(due_at=datetime() as due_at):
            return (
                f"The responses will be destroyed after {day(last_day(due_at))}. {standing.asker.name} asked for it at "
                f"{moment(standing.asked_at)}, and {_name(standing)} agreed. Until then nothing is gone."
            )
    asked = f"{standing.asker.name} asked at {moment(standing.asked_at)} that the responses be destroyed."
    if not asker_leads:
        return (
            f"{asked} {standing.asker.name} no longer leads the programme, so nobody can agree to it. Once it is taken "
            "back, a lead officer can ask again."
        )
    return f"{asked} Nothing happens unless another lead officer or an approver agrees."


def _failed(standing: Disposal | None) -> str:
    if standing is None or standing.done_at is not None or standing.failed_at is None:
        return ""
    if standing.is_being_told:
        what, nothing = "Telling everybody concerned", "Nothing is destroyed before everybody has been told."
    else:
        what, nothing = "It", "Nothing was destroyed: it is done wholly or not at all."
    often = f"{what} has failed {standing.failures} times, last at" if standing.failures > 1 else f"{what} failed at"
    return (
        f"{often} {moment(standing.failed_at)}. {nothing} It is tried "
        "again about an hour later. If that fails too, tell whoever runs the service: what went wrong is in the "
        f"server’s log under {standing.id}. Until it is done it can be taken back."
    )


def _telling(told: int, every: int) -> str:
    return (
        f"Everybody concerned is being written to: {number(told)} of {number(every)} people so far. Each has "
        f"{WAIT.days} days from then, and nothing is destroyed before all have been told."
    )


def _name(disposal: Disposal) -> str:
    return disposal.agreer.name if disposal.agreer else ""


def _certificate(engagement: Engagement, done: Disposal) -> tuple[dict[str, str], ...]:
    facts = {
        "Engagement": f"{engagement.title} ({engagement.reference})",
        "Kept until": day(done.kept_until),
        "Policy": done.policy,
        "Asked for by": f"{done.asker.name}, {moment(done.asked_at)}",
        "Agreed by": f"{_name(done)}, {moment(done.agreed_at)}" if done.agreed_at else "",
        "Destroyed at": moment(done.done_at) if done.done_at else "",
        "Certificate": str(done.id),
    } | ({"Note": done.note} if done.note else {})
    return tuple({"key": key, "value": value} for key, value in facts.items())


def _counted(done: Disposal) -> tuple[Row, ...]:
    counts = done.destroyed or {}
    return tuple((words, number(counts[name])) for name, words in COUNTED.items() if name in counts)


def _responses(done: Disposal) -> tuple[Row, ...]:
    return tuple((each.organisation.name, each.reference, moment(each.submitted_at)) for each in done.responses)


def _taken_back(disposal: Disposal) -> str:
    when = moment(disposal.stopped_at) if disposal.stopped_at else ""
    by = disposal.stopper.name if disposal.stopper else ""
    asked = f"{disposal.asker.name} asked at {moment(disposal.asked_at)}"
    return f"{asked}. {by} took it back at {when}: {disposal.stop_reason}"


def stated_rows(stated: Stated) -> tuple[Row, ...]:
    return tuple(
        (moment(event.at), name, day(date.fromisoformat(event.detail["keep_until"])), event.detail["policy"])
        for event, name in stated
    )
