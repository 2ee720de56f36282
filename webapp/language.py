"""The language that a page or a message speaks, and the catalogue of its texts.

Texts stand in the code in English, each marked for the catalogue: `_` and `ngettext` say a text now, `Later` holds one
that is written down before the language is known, such as the label of a field. Templates use `_`, `ngettext` and
`trans`. Values are named, as in _("Closes at %(when)s", when=...), so that a translator can move them; a per cent sign
of a text itself is doubled. A language is there when its folder is: translations/cy/messages.po is Welsh.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import escape

FOLDER = Path(__file__).parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    """As in the attribute `lang` of a page: en, cy."""
    locale: Locale
    """How it writes dates, numbers and money in the United Kingdom."""
    catalogue: NullTranslations = field(default_factory=NullTranslations, compare=False)

    @property
    def name(self) -> str:
        """What it calls itself: English, Cymraeg."""
        return (self.locale.get_language_name(self.locale) or self.code).capitalize()


ENGLISH = Language("en", Locale("en", "GB"))
_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)


class Later(str):
    """A text that is said in the language of the moment when it is shown, not when it is written down.

    Being a string of its English, it stands wherever a label does; only `str()`, a template and a message say it.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return _(str.__str__(self))

    def __html__(self) -> str:
        return str(escape(str(self)))

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def said(self, **values: object) -> str:
        """In the language of the moment, with its values."""
        return _(str.__str__(self), **values)


def _(message: str, **values: object) -> str:
    """The message in the language spoken, with its values."""
    return without_values(message) % values


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """The form for that number in the language spoken; `%(num)s` is the number unless a value of that name is given."""
    return form_without_values(singular, plural, num) % {"num": num, **values}


def without_values(message: str) -> str:
    """For templates, which put the values in themselves, escaped."""
    return _spoken.get().catalogue.gettext(message)


def form_without_values(singular: str, plural: str, num: int) -> str:
    return _spoken.get().catalogue.ngettext(singular, plural, num)


def spoken() -> Language:
    return _spoken.get()


def speak(language: Language) -> None:
    """From here on, in this thread or task."""
    _spoken.set(language)


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """For as long as the block, speak that language, or English where it is unknown."""
    token = _spoken.set(known(code) or ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def known(code: str | None) -> Language | None:
    return next((language for language in languages() if language.code == code), None)


def languages() -> tuple[Language, ...]:
    """Every language there is, English first."""
    return _read(FOLDER)


@cache
def _read(folder: Path) -> tuple[Language, ...]:
    return ENGLISH, *(_language(path) for path in sorted(folder.glob("*/messages.po")))


def _language(path: Path) -> Language:
    """Compiled as it is read, so that no second file can be out of date."""
    code = path.parent.name
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, _locale(code), Translations(compiled))


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(f"{code}_GB")
    except UnknownLocaleError:
        return Locale.parse(code)
