"""Noun phrases in what people wrote, whole ones only: a title cut out of the middle of a phrase reads as a fragment.

A phrase runs from the first modifier or noun after a word that no phrase holds to its last noun, and may take a second
one along: "escort delays", "no reliable video link", "access to the shared record", "recruiting prison GPs".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from intelligence.text.vocabulary import (
    ADJECTIVES,
    ADVERBS,
    AMOUNTS,
    ARTICLES,
    EASE,
    FUNCTION_WORDS,
    JOINING,
    NOUNS,
    POSSESSIVES,
)
from intelligence.text.word_classes import WordClass, word_class

MOST_WORDS = 6
"""Words of a phrase, with its articles and prepositions."""

Span = tuple[int, int]

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")


def tokens_of(text: str) -> list[str]:
    """Words with their hyphens, and marks, as written.

    >>> tokens_of("Trauma-informed care, we’d say.")
    ['Trauma-informed', 'care', ',', "we'd", 'say', '.']
    """
    return [token.replace("’", "'").removesuffix("'s") or token for token in _TOKEN.findall(text)]


class Spelling:
    """How words are written within sentences: people's and places' names with a capital, acronyms in capitals.

    >>> spelling = Spelling([tokens_of("the TUPE list"), tokens_of("Staff at Risley")])
    >>> spelling.of("tupe"), spelling.of("staff"), spelling.is_name("risley")
    ('TUPE', 'staff', True)
    """

    def __init__(self, texts: Iterable[list[str]]) -> None:
        self._written: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for tokens in texts:
            if " ".join(tokens).isupper():
                continue
            for before, token in zip(["", *tokens], tokens, strict=False):
                if token[0].isalnum() and (before[-1:].isalnum() or before == "," or token.isupper()):
                    self._written[token.lower()][token] += 1
        self._of: dict[str, str] = {}
        self._names: dict[str, bool] = {}

    def of(self, word: str) -> str:
        if word not in self._of:
            self._of[word] = self._usual(word)
        return self._of[word]

    def _usual(self, word: str) -> str:
        written = self._written.get(word)
        if not written:
            return word
        form, count = min(written.items(), key=lambda item: (-item[1], item[0]))
        acronym = _is_capitals(form) and 2 <= len(form.removesuffix("s")) <= 8
        usual = acronym or (form[0].isupper() and not _is_capitals(form))
        return form if usual and 2 * count > written.total() else word

    def is_name(self, word: str) -> bool:
        """Whether it is written with a capital: a person, a provider or a place, which no title should name."""
        known = self._names.get(word)
        if known is None:
            form = self.of(word)
            known = self._names[word] = form[0].isupper() and not _is_capitals(form)
        return known


def _is_capitals(form: str) -> bool:
    return form.removesuffix("s").isupper()


def classes_of(tokens: Sequence[str], spelling: Spelling) -> list[WordClass]:
    """The class of each token; names of people and places, and what an anonymiser left of them, belong to no phrase."""
    words = [token.lower() for token in tokens]
    unfit = {word for word in words if _is_unfit(word, spelling)}
    return [
        WordClass.BREAK if word in unfit else word_class(word, before, after)
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    ]


def phrases_in(tokens: Sequence[str], classes: Sequence[WordClass]) -> list[tuple[str, ...]]:
    """The noun phrases of a statement in lower case, with their shorter and their joined forms.

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
    chunks = list(_chunks(classes))
    joined = {left: right for left, right in pairwise(chunks) if _is_joined(words, left, right)}
    found: list[tuple[str, ...]] = []
    for first, last in chunks:
        if first and words[first - 1] in AMOUNTS:
            found.append(tuple(words[first - 1 : last]))
        for start in _starts(classes, first, last):
            found.append(tuple(words[start:last]))
            if (first, last) in joined:
                found.append(tuple(words[start : joined[first, last][1]]))
    found.extend(_pairs(words, classes))
    found.extend(_clauses(words, chunks))
    return [phrase for phrase in found if len(phrase) <= MOST_WORDS]


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


def _is_joined(words: Sequence[str], left: Span, right: Span) -> bool:
    """Whether nothing but a preposition, or one and an article, lies between two phrases."""
    between = words[left[1] : right[0]]
    whole = words[right[1] : right[1] + 1] not in (["that"], ["which"], ["who"])
    return whole and 1 <= len(between) <= 2 and between[0] in JOINING and ARTICLES.issuperset(between[1:])


def _pairs(words: Sequence[str], classes: Sequence[WordClass]) -> Iterator[tuple[str, ...]]:
    """Two of a kind: "kind and caring", "doctors and nurses"."""
    for at, word in enumerate(words[1:-1], start=1):
        left, right = classes[at - 1], classes[at + 1]
        if word == "and" and left is right and left in (WordClass.NOUN, WordClass.MODIFIER):
            alone = at < 2 or classes[at - 2] is WordClass.BREAK
            if alone and (at + 2 == len(words) or (classes[at + 2] is WordClass.BREAK and words[at + 2] != "to")):
                yield tuple(words[at - 1 : at + 2])


def _clauses(words: Sequence[str], chunks: Sequence[Span]) -> Iterator[tuple[str, ...]]:
    """What was done with what, how it was done, and what is easy: "listened to concerns", "well looked after"."""
    for first, last in chunks:
        before = words[max(first - 3, 0) : first]
        yield from _done_with(before, words[first:last])
    for here, then, *rest in zip(words, words[1:], [*words[2:], ""], [*words[3:], "", ""], strict=False):
        if then == "after" and _is_participle(here):
            yield here, then
        if (_tells_how(here) and _is_participle(then)) or (_is_participle(here) and _tells_how(then)):
            yield (here, then, "after") if rest[0] == "after" else (here, then)
        if here in EASE and then == "to" and rest[0].isalpha() and rest[0] not in FUNCTION_WORDS:
            yield (here, then, *rest) if rest[1] in ("to", "with") else (here, then, rest[0])


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


def _starts(classes: Sequence[WordClass], first: int, last: int) -> Iterator[int]:
    """A phrase may lose what opens it, unless two nouns are left to which it may belong: "health nurses"."""
    yield first
    for start in range(first + 1, last):
        if classes[start - 1] is WordClass.NOUN:
            return
        if classes[start - 1] is WordClass.GERUND or classes[start] is not WordClass.NOUN or start == last - 1:
            yield start


@lru_cache(maxsize=200_000)
def _tells_how(word: str) -> bool:
    return word == "well" or (word.endswith("ly") and word not in ADVERBS | FUNCTION_WORDS | NOUNS | ADJECTIVES)
