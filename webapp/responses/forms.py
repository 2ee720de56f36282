"""The forms of the provider's journey. A section's controls are made from its questions, and keep what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from webapp.models import Lot, QuestionKind
from webapp.responses import questions
from webapp.responses.drafts import Item, Problem
from webapp.responses.questions import DATE_PARTS, Typed
from webapp.web.fields import CheckboxField, HiddenField
from webapp.web.forms import BaseForm, ErrorLink
from webapp.web.text import is_storable, show
from webapp.web.validators import Answered
from webapp.web.widgets import Look

DECLARATION = (
    "I am authorised to answer for my organisation, and the answers are correct as far as I know. "
    "I understand that they are not a bid and bind nobody"
)


class SectionForm(BaseForm):
    """What a section's page carries beside its controls."""

    revision = HiddenField("Revision")
    lots = HiddenField("Lots", max_length=20_000)
    """The ids of the lots that the page asked about: what it says nothing of is left as it was."""

    @property
    def from_revision(self) -> int:
        typed = self.revision.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def asked_lots(self, lots: Sequence[Lot]) -> list[Lot]:
        asked = set((self.lots.data or "").split())
        return [lot for lot in lots if str(lot.id) in asked]


class CheckForm(BaseForm):
    nonce = HiddenField("Nonce")
    seen = HiddenField("Seen")
    declared = CheckboxField(DECLARATION, [Answered("Confirm the declaration to submit")])
    leave_out = CheckboxField("Submit without the lots that have a problem")

    @property
    def nonce_value(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.nonce.data or "")
        except ValueError:
            return None


class ConfirmForm(BaseForm):
    """A button, guarded against forgery."""


def read_typed(form: MultiDict[str, str], items: Iterable[Item]) -> dict[Item, Typed]:
    """What was sent for each item, exactly; only line breaks, which browsers send as two characters, become one."""
    return {item: _read_one(form, item) for item in items}


def _read_one(form: MultiDict[str, str], item: Item) -> Typed:
    kind = item.question.kind
    if kind is QuestionKind.DATE:
        parts = [_text(form, f"{item.name}-{part}") for part in DATE_PARTS]
        return parts if any(parts) else []
    if kind is QuestionKind.SOME_OF:
        return [value for value in form.getlist(item.name) if value]
    return _text(form, item.name)


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")


def as_sent(typed: Mapping[Item, Typed]) -> list[tuple[str, str]]:
    """The names and values that a form would send for this."""
    pairs = []
    for item, text in typed.items():
        if isinstance(text, str):
            pairs.append((item.name, text))
        elif item.question.kind is QuestionKind.DATE:
            pairs += [(f"{item.name}-{part}", value) for part, value in zip(DATE_PARTS, text, strict=False)]
        else:
            pairs += [(item.name, value) for value in text]
    return [(name, value) for name, value in pairs if value]


def unkeepable(typed: dict[Item, Typed]) -> list[Problem]:
    """What cannot be saved at all: characters that no database or export can hold, and far too much text."""
    problems = []
    for item, text in typed.items():
        if not all(is_storable(part) for part in ([text] if isinstance(text, str) else text)):
            reason = "contains a character that cannot be kept, shown as \N{REPLACEMENT CHARACTER}. Remove it"
            problems.append(Problem(item, reason))
        elif questions.too_long(item.question, text):
            problems.append(Problem(item, f"must be {questions.MOST_TEXT:,} characters or fewer"))
    return problems


@dataclass(frozen=True)
class Label:
    text: str


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    selected: bool
    render_kw: dict[str, str]


@dataclass(frozen=True)
class Control:
    """One item as the field components draw it: they ask for the same names of a WTForms field."""

    item: Item
    given: Typed | None
    error: str = ""
    labelled_by_lot: bool = False

    @property
    def id(self) -> str:
        return self.item.name

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def kind(self) -> str:
        return self.item.question.kind.value

    @property
    def label(self) -> Label:
        lot = self.item.lot
        return Label(lot.title if lot and self.labelled_by_lot else self.item.question.wording)

    @property
    def description(self) -> str:
        return "" if self.labelled_by_lot else self.item.question.hint or ""

    @property
    def typed(self) -> str:
        return show(self.given) if isinstance(self.given, str) else ""

    @property
    def max_words(self) -> int | None:
        return self.item.question.most_words

    @property
    def max_length(self) -> int:
        return questions.MOST_TEXT

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Of a date: each part's name, what stands in it, and whether it is wrong."""
        given = self.given if isinstance(self.given, list) and len(self.given) == len(DATE_PARTS) else [""] * 3
        return [(part, show(text), bool(self.error)) for part, text in zip(DATE_PARTS, given, strict=True)]

    def iter_choices(self) -> list[Choice]:
        ticked = [self.given] if isinstance(self.given, str) else self.given or []
        return [Choice(value, label, value in ticked, {}) for value, label in questions.options_of(self.item.question)]

    @property
    def look(self) -> Look:
        return (_LOOKS_BY_LOT if self.labelled_by_lot else _LOOKS)[self.item.question.kind]

    @property
    def control_id(self) -> str:
        """Where a link to this control leads."""
        return f"{self.id}-{DATE_PARTS[0]}" if self.item.question.kind is QuestionKind.DATE else self.id

    @property
    def error_link(self) -> ErrorLink:
        return ErrorLink(self.error, f"#{self.control_id}")


_LOOKS_BY_LOT = {
    QuestionKind.TEXT: Look(),
    QuestionKind.LONG_TEXT: Look(rows=6),
    QuestionKind.ONE_OF: Look(),
    QuestionKind.SOME_OF: Look(),
    QuestionKind.YES_NO: Look(inline=True),
    QuestionKind.WHOLE_NUMBER: Look(inputmode="numeric", width="5", spellcheck=False),
    QuestionKind.NUMBER: Look(inputmode="decimal", width="5", spellcheck=False),
    QuestionKind.MONEY: Look(inputmode="decimal", width="10", prefix="£", spellcheck=False),
    QuestionKind.DATE: Look(),
}
_LOOKS = {kind: replace(look, size="s") for kind, look in _LOOKS_BY_LOT.items()}
