"""What an organisation has said of itself already, offered as answers to a section that nobody has saved yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from webapp.models import Organisation
from webapp.responses import questions
from webapp.responses.items import AnswerError, Item, Typed

_YES_NO = {True: "yes", False: "no", None: ""}


def _registered_numbers(organisation: Organisation) -> str:
    numbers = organisation.companies_house_number, organisation.charity_number, organisation.ods_code
    return ", ".join(number for number in numbers if number)


_KNOWN: Mapping[str, Callable[[Organisation], str]] = {
    "legal_name": lambda organisation: organisation.name,
    "registered_numbers": _registered_numbers,
    "organisation_kind": lambda organisation: organisation.provider_kind.value if organisation.provider_kind else "",
    "organisation_size": lambda organisation: organisation.size.value if organisation.size else "",
    "is_sme": lambda organisation: _YES_NO[organisation.is_sme],
    "is_vcse": lambda organisation: _YES_NO[organisation.vcse],
    "cqc_provider_id": lambda organisation: organisation.cqc_provider_id or "",
}
"""By the key of the question, which every questionnaire that comes with the service has for these."""


def known(items: Sequence[Item], organisation: Organisation) -> dict[Item, Typed]:
    """What can be typed for some of the items; nothing that the question, as an officer changed it, does not take."""
    offered: dict[Item, Typed] = {}
    for item in items:
        text = _KNOWN[item.question.key](organisation) if asks_known(item) else ""
        if text and _takes(item, text):
            offered[item] = text
    return offered


def asks_known(item: Item) -> bool:
    return item.lot is None and item.question.key in _KNOWN


def _takes(item: Item, text: str) -> bool:
    try:
        questions.read(item, text)
    except AnswerError:
        return False
    return True
