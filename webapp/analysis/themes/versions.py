"""What is signed: the themes with their counts and quotes, as a copy that later acts never reach. Types alone."""

from __future__ import annotations

from dataclasses import dataclass

from intelligence.files import from_json
from webapp.models import ThemeVersion


@dataclass(frozen=True, slots=True)
class SignedTheme:
    """`quotes` are of providers that agreed to be quoted; `examples` are what a person wrote."""

    id: str
    title: str
    description: str
    answers: int
    statements: int
    confirmed: int
    support: int
    objection: int
    quotes: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedSummary:
    """`answers` counts those in the framework, whether they speak to a theme or lie on a pile."""

    themes: tuple[SignedTheme, ...]
    answers: int
    set_aside: int
    does_not_fit: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The numbers of the assignments in each theme, strongest first."""

    themes: dict[str, tuple[int, ...]]


def summary_of(version: ThemeVersion) -> SignedSummary:
    return from_json(SignedSummary, version.summary)
