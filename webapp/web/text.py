"""What text we can keep exactly as typed, and how we show text that we cannot."""

import re
import uuid

# NUL cannot be stored by PostgreSQL, lone surrogates have no UTF-8 form, and the other control characters and
# non-characters have no place in a page or in the XML of an export.
_OTHER_PLANES = "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
_UNSTORABLE = re.compile(f"[^ -~\t\n\r\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_OTHER_PLANES}]")

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


def shortened(text: str, longest: int) -> str:
    """At most so many characters, the last of them an ellipsis where the text goes on.

    >>> shortened("Parking is poor", 9)
    'Parking…'
    """
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def uuid_of(text: str | None) -> uuid.UUID | None:
    """The id that is written there, if it is one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def count_words(text: str) -> int:
    return len(text.split())
