"""The names behind the ids in a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.web.format import plural

MOST_NAMED = 8
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def ids_in(result: object) -> set[str]:
    """Every id that a result carries, in its fields and within its sentences."""
    return set(_ID.findall(repr(result)))


@dataclass(frozen=True, slots=True)
class BidsThatCame:
    """What came of a lot, once somebody has put it on record."""

    closed_on: date
    bids: int
    credible: int


@dataclass(frozen=True, slots=True)
class LotName:
    code: str
    title: str
    came: BidsThatCame | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class Names:
    """Lots and organisations by the ids that results carry."""

    lots: Mapping[str, LotName]
    organisations: Mapping[str, str]

    def lot(self, lot_id: str) -> str:
        return str(self.lots[lot_id])

    def came(self, lot_id: str) -> BidsThatCame | None:
        """What came of a lot by now, whenever the result was made that names it."""
        return self.lots[lot_id].came

    def as_forecast(self) -> str:
        """How figures of all lots count those whose bids are in by now; nothing where there is none."""
        codes = [lot.code for lot in self.lots.values() if lot.came is not None]
        if not codes:
            return ""
        counts = "counts as it was" if len(codes) == 1 else "count as they were"
        which = f": {', '.join(codes)}" if len(codes) <= MOST_NAMED else ""
        return f"{plural(len(codes), 'lot')} whose bids are in {counts} forecast{which}."

    def organisation(self, provider_id: str) -> str:
        return self.organisations[provider_id]

    def in_words(self, sentence: str) -> str:
        """A sentence of a result with names where it has ids."""
        return _ID.sub(lambda found: self._name(found.group()), sentence)

    def _name(self, identifier: str) -> str:
        if identifier in self.lots:
            return self.lot(identifier)
        return self.organisations.get(identifier, identifier)
