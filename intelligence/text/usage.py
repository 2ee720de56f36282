"""What is said to a theme: the phrases that may name it, how many comments use each, and which words they use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from intelligence.text.phrases import classes_of, is_no_word, phrases_in
from intelligence.text.spelling import Spelling, bare_of
from intelligence.text.vocabulary import (
    ADVERBS,
    AMOUNTS,
    BEGINNINGS,
    BEING,
    DENYING,
    FUNCTION_WORDS,
    LEADING,
    NOTHING,
    NUMBER_WORDS,
    SUBJECTS,
    SUBJECTS_AND_MODALS,
    UNKNOWN_OUTSIDE,
    WEAK_WORDS,
)
from intelligence.text.word_classes import WordClass
from intelligence.text.words import stem_of

NOUN, MODIFIER = WordClass.NOUN, WordClass.MODIFIER

Phrase = tuple[str, ...]

OPENING_WORDS = 3
"""How far the opening of a statement goes, where its subject is."""

SHORTEST_SAID, LONGEST_SAID = 2, 5
"""Words of a remark that may be a title ("Everything was fine")."""

_LOOSE = FUNCTION_WORDS | ADVERBS | NUMBER_WORDS
_NO_BEGINNING = _LOOSE | SUBJECTS_AND_MODALS | WEAK_WORDS


@dataclass(frozen=True, slots=True)
class Usage:
    """How many of a theme's comments use each phrase (and open with it) and stem; each form of a stem, how often.

    `remarks` are the phrases that are whole remarks, `nominal` counts how often a word was a noun or modifier.
    """

    comments: int
    phrases: Counter[Phrase]
    remarks: frozenset[Phrase]
    opening: Counter[Phrase]
    stems: Counter[str]
    forms: Mapping[str, Counter[str]]
    nominal: Counter[str]

    def is_usual(self, word: str) -> bool:
        """Whether the theme uses no form of the word more: "friends" is no title for what says "friendly"."""
        forms = self.forms[stem_of(word)]
        return forms[word] == max(forms.values())

    def usual_form(self, stem: str) -> str | None:
        """The form of a stem that was used most as a noun or modifier, unless it was used more as something else."""
        forms = self.forms[stem]
        if 2 * sum(self.nominal[form] for form in forms) < forms.total():
            return None
        return min(forms, key=lambda form: (-self.nominal[form], form))


@dataclass(slots=True)
class _Said:
    """What one comment says to a theme, each thing once."""

    phrases: set[Phrase] = field(default_factory=set)
    opening: set[Phrase] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)


def usage_of(remarks: Sequence[tuple[int, Sequence[str]]], spelling: Spelling) -> Usage:
    """Count what is said, given the tokens of each remark and the number of its comment."""
    said: defaultdict[int, _Said] = defaultdict(_Said)
    used: list[str] = []
    nominal: list[str] = []
    whole: set[Phrase] = set()
    for comment, tokens in remarks:
        classes, words = classes_of(tokens, spelling), [token.lower() for token in tokens]
        found = set(phrases_in(words, classes))
        remark = _title_in(words, spelling)
        if remark and remark not in found:
            found.add(remark)
            whole.add(remark)
        own, opening = said[comment], frozenset(words[:OPENING_WORDS])
        own.phrases |= found
        own.opening.update(phrase for phrase in found if phrase[0] in opening)
        bare = [bare_of(word) for word in words]
        own.stems.update(content_stems(bare))
        used += bare
        nominal += [word for word, kind in zip(bare, classes, strict=True) if kind in (NOUN, MODIFIER)]
    return Usage(
        comments=len(said),
        phrases=Counter(chain.from_iterable(own.phrases for own in said.values())),
        remarks=frozenset(whole),
        opening=Counter(chain.from_iterable(own.opening for own in said.values())),
        stems=Counter(chain.from_iterable(own.stems for own in said.values())),
        forms=_forms(Counter(used)),
        nominal=Counter(nominal),
    )


def _forms(used: Counter[str]) -> dict[str, Counter[str]]:
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, times in used.items():
        forms[stem_of(word)][word] = times
    return forms


def _title_in(words: Sequence[str], spelling: Spelling) -> Phrase | None:
    """A remark without who speaks and of what, if it then reads as a title: "felt at ease" of "I felt at ease"."""
    first = 0
    while first < len(words) and words[first] in SUBJECTS:
        first += 1
    last = first
    while last < len(words) and words[last] in LEADING | BEING:
        last += 1
    shortened = (tuple(words[start:]) for start in range(last, first - 1, -1))
    return next((remark for remark in shortened if _may_be_title(remark, spelling)), None)


def _may_be_title(remark: Phrase, spelling: Spelling) -> bool:
    """Whether a remark is as short as a title, names nobody, and neither begins nor ends as a fragment does."""
    if (
        not SHORTEST_SAID <= len(remark) <= LONGEST_SAID
        or remark[-1] in _LOOSE
        or not UNKNOWN_OUTSIDE.isdisjoint(remark)
    ):
        return False
    first, second, *_ = remark
    denies = first in DENYING and (second == "have" or second not in FUNCTION_WORDS)
    denies |= first in NOTHING and second in BEING
    begins = denies or first in BEGINNINGS or first not in _NO_BEGINNING
    return begins and not any(spelling.is_name(word) or is_no_word(word) for word in remark)


def content_stems(words: Sequence[str]) -> list[str]:
    """Of the content words, and of "no", which makes another thing of what follows it."""
    return [stem for stem in map(_content_stem, words) if stem]


@lru_cache(maxsize=200_000)
def _content_stem(word: str) -> str:
    word = bare_of(word)
    if word in AMOUNTS:
        return stem_of(word)
    return "" if word in FUNCTION_WORDS or word in WEAK_WORDS or not word[0].isalnum() else stem_of(word)
