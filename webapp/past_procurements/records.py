"""What a file says of past procurements, in the same words whatever the file's format."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from webapp.imports.checked import Fault
from webapp.models import RecordFormat

MOST_BIDS = 10_000
"""For one lot; a larger number is a slip."""
MOST_LOTS = 20_000
"""In one file; forecasts read the newest 5,000 of a programme."""
MOST_BIDDERS = 50_000
"""In one file, counted for each lot."""
STERLING = "GBP"


@dataclass(frozen=True, slots=True)
class Bidder:
    """A firm as it was published; `identifier` is empty where none was."""

    name: str
    identifier: str
    won: bool


@dataclass(frozen=True, slots=True)
class Lot:
    """Texts that are not known are empty, numbers and days None. The fields are those of models.PastLot."""

    reference: str
    title: str
    category: str
    region: str
    closed_on: date | None
    awarded_on: date | None
    value: Decimal | None
    awarded_value: Decimal | None
    currency: str
    starts_on: date | None
    duration_days: int | None
    bids: int | None
    credible_bids: int | None
    requests: int | None
    interested: int | None
    bidders: tuple[Bidder, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One line or release that tells of a procurement."""

    place: str
    published_at: datetime | None
    release: dict[str, Any] | None
    import_id: uuid.UUID | None
    """The file that it came with; None for the one that is being read."""


@dataclass(frozen=True, slots=True)
class Procurement:
    """The fields are those of models.PastProcurement."""

    origin: RecordFormat
    reference: str
    buyer_name: str
    title: str
    category: str
    region: str
    procedure: str
    published_on: date | None
    closed_on: date | None
    awarded_on: date | None
    value: Decimal | None
    currency: str
    lots: tuple[Lot, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file says, or all that is wrong with it."""

    procurements: Sequence[Procurement]
    faults: Sequence[Fault]
    """With any of these nothing is taken."""
    more_faults: bool
    """Whether there are more than are listed."""
    notes: Sequence[Fault]
    """What is left out, though the rest can be taken."""
    doubtful_words: Sequence[str] = ()
    """Some to look at, of a file that does not say how its letters are written."""
