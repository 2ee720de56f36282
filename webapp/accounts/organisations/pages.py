"""What the templates about an organisation are given."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.accounts.organisations.roles import pending
from webapp.language import _
from webapp.models import ColleagueInvitation, Organisation, ProviderSize, Registration


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    id: uuid.UUID
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    value: str
    href: str = ""


def details(about: Organisation | Registration) -> list[Row]:
    """An organisation's details, registered or asked for; its numbers as given, whoever else gave them."""
    not_given = _("Not given")
    name = about.name if isinstance(about, Organisation) else about.organisation_name
    return [
        Row(_("Name"), name),
        Row(_("Kind"), str(KINDS[about.provider_kind]) if about.provider_kind else not_given),
        Row(_("Size"), str(SIZES[about.size]) if about.size else not_given),
        Row(_("SME"), not_given if about.size is None else _yes_or_no(about.size is not ProviderSize.LARGE)),
        Row(_("VCSE"), not_given if about.vcse is None else _yes_or_no(about.vcse)),
        Row(_("Companies House number"), about.companies_house_number or not_given),
        Row(_("Charity number"), about.charity_number or not_given),
        Row(_("ODS code"), about.ods_code or not_given),
        Row(_("CQC provider ID"), about.cqc_provider_id or not_given),
    ]


def pending_invitations(invitations: Iterable[ColleagueInvitation]) -> list[PendingInvitation]:
    return [PendingInvitation(waiting.id, waiting.name, pending(waiting)) for waiting in invitations]


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")
