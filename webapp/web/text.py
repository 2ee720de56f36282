"""What text we can keep exactly as typed, and how we show text that we cannot."""

import re

# NUL cannot be stored by PostgreSQL, lone surrogates have no UTF-8 form, and the other control characters and
# non-characters have no place in a page or in the XML of an export.
_LAST_OF_EACH_PLANE = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_UNSTORABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_EACH_PLANE}]")

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_storable(text: str) -> bool:
    """Whether every character survives the database, a page and an export unchanged."""
    return _UNSTORABLE.search(text) is None


def show(text: str) -> str:
    """The text with each character that has no place in a page shown as U+FFFD."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


def length(text: str) -> int:
    """Characters as a person counts them: a line break is one, however it was sent."""
    return len(text.replace("\r\n", "\n"))


def count_words(text: str) -> int:
    return len(text.split())
