"""Noun phrases in what people wrote, whole ones only: a title cut out of the middle of a phrase reads as a fragment.

A phrase runs from the first modifier or noun after a word that no phrase holds to its last noun, and may take a second
one along: "escort delays", "no reliable video link", "access to the shared record", "recruiting prison GPs".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from intelligence.text.spelling import OWNER, Spelling, bare_of
from intelligence.text.vocabulary import (
    ADJECTIVES,
    ADVERBS,
    AMOUNTS,
    ARTICLES,
    ASKING,
    EASE,
    ENDING,
    FUNCTION_WORDS,
    INVERTING,
    JOINING,
    NOUNS,
    POINTING,
    POSSESSIVES,
    PREPOSITIONS,
    UNKNOWN_OUTSIDE,
)
from intelligence.text.word_classes import WordClass, word_class

MOST_WORDS = 6
"""Words of a phrase, with its articles and prepositions."""

Span = tuple[int, int]


def classes_of(tokens: Sequence[str], spelling: Spelling) -> list[WordClass]:
    """The class of each token; names of people and places, and what an anonymiser left of them, belong to no phrase."""
    words = [bare_of(token.lower()) for token in tokens]
    unfit = {word for word in words if _is_unfit(word, spelling)}
    known = {word for word in words if spelling.is_known_name(word)}
    return [
        WordClass.BREAK if word in unfit else WordClass.NOUN if word in known else word_class(word, before, after)
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    ]


def phrases_in(tokens: Sequence[str], classes: Sequence[WordClass]) -> list[tuple[str, ...]]:
    """The noun phrases of a statement in lower case, with their shorter and their joined forms.

    >>> from intelligence.text.spelling import tokens_of
    >>> said = tokens_of("There is no reliable video link for remote consultations")
    >>> for phrase in phrases_in(said, classes_of(said, Spelling([said]))):
    ...     print(*phrase)
    no reliable video link
    reliable video link
    reliable video link for remote consultations
    remote consultations
    consultations
    """
    words = [token.lower() for token in tokens]
    chunks = [_without_verb(words, *chunk) for chunk in _chunks(classes)]
    joined = {left: right for left, right in pairwise(chunks) if _is_joined(words, left, right)}
    found: list[tuple[str, ...]] = []
    for first, last in chunks:
        if first and words[first - 1] in AMOUNTS:
            found.append(tuple(words[first - 1 : last]))
        for start in _starts(words, classes, first, last):
            found.append(tuple(words[start:last]))
            if (first, last) in joined:
                found.append(tuple(words[start : joined[first, last][1]]))
    found.extend(_pairs(words, classes))
    found.extend(_clauses(words, chunks))
    return [(*phrase[:-1], bare_of(phrase[-1])) for phrase in found if len(phrase) <= MOST_WORDS]


def _is_unfit(word: str, spelling: Spelling) -> bool:
    return is_no_word(word) or (word not in ADJECTIVES and word not in NOUNS and spelling.is_name(word))


def is_no_word(word: str) -> bool:
    """Whether it is a mark, or what an anonymiser left of a name: "XXXX"."""
    return not word[0].isalnum() or (word[:2] == "xx" and set(word) == {"x"})


def _chunks(classes: Sequence[WordClass]) -> Iterator[Span]:
    """Runs of words that phrases hold, each cut after its last noun."""
    first = 0
    for place, kind in enumerate([*classes, WordClass.BREAK]):
        if kind is WordClass.BREAK or (kind is WordClass.GERUND and place > first):
            nouns = [at for at in range(first, place) if classes[at] is WordClass.NOUN]
            if nouns:
                yield first, nouns[-1] + 1
            first = place if kind is WordClass.GERUND else place + 1


def _without_verb(words: Sequence[str], first: int, last: int) -> Span:
    """What a question asks its subject to do is no part of it: "does my card work", "can providers share"."""
    subject = first - 1 if first and words[first - 1] in ARTICLES | POSSESSIVES | POINTING else first
    before, asks = ["", "", *words[:subject]][-2:]
    is_asked = asks in INVERTING and (not before[:1].isalnum() or before in ASKING)
    return (first, last - 1) if is_asked and last - first > 1 and words[last - 1] in NOUNS else (first, last)


def _is_joined(words: Sequence[str], left: Span, right: Span) -> bool:
    """Whether nothing but a preposition, or one and an article, lies between two phrases."""
    between = words[left[1] : right[0]]
    whole = words[right[1] : right[1] + 1] not in (["that"], ["which"], ["who"])
    return whole and 1 <= len(between) <= 2 and between[0] in JOINING and ARTICLES.issuperset(between[1:])


def _pairs(words: Sequence[str], classes: Sequence[WordClass]) -> Iterator[tuple[str, ...]]:
    """Two of a kind: "kind and caring", "doctors and nurses"."""
    for at, word in enumerate(words[1:-1], start=1):
        left, right = classes[at - 1], classes[at + 1]
        paired = left is right and left in (WordClass.NOUN, WordClass.MODIFIER)
        if word == "and" and paired and words[at - 1] != words[at + 1]:
            alone = at < 2 or classes[at - 2] is WordClass.BREAK
            if alone and (at + 2 == len(words) or (classes[at + 2] is WordClass.BREAK and words[at + 2] != "to")):
                yield tuple(words[at - 1 : at + 2])


def _clauses(words: Sequence[str], chunks: Sequence[Span]) -> Iterator[tuple[str, ...]]:
    """What was done with what, how it was done, and what is easy: "listened to concerns", "well looked after"."""
    for first, last in chunks:
        before = words[max(first - 3, 0) : first]
        yield from _done_with(before, words[first:last])
    for here, then, *rest in zip(words, words[1:], [*words[2:], ""], [*words[3:], "", ""], strict=False):
        if _is_participle(here) and _completes(then, rest[0]):
            yield here, then
        if (_tells_how(here) and _is_participle(then)) or (_is_participle(here) and _tells_how(then)):
            yield (here, then, "after") if rest[0] == "after" and _is_ended_before(rest[1]) else (here, then)
        if here in EASE and then == "to" and rest[0].isalpha() and rest[0] not in FUNCTION_WORDS:
            yield (here, then, *rest) if rest[1] in ("to", "with") else (here, then, rest[0])


def _is_ended_before(word: str) -> bool:
    """Whether a phrase ends in "after" before this word: "looked after by", not "charged after the"."""
    return not word[:1].isalnum() or word in PREPOSITIONS | UNKNOWN_OUTSIDE


def _completes(preposition: str, then: str) -> bool:
    """Whether what was done ends here: "looked after", "felt listened to and understood", not "delivered to me"."""
    if preposition == "to":
        return then in ENDING or not (then[:1].isalnum() or then == "?")
    return preposition == "after" and _is_ended_before(then)


def _done_with(before: Sequence[str], phrase: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A participle and what it was done with, without "my" or "the" between them."""
    joints = before[:-1] if before and before[-1] in POSSESSIVES else before
    if len(joints) < 2 or not _is_participle(joints[-2]) or joints[-1] not in JOINING:
        return
    if joints[-1] != "to" or phrase[-1].endswith("s"):  # "used to work" may be a verb, "listened to concerns" is none
        yield joints[-2], joints[-1], *phrase


@lru_cache(maxsize=200_000)
def _is_participle(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4 and not word.endswith("eed")


def _starts(words: Sequence[str], classes: Sequence[WordClass], first: int, last: int) -> Iterator[int]:
    """A phrase may lose what opens it, unless two nouns are left to which it may belong: "health nurses"."""
    yield first
    for start in range(first + 1, last):
        if words[start - 1].endswith(OWNER):
            yield start
            continue
        if classes[start - 1] is WordClass.NOUN:
            return
        if classes[start - 1] is WordClass.GERUND or classes[start] is not WordClass.NOUN or start == last - 1:
            yield start


@lru_cache(maxsize=200_000)
def _tells_how(word: str) -> bool:
    return word == "well" or (word.endswith("ly") and word not in ADVERBS | FUNCTION_WORDS | NOUNS | ADJECTIVES)
