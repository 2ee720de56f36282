"""The dates of an engagement as a calendar file."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from webapp.exports.ics import Moment
from webapp.exports.ics import calendar as write
from webapp.language import _
from webapp.models import Engagement


def calendar_of(engagement: Engagement, moves: int, *, address: str, now: datetime) -> bytes:
    """`moves` counts how often the dates were moved; calendar programs take a higher number for the newer."""
    named = {"title": engagement.title}
    said = {
        "opens": (engagement.opens_at, _("Opens: %(title)s", **named)),
        "questions": (engagement.questions_until, _("Last moment for questions: %(title)s", **named)),
        "closes": (engagement.closes_at, _("Closes: %(title)s", **named)),
    }
    description = f"{engagement.programme.buyer.name}: {engagement.title} ({engagement.reference})"
    moments = (
        Moment(
            uid=f"{engagement.id}-{name}@{urlsplit(address).hostname}",
            at=at,
            title=title,
            description=description,
            address=address,
            revision=moves,
        )
        for name, (at, title) in said.items()
    )
    return write(moments, name=engagement.title, written_at=now)
