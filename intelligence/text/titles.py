"""A title for each theme: of the phrases that people used, one that says what they said and what no other theme says.

With an encoder, what counts beside the words (`merits`) is whether a phrase means what is said to the theme and to no
other: a word that many happened to write names no theme that speaks of something else. The titles of a run are chosen
together, best first, so that no two read alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from intelligence.text.merits import merits_of
from intelligence.text.semantic import Encoder
from intelligence.text.sides import side_of
from intelligence.text.spelling import Spelling
from intelligence.text.themes import Side
from intelligence.text.usage import Phrase, Usage, content_stems
from intelligence.text.vocabulary import VAGUE_MODIFIERS, VAGUE_NOUNS

Rows = NDArray[np.float32]

SAMPLE = 16
"""Remarks of a theme, evenly over all, by which its meaning is told, and whether praise or complaint may name it."""

CANDIDATES = 40
AT_ONCE = 10
"""Phrases of a theme that are offered as its title at most, and at a time: those of all themes are encoded together."""

LEAST_FIT = 0.02
"""Of a phrase that means nothing of what is said: there is still an order among such."""

TELLING = 0.0005
"""Merit below which a phrase is no title; a theme that has no other is named as the mixture that it is."""

MOSTLY = 0.6
"""Share of such a theme's remarks that must praise, or complain, for it to be called favourable or not."""

ALIKE = 0.5
LITTLE_ELSE = 0.6
SECOND_BEST = 0.5
"""Two titles that share this much of their content stems (Jaccard) read alike; the second bound is for a phrase that is
still the best once it counts half.
"""

CLOSE = 0.8
"""Cosine, by the encoder, from which two titles say the same in other words: "brilliant staff", "fantastic staff"."""

DIGITS = 6
"""To which merits are rounded, so that no machine's last digit decides."""

SMALL = 1e-9


