"""What GOV.UK Frontend's character count says to somebody who types, in the language spoken."""

from __future__ import annotations

from collections.abc import Callable

from babel import Locale

from webapp.language import ENGLISH, _, ngettext, spoken

_ENOUGH = 200
"""Among the numbers up to here is one of every form that a count of characters takes."""


def texts(*, words: bool) -> dict[str, str]:
    """By the attribute that its script reads. In English it needs none."""
    if spoken() is ENGLISH:
        return {}
    unit, said = ("words", _WORDS) if words else ("characters", _CHARACTERS)
    at_limit, under_limit, over_limit = said
    attributes = {f"data-i18n.{unit}-at-limit": at_limit()}
    for form, number in _example_of_each_form(spoken().locale).items():
        attributes[f"data-i18n.{unit}-under-limit.{form}"] = under_limit(number)
        attributes[f"data-i18n.{unit}-over-limit.{form}"] = over_limit(number)
    return attributes


def _example_of_each_form(locale: Locale) -> dict[str, int]:
    """A number for each of the locale's plural forms by its name, which always has "other"."""
    form_of = locale.plural_form
    return {"other": _ENOUGH} | {form_of(number): number for number in range(_ENOUGH, -1, -1)}


Said = tuple[Callable[[], str], Callable[[int], str], Callable[[int], str]]

_CHARACTERS: Said = (
    lambda: _("You have 0 characters remaining"),
    lambda number: ngettext(
        "You have %%{count} character remaining", "You have %%{count} characters remaining", number
    ),
    lambda number: ngettext("You have %%{count} character too many", "You have %%{count} characters too many", number),
)
_WORDS: Said = (
    lambda: _("You have 0 words remaining"),
    lambda number: ngettext("You have %%{count} word remaining", "You have %%{count} words remaining", number),
    lambda number: ngettext("You have %%{count} word too many", "You have %%{count} words too many", number),
)
