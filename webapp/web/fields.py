"""Form fields in GOV.UK Frontend's markup: what people type, kept, read and checked."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import wtforms
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import BaseForm as WTForm
from wtforms.validators import StopValidation

from webapp.language import _, ngettext
from webapp.web import widgets
from webapp.web.format import file_size, number
from webapp.web.numbers import NumberError, parse_money, parse_number
from webapp.web.text import REPLACEMENT, count_words, hides, is_storable, length, revealed, show

MAX_LINE = 200
MAX_TEXT = 20_000
MAX_MONEY = Decimal("999999999999.99")
MAX_INTEGER = 2_147_483_647


def choice(value: str, label: str, hint: str = "") -> SelectChoice:
    """An option of a RadioField, CheckboxesField or SelectField."""
    return SelectChoice(value, label, {"hint": hint} if hint else {})


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent. Its name is a stranger's text, and says nothing of what it holds."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def __str__(self) -> str:
        return f"{self.name} {self.sha256}"


class GovField(wtforms.Field):
    """What every field here shares: its name in messages, what was typed, and refusal of unstorable text."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, subject: str = "", **kwargs: Any) -> None:
        super().__init__(label, list(validators), **kwargs)
        self._subject = subject or label

    @property
    def subject(self) -> str:
        """How messages name the answer: "<subject> must be a number"."""
        return str(self._subject).rstrip("?")

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        if any(isinstance(raw, str) and not is_storable(raw) for raw in self.raw_data or ()):
            self.process_errors = [
                _(
                    "%(subject)s contains a character that cannot be kept. Remove it where \ufffd is shown",
                    subject=self.subject,
                )
            ]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """An answer that could not be read gets that one message and no other."""
        if self.process_errors:
            self.errors = list(self.process_errors)
            return False
        return super().validate(form, extra_validators)

    @property
    def typed(self) -> str:
        """What to put back into the control: what the person typed, else the stored value."""
        return show(str(self.raw_data[0])) if self.raw_data else self.stored()

    def stored(self) -> str:
        return "" if self.data is None else str(self.data)

    @property
    def control_id(self) -> str:
        """Where a link in the error summary puts the focus."""
        return self.id

    @property
    def error(self) -> str:
        """The one message shown at the control, or nothing."""
        return self.errors[0] if self.errors else ""


class TextField(GovField):
    """One line of text, without the spaces around it; None only when it was not sent at all."""

    widget = widgets.text_input
    one_line = True
    """No browser sends a name of several lines, which could pass for paragraphs of ours in an email; and a name with
    hidden characters looks the same as another."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, max_length: int = MAX_LINE, **kwargs: Any):
        super().__init__(label, validators, **kwargs)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = self.read(valuelist[0])

    def read(self, raw: str) -> str:
        return raw.strip()

    def pre_validate(self, form: WTForm) -> None:
        if self.one_line and self.data and len(self.data.splitlines()) > 1:
            raise StopValidation(_("%(subject)s must be on one line", subject=self.subject))
        if self.one_line and self.data and hides(self.data):
            raise StopValidation(
                _(
                    "%(subject)s contains a character that cannot be seen, shown as %(mark)s. Remove it",
                    subject=self.subject,
                    mark=REPLACEMENT,
                )
            )
        if self.data and length(self.data) > self.max_length:
            raise StopValidation(
                ngettext(
                    "%(subject)s must be %(num)s character or fewer",
                    "%(subject)s must be %(num)s characters or fewer",
                    self.max_length,
                    num=number(self.max_length),
                    subject=self.subject,
                )
            )

    @property
    def typed(self) -> str:
        return revealed(super().typed) if self.one_line else super().typed


class TextAreaField(TextField):
    """Several lines, kept character for character, with the outer spaces too."""

    widget = widgets.textarea
    one_line = False

    def __init__(self, label: str, validators: Sequence[Any] = (), *, max_length: int = MAX_TEXT, **kwargs: Any):
        super().__init__(label, validators, max_length=max_length, **kwargs)

    def read(self, raw: str) -> str:
        return raw


class CharacterCountField(TextAreaField):
    """A text area that counts down while one types: in words when `max_words` is given, else in characters."""

    widget = widgets.character_count

    def __init__(self, label: str, validators: Sequence[Any] = (), *, max_words: int | None = None, **kwargs: Any):
        super().__init__(label, validators, **kwargs)
        self.max_words = max_words

    def pre_validate(self, form: WTForm) -> None:
        super().pre_validate(form)
        if self.max_words is not None and self.data and count_words(self.data) > self.max_words:
            raise StopValidation(
                ngettext(
                    "%(subject)s must be %(num)s word or fewer",
                    "%(subject)s must be %(num)s words or fewer",
                    self.max_words,
                    num=number(self.max_words),
                    subject=self.subject,
                )
            )


class EmailField(TextField):
    """Pair it with validators.EmailAddress()."""

    widget = widgets.email_input

    def __init__(self, label: str, validators: Sequence[Any] = (), *, max_length: int = 254, **kwargs: Any):
        super().__init__(label, validators, max_length=max_length, **kwargs)


class PasswordField(TextField):
    """Kept exactly, shown never."""

    widget = widgets.password_input
    one_line = False

    def read(self, raw: str) -> str:
        return raw

    @property
    def typed(self) -> str:
        return ""


class HiddenField(TextField):
    """A value the page carries and nobody types, such as a version or a nonce."""

    widget = staticmethod(widgets.hidden_input)  # type: ignore[assignment]  # it has no look
    one_line = False


class NumberField(GovField):
    """A number as people write it: "1,200", "£1,200.50"; `data` is a Decimal, or None when blank."""

    widget = widgets.number_input

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        places: int = 2,
        minimum: Decimal | int | None = 0,
        maximum: Decimal | int = MAX_MONEY,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.places = places
        self.minimum = None if minimum is None else Decimal(minimum)
        self.maximum = Decimal(maximum)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = self.read(valuelist[0])
            except NumberError as problem:
                raise ValueError(problem.about(self.subject)) from problem

    def read(self, raw: str) -> Decimal | int:
        return parse_number(raw, places=self.places, minimum=self.minimum, maximum=self.maximum)

    def stored(self) -> str:
        return "" if self.data is None else f"{self.data:,}"


class IntegerField(NumberField):
    """A whole number; `data` is an int, or None when blank. The default bounds fit a PostgreSQL integer."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, maximum: int = MAX_INTEGER, **kwargs: Any):
        super().__init__(label, validators, places=0, maximum=maximum, **kwargs)

    def read(self, raw: str) -> int:
        return int(super().read(raw))


