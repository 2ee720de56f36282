"""Comments cut into statements, so that one comment may speak to several themes; those that say nothing are set aside.

A statement ends with its sentence, its line or its item, and where the author turns ("but", "however") or lists
(commas). Sentences are kept beside it: a quote should read as its author wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intelligence.market import Comment
from intelligence.text.themes import SetAside, SetAsideReason
from intelligence.text.vocabulary import (
    ABBREVIATIONS,
    AROUND_DENIALS,
    AROUND_POINTERS,
    DENIALS,
    FUNCTION_WORDS,
    LEAD_INS,
    POINTERS,
)
from intelligence.text.words import words_of

LONGEST_STATEMENT = 1_000
"""Characters; a statement that goes on without a stop for longer is cut, so that no text takes unbounded time."""

MOST_STATEMENTS = 200
"""Statements read of one comment, so that a pasted report does not drown everybody else's answers."""

FEWEST_COPIED_WORDS = 8
"""Two people may both write "lack of staff"; an identical text of this many words was passed from one to the other."""

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[\r\n\u2028\u2029]+|[;•]")
_TURN_OR_ITEM = re.compile(r",(?!\d)|\s[-–—]+\s|/(?=\s)|\b(?:but|however|although|though|whereas)\b", re.IGNORECASE)

LONGEST_EMPTY_ANSWER = 12
"""Words; what is longer says something, whatever its words."""

_NUMBERED_QUESTION = re.compile(r"q?\d{1,3}[a-z]?")
_NOTHING_TO_SAY = DENIALS | AROUND_DENIALS
_REFERS_ELSEWHERE = POINTERS | AROUND_POINTERS
_LEADING_UP = FUNCTION_WORDS | LEAD_INS


@dataclass(frozen=True, slots=True)
class Statement:
    """Characters `start` to `end` of the comment at position `comment`, within the sentence that holds them."""

    comment: int
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    words: tuple[str, ...]


def set_aside(comments: Sequence[Comment]) -> tuple[SetAside, ...]:
    """The comments that say nothing of their own, in their order, each with the reason.

    >>> answers = [Comment("1", "P1", "q", "N/A"), Comment("2", "P2", "q", "See above.")]
    >>> [(aside.comment_id, aside.reason.value) for aside in set_aside(answers)]
    [('1', 'nothing_to_say'), ('2', 'refers_elsewhere')]
    """
    aside: list[SetAside] = []
    first_with: dict[tuple[str, ...], Comment] = {}
    first_of_provider: dict[tuple[str, tuple[str, ...]], Comment] = {}
    for comment in comments:
        words = tuple(words_of(comment.text))
        reason = _says_nothing(words)
        earlier = first_of_provider.get((comment.provider_id, words))
        if reason is not None:
            aside.append(SetAside(comment.id, reason))
        elif earlier is not None:
            aside.append(SetAside(comment.id, SetAsideReason.REPEATED, earlier.id))
        elif len(words) >= FEWEST_COPIED_WORDS and words in first_with:
            aside.append(SetAside(comment.id, SetAsideReason.COPIED, first_with[words].id))
        else:
            first_with.setdefault(words, comment)
            first_of_provider[comment.provider_id, words] = comment
    return tuple(aside)


def _says_nothing(words: Sequence[str]) -> SetAsideReason | None:
    if not words:
        return SetAsideReason.NO_WORDS
    if len(words) > LONGEST_EMPTY_ANSWER:
        return None
    if not DENIALS.isdisjoint(words) and _NOTHING_TO_SAY.issuperset(words):
        return SetAsideReason.NOTHING_TO_SAY
    if not POINTERS.isdisjoint(words):
        plain = [word for word in words if not _NUMBERED_QUESTION.fullmatch(word)]
        if _REFERS_ELSEWHERE.issuperset(plain):
            return SetAsideReason.REFERS_ELSEWHERE
    return None


def statements_of(position: int, text: str) -> list[Statement]:
    """The statements of one comment; at least one if it has a word, and at most :data:`MOST_STATEMENTS`.

    >>> text = "Good site, but parking is poor. Pay is low."
    >>> [text[s.start:s.end] for s in statements_of(0, text)]
    ['Good site', 'but parking is poor', 'Pay is low']
    """
    found: list[Statement] = []
    first: Statement | None = None
    for sentence_start, sentence_end in _sentences(text):
        for start, end in _parts(text, sentence_start, sentence_end):
            words = tuple(words_of(text[start:end]))
            statement = Statement(position, start, end, sentence_start, sentence_end, words)
            first = first if first is not None or not words else statement
            if not _says_little(words) and _says_nothing(words) is None:
                found.append(statement)
            if len(found) == MOST_STATEMENTS:
                return found
    return found if found or first is None else [first]


def _says_little(words: Sequence[str]) -> bool:
    """Whether a part is grammar alone or leads up to another: "in our experience", but not the item "experience"."""
    return (_LEADING_UP if len(words) > 1 else FUNCTION_WORDS).issuperset(words)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _SENTENCE_END.finditer(text):
        before = text[max(start, mark.start() - 12) : mark.start()].rsplit(maxsplit=1)
        if mark.group() == "." and before and before[-1].lower().rpartition(".")[2] in ABBREVIATIONS:
            continue
        yield from _trimmed(text, start, mark.end())
        start = mark.end()
    yield from _trimmed(text, start, len(text))


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A turn begins the part that it opens; a comma or dash belongs to neither side."""
    for mark in _TURN_OR_ITEM.finditer(text, start, end):
        yield from _pieces(text, start, mark.start())
        start = mark.start() if mark.group()[0].isalpha() else mark.end()
    yield from _pieces(text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first in range(start, end, LONGEST_STATEMENT):
        yield from _trimmed(text, first, min(end, first + LONGEST_STATEMENT))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space and closing marks at its ends, unless nothing is left of it."""
    part = text[start:end]
    kept = part.strip(" \t\r\n.,;•\u2028\u2029\xa0")
    if kept:
        first = start + part.index(kept)
        yield first, first + len(kept)
