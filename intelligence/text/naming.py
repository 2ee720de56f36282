"""Titles and key terms, by what a theme's statements say more often than everybody else's.

Candidates for a title are the phrases of two to four words that people used, beginning and ending in a content word.
They are ranked by the log-odds of a theme's statements using them against all others, with an informative Dirichlet
prior (Monroe, Colaresi and Quinn 2008), so that a rare accident does not win.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log, sqrt

from intelligence.text.vocabulary import FUNCTION_WORDS, PHRASE_BREAKERS, WEAK_WORDS
from intelligence.text.words import stem_of

Words = tuple[str, ...]
Stems = tuple[str, ...]
Scored = tuple[Stems, float]

LONGEST_PHRASE = 4
KEY_TERMS = 5
CANDIDATES = 60
"""Phrases and terms of a theme that are weighed for its name."""

PRIOR_STRENGTH = 200.0
"""Occurrences that the prior counts for; a smaller number lets rarer phrases become titles."""

SMALL = 1e-9

ALIKE = 0.5
"""Two titles that share this much of their content stems (Jaccard) read alike."""


@dataclass(frozen=True, slots=True)
class Name:
    """`key_terms` are single words in the form in which people used them most."""

    title: str
    key_terms: tuple[str, ...]


class _Forms:
    """The form in which each stem or phrase of stems was written most often."""

    def __init__(self, themes: Sequence[Sequence[Words]], acronyms: Collection[str]) -> None:
        self._written: defaultdict[Stems, Counter[str]] = defaultdict(Counter)
        for words in chain.from_iterable(themes):
            for part in chain(_terms(words), _phrases(words)):
                form = " ".join(word.upper() if word in acronyms else word for word in part)
                self._written[_stems(part)][form] += 1

    def of(self, stems: Stems) -> str:
        written = self._written[stems]
        return min(written, key=lambda form: (-written[form], form))


def names_of(themes: Sequence[Sequence[Words]], acronyms: Collection[str] = ()) -> tuple[Name, ...]:
    """A title and key terms for each theme, given the words of each of its statements; no two titles read alike.

    The `acronyms` (in lower case) are written in capitals.

    >>> pay = [("low", "pay", "for", "nurses"), ("nurses", "pay"), ("the", "pay", "for", "nurses")]
    >>> parking = [("no", "car", "parking"), ("car", "parking", "is", "dear")]
    >>> [name.title for name in names_of([pay, parking])]
    ['Pay for nurses', 'Car parking']
    """
    forms = _Forms(themes, acronyms)
    names: list[Name] = []
    taken: list[frozenset[str]] = []
    for number, (terms, phrases) in enumerate(zip(_typical(themes, _terms), _typical(themes, _phrases), strict=True)):
        best = _best_phrases(phrases, {stems[0]: score for stems, score in terms})
        key_terms = [forms.of(stems) for stems, _ in terms[:KEY_TERMS]]
        candidates = chain(map(forms.of, best), map(" and ".join, pairwise(key_terms)), key_terms)
        title = next((text for text in candidates if _is_new(text, taken)), f"Theme {number + 1}")
        taken.append(_content(title))
        names.append(Name(title[:1].upper() + title[1:], tuple(key_terms)))
    return tuple(names)


def _typical(themes: Sequence[Sequence[Words]], parts: Callable[[Words], Iterator[Words]]) -> list[list[Scored]]:
    """For each theme the stems of its terms or phrases with their log-odds in standard errors, highest first."""
    counts = [
        Counter(stems for words in theme for stems in {_stems(part) for part in parts(words)}) for theme in themes
    ]
    everywhere: Counter[Stems] = Counter()
    for count in counts:
        everywhere.update(count)
    total = everywhere.total()
    return [
        sorted(
            ((stems, _log_odds(n, count.total(), everywhere[stems], total)) for stems, n in count.items()),
            key=lambda scored: (-scored[1], scored[0]),
        )[:CANDIDATES]
        for count in counts
    ]


def _log_odds(here: int, all_here: int, everywhere: int, all_everywhere: int) -> float:
    """Log-odds of use here against elsewhere over their standard error, the prior being use everywhere."""
    prior = everywhere * PRIOR_STRENGTH / all_everywhere
    elsewhere, all_elsewhere = everywhere - here, all_everywhere - all_here
    odds_here = (here + prior) / (all_here + PRIOR_STRENGTH - here - prior + SMALL)
    odds_elsewhere = (elsewhere + prior) / (all_elsewhere + PRIOR_STRENGTH - elsewhere - prior + SMALL)
    return log(odds_here / odds_elsewhere) / sqrt(1 / (here + prior) + 1 / (elsewhere + prior))


def _best_phrases(phrases: Sequence[Scored], weights: dict[str, float]) -> list[Stems]:
    """Phrases that are typical themselves and made of typical words, best first."""

    def merit(scored: Scored) -> float:
        stems, score = scored
        content = [max(weights.get(stem, 0.0), 0.0) for stem in stems if stem not in FUNCTION_WORDS]
        return score + sum(content) / len(content)

    return [stems for stems, _ in sorted(phrases, key=lambda scored: (-merit(scored), scored[0]))]


def _terms(words: Words) -> Iterator[Words]:
    return ((word,) for word in words if _names_something(word))


def _phrases(words: Words) -> Iterator[Words]:
    """Runs of two to four words that begin and end with a word that names something; "pay for nurses" is one."""
    for first, word in enumerate(words):
        if not _names_something(word):
            continue
        for last in range(first + 1, min(first + LONGEST_PHRASE, len(words))):
            inner = words[first + 1 : last]
            if _names_something(words[last]) and words[last] != word and not PHRASE_BREAKERS.intersection(inner):
                yield words[first : last + 1]


def _names_something(word: str) -> bool:
    return len(word) > 1 and not word.isdigit() and word not in FUNCTION_WORDS and word not in WEAK_WORDS


def _stems(words: Words) -> Stems:
    return tuple(word if word in FUNCTION_WORDS else stem_of(word) for word in words)


def _content(title: str) -> frozenset[str]:
    return frozenset(stem_of(word) for word in title.lower().split() if word not in FUNCTION_WORDS)


def _is_new(title: str, taken: Sequence[frozenset[str]]) -> bool:
    stems = _content(title)
    return not any(len(stems & other) >= ALIKE * len(stems | other) for other in taken)
