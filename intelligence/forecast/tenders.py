"""What a forecast from history is made from: lots that were tendered before, and lots that will be.

Only the date and, of a past lot, the number of bidders must be known. Where a source names a month or a year instead
of a day, `dated` is its first day and `until` its last: a past lot then informs only lots that begin after `until`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MOST_BIDS = 40  # forecasts end with the chance of this many bids or more


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """What is known of a lot before its bids: who buys, what, where, for how much, and how many firms are interested.

    Money in any one currency; `package` is shared by lots that belong together.
    """

    id: str
    dated: date
    buyer: str | None = None
    category: str | None = None
    region: str | None = None
    value: float | None = None
    package: str | None = None
    interest: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PastLot:
    """A lot with the number of its bidders and, where known, who they were."""

    lot: PlannedLot
    bidders: int
    firms: tuple[str, ...] = ()
