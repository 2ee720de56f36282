"""The names behind the ids in a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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

    def organisation(self, provider_id: str) -> str:
        return self.organisations[provider_id]

    def in_words(self, sentence: str) -> str:
        """A sentence of a result with names where it has ids."""
        return _ID.sub(lambda found: self._name(found.group()), sentence)

    def _name(self, identifier: str) -> str:
        if identifier in self.lots:
            return self.lot(identifier)
        return self.organisations.get(identifier, identifier)
