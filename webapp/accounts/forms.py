"""What the sign-in pages ask for."""

from __future__ import annotations

import re

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.language import Later, _
from webapp.web.fields import EmailField, PasswordField, TextField
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered, EmailAddress

_SIX_DIGITS = re.compile("[0-9]{6}")
_SPACING = re.compile(r"[\s-]+")


class SignInForm(BaseForm):
    email = EmailField(
        Later("Email address"),
        [Answered(Later("Enter your email address")), EmailAddress()],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(Later("Password"), [Answered(Later("Enter your password"))])


class CodeField(TextField):
    """Digits, however the app groups them."""

    def read(self, raw: str) -> str:
        return _SPACING.sub("", raw)


def six_digits(form: Form, field: Field) -> None:
    if not _SIX_DIGITS.fullmatch(field.data):
        raise ValidationError(_("Code must be 6 numbers, like 123 456"))


class CodeForm(BaseForm):
    code = CodeField(
        Later("6-digit code"),
        [Answered(Later("Enter the 6-digit code from your app")), six_digits],
        subject=Later("Code"),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "width": "10", "spellcheck": False},
    )


class AskForLinkForm(BaseForm):
    email = EmailField(Later("Email address"), [Answered(Later("Enter your email address")), EmailAddress()])


class ConfirmForm(BaseForm):
    """A button alone."""
