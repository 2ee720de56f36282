"""Themes found in free text: the types that are computed, stored and shown. This module imports nothing heavy.

No text of a comment is held here unless its author may be quoted: an assignment points into its comment by position,
and quotes are taken only from comments with `may_quote`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FEWEST_TO_READ = 10
MOST_TO_READ = 20
"""Themes that a person can take in at a first reading."""


class SetAsideReason(StrEnum):
    """Why a comment was not read for themes."""

    NO_WORDS = "no_words"
    NOTHING_TO_SAY = "nothing_to_say"
    REFERS_ELSEWHERE = "refers_elsewhere"
    REPEATED = "repeated"  # the same provider gave the same answer before
    COPIED = "copied"  # another provider gave the same long answer before


class Side(StrEnum):
    """Whether a statement approves of what it speaks of, by a rule of thumb on its words."""

    SUPPORT = "support"
    OBJECTION = "objection"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement in its author's words; `strength` is that of its assignment."""

    comment_id: str
    text: str
    strength: float


@dataclass(frozen=True, slots=True)
class Theme:
    """One thing that several people said.

    `size` counts comments and `statements` the statements in them; `share` is `size` over the comments that were read.
    `medoid` is the quotable statement nearest to the theme's centre, `quotes` are further typical ones from other
    comments; both are empty when nobody who spoke to the theme may be quoted. `support` and `objection` count the
    comments that take a side in what they say to the theme. `found_again` is the share of it that is found when some
    comments are left out, from 0 to 1 (:func:`intelligence.text.stability.find_tested`); `None` where nobody looked.
    """

    id: str
    title: str
    key_terms: tuple[str, ...]
    size: int
    statements: int
    share: float
    medoid: Quote | None
    quotes: tuple[Quote, ...]
    support: int = 0
    objection: int = 0
    found_again: float | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One statement, the characters `start` to `end` of its comment, speaks to one theme.

    `strength` is the cosine between statement and theme, from 0 to 1, in the space they were grouped in; 0 means that
    the statement has no place beside any other and stands here only so that no comment is lost. The main theme of a
    comment spans the whole of it; its `side` is that of the statements that speak to the theme.
    """

    comment_id: str
    start: int
    end: int
    theme_id: str
    strength: float
    side: Side = Side.NEITHER


@dataclass(frozen=True, slots=True)
class SetAside:
    """A comment that was not read for themes; `same_as` names the comment that it repeats or copies."""

    comment_id: str
    reason: SetAsideReason
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Two branches of the tree become one; `left` and `right` are ids of themes or merges.

    `distance` is the cosine distance between where the two lie. It may be less than that of the merge before, since
    what is joined next is what loses least of the spread of the statements.
    """

    id: str
    left: str
    right: str
    distance: float


@dataclass(frozen=True, slots=True)
class ThemeParameters:
    """The settings that were used. `themes` is the number that was asked for; `None` lets the comments decide.

    `encoder` names what placed texts by their meaning; `learnt_from` says whether "statements" or whole "comments" fell
    into clearer groups.
    """

    themes: int | None
    dimensions: int
    neighbours: int
    diffusion_steps: int
    micro_themes: int
    encoder: str = "none"
    learnt_from: str = "statements"


@dataclass(frozen=True, slots=True)
class ThemeSet:
    """The themes of one question, largest first, with everything that is needed to check them.

    `assignments` are in the order of the comments, and within a comment strongest theme first. `merges` are in the
    order in which a reader who wants fewer, broader themes would join them.

    >>> pay = Theme("t1", "Staff pay", ("pay",), 3, 3, 0.6, None, ())
    >>> site = Theme("t2", "Remote sites", ("site",), 2, 2, 0.4, None, ())
    >>> parameters = ThemeParameters(None, 2, 3, 3, 2)
    >>> found = ThemeSet((pay, site), (), (), (Merge("m1", "t1", "t2", 0.8),), 5, 5, 0, parameters, ())
    >>> found.broader(1)
    (('t1', 't2'),)
    """

    themes: tuple[Theme, ...]
    assignments: tuple[Assignment, ...]
    set_aside: tuple[SetAside, ...]
    merges: tuple[Merge, ...]
    comments: int
    statements: int
    seed: int
    parameters: ThemeParameters
    warnings: tuple[str, ...]

    def worth_reading(self) -> int:
        """Into how many groups to join the themes for a first reading: all up to 20, else 10 to 20.

        Among those, the cut before the merge that joins the most distant branches compared with the one before it.
        """
        count = len(self.themes)
        if count <= MOST_TO_READ or len(self.merges) < count - FEWEST_TO_READ:
            return count
        distances = [merge.distance for merge in self.merges]
        jumps = {
            groups: distances[count - groups] - distances[count - groups - 1]
            for groups in range(FEWEST_TO_READ, MOST_TO_READ + 1)
            if count - groups < len(distances)
        }
        return max(jumps, key=lambda groups: (jumps[groups], -groups))

    def broader(self, groups: int) -> tuple[tuple[str, ...], ...]:
        """The theme ids in at most `groups` broader groups (never fewer than the tree allows), largest theme first.

        Raises:
            ValueError: `groups` is not positive.
        """
        if groups < 1:
            raise ValueError(f"groups must be at least 1, not {groups}")
        order = {theme.id: position for position, theme in enumerate(self.themes)}
        branches: dict[str, tuple[str, ...]] = {theme.id: (theme.id,) for theme in self.themes}
        for merge in self.merges:
            if len(branches) <= groups:
                break
            joined = branches.pop(merge.left) + branches.pop(merge.right)
            branches[merge.id] = tuple(sorted(joined, key=order.__getitem__))
        return tuple(sorted(branches.values(), key=lambda ids: order[ids[0]]))
