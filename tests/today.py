"""The day that pages have: London's, which in summer begins an hour before that of UTC."""

from __future__ import annotations

from datetime import date, datetime

from webapp.web.format import LONDON


def today() -> date:
    return datetime.now(LONDON).date()
