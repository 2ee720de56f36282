"""Advice to whoever signs themes off: each rule is a function of its own, and none of them changes anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from intelligence.market import Comment
from intelligence.text.themes import ThemeSet
from intelligence.text.words import words_of

BROAD = 0.3
OF_AVERAGE = 1.5
SAME_PEOPLE = 0.7
SAME_PLACE = 0.9
FEWEST = 3
BOILERPLATE_WORDS = 5
BOILERPLATE = 0.5


@dataclass(frozen=True, slots=True)
class Advice:
    """Why a theme deserves another look; `other_id` is the second theme where the rule is about two."""

    theme_id: str
    rule: str
    reason: str
    other_id: str | None = None


def advice_on(found: ThemeSet, comments: Sequence[Comment]) -> tuple[Advice, ...]:
    """What every rule says, in the order of the rules. `comments` are those the themes were found in.

    Raises:
        KeyError: a theme was found in a comment that is not among these.

    >>> from intelligence.text.find import find_themes
    >>> texts = ("Parking is dear", "Dear parking", "Not enough nurses", "Too few nurses")
    >>> comments = [Comment(str(n), "P1" if n < 2 else f"P{n}", "q", text) for n, text in enumerate(texts)]
    >>> [advice.reason for advice in advice_on(find_themes(comments, seed=1, themes=2, encode=None), comments)]
    ['all 2 comments are from one provider']
    """
    return (
        *too_broad(found),
        *overlapping(found),
        *close(found),
        *single_source(found, comments),
        *boilerplate(found, comments),
    )


def too_broad(found: ThemeSet) -> Iterator[Advice]:
    """Three in ten comments or more, and half as many again as speak to a theme on average: it usually holds several
    things, or none. Where there are three themes, a third of the comments is no more than a share.
    """
    average = sum(theme.size for theme in found.themes) / max(len(found.themes), 1)
    if len(found.themes) > 1:
        for theme in found.themes:
            if theme.share >= BROAD and theme.size >= max(FEWEST, OF_AVERAGE * average):
                yield Advice(
                    theme.id, "too_broad", f"{theme.share:.0%} of the comments speak to it: does it hold one thing?"
                )


def overlapping(found: ThemeSet) -> Iterator[Advice]:
    """Jaccard index of the comments beyond .7: who speaks to one speaks to the other, so readers count them twice."""
    speaking = _speaking(found)
    for one, other in combinations((theme.id for theme in found.themes), 2):
        both, either = len(speaking[one] & speaking[other]), len(speaking[one] | speaking[other])
        if either >= FEWEST and both > SAME_PEOPLE * either:
            yield Advice(one, "overlapping", f"{both} of {either} comments speak to both: one theme?", other)


def close(found: ThemeSet) -> Iterator[Advice]:
    """Cosine of the centres beyond .9: what is said in the two hardly differs. Read off the merges of the tree."""
    ids = {theme.id for theme in found.themes}
    for merge in found.merges:
        if {merge.left, merge.right} <= ids and merge.distance < 1 - SAME_PLACE:
            yield Advice(merge.left, "close", "what is said in these two hardly differs: one theme?", merge.right)


def single_source(found: ThemeSet, comments: Sequence[Comment]) -> Iterator[Advice]:
    """Everything from one provider: its view deserves an answer, but it is not what the market said."""
    provider = {comment.id: comment.provider_id for comment in comments}
    for theme_id, speaking in _speaking(found).items():
        if len(speaking) >= 2 and len({provider[comment] for comment in speaking}) == 1:
            yield Advice(theme_id, "single_source", f"all {len(speaking)} comments are from one provider")


def boilerplate(found: ThemeSet, comments: Sequence[Comment]) -> Iterator[Advice]:
    """Half or more of the statements in the same words: a text that was passed round shows effort, not agreement."""
    texts = {comment.id: comment.text for comment in comments}
    wordings: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for one in found.assignments:
        wordings[one.theme_id][tuple(words_of(texts[one.comment_id][one.start : one.end]))] += 1
    for theme_id, used in wordings.items():
        words, count = used.most_common(1)[0]
        if len(words) >= BOILERPLATE_WORDS and count >= FEWEST and count >= BOILERPLATE * used.total():
            yield Advice(theme_id, "boilerplate", f"{count} of {used.total()} statements are in the same words")


def _speaking(found: ThemeSet) -> dict[str, set[str]]:
    speaking: dict[str, set[str]] = {theme.id: set() for theme in found.themes}
    for one in found.assignments:
        speaking[one.theme_id].add(one.comment_id)
    return speaking
