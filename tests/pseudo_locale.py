"""A translation that nobody needs: every text in Greek letters, so that a Latin one on a page was never translated.

Greek writes dates, money and clocks its own way and without a Latin letter, so these show their locale too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>|&[#\w]+;)")


def in_greek_letters(text: str) -> str:
    """`text` as its pseudo-translation writes it, half as long again as many real ones are."""
    pieces = _KEPT.split(text)
    written = "".join(piece if place % 2 else piece.translate(_LETTERS) for place, piece in enumerate(pieces))
    return f"{written} {'·' * (len(text) // 3)}" if text.strip() else text


@contextmanager
def pseudo_locale(folder: Path) -> Iterator[None]:
    """Put the translation into `folder`, and have the service know it for as long as the block."""
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "FOLDER", folder)
        yield
