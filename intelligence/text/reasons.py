"""Why a comment was given a theme, in words that it shares with others of that theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from intelligence.text.vocabulary import FUNCTION_WORDS, WEAK_WORDS
from intelligence.text.words import stem_of, words_of

MOST_WORDS = 5


def shared_words(text: str, others: Sequence[str]) -> tuple[str, ...]:
    """Content words of a text that others use in any form, those that most of them use first.

    >>> shared_words("The car park is too dear", ["Parking a car", "No parking for my car", "Cars everywhere"])
    ('car', 'park')
    """
    used = Counter(stem for other in others for stem in {stem_of(word) for word in words_of(other)})
    own = {stem_of(word): word for word in words_of(text) if word not in FUNCTION_WORDS | WEAK_WORDS}
    shared = sorted((stem for stem in own if used[stem]), key=lambda stem: (-used[stem], stem))
    return tuple(own[stem] for stem in shared[:MOST_WORDS])
