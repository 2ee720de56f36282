"""Times of day as people type them. With its day each means a moment in London."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.web.format import LONDON

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]m)?", re.ASCII | re.IGNORECASE)
_WORDS = {"noon": time(12), "midday": time(12)}


def parse_time(typed: str) -> time | None:
    """A time as people write it: "17:00", "5pm", "5.30 pm" or "noon"; None for anything else.

    Midnight has no place here: nobody is sure to which day it belongs.
    """
    cleaned = typed.strip().lower()
    if cleaned in _WORDS:
        return _WORDS[cleaned]
    match = _TIME.fullmatch(cleaned)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 and (hour, minute) != (0, 0) else None


def is_time(form: Form, field: Field) -> None:
    """For a field that must be answered."""
    if parse_time(field.data) is None:
        raise ValidationError("Enter a time of day, like 17:00, 5pm or noon")


def moment_of(day: date, typed: str) -> datetime:
    """What a day and a time mean that :func:`is_time` has let through."""
    at = parse_time(typed)
    if at is None:
        raise ValueError(f"not a time of day: {typed!r}")
    return datetime.combine(day, at, LONDON)


def day_and_time(moment: datetime) -> dict[str, date | str]:
    """A moment as the data of a form's fields `day` and `time`, the opposite of :func:`moment_of`."""
    local = moment.astimezone(LONDON)
    return {"day": local.date(), "time": f"{local:%H:%M}"}
