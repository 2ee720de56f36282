"""In words what the chances of a recommendation rest on, which are to be known when the responses are destroyed."""

from __future__ import annotations

from typing import Any

from webapp.analysis.changed import ChangedPrior, prior_of
from webapp.analysis.pages.meanings import meaning_of
from webapp.analysis.recommendations.content import RunEvidence
from webapp.web.cells import lines, link
from webapp.web.format import moment, number, plural


def evidence_rows(evidence: RunEvidence | None, assumptions: str) -> list[dict[str, Any]]:
    if evidence is None:
        return []
    return [
        {"key": "Responses", "value": _answered(evidence)},
        {"key": "Assumptions", "value": lines([link(_how_many_changed(evidence), assumptions), *evidence.changed])},
    ]


def _answered(evidence: RunEvidence) -> str:
    entered = f"; {plural(evidence.entered, 'response')} entered by officers" if evidence.entered else ""
    return f"{plural(evidence.providers, 'provider')} had answered at {moment(evidence.asked_at)}{entered}"


def _how_many_changed(evidence: RunEvidence) -> str:
    if not evidence.changed:
        return "As everybody starts from them: none was changed"
    return f"{number(len(evidence.changed))} changed from what everybody starts from"


def changed_in_words(change: ChangedPrior) -> str:
    """Kept as words: assumptions may have other names by the day that somebody reads it."""
    prior = prior_of(change)
    meaning = meaning_of(prior.name)
    return f"{meaning.title}: {meaning.say(change.value)}. {prior.source}"


def evidence_lines(evidence: RunEvidence | None) -> list[str]:
    """For a file."""
    if evidence is None:
        return []
    return [_answered(evidence), f"Assumptions: {_how_many_changed(evidence)}", *evidence.changed]
