"""What an organisation has said already, offered as answers to a section that nobody has saved yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.language import _
from webapp.models import Organisation, Section
from webapp.responses import questions
from webapp.responses.earlier import Earlier, asks_lasting, last_answered
from webapp.responses.items import AnswerError, Item, Typed
from webapp.responses.queries import Journey
from webapp.web.format import day

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


@dataclass(frozen=True)
class Offered:
    """What is known of some items, by where it comes from."""

    details: Mapping[Item, Typed]
    before: Mapping[Item, Typed]
    earlier: Earlier | None
    """Where `before` was answered."""

    @property
    def typed(self) -> dict[Item, Typed]:
        return {**self.before, **self.details}

    def told(self, shown: Collection[Item]) -> str:
        """Where it comes from that something stands in the items shown; nothing, where nothing does."""
        earlier = self.earlier if not self.before.keys().isdisjoint(shown) else None
        from_details = not self.details.keys().isdisjoint(shown)
        return " ".join(_sources(earlier, from_details)) if earlier or from_details else ""


def offered(session: Session, journey: Journey, asked: Section) -> Offered:
    """What to fill in, whether or not it will be asked.

    The details of the organisation go before what it answered elsewhere: who looks after them keeps them true.
    """
    draft, response = journey.draft, journey.response
    items = list(draft.every_item(asked, draft.chosen_lots))
    earlier = None
    if any(map(asks_lasting, items)):
        earlier = last_answered(session, organisation_id=response.organisation_id, engagement_id=response.engagement_id)
    before = earlier.typed(items) if earlier else {}
    details = known(items, response.organisation) if any(map(asks_known, items)) else {}
    return Offered(details, {item: text for item, text in before.items() if item not in details}, earlier)


def _sources(earlier: Earlier | None, from_details: bool) -> Iterator[str]:
    if earlier is not None:
        yield _(
            "We filled in what your organisation answered to “%(engagement)s” on %(day)s.",
            engagement=earlier.engagement,
            day=day(earlier.submitted_at),
        )
    if from_details:
        yield _("We filled in what the details of your organisation say.")
    yield _(
        "Check it and change it if you need to: it is saved with the rest of this section, "
        "also when the page saves itself."
    )


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
