"""When two partners name the same consortium, however each of them spells it."""

from __future__ import annotations

import re
import unicodedata

_ARTICLE = "the "


def consortium_key(name: str) -> str | None:
    """What the spellings of one name share: letters and digits, whatever their case, accents and punctuation.

    None if nothing is left of it.

    >>> consortium_key("The Sands & Acorns Partnership") == consortium_key("sands and  acorns partnership.")
    True
    >>> consortium_key("Sands") == consortium_key("Acorns")
    False
    """
    decomposed = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    unaccented = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = " ".join(re.findall(r"[^\W_]+", unaccented))
    return words.removeprefix(_ARTICLE) or None
