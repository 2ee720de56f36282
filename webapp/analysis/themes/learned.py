"""What was learnt from the statements that people placed, as it is stored and shown. Types alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from webapp.analysis.themes.places import place_of
from webapp.models import Pile

LIKELIER_THAN_NOT = 0.5
"""Confidence from which a theme is proposed: to be asked to move what probably belongs elsewhere helps nobody."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest theme of a statement, and why: words that it shares with statements that people placed there.

    `confidence` is the share of such guesses that were right where a person had said it; `neighbours` are numbers.
    """

    theme_id: str
    confidence: float
    words: tuple[str, ...]
    neighbours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A statement that nobody had placed, where it stood then, and the guess, if there was one."""

    number: int
    stood: str
    guess: Guess | None

    @property
    def place(self) -> uuid.UUID | Pile | None:
        return place_of(self.stood)

    @property
    def agrees(self) -> bool:
        return self.guess is not None and self.guess.theme_id == self.stood


@dataclass(frozen=True, slots=True)
class LearnedThemes:
    """Proposals, those that would move a statement first, each with the most confident first; what to ask about next.

    `expected_f1` is the samples F1 of the placed statements, each guessed from the others, at the best threshold.
    `unlikely` are statements of which no theme is likelier than not: nothing is proposed for them.
    """

    proposals: tuple[Unplaced, ...]
    questions: tuple[Unplaced, ...]
    taught: int
    expected_f1: float
    unlikely: int = 0
