"""Why a provider does not respond, in words that fit its form and the officers' chart alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from webapp.language import Later
from webapp.models import DeclineReason

REASONS: Mapping[DeclineReason, Later] = {
    DeclineReason.SERVICES: Later("Not services that we provide"),
    DeclineReason.AREA: Later("Not an area or sites where we work"),
    DeclineReason.BUSY: Later("No capacity, or our bid team is busy then"),
    DeclineReason.TOO_LARGE: Later("Lots too large for us"),
    DeclineReason.TOO_SMALL: Later("Lots too small for us"),
    DeclineReason.TERM: Later("Length or start of the contracts"),
    DeclineReason.PRICE: Later("Price too low for what is asked"),
    DeclineReason.STAFF: Later("Staff to take on or to recruit"),
    DeclineReason.REQUIREMENTS: Later("We cannot meet the requirements"),
    DeclineReason.TIME: Later("Too little time to answer"),
    DeclineReason.NOT_SAID: Later("No reason that we want to give"),
}
HINTS: Mapping[DeclineReason, Later] = {
    DeclineReason.STAFF: Later("For example TUPE, pensions, or professions that are hard to recruit here"),
    DeclineReason.REQUIREMENTS: Later("For example registration, experience, security or insurance"),
}


def in_words(reasons: Iterable[str]) -> list[str]:
    return [str(REASONS[DeclineReason(reason)]) for reason in reasons]


def in_one_line(reasons: Iterable[str]) -> str:
    """Parted by semicolons, since one has a comma."""
    first, *others = in_words(reasons)
    return "; ".join((first, *(words[0].lower() + words[1:] for words in others)))
