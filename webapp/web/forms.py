"""The form that every slice's forms extend."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field
from wtforms.csrf.core import CSRFTokenField

from webapp.web.widgets import hidden_input


@dataclass(frozen=True)
class ErrorLink:
    """A line of the error summary; without `href` it is plain text."""

    text: str
    href: str | None = None


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Flask-WTF's form, with CSRF, that knows its error summary.

    It binds only the fields declared on it; anything else in the request is ignored.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A submission without a single field is still a submission, not a fresh page."""
            wrapped = super().wrap_formdata(form, formdata)
            return request.form if wrapped is None and formdata is not None and form.is_submitted() else wrapped

        def get_translations(self, form: Any) -> None:
            """Our messages are written here, not looked up."""

    def hidden_tag(self) -> Markup:
        """Every field that the page carries and nobody types, so that no page forgets one."""
        return Markup().join(hidden_input(field) for field in self if _is_hidden(field))

    def sent(self) -> dict[str, str]:
        """What was sent for its fields, for an address that asks for the same; `page` and `endpoint` are none."""
        return {field.name: field.raw_data[0] for field in self if field.raw_data}

    def shown_fields(self) -> list[Field]:
        """Every other field, in page order."""
        return [field for field in self if not _is_hidden(field)]

    def error_links(self) -> list[ErrorLink]:
        """One line per field in error, in page order, leading to its first control."""
        links = [_error_link(field) for field in self if field.errors]
        return links + [ErrorLink(text) for text in self.form_errors]

    def add_error(self, field: Field, message: str) -> None:
        """Put a message of a rule or a database constraint on the field it is about."""
        field.errors = [*field.errors, message]


def _error_link(field: Field) -> ErrorLink:
    if _is_hidden(field):
        return ErrorLink(str(field.errors[0]))
    return ErrorLink(str(field.errors[0]), f"#{getattr(field, 'control_id', field.id)}")


def _is_hidden(field: Field) -> bool:
    return field.widget is hidden_input or isinstance(field, CSRFTokenField)
