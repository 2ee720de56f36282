"""One thing to answer, what is typed for it, and the value that is read from that."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from webapp.models import Lot, Question

Typed = str | list[str] | list[list[str]]
"""As the form sends it: one text; the values of ticked boxes or the parts of a date; or rows of such parts."""
Value = str | bool | int | float | list[Any] | dict[str, Any]
"""As a submission keeps it, in JSON: money in pounds, a date in ISO form, choices and lots by their values and ids."""


@dataclass(frozen=True)
class Item:
    """A question, about one lot where it is asked per lot."""

    question: Question
    lot: Lot | None = None
    among: tuple[Lot, ...] = field(default=(), compare=False)
    """The lots to choose from, where the answer is made of lots."""

    @property
    def name(self) -> str:
        """Of its control in a form."""
        return f"{self.question.key}-{self.lot.id}" if self.lot else self.question.key

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.question.id, self.lot.id if self.lot else None


class AnswerError(ValueError):
    """Why an answer cannot be used, in words that follow the question: "must be a number, like 1,200".

    `part` names the control to correct, where an answer has several.
    """

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(reason)
        self.part = part


def texts_of(typed: Typed | None) -> Iterator[str]:
    """Every single text in it."""
    if isinstance(typed, str):
        yield typed
        return
    for part in typed or ():
        yield from [part] if isinstance(part, str) else part


def one_text(typed: Typed) -> str:
    return " ".join(texts_of(typed))


def parts_of(typed: Typed) -> list[str]:
    return list(texts_of(typed))


def rows_of(typed: Typed | None) -> list[list[str]]:
    return [row for row in typed or () if isinstance(row, list)]
