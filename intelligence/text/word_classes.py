"""What kind of word a word probably is, from small lists, its ending and the word before it.

A trained tagger would need data that has to be downloaded. Titles need less than a tagger gives: to know where a noun
phrase may begin and where it must end. What is not recognised counts as a noun, as most unknown words are.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from intelligence.text.vocabulary import (
    ADJECTIVES,
    ADVERBS,
    AFTER_FIRST,
    AMOUNTS,
    ARTICLES,
    BEING,
    FUNCTION_WORDS,
    NOUNS,
    NUMBER_WORDS,
    PREPOSITIONS,
    SUBJECTS_AND_MODALS,
    VERBS,
    WEAK_WORDS,
    WITH_UP,
)
from intelligence.text.words import stem_of


class WordClass(Enum):
    NOUN = "noun"
    MODIFIER = "modifier"  # an adjective or participle: it may open a phrase and never ends one
    GERUND = "gerund"  # of a verb that is seldom a noun: "recruiting nurses", never "us recruiting"
    BREAK = "break"  # a verb, an adverb, a number or a word of grammar: no phrase holds it


_ADJECTIVE_ENDINGS = ("ful", "less", "ous", "able", "ible", "ive", "al", "ic", "ish", "ary", "wide", "based", "term")
_NOUN_ENDINGS = ("ion", "ions", "ment", "ments", "ity", "ance", "ances", "ence", "ences", "ness", "ship", "ism")
_DOER_ENDINGS = ("er", "ers", "or", "ors", "ee", "ees")
_VERB_STEMS = frozenset(stem_of(verb) for verb in VERBS)
_BEFORE_A_PARTICIPLE = ADJECTIVES | ARTICLES | AMOUNTS | PREPOSITIONS


@lru_cache(maxsize=200_000)
def word_class(word: str, before: str, after: str) -> WordClass:
    """The class of a word in lower case between its neighbours; an empty string is the edge of the statement.

    >>> [word_class(word, "the", "").value for word in ("parking", "friendly", "quickly", "shared", "nurses")]
    ['noun', 'modifier', 'break', 'modifier', 'noun']
    >>> word_class("cost", "would", "more"), word_class("cost", "the", "of")
    (<WordClass.BREAK: 'break'>, <WordClass.NOUN: 'noun'>)
    """
    if (word in WITH_UP and after == "up") or (word == "up" and before in WITH_UP):
        return WordClass.NOUN
    if word in ADJECTIVES or (word == "first" and after in AFTER_FIRST):
        return WordClass.MODIFIER
    if _belongs_to_no_phrase(word) or _is_verb_here(word, before, after):
        return WordClass.BREAK
    if word in NOUNS or (len(word) > 5 and word.endswith(_NOUN_ENDINGS)):
        return WordClass.NOUN
    if word.endswith("ed") and len(word) > 4 and not word.endswith("eed") and "-" not in word:
        return WordClass.MODIFIER if before in _BEFORE_A_PARTICIPLE else WordClass.BREAK
    if stem_of(word) in _VERB_STEMS and not word.endswith(_DOER_ENDINGS):
        opens = word.endswith("ing") and (before == "" or before in PREPOSITIONS)
        return WordClass.GERUND if opens else WordClass.BREAK
    if word.endswith(_ADJECTIVE_ENDINGS) or ("-" in word and word.endswith(("ed", "ing", "ly"))):
        return WordClass.MODIFIER
    return WordClass.NOUN


@lru_cache(maxsize=200_000)
def _belongs_to_no_phrase(word: str) -> bool:
    return (
        len(word) < 2
        or any(letter.isdigit() for letter in word)
        or word in FUNCTION_WORDS
        or word in WEAK_WORDS
        or word in NUMBER_WORDS
        or word in ADVERBS
        or (word.endswith("ly") and len(word) > 4 and word not in NOUNS and "-" not in word)
    )


def _is_verb_here(word: str, before: str, after: str) -> bool:
    """A word that may be noun or verb ("need", "bidding") is a verb after a subject, a modal or a form of "be"."""
    if before in SUBJECTS_AND_MODALS:
        return True
    if before == "to":
        return after in ARTICLES or not word.endswith(("s", "ing", *_NOUN_ENDINGS))
    return before in BEING and word.endswith("ing")
