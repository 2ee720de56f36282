"""WTForms widgets that render a field through our component templates.

Options given in `render_kw` or at the call, as in `form.name(width="10")`, are the fields of `Look`;
a misspelt one fails loudly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup
from wtforms import Field
from wtforms.csrf.core import CSRFTokenField

from webapp.web import counter

_HIDDEN = Markup('<input type="hidden" name="%s" value="%s">')


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one control is drawn; what it means is the field's own business."""

    size: str = ""
    """Of the label or legend: s, m, l or xl."""
    page_heading: bool = False
    """Draw the label or legend as the page's h1."""
    hint: str | Markup = ""
    """Instead of the field's description."""
    width: str = ""
    """2, 3, 4, 5, 10, 20 or 30 characters, or one-half, two-thirds and so on."""
    prefix: str = ""
    suffix: str = ""
    type: str = "text"
    inputmode: str = ""
    autocomplete: str = ""
    spellcheck: bool | None = None
    rows: int = 5
    inline: bool = False
    small: bool = False
    conditional: Mapping[str, Field] = field(default_factory=dict)
    """Fields shown beneath the choice with that value when it is chosen."""

    @property
    def width_class(self) -> str:
        if not self.width:
            return ""
        return f"govuk-input--width-{self.width}" if self.width.isdigit() else f"govuk-!-width-{self.width}"


class ComponentWidget:
    """Calls one macro of a component template with the field and its look."""

    def __init__(self, template: str, macro: str, **defaults: object) -> None:
        self.template = f"components/{template}.html"
        self.macro = macro
        self.defaults = defaults

    def __call__(self, field: Field, **options: Any) -> Markup:
        look = Look(**{**self.defaults, **options})
        # The module of a template is built once and kept, so a call costs one macro and no import.
        module = current_app.jinja_env.get_template(self.template).module
        return Markup(getattr(module, self.macro)(field, look))  # noqa: S704 - an autoescaped template


def hidden_input(field: Any) -> Markup:
    """Without a template, since there is at least one in every form, and without an id, since nothing refers to it."""
    return _HIDDEN % (field.name, field.current_token if isinstance(field, CSRFTokenField) else field.typed)


def register_widgets(app: Flask) -> None:
    app.jinja_env.globals["count_texts"] = counter.texts


text_input = ComponentWidget("text_fields", "text_input")
email_input = ComponentWidget("text_fields", "text_input", type="email", autocomplete="email", spellcheck=False)
number_input = ComponentWidget("text_fields", "text_input", inputmode="numeric", width="10", spellcheck=False)
money_input = ComponentWidget(
    "text_fields", "text_input", inputmode="decimal", width="10", prefix="£", spellcheck=False
)
textarea = ComponentWidget("text_fields", "textarea")
character_count = ComponentWidget("text_fields", "character_count")
password_input = ComponentWidget("text_fields", "password_input", autocomplete="current-password")
date_input = ComponentWidget("text_fields", "date_input")
file_input = ComponentWidget("text_fields", "file_input")
radios = ComponentWidget("choice_fields", "radios")
checkboxes = ComponentWidget("choice_fields", "checkboxes")
checkbox = ComponentWidget("choice_fields", "checkbox")
select = ComponentWidget("choice_fields", "select")
