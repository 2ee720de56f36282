"""What every kind of question can do, and how the plainest, a single box, does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.responses.items import Item, Typed, Value, one_text, parts_of, rows_of

Form = MultiDict[str, str]


class Kind:
    """A subclass reads and shows; it gathers only if its control is more than one box.

    The names of controls are the item's name and, where there are several, a dash and the name of the part.
    """

    first = ""
    """Of an answer with several controls: the part that a link leads to."""
    most = 0
    """How many rows it can have, where one can add more."""

    def gather(self, form: Form, item: Item) -> Typed:
        return sent_text(form, item.name)

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        """The names and values that a form would send for what was typed: the reverse of `gather`."""
        return [(item.name, one_text(typed))]

    def read(self, item: Item, typed: Typed) -> Value:
        """The value of an answer that is not blank. Raises AnswerError."""
        raise NotImplementedError

    def retyped(self, item: Item, value: Any) -> Typed:
        """What to type to give this value: the reverse of `read`."""
        return str(value)

    def show(self, item: Item, value: Any) -> str:
        """A value as people read it."""
        return str(value)

    def first_part(self, item: Item, row: int = 1) -> str:
        return self.first

    def show_unread(self, item: Item, typed: Typed) -> str:
        """What was typed, where it has no value."""
        return one_text(typed)


class PartsKind(Kind):
    """Several boxes, always the same."""

    parts: tuple[str, ...]

    def gather(self, form: Form, item: Item) -> Typed:
        texts = [sent_text(form, f"{item.name}-{part}") for part in self.parts]
        return texts if any(texts) else []

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        return [(f"{item.name}-{part}", text) for part, text in zip(self.parts, parts_of(typed), strict=False)]


class RowsKind(Kind):
    """Rows of boxes, as many as are filled: `<name>-<row>-<part>`, the rows counted from 1."""

    def parts_of_row(self, item: Item) -> tuple[str, ...]:
        raise NotImplementedError

    def first_part(self, item: Item, row: int = 1) -> str:
        return f"{row}-{self.parts_of_row(item)[0]}"

    def gather(self, form: Form, item: Item) -> Typed:
        parts = self.parts_of_row(item)
        rows = [
            [sent_text(form, f"{item.name}-{number}-{part}") for part in parts] for number in range(1, self.most + 1)
        ]
        return [row for row in rows if any(row)]

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        parts = self.parts_of_row(item)
        return [
            (f"{item.name}-{number}-{part}", text)
            for number, row in enumerate(rows_of(typed), 1)
            for part, text in zip(parts, row, strict=False)
        ]

    def show_unread(self, item: Item, typed: Typed) -> str:
        return "\n".join(" ".join(text for text in row if text) for row in rows_of(typed))


def sent_text(form: Mapping[str, str], name: str) -> str:
    """A text exactly; only line breaks, which browsers send as two characters, become one."""
    return form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
