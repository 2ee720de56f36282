"""Taking values out of published JSON, in which anything may stand: each is as it must be, or a fault with its path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from webapp.web.fields import MAX_MONEY
from webapp.web.format import LONDON
from webapp.web.text import show

Report = Callable[[str, object, str], None]
"""Takes the path, what stands there, and why it cannot be taken, as "must be ..."."""
MOST_ENTRIES = 2_000
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object and the path to it."""

    values: dict[str, Any]
    path: str
    report: Report

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def object(self, name: str) -> Node:
        """Empty where there is none."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            self._wrong(name, "must be an object")
        return Node(value if isinstance(value, dict) else {}, self._at(name), self.report)

    def objects(self, name: str) -> list[Node]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self._wrong(name, "must be a list of objects")
            return []
        if len(value) > MOST_ENTRIES:
            self.report(self._at(name), len(value), f"must be a list of {MOST_ENTRIES:,} objects or fewer")
            return []
        return [Node(each, f"{self._at(name)}/{place}", self.report) for place, each in enumerate(value)]

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str | int) for each in value):
            self._wrong(name, "must be a list of texts")
            return []
        return [str(each) for each in value]

    def text(self, name: str, most: int = 200) -> str:
        """On one line; empty where there is none. Version 1.0 of the standard allowed numbers as ids."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self._wrong(name, "must be a text")
            return ""
        written = " ".join(show(str(value)).split())
        if len(written) > most:
            self._wrong(name, f"must be {most:,} characters or fewer")
            return ""
        return written

    def count(self, name: str, most: int) -> int | None:
        value = self._number(name)
        if value is None:
            return None
        if value != int(value) or not 0 <= value <= most:
            self._wrong(name, f"must be a whole number from 0 to {most:,}")
            return None
        return int(value)

    def pounds(self, name: str) -> Decimal | None:
        """To the penny. Publishers write 0 for what is not settled, so that is unknown too."""
        value = self._number(name)
        if value is None or value == 0:
            return None
        if not 0 < value <= MAX_MONEY:
            self._wrong(name, f"must be between 0 and {MAX_MONEY:,}")
            return None
        return Decimal(str(value)).quantize(Decimal("0.01"))

    def day(self, name: str) -> date | None:
        """As the clocks of the United Kingdom have it."""
        found = self.moment(name)
        return None if found is None else found.astimezone(LONDON).date()

    def moment(self, name: str) -> datetime | None:
        """A time without an offset is one of the United Kingdom."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            found = datetime.fromisoformat(value)
            found = found if found.tzinfo else found.replace(tzinfo=LONDON)
            if found.astimezone(UTC).year in _YEARS:
                return found
        except (TypeError, ValueError, OverflowError):
            pass
        self._wrong(name, "must be a date, like 2028-03-31 or 2028-03-31T12:00:00Z")
        return None

    def _number(self, name: str) -> int | float | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(name, "must be a number")
            return None
        return value

    def _wrong(self, name: str, reason: str) -> None:
        self.report(self._at(name), self.values[name], reason)

    def _at(self, name: str) -> str:
        return f"{self.path}/{name}" if self.path else name
