"""What a person reads before signing: what would be signed, who has looked at it, and what changed since last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from webapp.analysis.themes.outlook import Outlook, outlook_of
from webapp.analysis.themes.pages import Row
from webapp.analysis.themes.signing import Draft, EmptyThemeError, NothingNewError
from webapp.analysis.themes.statements import Show
from webapp.analysis.themes.tally_pages import answers_words, does_not_fit_words, set_aside_words
from webapp.analysis.themes.versions import SignedSummary, SignedTheme, summary_of
from webapp.models import Pile, ThemeFramework, ThemeVersion
from webapp.web.cells import link
from webapp.web.format import day, number, percent, plural

MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class SigningPage:
    """`refusal` says why it cannot be signed as it stands; empty when it can. `facts` are rows of a summary list."""

    heading: str
    refusal: str | Markup
    facts: list[dict[str, str]]
    compared: str
    changes: list[str]
    rows: list[Row]
    declaration: str


def signing_page(draft: Draft, signatory: str, *, reads: bool) -> SigningPage:
    changes = list(_changes(summary_of(draft.newest), draft.summary)) if draft.newest else []
    more = len(changes) - MOST_CHANGES
    return SigningPage(
        heading=f"Sign version {draft.number}",
        refusal=_refusal(draft),
        facts=_facts(draft, reads),
        compared=_compared(draft, draft.newest) if draft.newest else "",
        changes=[*changes[:MOST_CHANGES], *([f"And {plural(more, 'further change')}"] if more > 0 else [])],
        rows=[
            (theme.title, number(theme.answers), number(theme.statements), number(theme.confirmed))
            for theme in sorted(draft.summary.themes, key=lambda theme: (-theme.answers, theme.title))
        ],
        declaration=f"I, {signatory}, sign these {plural(draft.tally.themes, 'theme')} as version {draft.number}",
    )


def _refusal(draft: Draft) -> str | Markup:
    try:
        draft.check()
    except NothingNewError:
        return "These themes are signed as they stand."
    except EmptyThemeError as refusal:
        return _empty(draft.framework, refusal.themes) if refusal.themes else "There is no theme."
    return ""


def _empty(framework: ThemeFramework, themes: Sequence[SignedTheme]) -> Markup:
    """With the way to each, where it can be set aside."""
    titles = Markup(", ").join(
        link(f"“{theme.title}”", url_for("themes.theme", framework_id=framework.id, theme_id=theme.id))
        for theme in themes
    )
    it = "it" if len(themes) == 1 else "them"
    return Markup("Nothing speaks to {}. Move statements there or set {} aside.").format(titles, it)


def _facts(draft: Draft, reads: bool) -> list[dict[str, str]]:
    """Every figure of the tally, and how much advice there is."""
    tally, outlook = draft.tally, outlook_of(draft.framework)

    def fact(key: str, value: str, *, pile: Pile | None = None, show: Show | None = None) -> dict[str, str]:
        leads = reads and (pile is not None or show is not None)
        href = url_for("theme_statements.index", framework_id=draft.framework.id, place=pile, show=show)
        return {"key": key, "value": value, "href": href if leads else "", "action": "Read"}

    return [
        fact("Themes", number(tally.themes)),
        fact("Answers", answers_words(tally)),
        fact("Confirmed by a person", _of(tally.confirmed, tally.statements), show=Show.CONFIRMED),
        fact("Placed by a person, not confirmed", _of(tally.placed, tally.statements)),
        fact("Proposed by the analysis, looked at by nobody", _of(tally.proposed, tally.statements)),
        fact("Of these, unsure", plural(tally.unsure, "statement"), show=Show.UNSURE),
        fact("Set aside", set_aside_words(tally), pile=Pile.SET_ASIDE),
        fact("In no theme", does_not_fit_words(tally), pile=Pile.DOES_NOT_FIT),
        fact("Advice to look at", _advised(draft, outlook)),
    ]


def _advised(draft: Draft, outlook: Outlook | None) -> str:
    if outlook is None:
        return "not drawn up yet"
    about = {theme for each in outlook.advice for theme in (each.theme_id, each.other_id) if theme}
    themes = plural(len(about), "theme")
    is_new = outlook.revision >= draft.framework.revision
    return f"on {themes}" if is_new else f"on {themes} before the last act; it is being renewed"


def _of(count: int, all_: int) -> str:
    return f"{number(count)} of {plural(all_, 'statement')} ({percent(count / max(all_, 1))})"


def _compared(draft: Draft, newest: ThemeVersion) -> str:
    since, taken_back = draft.framework.revision - newest.revision, newest.number != draft.framework.official
    return (
        f"Version {newest.number} was signed by {newest.signatory.name} on {day(newest.signed_at)}"
        f"{', and the signature taken back' if taken_back else ''}. {plural(since, 'act')} since then."
    )


def _changes(old: SignedSummary, new: SignedSummary) -> Iterator[str]:
    before, now = {theme.id: theme for theme in old.themes}, {theme.id: theme for theme in new.themes}
    for key, theme in now.items():
        was = before.get(key)
        if was is None:
            yield f"“{theme.title}” is new, with {plural(theme.statements, 'statement')}"
            continue
        if was.title != theme.title:
            yield f"“{was.title}” is called “{theme.title}”"
        if was.description != theme.description:
            yield f"“{theme.title}” is described anew"
        if was.statements != theme.statements:
            yield f"“{theme.title}” has {plural(theme.statements, 'statement')}; it had {number(was.statements)}"
        if was.confirmed != theme.confirmed:
            yield f"“{theme.title}” has {number(theme.confirmed)} confirmed; it had {number(was.confirmed)}"
    for theme in old.themes:
        if theme.id not in now:
            yield f"“{theme.title}” is gone; it had {plural(theme.statements, 'statement')}"
    if old.answers != new.answers:
        yield f"There are {plural(new.answers, 'answer')}; there were {number(old.answers)}"
    if old.set_aside != new.set_aside:
        yield f"{plural(new.set_aside, 'statement')} set aside; before {number(old.set_aside)}"
    if old.does_not_fit != new.does_not_fit:
        yield f"{plural(new.does_not_fit, 'statement')} in no theme; before {number(old.does_not_fit)}"
