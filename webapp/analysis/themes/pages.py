"""What the pages of a framework show, without any statement."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence.files import from_json
from intelligence.text.themes import Merge
from webapp.analysis.themes.outlook import AdviceOnTheme, Outlook, outlook_of
from webapp.analysis.themes.queries import Count
from webapp.analysis.themes.tree import branches
from webapp.analysis.themes.words import PILES, RULES, standing, told
from webapp.models import Pile, Theme, ThemeAct, ThemeFramework, ThemeState, ThemeVersion
from webapp.web.cells import link
from webapp.web.format import moment, number, plural

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Themes shown as one, under the title of the first."""

    themes: tuple[Theme, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class Cut:
    """The themes in as many groups as asked for, and how far the choice goes."""

    groups: tuple[tuple[uuid.UUID, ...], ...]
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    standing: str
    signed: bool
    summary: str
    rows: list[Row]
    piles: list[tuple[str, str, str]]
    advice: str


def cut(framework: ThemeFramework, themes: Sequence[Theme], asked: str | None) -> Cut:
    """The groups to show: as many as asked for, else as many as a first reader can take in."""
    merges = [from_json(Merge, merge) for merge in framework.merges]
    kept = sum(theme.state is ThemeState.KEPT for theme in themes)
    fewest = len(branches(themes, merges, 1))
    wanted = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else framework.worth_reading
    groups = branches(themes, merges, min(max(wanted, fewest), kept))
    return Cut(tuple(map(tuple, groups)), fewest, kept)


def places(cut: Cut) -> dict[uuid.UUID, int]:
    """Of each theme the place of its group in the cut."""
    return {theme_id: place for place, ids in enumerate(cut.groups) for theme_id in ids}


def counted(themes: Sequence[Theme], cut: Cut, counts: Mapping[int, Count]) -> list[Group]:
    """The groups with what speaks to each, the largest first; `counts` are by place in the cut."""
    by_id = {theme.id: theme for theme in themes}
    groups = [
        Group(tuple(by_id[each] for each in ids), counts.get(place, Count())) for place, ids in enumerate(cut.groups)
    ]
    return sorted(groups, key=lambda group: (-group.count.answers, group.themes[0].position))


def framework_page(
    framework: ThemeFramework,
    version: ThemeVersion | None,
    groups: Sequence[Group],
    cut: Cut,
    answers: int,
    piles: dict[Pile, int],
) -> FrameworkPage:
    outlook = outlook_of(framework)
    shown = f", shown in {plural(len(cut.groups), 'group')}" if len(cut.groups) < cut.most else ""
    return FrameworkPage(
        standing=standing(framework, version),
        signed=version is not None,
        summary=f"{plural(answers, 'answer')}, {plural(cut.most, 'theme')}{shown}.",
        rows=[_row(framework, group, outlook) for group in groups],
        piles=[
            (PILES[pile], plural(count, "statement"), _list_url(framework, pile.value))
            for pile, count in sorted(piles.items())
        ],
        advice=_freshness(framework, outlook),
    )


def _row(framework: ThemeFramework, group: Group, outlook: Outlook | None) -> Row:
    first, *rest = group.themes
    title: str | Markup = link(first.title, url_for("themes.theme", framework_id=framework.id, theme_id=first.id))
    if rest:
        others = Markup(", ").join(
            link(theme.title, url_for("themes.theme", framework_id=framework.id, theme_id=theme.id)) for theme in rest
        )
        title = Markup('{}<br><span class="app-also">with {}</span>').format(title, others)
    rules = {RULES[each.rule] for theme in group.themes for each in (outlook.on(theme.id) if outlook else ())}
    count = group.count
    return (
        title,
        number(count.answers),
        number(count.support),
        number(count.objection),
        f"{number(count.confirmed)} of {number(count.statements)}",
        number(count.unsure),
        "; ".join(sorted(rules)),
    )


def _freshness(framework: ThemeFramework, outlook: Outlook | None) -> str:
    if outlook is None:
        return "The worker is drawing up advice on these themes."
    if outlook.revision < framework.revision:
        return "The advice is from before the last act, and is being renewed."
    return ""


def _list_url(framework: ThemeFramework, place: str) -> str:
    return url_for("theme_statements.index", framework_id=framework.id, place=place)


@dataclass(frozen=True, slots=True)
class ThemePage:
    count: Count
    sides: str
    advice: list[tuple[str, AdviceOnTheme, str]]
    quotes: list[str]
    parts: list[str]
    """The titles of what was merged into it."""
    statements_url: str


def theme_page(
    framework: ThemeFramework, theme: Theme, themes: Sequence[Theme], count: Count, quotes: list[str]
) -> ThemePage:
    outlook, titles = outlook_of(framework), {str(each.id): each.title for each in themes}
    advice = outlook.on(theme.id) if outlook else []
    return ThemePage(
        count=count,
        sides=(
            f"{plural(count.answers, 'answer')}: {number(count.support)} in support, {number(count.objection)} "
            "objecting, the others on neither side or on both."
        ),
        advice=[(RULES[each.rule], each, _other(theme, each, titles)) for each in advice],
        quotes=quotes,
        parts=[each.title for each in themes if each.merged_into == theme.id],
        statements_url=_list_url(framework, str(theme.id)),
    )


def _other(theme: Theme, advice: AdviceOnTheme, titles: dict[str, str]) -> str:
    """The title of the second theme that a rule is about."""
    others = [each for each in (advice.theme_id, advice.other_id) if each and each != str(theme.id)]
    return titles.get(others[0], "") if others else ""


def act_rows(acts: Sequence[ThemeAct], undone: set[int]) -> list[Row]:
    return [
        (
            number(act.number),
            told(act) + (" (undone since)" if act.number in undone else ""),
            act.person.name if act.person else "The analysis",
            moment(act.done_at),
        )
        for act in acts
    ]
