"""What has become of an entry."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from webapp.models import Reception


@dataclass(frozen=True, slots=True)
class Recorded:
    reception: Reception
    submission_id: uuid.UUID
    response_id: uuid.UUID
    reference: str
    is_late: bool
