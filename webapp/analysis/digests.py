"""What a page shows of the themes that a run found: so little that the page takes no longer for more responses.

The worker makes it from the result, which holds every assignment, and stores it beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from intelligence import ThemeSet
from intelligence.text.themes import SetAsideReason, Theme

QUOTES_SHOWN = 3
MOST_READ = 20
"""More themes than this are shown in broader groups, as their tree joins them."""
GROUPS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class QuoteDigest:
    """`comment_id` is the answer's: it may be withdrawn later, and its words are no longer to be shown then."""

    comment_id: str
    text: str


@dataclass(frozen=True, slots=True)
class GroupDigest:
    """Themes shown as one, under the title of the largest; `size` counts answers and `share` is of those read."""

    title: str
    also: tuple[str, ...]
    key_terms: tuple[str, ...]
    size: int
    share: float
    quotes: tuple[QuoteDigest, ...]


@dataclass(frozen=True, slots=True)
class ThemeDigest:
    comments: int
    read: int
    themes: int
    groups: tuple[GroupDigest, ...]
    set_aside: dict[SetAsideReason, int]
    warnings: tuple[str, ...]


def digest_of(found: ThemeSet) -> ThemeDigest:
    read = found.comments - len(found.set_aside)
    return ThemeDigest(
        comments=found.comments,
        read=read,
        themes=len(found.themes),
        groups=_groups(found, read),
        set_aside={
            reason: count
            for reason in SetAsideReason
            if (count := sum(aside.reason is reason for aside in found.set_aside))
        },
        warnings=found.warnings,
    )


def _groups(found: ThemeSet, read: int) -> tuple[GroupDigest, ...]:
    by_id = {theme.id: theme for theme in found.themes}
    branches = found.broader(GROUPS_SHOWN if len(found.themes) > MOST_READ else max(len(found.themes), 1))
    groups = []
    for branch in branches:
        size = len({entry.comment_id for entry in found.assignments if entry.theme_id in branch})
        groups.append(_group([by_id[key] for key in branch], size, size / max(read, 1)))
    return tuple(sorted(groups, key=lambda group: (-group.size, group.title)))


def _group(themes: list[Theme], size: int, share: float) -> GroupDigest:
    largest = themes[0]
    quotes = (*([largest.medoid] if largest.medoid else []), *largest.quotes)
    return GroupDigest(
        title=largest.title,
        also=tuple(theme.title for theme in themes[1:]),
        key_terms=largest.key_terms,
        size=size,
        share=share,
        quotes=tuple(QuoteDigest(quote.comment_id, quote.text) for quote in quotes[:QUOTES_SHOWN]),
    )
