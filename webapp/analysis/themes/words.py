"""How acts, piles and the standing of a framework are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intelligence.text.themes import SetAsideReason
from webapp.models import Pile, Side, ThemeAct, ThemeActKind, ThemeFramework, ThemeVersion
from webapp.web.format import day, listed, number, plural

PILES = {Pile.SET_ASIDE: "Set aside", Pile.DOES_NOT_FIT: "Does not fit"}
SIDES = {Side.SUPPORT: ("Support", "green"), Side.OBJECTION: ("Objection", "orange")}
REASONS = {
    SetAsideReason.NO_WORDS: "no words",
    SetAsideReason.NOTHING_TO_SAY: "nothing to say",
    SetAsideReason.REFERS_ELSEWHERE: "refers to another answer",
    SetAsideReason.REPEATED: "repeats the same provider’s answer",
    SetAsideReason.COPIED: "the same text as another provider’s",
}
RULES = {
    "too_broad": "Too broad?",
    "overlapping": "Overlaps with another",
    "close": "Close to another",
    "single_source": "From one provider",
    "boilerplate": "The same words",
}


MOST_NAMED = 8
"""Themes named beside the first of their group, of which there can be a hundred."""


def not_named(themes: int) -> str:
    """How the names of so many themes of a group end."""
    return f" and {plural(themes - MOST_NAMED, 'other')}" if themes > MOST_NAMED else ""


def standing(framework: ThemeFramework, version: ThemeVersion | None) -> str:
    """Whether themes are official, as every page and file that shows them has to say."""
    if version is None:
        return "Candidate: nobody has signed these themes."
    signed = f"Signed by {version.signatory.name} on {day(version.signed_at)} (version {version.number})."
    since = framework.revision - version.revision
    if not since:
        return signed
    return f"{signed} {plural(since, 'act')} since then {'is' if since == 1 else 'are'} a draft of the next version."


def as_of(framework: ThemeFramework) -> str:
    """Which state is shown, as every file has to say."""
    return f"As they stood after act {framework.revision}." if framework.revision else "As the analysis found them."


def told(act: ThemeAct) -> str:
    """One sentence, without who and when."""
    return _told(act.kind, act.detail)


def _told(kind: ThemeActKind, detail: Mapping[str, Any]) -> str:
    match kind:
        case ThemeActKind.RENAMED:
            if detail["was"] == detail["title"]:
                return f"Described “{detail['title']}”"
            return f"Renamed “{detail['was']}” to “{detail['title']}”"
        case ThemeActKind.MERGED:
            return f"Merged {_named(detail['titles'])} into “{detail['title']}”"
        case ThemeActKind.SPLIT:
            made = _named(detail["titles"])
            return (f"Split {made} off “{detail['title']}”" if detail["title"] else f"Made {made}") + _counted(detail)
        case ThemeActKind.MOVED:
            titles = detail.get("titles") or [detail["title"]]
            return f"Moved {plural(detail['statements'], 'statement')} to {_named(titles)}"
        case ThemeActKind.SET_ASIDE:
            return f"Put {plural(detail['statements'], 'statement')} on the pile “{PILES[Pile(detail['pile'])]}”"
        case ThemeActKind.THEME_SET_ASIDE:
            return f"Set the theme “{detail['title']}” aside" + _counted(detail)
        case ThemeActKind.ADDED:
            return f"Added the theme “{detail['title']}” by {plural(detail['examples'], 'example')}"
        case ThemeActKind.CONFIRMED:
            return f"Confirmed {plural(detail['statements'], 'statement')} in {_named(detail['titles'])}"
        case ThemeActKind.BROADENED:
            return f"Joined {plural(detail['themes'], 'theme')} into {plural(detail['groups'], 'broader one')}"
        case ThemeActKind.SIGNED:
            return f"Signed version {detail['version']}"
        case ThemeActKind.UNSIGNED:
            return f"Took back the signature under version {detail['version']}"
        case ThemeActKind.UNDONE:
            undone = _told(ThemeActKind(detail["act"]), detail["of"])
            return f"Undid: {undone[0].lower()}{undone[1:]}"
        case ThemeActKind.ARRIVED:
            return (
                f"Run {detail['run']} brought {plural(detail['answers'], 'new answer')}: "
                f"{number(detail['assigned'])} to themes, {number(detail['does_not_fit'])} that do not fit, "
                f"{number(detail['set_aside'])} set aside"
            )


def _counted(detail: Mapping[str, Any]) -> str:
    return f", with {plural(detail['statements'], 'statement')}" if "statements" in detail else ""


def _named(titles: list[str]) -> str:
    if len(titles) > 4:
        return f"“{titles[0]}” and {len(titles) - 1} others"
    return listed([f"“{title}”" for title in titles]) if titles else "no theme"
