"""What was learnt from a person's confirmed themes: the types. This module imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """A theme for a comment, and why: words it shares with confirmed comments of the theme that lie nearest to it.

    `confidence` is the share of such proposals that were right where the answer was known, from 0 to 1.
    """

    comment_id: str
    theme_id: str
    confidence: float
    words: tuple[str, ...]
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A comment whose themes would teach most, with the best guess so far."""

    comment_id: str
    guess: Proposal | None


@dataclass(frozen=True, slots=True)
class Learned:
    """Proposals in the order of the comments, likeliest theme first; questions, most informative first.

    `expected_f1` is the samples F1 that the confirmed comments would have had, each left out in turn.
    """

    proposals: tuple[Proposal, ...]
    questions: tuple[Question, ...]
    confirmed: int
    expected_f1: float
