"""What providers said in their own words, question by question."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from intelligence import ThemeSet
from intelligence.text.themes import SetAsideReason, Theme
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
MOST_READ = 20
"""More themes than this are shown in broader groups, as their tree joins them."""
GROUPS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ThemeOnPage:
    title: str
    size: str
    terms: str
    also: str
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


@dataclass(frozen=True, slots=True)
class _Group:
    """Themes shown as one, under the title of the largest."""

    themes: tuple[Theme, ...]
    size: int
    share: float

    @property
    def title(self) -> str:
        return self.themes[0].title

    @property
    def also(self) -> str:
        return ", ".join(theme.title for theme in self.themes[1:])


def question_themes(part: AnalysisPart, found: ThemeSet) -> QuestionThemes:
    slug = f"themes-{part.position}"
    read = found.comments - len(found.set_aside)
    groups = _groups(found, read)
    return QuestionThemes(
        slug=slug,
        question=part.title,
        summary=(
            f"{plural(found.comments, 'answer')}, {number(read)} of them read for themes: "
            f"{plural(found.statements, 'statement')} in {plural(len(found.themes), 'theme')}"
            f"{f', shown in {len(groups)} groups' if len(groups) < len(found.themes) else ''}."
        ),
        chart=_chart(slug, part.title, groups) if groups else None,
        themes=[_theme(group) for group in groups],
        rows=[_row(group) for group in groups],
        set_aside=_set_aside(found),
        warnings=found.warnings,
    )


def _groups(found: ThemeSet, read: int) -> list[_Group]:
    by_id = {theme.id: theme for theme in found.themes}
    branches = found.broader(GROUPS_SHOWN if len(found.themes) > MOST_READ else max(len(found.themes), 1))
    groups = []
    for branch in branches:
        speaking = {entry.comment_id for entry in found.assignments if entry.theme_id in branch}
        groups.append(_Group(tuple(by_id[key] for key in branch), len(speaking), len(speaking) / max(read, 1)))
    return sorted(groups, key=lambda group: (-group.size, group.title))


def _chart(slug: str, question: str, groups: list[_Group]) -> Markup:
    return charts.horizontal_bars(
        slug,
        f"Answers that speak of each theme: {question}",
        [charts.Bar(label=group.title, value=group.size, note=percent(group.share)) for group in groups],
        unit="answers",
    )


def _theme(group: _Group) -> ThemeOnPage:
    largest = group.themes[0]
    quotes = (*([largest.medoid] if largest.medoid else []), *largest.quotes)
    return ThemeOnPage(
        title=group.title,
        size=f"{plural(group.size, 'answer')}, {percent(group.share)} of those read",
        terms=", ".join(largest.key_terms),
        also=group.also,
        quotes=[quote.text for quote in quotes[:QUOTES_SHOWN]],
    )


def _row(group: _Group) -> tuple[str, str, str, str]:
    return (group.title, number(group.size), percent(group.share), ", ".join(group.themes[0].key_terms))


def _set_aside(found: ThemeSet) -> list[str]:
    counts = {reason: sum(aside.reason is reason for aside in found.set_aside) for reason in REASONS}
    return [f"{number(count)}: {REASONS[reason]}" for reason, count in counts.items() if count]
