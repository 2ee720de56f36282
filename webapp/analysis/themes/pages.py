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
from webapp.analysis.themes.tally_pages import TallyOnPage
from webapp.analysis.themes.tree import branches
from webapp.analysis.themes.words import MOST_NAMED, RULES, not_named, standing, told
from webapp.models import Theme, ThemeAct, ThemeFramework, ThemeState, ThemeVersion
from webapp.web.cells import link
from webapp.web.format import moment, number, percent, plural
from webapp.web.text import shortened

Row = tuple[Any, ...]

_ALSO = Markup('<span class="app-also">{}</span>')

LONGEST_SUBTITLE = 120

STEADY = 0.5
"""Of a theme of which less is found again on average, another set of answers would hardly have told (Hennig 2007)."""


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
    tally: TallyOnPage
    shown: str
    rows: list[Row]
    advice: str
    takes_sides: bool
    """Whether rows end with support and objection."""


def cut(framework: ThemeFramework, themes: Sequence[Theme], asked: str | None) -> Cut:
    """The groups to show: as many as asked for, else as many as a first reader can take in, and what people added."""
    merges = [from_json(Merge, merge) for merge in framework.merges]
    kept = [theme for theme in themes if theme.state is ThemeState.KEPT]
    fewest = len(branches(themes, merges, 1))
    first = framework.worth_reading + sum(theme.found_key is None for theme in kept)
    wanted = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else first
    groups = branches(themes, merges, min(max(wanted, fewest), len(kept)))
    return Cut(tuple(map(tuple, groups)), fewest, len(kept))


def shown_with(
    framework: ThemeFramework, themes: Sequence[Theme], place: object, asked: str | None
) -> tuple[uuid.UUID, ...]:
    """The other themes of a theme's group, where the themes are shown in as many groups as asked for."""
    groups = cut(framework, themes, asked).groups if asked else ()
    return next((tuple(each for each in group if each != place) for group in groups if place in group), ())


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
    tally: TallyOnPage,
    quotes: Mapping[uuid.UUID, Sequence[str]],
    *,
    takes_sides: bool,
) -> FrameworkPage:
    outlook = outlook_of(framework)
    return FrameworkPage(
        standing=standing(framework, version),
        signed=version is not None,
        tally=tally,
        shown=f"Shown in {plural(len(cut.groups), 'group')}." if len(cut.groups) < cut.most else "",
        rows=[
            (_named(framework, group, outlook, quotes), *_figures(framework, group, cut, bool(tally.statements.href)))
            + (_sides(group.count) if takes_sides else ())
            for group in groups
        ],
        advice=_freshness(framework, outlook),
        takes_sides=takes_sides,
    )


def _named(
    framework: ThemeFramework, group: Group, outlook: Outlook | None, quotes: Mapping[uuid.UUID, Sequence[str]]
) -> Markup:
    """The title of a group's first theme, and beneath it what is most typical of that, the others and the advice."""
    first, *rest = group.themes
    lines = [_link(framework, first)]
    lines += [_ALSO.format(f"“{shortened(quote, LONGEST_SUBTITLE)}”") for quote in quotes.get(first.id, ())]
    if rest:
        others = Markup(", ").join(_link(framework, theme) for theme in rest[:MOST_NAMED])
        lines.append(_ALSO.format(Markup("with {}{}").format(others, not_named(len(rest)))))
    rules = {RULES[each.rule] for theme in group.themes for each in (outlook.on(theme.id) if outlook else ())}
    if rules:
        lines.append(_ALSO.format(f"Advice: {'; '.join(sorted(rules))}"))
    return Markup("<br>").join(lines)


def _link(framework: ThemeFramework, theme: Theme) -> Markup:
    return link(theme.title, url_for("themes.theme", framework_id=framework.id, theme_id=theme.id))


def _figures(framework: ThemeFramework, group: Group, cut: Cut, reads: bool) -> Row:
    count = group.count
    return (
        number(count.answers),
        number(count.providers),
        _statements(framework, group, cut) if reads else number(count.statements),
        number(count.confirmed),
        number(count.unsure),
    )


def _sides(count: Count) -> Row:
    return number(count.support), number(count.objection)


def _statements(framework: ThemeFramework, group: Group, cut: Cut) -> Markup:
    """How many, with the way to them: of one theme, or of all that are shown as one."""
    first, *rest = group.themes
    words = Markup('{}<span class="govuk-visually-hidden"> statements of {}</span>')
    href = url_for(
        "theme_statements.index", framework_id=framework.id, place=first.id, groups=len(cut.groups) if rest else None
    )
    return link(words.format(number(group.count.statements), first.title), href)


def _freshness(framework: ThemeFramework, outlook: Outlook | None) -> str:
    if framework.outlook_failure is not None:
        return framework.outlook_failure
    if outlook is None:
        return "The worker is drawing up advice on these themes."
    if outlook.revision < framework.revision:
        return "The advice is from before the last act, and is being renewed."
    return ""


@dataclass(frozen=True, slots=True)
class ThemePage:
    count: Count
    size: str
    sides: str
    stability: str
    """How much of it is found again; empty where nobody has looked."""
    renewing: str
    """Why the advice is not of what stands now; empty where it is."""
    advice: list[tuple[str, AdviceOnTheme, str]]
    quotes: list[str]
    different: list[str]
    """What is said to it and is least like the quotes."""
    parts: list[str]
    """The titles of what was merged into it."""
    statements_url: str


def theme_page(
    framework: ThemeFramework,
    theme: Theme,
    themes: Sequence[Theme],
    count: Count,
    quotes: list[str],
    different: list[str],
    *,
    takes_sides: bool,
) -> ThemePage:
    outlook, titles = outlook_of(framework), {str(each.id): each.title for each in themes}
    advice = outlook.on(theme.id) if outlook else []
    return ThemePage(
        count=count,
        size=(
            f"{plural(count.answers, 'answer')} from {plural(count.providers, 'provider')}: "
            f"{plural(count.statements, 'statement')}, {number(count.confirmed)} of them confirmed."
        ),
        sides=(
            f"{number(count.support)} in support, {number(count.objection)} "
            "objecting, the others on neither side or on both."
        )
        if takes_sides
        else "",
        stability=_stability(theme),
        renewing=_freshness(framework, outlook),
        advice=[(RULES[each.rule], each, _other(theme, each, titles)) for each in advice],
        quotes=quotes,
        different=different,
        parts=[each.title for each in themes if each.merged_into == theme.id],
        statements_url=url_for("theme_statements.index", framework_id=framework.id, place=theme.id),
    )


def _stability(theme: Theme) -> str:
    if theme.found_again is None:
        return ""
    found = f"With one answer in five left out, {percent(theme.found_again)} of it is found again on average"
    return f"{found}: with other answers it might not have been a theme." if theme.found_again < STEADY else f"{found}."


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
