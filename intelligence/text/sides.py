"""Support for a thing and objection to it, told apart within a theme by the words of approval, complaint and denial.

A rule of thumb, not a measurement: irony and praise by understatement escape it, and a statement without any such word
takes neither side. It is there so that nobody reads "forty spoke of shorter contracts" as if forty wanted them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from intelligence.text.themes import Side
from intelligence.text.vocabulary import AGAINST, FLIPS, FOR
from intelligence.text.words import words_of

REACH = 3
"""Words after a denial that it turns round: "not at all a good idea"."""


def side_of(text: str) -> Side:
    """The side a statement takes: words for against words against, each turned round by a denial just before it.

    >>> [side_of(text).value for text in ("We welcome longer terms", "Longer terms are not a good idea", "The term")]
    ['support', 'objection', 'neither']
    """
    return side_of_words(words_of(text))


def side_of_words(words: Sequence[str]) -> Side:
    """The side that a statement takes, given its words in lower case."""
    balance, denied = 0, 0
    for before, word in pairwise(["", *words]):
        if word in FLIPS or (before == "too" and word in {"few", "little"}):
            denied = REACH + 1
            balance -= word in {"few", "little"}
        elif word in FOR or word in AGAINST or before == "too":
            approves = word in FOR and before != "too"
            balance += 1 if approves is (denied == 0) else -1
        denied = max(denied - 1, 0)
    return Side.SUPPORT if balance > 0 else Side.OBJECTION if balance < 0 else Side.NEITHER
