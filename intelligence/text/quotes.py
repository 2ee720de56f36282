"""Quotes for a theme: whole sentences, near its centre, from people who may be quoted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from intelligence.market import Comment
from intelligence.text.statements import Statement
from intelligence.text.themes import Quote
from intelligence.text.usage import content_stems
from intelligence.text.words import stem_of, words_of

TYPICAL_QUOTES = 4
ALIKE = 0.7
"""Share of all their words that two sentences have in common from which one of them is enough."""
TITLED = 2.0
"""Weight of the title beside that of the key terms, since a quote is read beneath it."""

SHORTEST_QUOTE = 15
LONGEST_QUOTE = 300
"""Characters between which a sentence reads well as a quote; others are quoted only when nothing else can be."""


def quotes_of(
    comments: Sequence[Comment], said: Sequence[tuple[Statement, float]], title: str, key_terms: Collection[str]
) -> tuple[Quote, ...]:
    """The most typical sentences of a theme, given its statements with their strengths, its title and its key terms.

    Only comments with `may_quote` are quoted, each at most once, and no two quotes read alike. A sentence is typical
    if its statement is central to the theme, says what the title says, uses the key terms, and makes up most of the
    sentence.
    """
    titled, terms = frozenset(content_stems(words_of(title))), frozenset(stem_of(term.lower()) for term in key_terms)

    def rank(pair: tuple[Statement, float]) -> tuple[bool, float, int, int]:
        statement, strength = pair
        length = statement.sentence_end - statement.sentence_start
        stems = frozenset(map(stem_of, statement.words))
        named = TITLED * _share(titled, stems) + _share(terms, stems)
        typical = strength + named + (statement.end - statement.start) / length
        return (not SHORTEST_QUOTE <= length <= LONGEST_QUOTE, -typical, statement.comment, statement.start)

    quotes: list[Quote] = []
    words_used: list[frozenset[str]] = []
    used: set[int] = set()
    for statement, strength in sorted((pair for pair in said if comments[pair[0].comment].may_quote), key=rank):
        comment = comments[statement.comment]
        text = " ".join(comment.text[statement.sentence_start : statement.sentence_end].split())
        words = frozenset(text.lower().split())
        if statement.comment in used or any(_alike(words, others) for others in words_used):
            continue
        used.add(statement.comment)
        words_used.append(words)
        quotes.append(Quote(comment.id, _shortened(text), strength))
        if len(quotes) == TYPICAL_QUOTES:
            break
    return tuple(quotes)


def _share(about: frozenset[str], stems: frozenset[str]) -> float:
    return len(about & stems) / max(len(about), 1)


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= ALIKE * len(words | others)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
