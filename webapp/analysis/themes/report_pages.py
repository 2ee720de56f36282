"""What providers said in their own words, question by question."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from webapp.analysis.digests import GroupDigest, ThemeDigest
from webapp.analysis.themes.tallies import Tally
from webapp.analysis.themes.tally_pages import TallyOnPage, reasons, tally_on_page
from webapp.analysis.themes.versions import SignedSummary, summary_of
from webapp.analysis.themes.words import MOST_NAMED, not_named, standing
from webapp.models import AnalysisPart, ThemeFramework, ThemeVersion
from webapp.web import charts
from webapp.web.format import day, number, percent, plural

MOST_SIGNED = 25
"""Rows of signed themes in a report, which has a table for each question."""

NOT_READY = "Candidate: nobody has signed these themes. The worker has not made them ready to work on yet."

WORK = "Work on these themes, read the statements, sign"
LOOK = "See these themes drawn, and what was done with them"


@dataclass(frozen=True, slots=True)
class ThemeOnPage:
    title: str
    size: str
    terms: str
    also: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionThemes:
    """`standing`, `href` and `tally` are of the framework, which the worker makes when the run has finished.

    `found` is what this run found, in answers: later runs and what a person did since have no part in it.
    """

    slug: str
    question: str
    standing: str
    later: str
    """That a later run has its answers in what stands, which so is more than the report's own run held."""
    href: str
    invitation: str
    """To go where they are worked on, by what the reader may do there."""
    tally: TallyOnPage | None
    signed: list[tuple[str, ...]]
    signed_note: str
    takes_sides: bool
    found: str
    chart: Markup | None
    themes: list[ThemeOnPage]
    rows: list[tuple[str, str, str, str]]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunInThemes:
    """A run whose answers are in a framework, by its number, and when they came there."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Stands:
    """A framework as a report tells of it: whether its reader may read what providers said and work on it, and whether
    the question asks for a view.
    """

    framework: ThemeFramework
    version: ThemeVersion | None
    tally: Tally
    reads: bool
    works: bool
    takes_sides: bool
    newest: RunInThemes


def question_themes(
    part: AnalysisPart, digest: ThemeDigest, stands: Stands | None, *, quotable: Container[str]
) -> QuestionThemes:
    """`quotable` are the ids of the answers that the reader may be shown quotes of."""
    slug, version = f"themes-{part.position}", stands.version if stands else None
    takes_sides = stands is not None and stands.takes_sides
    signed = _signed_rows(summary_of(version), takes_sides) if version else []
    return QuestionThemes(
        slug=slug,
        question=part.title,
        standing=standing(stands.framework, version) if stands else NOT_READY,
        later=_later(stands.newest, part.run.number) if stands else "",
        href=url_for("themes.show", framework_id=stands.framework.id) if stands else "",
        invitation=WORK if stands and stands.works else LOOK,
        tally=tally_on_page(stands.framework, stands.tally, reads=stands.reads) if stands else None,
        signed=signed[:MOST_SIGNED],
        signed_note=_signed_note(len(signed)),
        takes_sides=takes_sides,
        found=_found(digest),
        chart=_chart(slug, part.title, digest.groups) if digest.groups else None,
        themes=[_theme(group, quotable) for group in digest.groups],
        rows=[_row(group) for group in digest.groups],
        warnings=(*digest.warnings, *([part.failure] if part.failure else [])),
    )


def _later(newest: RunInThemes, number: int) -> str:
    if newest.number <= number:
        return ""
    return (
        f"So these themes stand by now, with the answers of run {newest.number} of {day(newest.at)}: "
        f"more than run {number} held, whose own themes are below."
    )


def _found(digest: ThemeDigest) -> str:
    shown, aside = len(digest.groups), sum(digest.set_aside.values())
    why = reasons({reason.value: count for reason, count in digest.set_aside.items()})
    return (
        f"{plural(digest.comments, 'answer')}, {number(digest.read)} of them read for themes: "
        f"{plural(digest.themes, 'theme')}{f', shown in {shown} groups' if shown < digest.themes else ''}."
        + (f" Set aside before: {plural(aside, 'answer')} ({why})." if aside else "")
    )


def _signed_rows(summary: SignedSummary, takes_sides: bool) -> list[tuple[str, ...]]:
    ordered = sorted(summary.themes, key=lambda theme: (-theme.answers, theme.title))
    return [
        (theme.title, number(theme.answers), number(theme.statements))
        + ((number(theme.support), number(theme.objection)) if takes_sides else ())
        for theme in ordered
    ]


def _signed_note(themes: int) -> str:
    if themes <= MOST_SIGNED:
        return ""
    return f"The largest {MOST_SIGNED} of {themes} signed themes. All are on the page where they are worked on."


def _chart(slug: str, question: str, groups: tuple[GroupDigest, ...]) -> Markup:
    return charts.horizontal_bars(
        slug,
        f"Answers that speak of each theme: {question}",
        [charts.Bar(label=group.title, value=group.size, note=percent(group.share)) for group in groups],
        unit="answers",
    )


def _theme(group: GroupDigest, quotable: Container[str]) -> ThemeOnPage:
    return ThemeOnPage(
        title=group.title,
        size=f"{plural(group.size, 'answer')}, {percent(group.share)} of those read",
        terms=", ".join(group.key_terms),
        also=", ".join(group.also[:MOST_NAMED]) + not_named(len(group.also)),
        quotes=tuple(quote.text for quote in group.quotes if quote.comment_id in quotable),
    )


def _row(group: GroupDigest) -> tuple[str, str, str, str]:
    return (group.title, number(group.size), percent(group.share), ", ".join(group.key_terms))
