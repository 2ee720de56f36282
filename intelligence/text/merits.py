"""How well a phrase would name a theme by its words.

A phrase is good if its words are those of the theme (cosine to the theme's words, each counted once a comment and
weighted by its rarity), are not as much those of another theme (the contrast), and if many of the comments use the
phrase itself. Of two that do, the one that reads as a title is better: of several words, ending in a noun that says
something, spelt as others spell it, and for or against no more than what it names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from intelligence.text.sides import side_of
from intelligence.text.themes import Side
from intelligence.text.usage import Phrase, Usage, content_stems
from intelligence.text.vocabulary import AGAINST, AMOUNTS, EASE, FOR, VAGUE_MODIFIERS, VAGUE_NOUNS

CANDIDATES = 80
"""Phrases of a theme that are weighed against the other themes."""

SPREAD = 0.5
"""What the share of comments that use the whole phrase adds."""

RARE = 0.05
SEVERAL = 1
"""A phrase counts half that is used by this share of a theme's comments and so many more."""

FEWEST = 0.01
FEW = 2
"""The share of a theme's comments that must use a phrase, unless so many use one of several words."""

REACH = 0.05
MANY = 50
OUT_OF_REACH = 0.01
"""The share of a theme's comments that must use one of the phrase's content words; the comments from which none of them
may be one person's alone; and what is left of the merit of another phrase. Two of two hundred who wrote "own pace" name
no theme, nor does the first name of a nurse.
"""

EVENED = 0.7
"""The power of the merit by use: what most say need not be far ahead of what reads better."""

MISSPELT = 0.0005
"""Share of all comments; a word that no more use is probably a slip, and what it stands in counts half."""

ONE_WORD = 0.2
ENOUGH = 0.3
"""By what the merit of a single word is multiplied, and the share of comments that must use it for that much."""

ONE_STEM = 0.8
EMPTY = 0.2
VAGUE = 0.7
SAID = 0.8
"""By what the merit is multiplied of a phrase with one content word, of one whose words all say little (or that only
approves or objects, and does not say of what), of one that begins or ends in a noun that says little, and of a remark.
"""

USUAL_LENGTH = 5
LONG = 0.9
"""By what the merit of a phrase of more words is multiplied."""

OPENING = 0.2
"""What opening its statement, where its subject is, adds to the merit of a phrase."""

MEANT = 0.3
"""Share of the comments with a noun that must say "no" or "more" of it for a title to: of many who were helped, a few
had no help.
"""

ONE_SIDED = 0.7
"""What is left of the merit of a phrase for or against where hardly anybody is, and once more where most say the
opposite: few would call a theme "excellent food" that also complains of it.
"""


def merits_of(usages: Sequence[Usage], samples: Sequence[Sequence[str]]) -> list[dict[Phrase, float]]:
    """For each theme what its best phrases are worth; `samples` are some of its remarks, by which its side is told."""
    profiles = _Profiles(usages)
    return [_merits(n, own, profiles, sample) for n, (own, sample) in enumerate(zip(usages, samples, strict=True))]


class _Profiles:
    """How typical each stem is of each theme: the share of its comments that use it, weighted by its rarity among all.

    The stems of a theme make up a vector of unit length.
    """

    def __init__(self, usages: Sequence[Usage]) -> None:
        self._everywhere: Counter[str] = Counter()
        for own in usages:
            self._everywhere.update(own.stems)
        self._comments = sum(own.comments for own in usages)
        self._rows = {stem: row for row, stem in enumerate(sorted(self._everywhere))}
        self._weights = np.zeros((len(self._everywhere) + 1, len(usages)))  # the last row is for what nobody said
        for number, own in enumerate(usages):
            for stem, uses in own.stems.items():
                rarity = log(1 + self._comments / self._everywhere[stem])
                self._weights[self._rows[stem], number] = uses / own.comments * rarity
        lengths = np.linalg.norm(self._weights, axis=0)
        self._weights /= np.where(lengths > 0, lengths, 1)

    def cosine(self, phrase: Phrase, number: int) -> float:
        return float(self._cosines(phrase)[number])

    def contrast(self, phrase: Phrase, number: int) -> float:
        """Cosine to the theme, halved if another theme is as close."""
        cosines = self._cosines(phrase)
        near = float(cosines[number])
        cosines[number] = 0
        return near * near / (near + float(cosines.max())) if near else 0.0

    def soundness(self, phrase: Phrase) -> float:
        """From 0, a word that nobody else writes, to nearly 1, words in common use."""
        rarest = min((self._everywhere[stem] for stem in content_stems(phrase)), default=0)
        return rarest / (rarest + MISSPELT * self._comments) if rarest else 1.0

    def _cosines(self, phrase: Phrase) -> NDArray[np.float64]:
        stems = set(content_stems(phrase))
        rows = sorted(self._rows.get(stem, -1) for stem in stems)
        return np.asarray(self._weights[rows].sum(axis=0) / sqrt(max(len(stems), 1)))


