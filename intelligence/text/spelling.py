"""How people write words: with which capitals, and whose things are whose."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from intelligence.text.vocabulary import ABBREVIATIONS, ADDRESSES, ADVERBS, FUNCTION_WORDS
from intelligence.text.word_classes import WordClass, word_class
from intelligence.text.words import stem_of

OFTEN = 8
"""Remarks that a name opens, where nothing but the capital of an opening tells that it is one: of so many that a common
noun opens, one would have it within a sentence.
"""

KNOWN = 30
"""Comments that must have a name within a sentence for it to be known to all: "Mastercard", and not the nurse whom some
thank.
"""

OWNER = "'s"

_SHORT_ADDRESS = re.compile(r"\b(dr|mr|mrs|ms|prof)\.(?=\s)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")


def tokens_of(text: str) -> list[str]:
    """Words with their hyphens, and marks, as written, but for the full stop of "Dr.", which ends nothing.

    >>> tokens_of("Mum’s care was trauma-informed, we’d say, and that’s what counts.")[:6]
    ["Mum's", 'care', 'was', 'trauma-informed', ',', "we'd"]
    """
    tokens = [token.replace("’", "'") for token in _TOKEN.findall(_SHORT_ADDRESS.sub(r"\1", text))]
    return [bare_of(token) if bare_of(token).lower() in FUNCTION_WORDS else token for token in tokens]


def bare_of(word: str) -> str:
    """The word without what says that something is its own."""
    return word.removesuffix(OWNER) or word


def known_names(remarks: Iterable[tuple[int, Sequence[str]]]) -> frozenset[str]:
    """Words that so many comments write with a capital within a sentence that they are nobody's secret, in lower case.

    A remark is the number of its comment and its tokens. Whoever is spoken of as Dr or Nurse is never among them.
    """
    comments: defaultdict[str, set[int]] = defaultdict(set)
    people: set[str] = set()
    for comment, tokens in remarks:
        for before, token in pairwise(tokens):
            if before[-1].isalnum() and token[0].isupper() and not token.isupper():
                word = bare_of(token).lower()
                comments[word].add(comment)
                if before.lower() in ADDRESSES:
                    people.add(word)
    unfit = people | FUNCTION_WORDS | ADVERBS | ABBREVIATIONS
    return frozenset(word for word, own in comments.items() if len(own) >= KNOWN and word not in unfit)


class Spelling:
    """How words are written within sentences: people's and places' names with a capital, acronyms in capitals.

    >>> spelling = Spelling([tokens_of("the TUPE list"), tokens_of("Staff at Risley")])
    >>> spelling.of("tupe"), spelling.of("staff"), spelling.is_name("risley")
    ('TUPE', 'staff', True)
    """

    def __init__(self, texts: Iterable[list[str]], known: Collection[str] = ()) -> None:
        """`known` are the names that may be in titles."""
        self._written: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._openings: Counter[str] = Counter()
        self._common: set[str] = set()
        self._known = known
        for tokens in texts:
            if " ".join(tokens).isupper():
                continue
            self._note(tokens)
            for before, token in zip(["", *tokens], tokens, strict=False):
                if token[0].isalnum() and (before[-1:].isalnum() or before == "," or token.isupper()):
                    self._written[bare_of(token).lower()][bare_of(token)] += 1
        self._of: dict[str, str] = {}
        self._names: dict[str, bool] = {}

    def _note(self, tokens: Sequence[str]) -> None:
        """Which word opens a remark, and which are common ones: written small, or said of the noun after them."""
        first, then = (bare_of(token).lower() for token in [*tokens, "", ""][:2])
        if tokens and tokens[0].istitle() and bare_of(tokens[0]) == tokens[0]:
            self._openings[first] += 1
            if then and word_class(then, first, "") is not WordClass.BREAK:
                self._common.add(stem_of(first))
        self._common.update(stem_of(token) for token in tokens if token.islower())

    def of(self, word: str) -> str:
        if word not in self._of:
            bare = bare_of(word)
            self._of[word] = self._usual(bare) + word[len(bare) :]
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
        """Whether it is written with a capital and not known to all: whom or what no title should name."""
        named = self._names.get(word)
        if named is None:
            bare = bare_of(word)
            named = (self._is_written_as_name(bare) or self._opens_as_name(bare)) and not self.is_known_name(bare)
            self._names[word] = named
        return named

    def is_known_name(self, word: str) -> bool:
        return word in self._known and self._is_written_as_name(word)

    def _is_written_as_name(self, word: str) -> bool:
        form = self.of(word)
        return form[0].isupper() and not _is_capitals(form)

    def _opens_as_name(self, word: str) -> bool:
        """Whether it often opens a remark and is no common word in any of its forms: "Michelle was helpful"."""
        return self._openings[word] >= OFTEN and word not in self._written and stem_of(word) not in self._common


def _is_capitals(form: str) -> bool:
    return form.removesuffix("s").isupper()
