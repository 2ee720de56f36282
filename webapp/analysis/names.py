"""The names behind the ids in a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def ids_in(result: object) -> set[str]:
    """Every id that a result carries, in its fields and within its sentences."""
    return set(_ID.findall(repr(result)))


@dataclass(frozen=True, slots=True)
class LotName:
    code: str
    title: str

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class Names:
    """Lots and organisations by the ids that results carry."""

    lots: Mapping[str, LotName]
    organisations: Mapping[str, str]

    def lot(self, lot_id: str) -> str:
        return str(self.lots[lot_id])

    def organisation(self, provider_id: str) -> str:
        return self.organisations[provider_id]

    def in_words(self, sentence: str) -> str:
        """A sentence of a result with names where it has ids."""
        return _ID.sub(lambda found: self._name(found.group()), sentence)

    def _name(self, identifier: str) -> str:
        if identifier in self.lots:
            return self.lot(identifier)
        return self.organisations.get(identifier, identifier)