def _merits(number: int, own: Usage, profiles: _Profiles, sample: Sequence[str]) -> dict[Phrase, float]:
    """Only phrases that commend themselves by their words are weighed, and only those of some merit are returned."""
    close = {
        phrase: profiles.cosine(phrase, number) * uses / (uses + RARE * own.comments)
        for phrase, uses in own.phrases.items()
        if uses >= FEWEST * own.comments or (uses >= FEW and len(phrase) > 1)
    }
    best = sorted(close, key=lambda phrase: (-close[phrase], phrase))[:CANDIDATES]
    sides = Counter(side_of(text) for text in sample)
    merits = {phrase: _merit(phrase, number, own, profiles) * _sided(phrase, sides) for phrase in best}
    return {phrase: merit for phrase, merit in merits.items() if merit > 0}


def _merit(phrase: Phrase, number: int, own: Usage, profiles: _Profiles) -> float:
    form = _form(phrase, own)
    if not form:
        return 0.0
    uses = own.phrases[phrase]
    merit = profiles.contrast(phrase, number) + SPREAD * uses / own.comments
    merit *= uses / (uses + SEVERAL + RARE * own.comments) * (1 + OPENING * own.opening[phrase] / uses)
    reach = 1.0 if _is_shared(phrase, own) else OUT_OF_REACH
    return float(merit**EVENED * form * reach * profiles.soundness(phrase))


def _is_shared(phrase: Phrase, own: Usage) -> bool:
    """Whether the phrase is of what many of the theme speak of."""
    uses = [own.stems[stem] for stem in content_stems(phrase)]
    return max(uses, default=0) >= REACH * own.comments and (own.comments < MANY or min(uses) >= FEW)


def _form(phrase: Phrase, own: Usage) -> float:
    """How well a phrase reads as a title, from 0, never, to 1."""
    if len(phrase) == 1:
        told = phrase[0] not in VAGUE_NOUNS and own.is_usual(phrase[0]) and not _is_denied(phrase, own)
        form = ONE_WORD * (EMPTY if phrase[0] in FOR | AGAINST else 1.0)
        return form * min(1.0, own.phrases[phrase] / own.comments / ENOUGH) if told else 0.0
    if _is_denied(phrase, own) or (phrase[0] in AMOUNTS and not _is_meant(phrase, own)):
        return 0.0
    form = LONG if len(phrase) > USUAL_LENGTH else 1.0
    if len(content_stems(phrase)) == 1 or phrase[0] in EASE:
        form *= ONE_STEM
    if phrase[-1] in VAGUE_NOUNS and VAGUE_MODIFIERS.issuperset(phrase[:-1]):
        form *= EMPTY
    elif not VAGUE_NOUNS.isdisjoint((phrase[0], phrase[-1])):
        form *= VAGUE
    return form * SAID if phrase in own.remarks else form


def _is_meant(phrase: Phrase, own: Usage) -> bool:
    """Whether most who name the thing say that there is none of it, or want more or less."""
    named = max((own.stems[stem] for stem in content_stems(phrase[1:])), default=0)
    return own.phrases[phrase] >= MEANT * named


def _is_denied(phrase: Phrase, own: Usage) -> bool:
    """Whether most who name the thing say that there is none: "reliable video link" would tell the opposite."""
    heads = (phrase[:words] for words in range(1, len(phrase) + 1))
    return any(2 * own.phrases[("no", *head)] > own.phrases[phrase] for head in heads)


def _sided(phrase: Phrase, sides: Counter[Side]) -> float:
    side = side_of(" ".join(phrase))
    if side is Side.NEITHER or not sides:
        return 1.0
    opposite = Side.OBJECTION if side is Side.SUPPORT else Side.SUPPORT
    share = sides[side] / sides.total()
    return (ONE_SIDED + (1 - ONE_SIDED) * share) * (ONE_SIDED if sides[opposite] > sides[side] else 1)
