"""Short names made from wordings: the keys of questions and options, the slugs of sections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

MOST = 40
RESERVED = frozenset({"revision", "lots", "skipped", "then", "add", "more", "csrf_token"})
"""Names that a section's page uses for itself beside its questions."""
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "at",
        "be",
        "by",
        "do",
        "does",
        "for",
        "have",
        "how",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "to",
        "what",
        "which",
        "who",
        "you",
        "your",
    ]
)


def new_key(wording: str, taken: Collection[str], joint: str = "_") -> str:
    """A name of the wording's telling words that is not taken.

    >>> new_key("How many beds do you have?", {"many_beds"})
    'many_beds_2'
    >>> new_key("???", set())
    'question'
    """
    plain = unicodedata.normalize("NFKD", wording).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in _SMALL] or words
    stem = ""
    for word in telling:
        longer = f"{stem}{joint}{word}" if stem else word[:MOST]
        if len(longer) > MOST:
            break
        stem = longer
    return free(stem or "question", taken, joint)


def free(stem: str, taken: Collection[str], joint: str = "_") -> str:
    """The name itself, or with the first number that makes it new."""
    name, count = stem, 1
    while name in taken or name in RESERVED:
        count += 1
        name = f"{stem}{joint}{count}"
    return name
