"""Quotes for a theme: whole sentences, near its centre, from people who may be quoted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from intelligence.market import Comment
from intelligence.text.statements import Statement
from intelligence.text.themes import Quote
from intelligence.text.vocabulary import FUNCTION_WORDS
from intelligence.text.words import stem_of

TYPICAL_QUOTES = 4
ALIKE = 0.7
"""Share of all their words that two sentences have in common from which one of them is enough."""
SHORTEST_QUOTE = 15
LONGEST_QUOTE = 300
"""Characters between which a sentence reads well as a quote; others are quoted only when nothing else can be."""


def quotes_of(
    comments: Sequence[Comment], said: Sequence[tuple[Statement, float]], key_terms: Collection[str]
) -> tuple[Quote, ...]:
    """The most typical sentences of a theme, given its statements with their strengths, and its key terms.

    Only comments with `may_quote` are quoted, each at most once, and no two quotes read alike. A sentence is typical
    if its statement is central to the theme, uses its key terms, and makes up most of the sentence.
    """
    stems = frozenset(stem_of(term.lower()) for term in key_terms if term.lower() not in FUNCTION_WORDS)

    def rank(pair: tuple[Statement, float]) -> tuple[bool, float, int, int]:
        statement, strength = pair
        length = statement.sentence_end - statement.sentence_start
        named = len(stems.intersection(map(stem_of, statement.words))) / max(len(stems), 1)
        typical = strength + named + (statement.end - statement.start) / length
        return (not SHORTEST_QUOTE <= length <= LONGEST_QUOTE, -typical, statement.comment, statement.start)

    quotes: list[Quote] = []
    words_of: list[frozenset[str]] = []
    used: set[int] = set()
    for statement, strength in sorted((pair for pair in said if comments[pair[0].comment].may_quote), key=rank):
        comment = comments[statement.comment]
        text = " ".join(comment.text[statement.sentence_start : statement.sentence_end].split())
        words = frozenset(text.lower().split())
        if statement.comment in used or any(_alike(words, others) for others in words_of):
            continue
        used.add(statement.comment)
        words_of.append(words)
        quotes.append(Quote(comment.id, _shortened(text), strength))
        if len(quotes) == TYPICAL_QUOTES:
            break
    return tuple(quotes)


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= ALIKE * len(words | others)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
