"""How every factory adds a row."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Base

numbers = itertools.count(100_001)
"""For names: all of one length, so that they sort as they were made and none begins with another."""


def add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def count_of(session: Session, model: type[Base]) -> int:
    return session.query(model).count()
