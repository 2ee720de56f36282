"""How long is waited between the agreement and the destruction."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from webapp.web.format import LONDON

WAIT = timedelta(days=28)
"""For providers to download their copies, and the team to take it back."""


def end_of_wait(since: datetime) -> datetime:
    """The midnight of London that ends the last day of the wait, since pages and e-mails name that day."""
    following = since.astimezone(LONDON).date() + WAIT + timedelta(days=1)
    return datetime.combine(following, time.min, LONDON)
