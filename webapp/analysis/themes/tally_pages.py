"""A tally in words, the same on every page, with the way to the statements behind each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from intelligence.text.themes import SetAsideReason
from webapp.analysis.themes.tallies import Tally
from webapp.analysis.themes.words import REASONS
from webapp.models import Pile, ThemeFramework
from webapp.web.format import number, plural
from webapp.web.provenance import outdated_words

BY_A_PERSON = "put there by a person"


@dataclass(frozen=True, slots=True)
class Figure:
    """`href` leads to the statements that make it, and is empty for those who may not read them."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class TallyOnPage:
    answers: str
    """How many there are, and how many of them were read for themes."""
    statements: Figure
    themes: str
    left_out: list[Figure]
    withdrawn: str


def tally_on_page(framework: ThemeFramework, tally: Tally, *, reads: bool) -> TallyOnPage:
    def figure(text: str, place: str | None = None) -> Figure:
        href = url_for("theme_statements.index", framework_id=framework.id, place=place)
        return Figure(text, href if reads else "")

    return TallyOnPage(
        answers=answers_words(tally),
        statements=figure(plural(tally.statements, "statement")),
        themes=plural(tally.themes, "theme"),
        left_out=[
            figure(words, pile.value)
            for pile, words in (
                (Pile.SET_ASIDE, set_aside_words(tally)),
                (Pile.DOES_NOT_FIT, does_not_fit_words(tally)),
            )
            if tally.on_pile(pile)
        ],
        withdrawn=_withdrawn(tally),
    )


def answers_words(tally: Tally) -> str:
    words = f"{plural(tally.answers, 'answer')} from {plural(tally.providers, 'provider')}"
    return words if tally.read == tally.answers else f"{words}, {number(tally.read)} of them read for themes"


def set_aside_words(tally: Tally) -> str:
    why = reasons(tally.left_out.get(Pile.SET_ASIDE, {}))
    return f"{plural(tally.on_pile(Pile.SET_ASIDE), 'statement')} set aside{f' ({why})' if why else ''}"


def does_not_fit_words(tally: Tally) -> str:
    count = tally.on_pile(Pile.DOES_NOT_FIT)
    return f"{plural(count, 'statement')} that {'fits' if count == 1 else 'fit'} no theme"


def reasons(counts: Mapping[str | None, int]) -> str:
    """Why so many were set aside; no reason is a person's."""
    named = [(REASONS[reason], counts.get(reason.value, 0)) for reason in SetAsideReason]
    named.append((BY_A_PERSON, counts.get(None, 0)))
    return "; ".join(f"{number(count)} {words}" for words, count in named if count)


def _withdrawn(tally: Tally) -> str:
    told = [outdated_words("these themes", withdrawn=tally.withdrawn_responses)] if tally.withdrawn_responses else []
    if count := tally.withdrawn:
        words = f"{plural(count, 'answer')} amended or withdrawn since {'counts' if count == 1 else 'count'} nowhere."
        told.insert(0, words)
    return " ".join(told)
