"""What an organisation says of itself, and the form of the numbers that registers give it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from webapp.language import Later, _
from webapp.models import Organisation, ProviderKind, ProviderSize

# Of companies and other bodies that Companies House lists, by where and as what they are registered.
_COMPANY_PREFIXES = (
    "AC CE CS FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV NZ OC OE PC RC RS SA SC SE SF SG SI SL SO SP SR SZ ZC"
)
_COMPANY = re.compile(
    rf"[0-9]{{8}}|R[0-9]{{7}}|(?:{_COMPANY_PREFIXES.replace(' ', '|')})[0-9]{{6}}|(?:IP|SP)[0-9]{{5}}R"
)
_CHARITY = re.compile(r"[0-9]{6,7}|SC[0-9]{6}|NIC[0-9]{6}")
_ODS = re.compile(r"[0-9A-Z]{3,10}")
_CQC = re.compile(r"1-[0-9]{8,12}")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


class NumberFormError(ValueError):
    """The number does not have the register's form; the message says what that is."""


def _bare(typed: str) -> str:
    return _DASHES.sub("-", _SPACES.sub("", typed)).upper()


def companies_house_number(typed: str) -> str:
    number = _bare(typed)
    if re.fullmatch("[0-9]{5,7}", number):
        number = number.zfill(8)  # people leave out the zeros that it begins with
    if not _COMPANY.fullmatch(number):
        raise NumberFormError(_("Companies House number must be 8 characters, like 01234567 or SC123456"))
    return number


def charity_number(typed: str) -> str:
    number = _bare(typed)
    if not _CHARITY.fullmatch(number):
        raise NumberFormError(
            _("Charity number must be like 1234567, SC012345 in Scotland or NIC100123 in Northern Ireland")
        )
    return number


def ods_code(typed: str) -> str:
    code = _bare(typed)
    if not _ODS.fullmatch(code):
        raise NumberFormError(_("ODS code must be 3 to 10 letters and numbers, like RX4 or A81001"))
    return code


def cqc_provider_id(typed: str) -> str:
    number = _bare(typed)
    if not _CQC.fullmatch(number):
        raise NumberFormError(_("CQC provider ID must be 1, a hyphen and 8 to 12 numbers, like 1-101641521"))
    return number


NUMBERS: dict[str, Callable[[str], str]] = {
    "companies_house_number": companies_house_number,
    "charity_number": charity_number,
    "ods_code": ods_code,
    "cqc_provider_id": cqc_provider_id,
}
"""By the name of the column that holds it: what brings a number into its register's form. Raises NumberFormError."""

KINDS = {
    ProviderKind.NHS_TRUST: Later("NHS trust or foundation trust"),
    ProviderKind.GP_FEDERATION: Later("GP federation or primary care network"),
    ProviderKind.INDEPENDENT: Later("Independent sector company"),
    ProviderKind.SOCIAL_ENTERPRISE: Later("Social enterprise or community interest company"),
    ProviderKind.CHARITY: Later("Charity"),
    ProviderKind.LOCAL_AUTHORITY: Later("Local authority"),
    ProviderKind.OTHER: Later("Something else"),
}
SIZES = {
    ProviderSize.MICRO: Later("Micro: fewer than 10 staff"),
    ProviderSize.SMALL: Later("Small: 10 to 49 staff"),
    ProviderSize.MEDIUM: Later("Medium: 50 to 249 staff"),
    ProviderSize.LARGE: Later("Large: 250 staff or more"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    name: str
    provider_kind: ProviderKind
    size: ProviderSize
    vcse: bool
    companies_house_number: str | None = None
    charity_number: str | None = None
    ods_code: str | None = None
    cqc_provider_id: str | None = None

    @property
    def numbers(self) -> dict[str, str]:
        """Those given, by column."""
        return {column: number for column in NUMBERS if (number := getattr(self, column)) is not None}

    def changes(self, organisation: Organisation) -> list[str]:
        """The columns in which the organisation's row says otherwise."""
        columns = ("name", "provider_kind", "size", "vcse", *NUMBERS)
        return [column for column in columns if getattr(organisation, column) != getattr(self, column)]
