"""Titles and key terms, by what people who speak to a theme say more often than everybody else.

Candidates for a title are the whole noun phrases of the theme's remarks, and remarks that without their subject are as
short as a title themselves: nothing that nobody said (`usage`). They are weighed by their words (`merits`) and by what
they mean (`titles`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intelligence.text.key_terms import key_terms_of
from intelligence.text.semantic import Encoder
from intelligence.text.spelling import Spelling, known_names, tokens_of
from intelligence.text.titles import titles_of
from intelligence.text.usage import usage_of

Remark = tuple[int, str]
"""The number of a comment and what it says to the theme."""

REMARKS = 200
"""Remarks of a theme from which it is named, evenly over all, so that time grows with themes and not with remarks."""


@dataclass(frozen=True, slots=True)
class Name:
    """`key_terms` are single words in the form in which people used them most."""

    title: str
    key_terms: tuple[str, ...]


def names_of(themes: Sequence[Sequence[Remark]], encode: Encoder | None = None) -> tuple[Name, ...]:
    """A title and key terms for each theme, given its remarks, most central first; no two titles read alike.

    With an encoder, each means what is said to its theme, and none says what another does in other words.

    >>> pay = [(1, "Low pay for nurses"), (2, "The pay is low"), (3, "Nurses want better pay")]
    >>> parking = [(4, "No car parking"), (5, "Car parking is dear")]
    >>> [name.title for name in names_of([pay, parking])]
    ['Low pay for nurses', 'Car parking']
    """
    read = [theme[:: -(-len(theme) // REMARKS)] for theme in themes]
    tokens = [[(comment, tokens_of(text)) for comment, text in theme] for theme in read]
    said = [remark for theme in tokens for remark in theme]
    spelling = Spelling([words for _, words in said], known_names(said))
    usages = [usage_of(theme, spelling) for theme in tokens]
    titles = titles_of(usages, [[text for _, text in theme] for theme in read], spelling, encode)
    key_terms = [tuple(map(spelling.of, terms)) for terms in key_terms_of(usages)]
    return tuple(
        Name(title or _numbered(number, terms), terms)
        for number, (title, terms) in enumerate(zip(titles, key_terms, strict=True), start=1)
    )


def _numbered(number: int, terms: Sequence[str]) -> str:
    """What a theme is called whose phrases are all taken by others: its number and its first key terms."""
    return f"Theme {number}: {', '.join(terms[:2])}" if terms else f"Theme {number}"