def titles_of(
    usages: Sequence[Usage], remarks: Sequence[Sequence[str]], spelling: Spelling, encode: Encoder | None
) -> list[str | None]:
    """One for each theme, given its usage and its remarks, most central first; none if its phrases are all taken."""
    samples = [own[:: -(-len(own) // SAMPLE)] for own in remarks]
    merits = merits_of(usages, samples)
    offers = _Offers(spelling, _Meanings(samples, encode) if encode is not None and samples else None)
    queues = [sorted(own, key=lambda phrase: (-own[phrase], phrase))[:CANDIDATES] for own in merits]
    taken, titles = _Taken(), dict[int, str]()
    weak = list[_Offer]()
    for first in range(0, CANDIDATES, AT_ONCE):
        weighed = {n: own[first : first + AT_ONCE] for n, own in enumerate(queues) if n not in titles}
        offered = offers.of({(n, phrase): merits[n][phrase] for n, own in weighed.items() for phrase in own})
        telling = [offer for offer in offered if offer.merit >= TELLING]
        weak += [offer for offer in offered if offer.merit < TELLING]
        titles.update(taken.best_of(telling))
    untold = [(n, _kind_of(remarks[n]), own) for n, own in enumerate(usages) if n not in titles]
    titles.update(taken.best_of(offers.mixed(untold)))
    titles.update(taken.best_of([offer for offer in weak if offer.theme not in titles]))
    return [titles.get(n) for n in range(len(usages))]


@dataclass(frozen=True, slots=True)
class _Offer:
    """A title that a theme might have; `meaning` is its place by the encoder, if there is one."""

    theme: int
    title: str
    merit: float
    meaning: Rows | None

    def stems(self) -> frozenset[str]:
        return frozenset(content_stems(self.title.lower().split()))


class _Meanings:
    """Where themes lie by what is said to them, less what all have in common."""

    def __init__(self, samples: Sequence[Sequence[str]], encode: Encoder) -> None:
        self._encode = encode
        ends = np.cumsum([len(own) for own in samples])
        rows = self.rows([text for own in samples for text in own])
        centres = np.vstack([own.mean(axis=0) for own in np.split(rows, ends[:-1])])
        self._common = centres.mean(axis=0) * np.float32(1 - 1 / len(centres))
        self._centres = _unit(centres - self._common)

    def rows(self, texts: Sequence[str]) -> Rows:
        return self._encode(texts)

    def fits(self, rows: Rows, themes: Sequence[int]) -> list[float]:
        """How well each row fits its theme: its cosine, halved if another theme is as close."""
        with threadpool_limits(limits=1):
            cosines = (_unit(rows - self._common) @ self._centres.T).astype(np.float64)
        at = (np.arange(len(rows)), np.asarray(themes, dtype=np.intp))
        own = np.maximum(cosines[at], 0)
        cosines[at] = 0
        fits = own * own / np.maximum(own + cosines.max(axis=1), SMALL)
        return [float(fit) for fit in np.maximum(fits, LEAST_FIT)]


def _unit(rows: Rows) -> Rows:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, SMALL), dtype=np.float32)


class _Offers:
    """Titles as they are written, with what they are worth by their words and their meaning together."""

    def __init__(self, spelling: Spelling, meanings: _Meanings | None) -> None:
        self._spelling = spelling
        self._meanings = meanings

    def of(self, merits: dict[tuple[int, Phrase], float]) -> list[_Offer]:
        """Those of themes and phrases, given their merit by their words."""
        titles = [_capitalised(" ".join(map(self._spelling.of, phrase))) for _, phrase in merits]
        themes, rows = [theme for theme, _ in merits], self._rows(titles)
        fits = [1.0] * len(titles)
        if self._meanings is not None and titles:
            fits = self._meanings.fits(rows, themes)
        worth = [merit * fit for merit, fit in zip(merits.values(), fits, strict=True)]
        return [_Offer(*one) for one in zip(themes, titles, worth, rows, strict=True)]

    def mixed(self, themes: Sequence[tuple[int, str, Usage]]) -> list[_Offer]:
        """What themes of many different remarks are called: by their kind and two of their commonest words.

        Such a name means nothing that its theme says, so that only how common the words are counts.
        """
        pairs = [
            (theme, place, f"{kind}: {', '.join(pair)}")
            for theme, kind, used in themes
            for place, pair in enumerate(pairwise(self._commonest(used)))
        ]
        rows = self._rows([title for _, _, title in pairs])
        return [
            _Offer(theme, title, 1 / (1 + place), row) for (theme, place, title), row in zip(pairs, rows, strict=True)
        ]

    def _commonest(self, used: Usage) -> list[str]:
        """The nouns and adjectives that most comments use, but for those that say little."""
        stems = sorted(used.stems, key=lambda stem: (-used.stems[stem], stem))
        words = (used.usual_form(stem) for stem in stems)
        telling = (word for word in words if word and word not in VAGUE_NOUNS | VAGUE_MODIFIERS)
        return [self._spelling.of(word) for word in islice(telling, CANDIDATES)]

    def _rows(self, titles: Sequence[str]) -> Any:
        """The places of titles, one after the other; none without an encoder."""
        if self._meanings is None or not titles:
            return [None] * len(titles)
        return self._meanings.rows(titles)


def _kind_of(remarks: Sequence[str]) -> str:
    """What remarks are called of which no phrase tells anything: by their tone, whatever the question was."""
    sides = Counter(map(side_of, remarks))
    most = MOSTLY * len(remarks)
    if sides[Side.SUPPORT] >= most:
        return "Favourable remarks"
    return "Unfavourable remarks" if sides[Side.OBJECTION] >= most else "Mixed remarks"


def _capitalised(title: str) -> str:
    return title[:1].upper() + title[1:]


class _Taken:
    """The titles that themes have already, by their stems and, with an encoder, by what they mean."""

    def __init__(self) -> None:
        self._stems: list[frozenset[str]] = []
        self._meanings: list[Rows] = []

    def best_of(self, offers: Sequence[_Offer]) -> dict[int, str]:
        """At most one for each theme, the best first, none of them like one that is taken."""
        ranked = [(round(offer.merit, DIGITS), ALIKE, offer) for offer in offers]
        ranked += [(round(offer.merit * SECOND_BEST, DIGITS), LITTLE_ELSE, offer) for offer in offers]
        ranked.sort(key=lambda rank: (-rank[0], rank[2].theme, rank[2].title, rank[1]))
        titles: dict[int, str] = {}
        for _, alike, offer in ranked:
            if offer.theme not in titles and self._takes(offer, alike):
                titles[offer.theme] = offer.title
        return titles

    def _takes(self, offer: _Offer, alike: float) -> bool:
        """Whether it is new among the titles, of which it then is one."""
        stems = offer.stems()
        if any(len(stems & other) >= alike * len(stems | other) for other in self._stems):
            return False
        if offer.meaning is not None:
            if any(float(offer.meaning @ other) >= CLOSE for other in self._meanings):
                return False
            self._meanings.append(offer.meaning)
        self._stems.append(stems)
        return True
