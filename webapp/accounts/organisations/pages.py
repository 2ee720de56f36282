"""What the templates about an organisation are given."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.models import Organisation, ProviderSize, Registration

NOT_GIVEN = "Not given"


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    value: str
    href: str = ""


def details(about: Organisation | Registration) -> list[Row]:
    """An organisation's details, registered or asked for; its numbers as given, whoever else gave them."""
    name = about.name if isinstance(about, Organisation) else about.organisation_name
    return [
        Row("Name", name),
        Row("Kind", KINDS[about.provider_kind] if about.provider_kind else NOT_GIVEN),
        Row("Size", SIZES[about.size] if about.size else NOT_GIVEN),
        Row("SME", NOT_GIVEN if about.size is None else _yes_or_no(about.size is not ProviderSize.LARGE)),
        Row("VCSE", NOT_GIVEN if about.vcse is None else _yes_or_no(about.vcse)),
        Row("Companies House number", about.companies_house_number or NOT_GIVEN),
        Row("Charity number", about.charity_number or NOT_GIVEN),
        Row("ODS code", about.ods_code or NOT_GIVEN),
        Row("CQC provider ID", about.cqc_provider_id or NOT_GIVEN),
    ]


def _yes_or_no(value: bool) -> str:
    return "Yes" if value else "No"
