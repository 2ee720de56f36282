"""What a member of the team can do with an engagement as it stands, and where."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup

from webapp.models import Engagement, EngagementState
from webapp.programmes.permissions import Permission
from webapp.web.cells import link


def work(engagement: Engagement, state: EngagementState, granted: frozenset[Permission]) -> tuple[Markup, ...]:
    """Links, in the order in which an engagement is worked on."""
    runs, reads, leads = (each in granted for each in (Permission.RUN, Permission.READ_RESPONSES, Permission.LEAD))
    is_draft, is_open, has_closed = (
        state is each for each in (EngagementState.DRAFT, EngagementState.OPEN, EngagementState.CLOSED)
    )
    is_sealed = engagement.waits_for_opening
    kept = engagement.disposed_at is None
    told = has_closed and not is_sealed and kept
    places = (
        (not is_draft, "See the public page", "engagements.show"),
        (runs and not is_draft and not has_closed, "Invite providers, and see what each was sent", "#invitations"),
        (kept and not is_draft, "Watch its progress", "progress.show"),
        (kept and reads and not is_draft and not is_sealed, "Read, search and compare the responses", "reading.index"),
        (
            kept and runs and reads and (is_open or has_closed),
            "Enter or import responses that came by other means",
            "received.index",
        ),
        (
            kept and runs and not is_draft and engagement.opened_at is None,
            "Move the closing time",
            "engagements.extend",
        ),
        (runs and is_open, "Remind providers", "reminding.remind"),
        (runs and is_open, "Close the engagement early", "engagements.close_early"),
        (leads and has_closed and is_sealed, "Open the sealed responses", "opening.open_responses"),
        (runs and told, "Publish or correct the summary of the engagement", "summaries.write"),
        (told, "Say what was done about each theme: you said, we did", "theme_replies.index"),
        (runs and is_draft, "Change the draft", "drafting.edit"),
        (runs and is_draft, "Draw up the questionnaire", "builder.show"),
        (runs and has_closed, "Read the questionnaire", "builder.show"),
        (runs and not (is_draft or has_closed), "Read the questionnaire, or begin a new version", "builder.show"),
        (runs, "Add or replace documents to download", "documents.index"),
        (runs and is_draft, "Publish the engagement", "drafting.publish"),
        (
            Permission.APPROVE in granted,
            "Sign recommendations, or send them back",
            "recommendations.index",
        ),
        (runs, "Write the notices for the portal", "notices.index"),
        (runs, "Read and complete the record: equal treatment, meetings and decisions", "record.log"),
        (has_closed and kept, "Keep or destroy the responses", "disposal.show"),
        (not kept, "Read the certificate of disposal", "disposal.show"),
        (
            Permission.READ_RECORD in granted and not runs,
            "Read the record: equal treatment, meetings and decisions",
            "record.log",
        ),
    )
    return tuple(link(text, _address(engagement, place)) for can, text, place in places if can)


def _address(engagement: Engagement, place: str) -> str:
    if place.startswith("#"):
        return place
    if place in ("notices.index", "recommendations.index", "record.log"):
        return url_for(place, programme_id=engagement.programme_id)
    return url_for(place, engagement_id=engagement.id)
