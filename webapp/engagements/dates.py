"""The dates of an engagement as a calendar file."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from webapp.exports.ics import Moment
from webapp.exports.ics import calendar as write
from webapp.models import Engagement


def calendar_of(engagement: Engagement, extensions: int, *, address: str, now: datetime) -> bytes:
    """`extensions` counts how often the dates were moved; calendar programs take a higher number for the newer."""
    said = {
        "opens": (engagement.opens_at, "Opens"),
        "questions": (engagement.questions_until, "Last moment for questions"),
        "closes": (engagement.closes_at, "Closes"),
    }
    description = f"{engagement.programme.buyer.name}: {engagement.title} ({engagement.reference})"
    moments = (
        Moment(
            uid=f"{engagement.id}-{name}@{urlsplit(address).hostname}",
            at=at,
            title=f"{what}: {engagement.title}",
            description=description,
            address=address,
            revision=extensions,
        )
        for name, (at, what) in said.items()
    )
    return write(moments, name=engagement.title, written_at=now)
