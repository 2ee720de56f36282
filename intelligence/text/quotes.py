"""Quotes for a theme: whole sentences, near its centre, from people who may be quoted."""

from __future__ import annotations

from collections.abc import Sequence

from intelligence.market import Comment
from intelligence.text.statements import Statement
from intelligence.text.themes import Quote

TYPICAL_QUOTES = 4
SHORTEST_QUOTE = 15
LONGEST_QUOTE = 300
"""Characters between which a sentence reads well as a quote; others are quoted only when nothing else can be."""


def quotes_of(comments: Sequence[Comment], said: Sequence[tuple[Statement, float]]) -> tuple[Quote, ...]:
    """The most typical sentences of a theme, given its statements and their strengths, strongest first.

    Only comments with `may_quote` are quoted, each at most once, and no two quotes read the same.
    """
    quotable = [(statement, strength) for statement, strength in said if comments[statement.comment].may_quote]
    quotes: dict[str, Quote] = {}
    used: set[int] = set()
    for statement, strength in sorted(
        quotable, key=lambda pair: (not _reads_well(pair[0]), -pair[1], pair[0].comment, pair[0].start)
    ):
        comment = comments[statement.comment]
        text = " ".join(comment.text[statement.sentence_start : statement.sentence_end].split())
        if statement.comment in used or text in quotes:
            continue
        used.add(statement.comment)
        quotes[text] = Quote(comment.id, _shortened(text), strength)
        if len(quotes) == TYPICAL_QUOTES:
            break
    return tuple(quotes.values())


def _reads_well(statement: Statement) -> bool:
    return SHORTEST_QUOTE <= statement.sentence_end - statement.sentence_start <= LONGEST_QUOTE


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
