"""What providers said in their own words, question by question."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from webapp.analysis.digests import GroupDigest, ThemeDigest
from webapp.analysis.themes.versions import SignedSummary, summary_of
from webapp.analysis.themes.words import REASONS, standing
from webapp.models import AnalysisPart, ThemeFramework, ThemeVersion
from webapp.web import charts
from webapp.web.format import number, percent, plural


@dataclass(frozen=True, slots=True)
class ThemeOnPage:
    title: str
    size: str
    terms: str
    also: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionThemes:
    """`standing` and `href` are of the framework, which the worker makes when the run has finished."""

    slug: str
    question: str
    standing: str
    href: str
    signed: list[tuple[str, str, str, str]]
    summary: str
    chart: Markup | None
    themes: list[ThemeOnPage]
    rows: list[tuple[str, str, str, str]]
    set_aside: list[str]
    warnings: tuple[str, ...]


def question_themes(
    part: AnalysisPart,
    digest: ThemeDigest,
    framework: ThemeFramework | None,
    version: ThemeVersion | None,
) -> QuestionThemes:
    slug, shown = f"themes-{part.position}", len(digest.groups)
    return QuestionThemes(
        slug=slug,
        question=part.title,
        standing="Candidate: nobody has signed these themes." if framework is None else standing(framework, version),
        href=url_for("themes.show", framework_id=framework.id) if framework else "",
        signed=_signed_rows(summary_of(version)) if version else [],
        summary=(
            f"{plural(digest.comments, 'answer')}, {number(digest.read)} of them read for themes: "
            f"{plural(digest.statements, 'statement')} in {plural(digest.themes, 'theme')}"
            f"{f', shown in {shown} groups' if shown < digest.themes else ''}."
        ),
        chart=_chart(slug, part.title, digest.groups) if digest.groups else None,
        themes=[_theme(group) for group in digest.groups],
        rows=[_row(group) for group in digest.groups],
        set_aside=[
            f"{number(digest.set_aside[reason])}: {words}"
            for reason, words in REASONS.items()
            if reason in digest.set_aside
        ],
        warnings=digest.warnings,
    )


def _signed_rows(summary: SignedSummary) -> list[tuple[str, str, str, str]]:
    ordered = sorted(summary.themes, key=lambda theme: (-theme.answers, theme.title))
    return [(theme.title, number(theme.answers), number(theme.support), number(theme.objection)) for theme in ordered]


def _chart(slug: str, question: str, groups: tuple[GroupDigest, ...]) -> Markup:
    return charts.horizontal_bars(
        slug,
        f"Answers that speak of each theme: {question}",
        [charts.Bar(label=group.title, value=group.size, note=percent(group.share)) for group in groups],
        unit="answers",
    )


def _theme(group: GroupDigest) -> ThemeOnPage:
    return ThemeOnPage(
        title=group.title,
        size=f"{plural(group.size, 'answer')}, {percent(group.share)} of those read",
        terms=", ".join(group.key_terms),
        also=", ".join(group.also),
        quotes=group.quotes,
    )


def _row(group: GroupDigest) -> tuple[str, str, str, str]:
    return (group.title, number(group.size), percent(group.share), ", ".join(group.key_terms))
