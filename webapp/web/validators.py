"""Validators whose messages say what to do. Fields left blank pass all but Answered."""

import re

from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from webapp.language import _
from webapp.web.text import disguised_word

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@(?:[^\s@.\"(),:;<>\[\]\\]{1,63}\.)+[^\s@.\"(),:;<>\[\]\\]{2,63}")


class Answered:
    """Refuses a blank; unlike WTForms' own it takes 0 for an answer and puts no `required` on the control."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        blank = field.data is None or field.data is False or field.data == []
        if blank or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message))


def is_email_address(text: str) -> bool:
    """Whether it has the form of one that mail can be sent to: seen whole, and nothing that headers decode."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None and text.isprintable() and "=?" not in text


class EmailAddress:
    """The form of an address only; whether it works is for a message to show."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and not is_email_address(field.data):
            raise ValidationError(_("Enter an email address in the correct format, like name@example.com"))


class OneAlphabet:
    """Refuses an organisation's name that could pass for another by letters of another alphabet."""

    def __call__(self, form: Form, field: Field) -> None:
        if word := disguised_word(field.data or ""):
            raise ValidationError(
                _(
                    "“%(word)s” has letters of another alphabet, so it could pass for another name. Type it anew",
                    word=word,
                )
            )
