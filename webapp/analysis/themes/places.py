"""Where a statement stands: in a theme or on a pile."""

from __future__ import annotations

import uuid

from webapp.models import Pile
from webapp.web.text import uuid_of


def place_of(text: str | None) -> uuid.UUID | Pile | None:
    """A theme's id or a pile's name."""
    if text in set(Pile):
        return Pile(text)
    return uuid_of(text)
