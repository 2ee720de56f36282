"""A translation that nobody needs: every text in Greek letters, so that a Latin one on a page was never translated.

Greek writes dates, money and clocks its own way and without a Latin letter, so these show their locale too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from webapp import language

CODE = "el"
TEMPLATE = language.FOLDER / "messages.pot"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
GREEK = "αβχδεφγηιψκλμνοπθρστυωωξυζΑΒΧΔΕΦΓΗΙΨΚΛΜΝΟΠΘΡΣΤΥΩΩΞΥΖ"
_LETTERS = str.maketrans(LATIN, GREEK)
# Values, markup and character references stay as they are, as in any translation.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%(?:\{\w+\})?|<[^>]*>|&[#\w]+;)")

# What a page says outside its texts. Of attributes data-* all are texts but those that tell a script what to do.
_SPOKEN = ("aria-label", "aria-description", "title", "alt", "placeholder")
_FOR_SCRIPTS = re.compile(
    r"data-(module|maxlength|maxwords|threshold|disable-auto-focus|prevent-double-click|passkey|[a-z-]+-(url|options|status))"
)
_BUTTONS = ("submit", "button", "reset")
# Not words of any language: addresses, codes with a digit such as a reference, our name, and places for a value.
_NO_WORD = re.compile(r"https?://\S+|[^\s@]+@[^\s@]+|(?<!\w)(?=[A-Z-]*\d)[A-Z\d-]+(?!\w)|\bSoundings\b|%\{\w+\}")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['\u2019][A-Za-z]+)?")


def in_greek_letters(text: str) -> str:
    """`text` as its pseudo-translation writes it, half as long again as many real ones are."""
    pieces = _KEPT.split(text)
    written = "".join(piece if place % 2 else piece.translate(_LETTERS) for place, piece in enumerate(pieces))
    return f"{written} {'·' * (len(text) // 3)}" if text.strip() else text


def write_translation(folder: Path) -> None:
    """Into `folder`, as the service looks for it."""
    path = folder / CODE / "messages.po"
    path.parent.mkdir(parents=True)
    with TEMPLATE.open("rb") as source:
        template = read_po(source)
    translation = Catalog(locale=CODE)
    for message in template:
        if message.id:
            forms = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
            said = tuple(in_greek_letters(form) for form in forms)
            translation.add(message.id, said if len(said) > 1 else said[0], flags=message.flags)
    with path.open("wb") as target:
        write_po(target, translation)


@contextmanager
def pseudo_locale(folder: Path) -> Iterator[None]:
    """Have the service know the translation in `folder`, and no other, for as long as the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "FOLDER", folder)
        yield


def untranslated(html: str) -> list[str]:
    """The words in Latin letters that a page says, shows or keeps for its scripts, in their order.

    An element may say of itself that it is not to be translated or is in a language of its own, as HTML has it.
    Whatever a test has people type or own is in Greek letters too, so that nothing else needs an exception.
    """
    page = html5lib.parse(html, namespaceHTMLElements=False)
    if page.get("lang") != CODE:
        raise ValueError(f"the page is in another language: {page.get('lang')}")
    return [word for text in _texts(page) for word in latin_words(text)]


def latin_words(text: str) -> list[str]:
    """The words of a text, such as an e-mail's, that no catalogue gave it."""
    return _WORD.findall(_NO_WORD.sub(" ", text))


def _texts(element: Any) -> Iterator[str]:
    """Those of the element and what is in it; a comment has a function for its tag."""
    if not isinstance(element.tag, str) or element.tag in ("script", "style"):
        return
    if element.get("translate") == "no" or element.get("lang", CODE) != CODE:
        return
    yield from _attributes(element)
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _attributes(element: Any) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name in _SPOKEN or (name.startswith("data-") and not _FOR_SCRIPTS.fullmatch(name)):
            yield value
    if element.tag == "input" and element.get("type") in _BUTTONS:
        yield element.get("value", "")
