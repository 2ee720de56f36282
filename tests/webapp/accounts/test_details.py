"""The form of the numbers that registers give."""

from __future__ import annotations

import pytest

from webapp.accounts.organisations.details import NUMBERS, NumberFormError


@pytest.mark.parametrize(
    ("register", "typed", "kept"),
    [
        ("companies_house_number", "01234567", "01234567"),
        ("companies_house_number", "1234567", "01234567"),
        ("companies_house_number", " sc 123456 ", "SC123456"),
        ("companies_house_number", "NI123456", "NI123456"),
        ("companies_house_number", "OC301234", "OC301234"),
        ("companies_house_number", "CE012345", "CE012345"),
        ("companies_house_number", "R0001234", "R0001234"),
        ("companies_house_number", "IP28919R", "IP28919R"),
        ("charity_number", "219279", "219279"),
        ("charity_number", "1 089 464", "1089464"),
        ("charity_number", "sc012345", "SC012345"),
        ("charity_number", "NIC100123", "NIC100123"),
        ("ods_code", "rx4", "RX4"),
        ("ods_code", "A81001", "A81001"),
        ("cqc_provider_id", "1-101641521", "1-101641521"),
        ("cqc_provider_id", "1\u2013101641521", "1-101641521"),
    ],
)
def test_a_number_is_kept_as_its_register_writes_it(register: str, typed: str, kept: str) -> None:
    assert NUMBERS[register](typed) == kept


@pytest.mark.parametrize(
    ("register", "typed"),
    [
        ("companies_house_number", "1234"),
        ("companies_house_number", "123456789"),
        ("companies_house_number", "ZZ123456"),
        ("companies_house_number", "SC12345"),
        ("companies_house_number", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668"),
        ("charity_number", "12345"),
        ("charity_number", "SC12345"),
        ("charity_number", "NI100123"),
        ("ods_code", "RX"),
        ("ods_code", "RX-4"),
        ("ods_code", "A" * 11),
        ("cqc_provider_id", "101641521"),
        ("cqc_provider_id", "2-101641521"),
        ("cqc_provider_id", "1-1016"),
    ],
)
def test_what_no_register_gives_is_refused_with_an_example(register: str, typed: str) -> None:
    with pytest.raises(NumberFormError, match=r"must be .*[0-9]"):
        NUMBERS[register](typed)
