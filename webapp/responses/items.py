"""One thing to answer, what is typed for it, and the value that is read from that."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from webapp.language import _
from webapp.models import Lot, Question, QuestionKind

Typed = str | list[str] | list[list[str]]
"""As the form sends it: one text; the values of ticked boxes or the parts of a date; or rows of such parts."""
Value = str | bool | int | float | list[Any] | dict[str, Any]
"""As a submission keeps it, in JSON: money in pounds, a date in ISO form, choices and lots by their values and ids."""
AnswerKey = tuple[uuid.UUID, uuid.UUID | None]
"""The ids of a question and of the lot that it is answered about, if of one."""


@dataclass(frozen=True)
class Item:
    """A question, about one lot where it is asked per lot."""

    question: Question
    lot: Lot | None = None
    among: tuple[Lot, ...] = field(default=(), compare=False)
    """The lots to choose from, where the answer is made of lots."""

    @cached_property
    def name(self) -> str:
        """Of its control in a form."""
        return f"{self.question.key}-{self.lot.id}" if self.lot else self.question.key

    @property
    def key(self) -> AnswerKey:
        return self.question.id, self.lot.id if self.lot else None

    @property
    def takes_files(self) -> bool:
        return self.question.kind is QuestionKind.FILE_UPLOAD


Say = Callable[[str], str]
"""Makes a whole sentence about what it is given, in the language spoken: "“How many?” must be a number"."""


class AnswerError(ValueError):
    """Why an answer cannot be used. `part` names the control to correct, where an answer has several.

    `also` are the other faults of an answer that has more than one.
    """

    also: tuple[AnswerError, ...] = ()

    def __init__(self, about: Say, part: str = "") -> None:
        super().__init__(about("the answer"))
        self.about = about
        self.part = part

    def within(self, place: Say, part: str) -> AnswerError:
        """The same about a part of the answer: `place` names the part, given the name of the whole."""
        return AnswerError(lambda subject: self.about(place(subject)), part)


def refuse(faults: list[AnswerError]) -> None:
    """Raise what is wrong with an answer, all of it at once, if anything is."""
    if faults:
        first, *others = faults
        first.also = tuple(others)
        raise first


def unanswered(subject: str) -> str:
    return _("%(subject)s must be answered", subject=subject)


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
