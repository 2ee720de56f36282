"""A running engagement as its officers see it: who was invited, who answers, what was analysed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.engagements.declining.reasons import in_one_line
from webapp.engagements.monitoring import Became, Monitoring, ResponseLine, RunLine
from webapp.engagements.pages import Fact, move_line, when
from webapp.engagements.work import work
from webapp.models import Engagement, EngagementState, Invitation, RunState
from webapp.programmes.pages import STATE_TAGS
from webapp.programmes.permissions import Permission
from webapp.programmes.unit_names import NOT_KNOWN
from webapp.web.cells import Cell, Row, labelled, lines, link, tag
from webapp.web.format import clock, moment, percent, plural, short_day
from webapp.web.text import in_a_sentence

RUN_STATES = {
    RunState.WAITING: tag("Waiting", "grey"),
    RunState.RUNNING: tag("Running", "blue"),
    RunState.FINISHED: tag("Finished", "green"),
    RunState.FAILED: tag("Failed", "red"),
}
BECAME = {
    Became.DRAFT: tag("Draft", "grey"),
    Became.SUBMITTED: tag("Submitted", "green"),
    Became.ENTERED: tag("Entered by an officer", "green"),
    Became.WITHDRAWN: tag("Withdrawn", "orange"),
}


_NO_LOT = {True: "None", False: "Not asked"}
"""What is said of a response without a lot of interest: by whether the engagement asks about lots."""


@dataclass(frozen=True, slots=True)
class InvitationLine:
    email: str
    name: str
    """As the officer wrote it, if that was kept."""
    organisation: Cell
    declined: Cell
    """That its provider will not respond, and why."""
    sent: str
    used: str
    mail: Cell
    """What became of the e-mail that was last sent to that address."""
    again: str
    """Where the button that sends it once more posts to."""


@dataclass(frozen=True, slots=True)
class MonitoringPage:
    engagement: Engagement
    monitoring: Monitoring
    state: Markup
    when: str
    is_published: bool
    invites: bool
    """Whether providers can be invited: it is published and has not closed."""
    is_sealed: bool
    """Whether nothing is said of responses, since they have not been opened."""
    opening: str
    """Of responses that were sealed: when they were opened, and who was present."""
    disposed: str
    """When the responses were destroyed, if they were."""
    granted: frozenset[Permission]
    work: tuple[Markup, ...]
    """Links to what its reader can do with it."""
    draft: tuple[Fact, ...]
    """What is to be published, before it is."""
    responses: tuple[Row, ...]
    """The latest."""
    invitations: tuple[InvitationLine, ...]
    runs: tuple[Row, ...]
    moves: tuple[str, ...]

    @property
    def runs_it(self) -> bool:
        """Whether the reader may run the engagement, and so see here whom it invites and who asks what."""
        return Permission.RUN in self.granted

    @property
    def has_more_responses(self) -> bool:
        return self.monitoring.counts.all > len(self.responses)

    @property
    def all_responses(self) -> str:
        """By what became of them, since the list to read has those alone that count."""
        counts = self.monitoring.counts
        others = ((plural(counts.draft, "draft"), counts.draft), (f"{counts.withdrawn} withdrawn", counts.withdrawn))
        return ", ".join([f"{counts.submitted} submitted", *(words for words, count in others if count)])

    def invitations_address(self, number: int) -> str:
        return url_for(
            "engagements.manage", engagement_id=self.engagement.id, invitations=number, _anchor="invitations"
        )


def monitoring_page(
    engagement: Engagement, monitoring: Monitoring, now: datetime, *, granted: frozenset[Permission]
) -> MonitoringPage:
    state = engagement.state(now)
    return MonitoringPage(
        engagement=engagement,
        monitoring=monitoring,
        state=STATE_TAGS[state],
        when=when(engagement, now),
        is_published=state is not EngagementState.DRAFT,
        invites=state.awaits_closing,
        is_sealed=engagement.waits_for_opening,
        opening=_opening(engagement),
        disposed=_disposed(engagement),
        granted=granted,
        work=work(engagement, state, granted),
        draft=_draft(engagement, now) if state is EngagementState.DRAFT else (),
        responses=tuple(
            response_row(engagement, line, readable=Permission.READ_RESPONSES in granted) for line in monitoring.latest
        ),
        invitations=tuple(_invitation(engagement, *invited) for invited in monitoring.invitations.items),
        runs=tuple(_run(run) for run in monitoring.runs),
        moves=tuple(move_line(move) for move in monitoring.moves),
    )


def _draft(engagement: Engagement, now: datetime) -> tuple[Fact, ...]:
    lots = [f"{entry.lot.code}: {entry.lot.title}" for entry in engagement.engagement_lots]
    at_once = engagement.opens_with_publication(now)
    return (
        Fact("Reference", engagement.reference),
        Fact("What it is about", lines(engagement.summary.splitlines())),
        Fact("How it works", lines(engagement.process.splitlines())),
        Fact("Email address for questions", engagement.contact_email),
        Fact("Lots", lines(lots) or "None: the questionnaire asks about none"),
        Fact("It opens", "As soon as it is published" if at_once else moment(engagement.opens_at)),
        Fact("Questions can be asked until", moment(engagement.questions_until)),
        Fact("It closes", moment(engagement.closes_at)),
        Fact("Responses", "Sealed until a lead officer opens them" if engagement.sealed else "Read as they come"),
    )


def _opening(engagement: Engagement) -> str:
    if engagement.opened_at is None:
        return ""
    present = in_a_sentence(engagement.opening_witnesses or "")
    return f"The sealed responses were opened at {moment(engagement.opened_at)}. Present: {present}"


def _disposed(engagement: Engagement) -> str:
    if engagement.disposed_at is None:
        return ""
    return f"The responses were destroyed at {moment(engagement.disposed_at)}, with all that was made from them."


def _run(run: RunLine) -> Row:
    return (
        link(f"Run {run.number}", url_for("analysis.show", run_id=run.run_id)),
        tag("Stopped", "grey") if run.was_stopped else RUN_STATES[run.state],
        percent(run.progress),
        moment(run.requested_at),
        run.requester,
    )


def response_row(engagement: Engagement, line: ResponseLine, *, readable: bool) -> Row:
    """`readable` says whether the reader may read what has been submitted."""
    name: Cell = line.organisation
    if readable and line.is_submitted:
        address = url_for("submitted.read", engagement_id=engagement.id, response_id=line.response_id)
        name = link(line.organisation, address)
    kind = line.kind or (line.answered_kind if readable else None)
    size = line.size or (line.answered_size if readable else None)
    return (
        labelled(name, synthetic=line.synthetic),
        KINDS[kind] if kind else NOT_KNOWN,
        SIZES[size] if size else NOT_KNOWN,
        lines((BECAME[line.became], line.reason)) if readable and line.reason else BECAME[line.became],
        f"{short_day(line.since)}, {clock(line.since)}",
        line.lots or (_NO_LOT[bool(engagement.engagement_lots)] if line.is_submitted else ""),
    )


def _invitation(
    engagement: Engagement, invitation: Invitation, used_at: datetime | None, declined: Sequence[str] | None
) -> InvitationLine:
    """By what the officer wrote, never by the name of the person it belongs to, which the officer may not know."""
    name = labelled(invitation.organisation.name, synthetic=invitation.organisation.synthetic)
    return InvitationLine(
        email=invitation.email.lower(),
        name=invitation.name or "",
        organisation=name,
        declined=lines((tag("Will not respond", "orange"), in_one_line(declined))) if declined else "",
        sent=moment(invitation.sent_at) if invitation.sent_at else "Not sent yet",
        used=moment(used_at) if used_at else "Not yet",
        mail=_mail(invitation),
        again=url_for("engagements.send_again", engagement_id=engagement.id, invitation_id=invitation.id),
    )


def _mail(invitation: Invitation) -> Cell:
    message = invitation.message
    if message is None:
        return NOT_KNOWN
    if message.refused_for:
        # Without its words, for everybody: they may name an address that the officer did not write, and that they are
        # missing would tell that there is one.
        return tag("Refused", "red")
    return tag("Delivered", "green") if message.sent_at else tag("Queued", "grey")
