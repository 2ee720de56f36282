"""Words and their stems."""

from __future__ import annotations

import re
from functools import lru_cache

from nltk.stem.snowball import EnglishStemmer

from intelligence.text.vocabulary import FUNCTION_WORDS

LONGEST_WORD = 40
"""Characters; what is longer is a link, a key or noise, and is cut."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_STEMMER = EnglishStemmer()


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case, without possessive endings.

    >>> words_of("The provider’s staff can't park, e.g. at HMP Risley!")
    ['the', 'provider', 'staff', "can't", 'park', 'e', 'g', 'at', 'hmp', 'risley']
    """
    lowered = text.lower().replace("’", "'")
    words = [word[:LONGEST_WORD] for word in _WORD.findall(lowered)]
    if "'" not in lowered:
        return words
    return [word.removesuffix("'s") if word not in FUNCTION_WORDS else word for word in words]


@lru_cache(maxsize=200_000)
def stem_of(word: str) -> str:
    """The stem under which the forms of an English word are counted together.

    >>> stem_of("vacancies") == stem_of("vacancy")
    True
    """
    stem: str = _STEMMER.stem(word)
    return stem
