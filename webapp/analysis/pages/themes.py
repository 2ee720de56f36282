"""What providers said in their own words, question by question."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from intelligence import ThemeSet
from intelligence.text.themes import SetAsideReason
from webapp.models import AnalysisPart
from webapp.web import charts
from webapp.web.format import number, percent, plural

REASONS = {
    SetAsideReason.NO_WORDS: "no words",
    SetAsideReason.NOTHING_TO_SAY: "nothing to say",
    SetAsideReason.REFERS_ELSEWHERE: "refers to another answer",
    SetAsideReason.REPEATED: "repeats the same provider's answer",
    SetAsideReason.COPIED: "the same text as another provider's",
}
QUOTES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ThemeOnPage:
    title: str
    size: str
    terms: str
    quotes: list[str]


@dataclass(frozen=True, slots=True)
class QuestionThemes:
    slug: str
    question: str
    summary: str
    chart: Markup | None
    themes: list[ThemeOnPage]
    rows: list[tuple[str, str, str, str]]
    set_aside: list[str]
    warnings: tuple[str, ...]


def question_themes(part: AnalysisPart, found: ThemeSet) -> QuestionThemes:
    slug = f"themes-{part.position}"
    read = found.comments - len(found.set_aside)
    return QuestionThemes(
        slug=slug,
        question=part.title,
        summary=(
            f"{plural(found.comments, 'answer')}, of which {number(read)} were read for themes: "
            f"{plural(found.statements, 'statement')} in {plural(len(found.themes), 'theme')}."
        ),
        chart=charts.horizontal_bars(
            slug,
            f"Answers that speak of each theme: {part.title}",
            [charts.Bar(label=theme.title, value=theme.size, note=percent(theme.share)) for theme in found.themes],
            unit="answers",
        )
        if found.themes
        else None,
        themes=[
            ThemeOnPage(
                title=theme.title,
                size=f"{plural(theme.size, 'answer')}, {percent(theme.share)} of those read",
                terms=", ".join(theme.key_terms),
                quotes=[
                    quote.text for quote in (*([theme.medoid] if theme.medoid else []), *theme.quotes)[:QUOTES_SHOWN]
                ],
            )
            for theme in found.themes
        ],
        rows=[
            (theme.title, number(theme.size), percent(theme.share), ", ".join(theme.key_terms))
            for theme in found.themes
        ],
        set_aside=_set_aside(found),
        warnings=found.warnings,
    )


def _set_aside(found: ThemeSet) -> list[str]:
    counts = {reason: sum(aside.reason is reason for aside in found.set_aside) for reason in REASONS}
    return [f"{number(count)}: {REASONS[reason]}" for reason, count in counts.items() if count]
