"""Titles and key terms, by what people who speak to a theme say more often than everybody else.

Candidates for a title are the whole noun phrases of the theme's most central remarks, and remarks that are as short as
a title themselves: nothing that nobody said. One is good if its words are
those of the theme (cosine to the theme's words, each counted once a comment and weighted by its rarity), are not as
much those of another theme (the contrast), and if many of the comments use the phrase itself. The titles of a run are
chosen together, best first, so that no two read alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from math import log, sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from intelligence.text.phrases import Spelling, classes_of, phrases_in, tokens_of
from intelligence.text.semantic import Encoder
from intelligence.text.vocabulary import (
    ADVERBS,
    AMOUNTS,
    EASE,
    FUNCTION_WORDS,
    NUMBER_WORDS,
    SUBJECTS_AND_MODALS,
    VAGUE_NOUNS,
    WEAK_WORDS,
)
from intelligence.text.word_classes import WordClass
from intelligence.text.words import stem_of

Remark = tuple[int, str]
"""The number of a comment and what it says to the theme."""

Phrase = tuple[str, ...]
Part = TypeVar("Part", str, tuple[str, ...])

KEY_TERMS = 5
REMARKS = 300
"""Remarks of a theme from which it is named, evenly over all, so that time grows with themes and not with remarks."""

CANDIDATES = 80
"""Phrases of a theme that are weighed against the other themes."""

SPREAD = 0.5
"""What the share of comments that use the whole phrase adds."""

FEWEST = 0.01
RARE = 0.05
"""Shares of a theme's comments: what fewer use never names it; what so many use is worth half of a common phrase."""

ONE_WORD = 0.15
ONE_STEM = 0.7
VAGUE_ENDING = 0.5
"""By what the merit of a single word, and of a phrase that ends in a noun which says little, is multiplied."""

PRIOR_STRENGTH = 200.0
"""Occurrences that the prior of the key terms counts for; a smaller number lets rarer words in."""

SMALL = 1e-9
SAME_SPELLING = 0.84
"""Similarity of two words (Ratcliff and Obershelp) from which one is taken for a misspelling of the other."""

USUAL_LENGTH = 5
LONG = 0.85
"""By what the merit of a phrase of more words is multiplied."""

OPENING = 0.2
OPENING_WORDS = 3
"""What opening its statement, where its subject is, adds to the merit of a phrase, and how far an opening goes."""

SHORTEST_SAID, LONGEST_SAID = 2, 5
SAID = 0.5
"""Words of a whole remark that may be a title ("Everything was fine"), and by what its merit is multiplied."""

MEANT = 0.3
"""Share of the comments with a noun that must say "no" or "more" of it for a title to: of many who were helped, a few
had no help.
"""

ALIKE = 0.5
LITTLE_ELSE = 0.6
"""Two titles that share this much of their content stems (Jaccard) read alike; the second is for what is left."""

CLOSE = 0.8
"""Cosine, by the encoder, from which two titles say the same in other words: "brilliant staff", "fantastic staff"."""

LIKELY = 6
"""Phrases of a theme that are encoded together, as its title will mostly be among them."""


