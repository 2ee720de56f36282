"""What the pages about a person's own account ask for."""

from __future__ import annotations

from webapp.language import Later
from webapp.web.fields import EmailField, PasswordField, TextField
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered, EmailAddress, OneAlphabet


class NameForm(BaseForm):
    name = TextField(Later("Your name"), [Answered(Later("Enter your name"))], render_kw={"autocomplete": "name"})


class EmailForm(OnceForm):
    email = EmailField(
        Later("New email address"),
        [Answered(Later("Enter your new email address")), EmailAddress(), OneAlphabet()],
        description=Later("Your own address at work. We send a link to it."),
        render_kw={"autocomplete": "email"},
    )


class PasswordForm(BaseForm):
    password = PasswordField(
        Later("New password"),
        [Answered(Later("Enter a new password"))],
        subject=Later("Password"),
        description=Later("At least 12 characters. Three or four words that do not belong together are good."),
        render_kw={"autocomplete": "new-password"},
    )
