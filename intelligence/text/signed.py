"""Themes that a person has signed off, and what new comments are assigned to them. This module imports nothing heavy.

A signed theme is what its examples say: statements that a person left in it or put there. Nothing else is needed to
assign new comments to it, so that a theme can be added, or mended, by giving examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from intelligence.market import Comment
from intelligence.text.themes import Assignment, SetAside, ThemeSet

EXAMPLES = 40
"""Of a theme that :func:`signed_as_found` takes over."""


@dataclass(frozen=True, slots=True)
class SignedTheme:
    """`examples` are statements that speak to the theme, in anybody's words; at least one."""

    id: str
    title: str
    examples: tuple[str, ...]
    description: str = ""

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ValueError("a theme has no id")
        if not any(example.strip() for example in self.examples):
            raise ValueError(f"theme {self.id} has no examples")


@dataclass(frozen=True, slots=True)
class SignedThemes:
    """The themes of one question as they were signed.

    >>> SignedThemes((SignedTheme("pay", "Low pay", ("Pay is low",)), SignedTheme("pay", "Wages", ("Poor wages",))))
    Traceback (most recent call last):
    ValueError: two themes share the id pay
    """

    themes: tuple[SignedTheme, ...]

    def __post_init__(self) -> None:
        if not self.themes:
            raise ValueError("no themes")
        seen: set[str] = set()
        for theme in self.themes:
            if theme.id in seen:
                raise ValueError(f"two themes share the id {theme.id}")
            seen.add(theme.id)


@dataclass(frozen=True, slots=True)
class AssignedThemes:
    """What new comments say to signed themes: like a :class:`ThemeSet`, each comment's main theme first.

    `does_not_fit` are the ids of comments that speak to none of the themes, and `proposed` are the themes found among
    them, when there are enough.
    """

    assignments: tuple[Assignment, ...]
    does_not_fit: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    proposed: ThemeSet | None


def signed_as_found(comments: Sequence[Comment], found: ThemeSet) -> SignedThemes:
    """The themes as they are when a person signs each of them unchanged.

    The examples are the strongest statements from comments that may be quoted; a theme without any is left out.

    Raises:
        ValueError: no theme has an example.
    """
    texts = {comment.id: comment.text for comment in comments if comment.may_quote}
    said: defaultdict[str, list[Assignment]] = defaultdict(list)
    for assignment in found.assignments:
        if assignment.comment_id in texts:
            said[assignment.theme_id].append(assignment)
    themes = []
    for theme in found.themes:
        strongest = sorted(said[theme.id], key=lambda one: (-one.strength, one.comment_id, one.start))
        examples = dict.fromkeys(texts[one.comment_id][one.start : one.end] for one in strongest)
        if examples:
            themes.append(SignedTheme(theme.id, theme.title, tuple(examples)[:EXAMPLES]))
    return SignedThemes(tuple(themes))
