"""The words of each theme that are most typical of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from math import log, sqrt

from intelligence.text.usage import Usage
from intelligence.text.vocabulary import VAGUE_NOUNS

KEY_TERMS = 5
FEWEST = 0.01
"""Share of a theme's comments that must use a word."""

PRIOR_STRENGTH = 200.0
"""Occurrences that the prior counts for; a smaller number lets rarer words in."""

SMALL = 1e-9
SAME_SPELLING = 0.84
"""Similarity of two words (Ratcliff and Obershelp) from which one is taken for a misspelling of the other."""


def key_terms_of(usages: Sequence[Usage]) -> list[list[str]]:
    """At most five words for each theme, no two of them forms or misspellings of one another."""
    everywhere: Counter[str] = Counter()
    for own in usages:
        everywhere.update(own.stems)
    total = everywhere.total()
    found = []
    for own in usages:
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