@dataclass(frozen=True, slots=True)
class Name:
    """`key_terms` are single words in the form in which people used them most."""

    title: str
    key_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said to a theme: how many of its comments use each phrase (and open with it), stem and form of a stem.

    `remarks` are the phrases that are whole remarks, `nominal` counts how often a word was a noun or modifier.
    """

    comments: int
    phrases: Counter[Phrase]
    remarks: frozenset[Phrase]
    opening: Counter[Phrase]
    stems: Counter[str]
    forms: Mapping[str, Counter[str]]
    nominal: Counter[str]

    def usual_form(self, stem: str) -> str | None:
        """The form of a stem that was used most as a noun or modifier, unless it was used more as something else."""
        forms = self.forms[stem]
        if 2 * sum(self.nominal[form] for form in forms) < forms.total():
            return None
        return min(forms, key=lambda form: (-self.nominal[form], form))


def names_of(themes: Sequence[Sequence[Remark]], encode: Encoder | None = None) -> tuple[Name, ...]:
    """A title and key terms for each theme, given its remarks, most central first; no two titles read alike.

    With an encoder, none says what another does in other words.

    >>> pay = [(1, "Low pay for nurses"), (2, "The pay is low"), (3, "Nurses want better pay")]
    >>> parking = [(4, "No car parking"), (5, "Car parking is dear")]
    >>> [name.title for name in names_of([pay, parking])]
    ['Low pay for nurses', 'Car parking']
    """
    tokens = [[(comment, tokens_of(text)) for comment, text in theme[:: -(-len(theme) // REMARKS)]] for theme in themes]
    spelling = Spelling([words for theme in tokens for _, words in theme])
    said = [_said(theme, spelling) for theme in tokens]
    key_terms = _key_terms(said)
    names = []
    for title, terms in zip(_titles(said, encode), key_terms, strict=True):
        written = " ".join(map(spelling.of, title))
        names.append(Name(written[:1].upper() + written[1:], tuple(map(spelling.of, terms))))
    return tuple(names)


def _said(theme: Sequence[tuple[int, list[str]]], spelling: Spelling) -> _Said:
    remarks: set[Phrase] = set()
    phrases: set[tuple[int, Phrase]] = set()
    opening: set[tuple[int, Phrase]] = set()
    stems: set[tuple[int, str]] = set()
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    nominal: Counter[str] = Counter()
    for comment, tokens in theme:
        classes = classes_of(tokens, spelling)
        words = [token.lower() for token in tokens]
        own, whole = phrases_in(words, classes), tuple(words)
        if whole not in own and _may_be_title(whole, spelling):
            own.append(whole)
            remarks.add(whole)
        phrases.update((comment, phrase) for phrase in own)
        opening.update((comment, phrase) for phrase in own if phrase[0] in words[:OPENING_WORDS])
        for word, kind in zip(words, classes, strict=True):
            stems.update((comment, stem) for stem in _stems((word,)) if word[0].isalnum())
            forms[stem_of(word)][word] += 1
            nominal[word] += kind in (WordClass.NOUN, WordClass.MODIFIER)
    comments = len({comment for comment, _ in theme})
    return _Said(comments, _uses(phrases), frozenset(remarks), _uses(opening), _uses(stems), forms, nominal)


def _may_be_title(remark: Phrase, spelling: Spelling) -> bool:
    """Whether a whole remark is as short as a title, names nobody, and neither begins nor ends as a fragment does."""
    loose = FUNCTION_WORDS | ADVERBS | NUMBER_WORDS
    plain = all(word[0].isalpha() and not spelling.is_name(word) for word in remark)
    whole = remark[0] not in loose | SUBJECTS_AND_MODALS and remark[-1] not in loose
    return plain and whole and SHORTEST_SAID <= len(remark) <= LONGEST_SAID


def _uses(pairs: Iterable[tuple[int, Part]]) -> Counter[Part]:
    return Counter(part for _, part in pairs)


def _titles(said: Sequence[_Said], encode: Encoder | None) -> list[Phrase]:
    """One for each theme, the best phrases first; what has none of its own is numbered."""
    profiles = _Profiles(said)
    merits = [_merits(number, own, profiles) for number, own in enumerate(said)]
    ranked = sorted((-merit, number, phrase) for number, own in enumerate(merits) for phrase, merit in own.items())
    taken = _Taken(encode, [phrase for own in merits for phrase in sorted(own, key=lambda p: (-own[p], p))[:LIKELY]])
    titles: dict[int, Phrase] = {}
    for alike in (ALIKE, LITTLE_ELSE):
        for _, number, phrase in ranked:
            if number not in titles and taken.takes(phrase, alike):
                titles[number] = phrase
    return [titles.get(number, ("theme", str(number + 1))) for number in range(len(said))]


class _Taken:
    """The titles that themes have already, by their stems and, with an encoder, by what they mean."""

    def __init__(self, encode: Encoder | None, likely: Sequence[Phrase]) -> None:
        self._encode = encode
        self._stems: list[frozenset[str]] = []
        self._meanings: list[NDArray[np.float32]] = []
        self._known: dict[Phrase, NDArray[np.float32]] = {}
        if encode is not None and likely:
            self._known.update(zip(likely, encode([" ".join(phrase).capitalize() for phrase in likely]), strict=True))

    def takes(self, phrase: Phrase, alike: float) -> bool:
        """Whether the phrase is new among the titles, of which it then is one."""
        stems = frozenset(_stems(phrase))
        if any(len(stems & other) >= alike * len(stems | other) for other in self._stems):
            return False
        if self._encode is not None:
            if phrase not in self._known:
                self._known[phrase] = self._encode([" ".join(phrase).capitalize()])[0]
            meaning = self._known[phrase]
            if any(float(meaning @ other) >= CLOSE for other in self._meanings):
                return False
            self._meanings.append(meaning)
        self._stems.append(stems)
        return True


class _Profiles:
    """How typical each stem is of each theme: the share of its comments that use it, weighted by its rarity among all.

    The stems of a theme make up a vector of unit length.
    """

    def __init__(self, said: Sequence[_Said]) -> None:
        everywhere: Counter[str] = Counter()
        for own in said:
            everywhere.update(own.stems)
        comments = sum(own.comments for own in said)
        self._rows = {stem: row for row, stem in enumerate(everywhere)}
        self._weights = np.zeros((len(everywhere) + 1, len(said)))  # the last row is for what nobody said
        for number, own in enumerate(said):
            for stem, uses in own.stems.items():
                rarity = log(1 + comments / everywhere[stem])
                self._weights[self._rows[stem], number] = uses / own.comments * rarity
        lengths = np.linalg.norm(self._weights, axis=0)
        self._weights /= np.where(lengths > 0, lengths, 1)

    def weight(self, stem: str, number: int) -> float:
        return float(self._weights[self._rows.get(stem, -1), number])

    def cosine(self, phrase: Phrase, number: int) -> float:
        return float(self._cosines(phrase)[number])

    def contrast(self, phrase: Phrase, number: int) -> float:
        """Cosine to the theme, halved if another theme is as close."""
        cosines = self._cosines(phrase)
        near = float(cosines[number])
        cosines[number] = 0
        return near * near / (near + float(cosines.max())) if near else 0.0

    def _cosines(self, phrase: Phrase) -> NDArray[np.float64]:
        stems = set(_stems(phrase))
        rows = sorted(self._rows.get(stem, -1) for stem in stems)
        return np.asarray(self._weights[rows].sum(axis=0) / sqrt(max(len(stems), 1)))


def _merits(number: int, own: _Said, profiles: _Profiles) -> dict[Phrase, float]:
    """How well each phrase would name the theme; only phrases that commend themselves by their words are weighed."""
    close = {
        phrase: profiles.cosine(phrase, number) * uses / (uses + RARE * own.comments)
        for phrase, uses in own.phrases.items()
        if uses >= FEWEST * own.comments
    }
    best = sorted(close, key=lambda phrase: (-close[phrase], phrase))[:CANDIDATES]
    return {phrase: _merit(phrase, number, own, profiles) for phrase in best}


def _merit(phrase: Phrase, number: int, own: _Said, profiles: _Profiles) -> float:
    uses, content = own.phrases[phrase], _stems(phrase)
    merit = profiles.contrast(phrase, number) + SPREAD * uses / own.comments
    merit *= uses / (uses + RARE * own.comments) * (1 + OPENING * own.opening[phrase] / uses)
    if len(phrase) == 1:
        merit *= ONE_WORD if _is_usual(phrase[-1], own) else 0
    elif len(content) == 1 or phrase[0] in EASE:
        merit *= ONE_STEM
    if len(phrase) > USUAL_LENGTH:
        merit *= LONG
    if phrase[-1] in VAGUE_NOUNS:
        merit *= VAGUE_ENDING if len(phrase) > 1 else 0
    if phrase in own.remarks:
        merit *= SAID
    return merit if phrase[0] not in AMOUNTS or _is_meant(phrase, own) else 0.0


def _is_meant(phrase: Phrase, own: _Said) -> bool:
    """Whether most who name the thing say that there is none of it, or want more or less."""
    named = max((own.stems[stem] for stem in _stems(phrase[1:])), default=0)
    return own.phrases[phrase] >= MEANT * named


def _is_usual(word: str, own: _Said) -> bool:
    """Whether the theme uses no form of the word more: "friends" is no title for what says "friendly"."""
    forms = own.forms[stem_of(word)]
    return forms[word] == max(forms.values())


def _key_terms(said: Sequence[_Said]) -> list[list[str]]:
    """The words of each theme that are most typical of it, no two of them forms or misspellings of one another."""
    everywhere: Counter[str] = Counter()
    for own in said:
        everywhere.update(own.stems)
    total = everywhere.total()
    found = []
    for own in said:
        here = own.stems.total()
        often = {stem: n for stem, n in own.stems.items() if n >= FEWEST * own.comments}
        odds = {stem: _log_odds(n, here, everywhere[stem], total) for stem, n in often.items()}
        terms: list[str] = []
        for stem in sorted(odds, key=lambda stem: (-odds[stem], stem)):
            word = own.usual_form(stem)
            if word and word not in VAGUE_NOUNS and not any(_is_variant(word, other) for other in terms):
                terms.append(word)
            if len(terms) == KEY_TERMS:
                break
        found.append(terms)
    return found


def _log_odds(here: int, all_here: int, everywhere: int, all_everywhere: int) -> float:
    """Log-odds of use here against elsewhere over their standard error, the prior being use everywhere.

    With an informative Dirichlet prior, so that a rare accident does not win (Monroe, Colaresi and Quinn 2008).
    """
    prior = everywhere * PRIOR_STRENGTH / all_everywhere
    elsewhere, all_elsewhere = everywhere - here, all_everywhere - all_here
    odds_here = (here + prior) / (all_here + PRIOR_STRENGTH - here - prior + SMALL)
    odds_elsewhere = (elsewhere + prior) / (all_elsewhere + PRIOR_STRENGTH - elsewhere - prior + SMALL)
    return log(odds_here / odds_elsewhere) / sqrt(1 / (here + prior) + 1 / (elsewhere + prior))


def _is_variant(word: str, other: str) -> bool:
    """Whether two words are forms, derivations or misspellings of one: "physio" and "physiotherapy"."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return shared >= min(5, len(word), len(other)) or SequenceMatcher(None, word, other).ratio() >= SAME_SPELLING


def _stems(phrase: Phrase) -> list[str]:
    """Of the content words, and of "no", which makes another thing of what follows it."""
    return [
        stem_of(word) for word in phrase if word in AMOUNTS or (word not in FUNCTION_WORDS and word not in WEAK_WORDS)
    ]