class MoneyField(NumberField):
    """Pounds, with pence when there are any: "£1,200.50", "1.2 million", "£850k"."""

    widget = widgets.money_input

    def read(self, raw: str) -> Decimal:
        return parse_money(raw, minimum=self.minimum, maximum=self.maximum)


class ChoiceField(GovField, wtforms.SelectField):
    """What radios and selects share: one known value, or None when nothing is chosen."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, choices: Iterable[Any] = (), **kwargs: Any):
        super().__init__(label, validators, choices=list(choices), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] != "" else None

    def pre_validate(self, form: WTForm) -> None:
        if self.data is not None and self.data not in _values(self):
            raise StopValidation(_("%(subject)s: choose one of the options shown", subject=self.subject))


class RadioField(ChoiceField):
    widget = widgets.radios


class SelectField(ChoiceField):
    """Give a first choice with the value "" for "nothing chosen yet"."""

    widget = widgets.select


class CheckboxesField(GovField, wtforms.SelectMultipleField):
    """Any number of known values, as a list in the order they were sent."""

    widget = widgets.checkboxes

    def __init__(self, label: str, validators: Sequence[Any] = (), *, choices: Iterable[Any] = (), **kwargs: Any):
        super().__init__(label, validators, choices=list(choices), **kwargs)

    def pre_validate(self, form: WTForm) -> None:
        if not _values(self).issuperset(self.data or ()):
            raise StopValidation(_("%(subject)s: choose from the options shown", subject=self.subject))


class CheckboxField(GovField, wtforms.BooleanField):
    """One box on its own, such as a declaration; True when ticked."""

    widget = widgets.checkbox


class FileField(GovField):
    """A file, read whole; `data` is None when none was chosen. Its form needs enctype="multipart/form-data"."""

    widget = widgets.file_input

    def __init__(self, label: str, validators: Sequence[Any] = (), *, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.max_bytes = max_bytes

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = next((value for value in valuelist if isinstance(value, FileStorage) and value.filename), None)
        self.data = None if sent is None else SentFile(sent.filename or "", sent.stream.read(self.max_bytes + 1))

    def pre_validate(self, form: WTForm) -> None:
        if self.data is not None and not self.data.content:
            raise StopValidation(_("%(subject)s is empty", subject=self.subject))
        if self.data is not None and len(self.data.content) > self.max_bytes:
            size = file_size(self.max_bytes)
            raise StopValidation(_("%(subject)s must be %(size)s or smaller", subject=self.subject, size=size))

    @property
    def typed(self) -> str:
        """A browser lets nobody put a file back into the control."""
        return ""


def _values(field: wtforms.SelectField) -> set[str]:
    return {str(value) for value, *_ in field.iter_choices()}
