"""What pages show of a result that grows with the responses: so little that they take no longer for more of them.

The worker makes it from the result, which holds every assignment or all that every bidder said, and stores it beside
it, as the part's summary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from intelligence import Schedule, ThemeSet
from intelligence.files import from_json, to_json
from intelligence.text.themes import SetAsideReason, Theme
from webapp.models import PartKind

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


@dataclass(frozen=True, slots=True)
class BiddersDigest:
    """What likely bidders said that the plan heeds: how many said how long a bid takes, the longest of it in working
    days, how many asked to avoid dates, and how many pairs of tenders share bidders."""

    with_length: int
    longest: int
    avoiding: int
    pairs: int


@dataclass(frozen=True, slots=True)
class ScheduleDigest:
    """The schedule without what its problem says of single bidders, of which `bidders` has the figures."""

    schedule: Schedule
    bidders: BiddersDigest


def digest_of_themes(found: ThemeSet) -> ThemeDigest:
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


def digest_of_schedule(schedule: Schedule) -> ScheduleDigest:
    problem = schedule.problem
    lengths = [limit.shortest_bid_days for limit in problem.bidder_limits if limit.shortest_bid_days]
    bidders = BiddersDigest(
        with_length=len(lengths),
        longest=max(lengths, default=0),
        avoiding=sum(bool(limit.avoid) for limit in problem.bidder_limits),
        pairs=len(problem.bidder_pairs),
    )
    without = replace(problem, bidder_limits=(), tenders_wishes=(), bidder_pairs=())
    return ScheduleDigest(replace(schedule, problem=without), bidders)


_DIGESTS: Mapping[PartKind, tuple[type[Any], Callable[[Any], object]]] = {
    PartKind.THEMES: (ThemeDigest, digest_of_themes),
    PartKind.SCHEDULE: (ScheduleDigest, digest_of_schedule),
}


def summary_of(kind: PartKind, result: object) -> dict[str, Any] | None:
    """The digest of a part's result as it is stored; None where pages read the whole."""
    if kind not in _DIGESTS:
        return None
    return cast(dict[str, Any], to_json(digest_of(kind, result)))  # of a dataclass, so an object


def digest_from(kind: PartKind, summary: dict[str, Any]) -> Any:
    """The opposite of `summary_of`."""
    return from_json(_DIGESTS[kind][0], summary)


def digest_of(kind: PartKind, result: object) -> Any:
    return _DIGESTS[kind][1](result)
