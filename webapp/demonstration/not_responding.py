"""The invented providers that say why they will not respond. Nothing here was said by anyone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from webapp.demonstration.programme import fixed_id
from webapp.engagements.declining.actions import Declining
from webapp.models import DeclineReason, Organisation, Party, ProviderKind, ProviderSize


@dataclass(frozen=True, slots=True)
class NotResponding:
    name: str
    kind: ProviderKind
    size: ProviderSize
    person: str
    email: str
    after: timedelta
    """How long after opening."""
    reasons: Sequence[DeclineReason]
    comment: str | None = None

    @property
    def organisation(self) -> Organisation:
        return Organisation(
            id=fixed_id("organisation", self.name),
            name=self.name,
            party=Party.PROVIDER,
            provider_kind=self.kind,
            size=self.size,
            vcse=self.kind is ProviderKind.CHARITY,
            synthetic=True,
        )

    @property
    def declining(self) -> Declining:
        nonce = uuid.uuid5(fixed_id("organisation", self.name), "not responding")
        return Declining(
            reasons=self.reasons,
            comment=self.comment,
            may_quote=self.comment is not None,
            nonce=nonce,
            seen=None,
        )


NOT_RESPONDING = (
    NotResponding(
        "Fellgate Dental Group",
        ProviderKind.INDEPENDENT,
        ProviderSize.SMALL,
        "Nadia Frost",
        "nadia@fellgate.example",
        timedelta(days=3),
        (DeclineReason.TERM, DeclineReason.STAFF),
        "We would have to buy chairs and train nurses for one prison. With seven years and a list of the staff who "
        "transfer we would look again.",
    ),
    NotResponding(
        "Calder Recovery Trust",
        ProviderKind.CHARITY,
        ProviderSize.MEDIUM,
        "Owen Pike",
        "owen@calder.example",
        timedelta(days=6),
        (DeclineReason.TOO_LARGE, DeclineReason.PRICE, DeclineReason.STAFF),
        "A whole prison is too much for us alone. As a lot of its own, support with substance misuse would not be.",
    ),
    NotResponding(
        "Solway Community Services",
        ProviderKind.SOCIAL_ENTERPRISE,
        ProviderSize.MEDIUM,
        "Beth Crane",
        "beth@solway.example",
        timedelta(days=9),
        (DeclineReason.BUSY,),
    ),
)
