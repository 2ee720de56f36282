"""The schema and the intelligence package each have their own words; where they mean the same, they are the same."""

from __future__ import annotations

from enum import StrEnum

import pytest

import intelligence
import webapp.models

SHARED = ("ProviderKind", "ProviderSize", "InterestLevel", "BiddingRole", "Route")


@pytest.mark.parametrize("name", SHARED)
def test_an_enumeration_has_the_same_values_on_both_sides(name: str) -> None:
    stored: type[StrEnum] = getattr(webapp.models, name)
    computed: type[StrEnum] = getattr(intelligence, name)
    assert [member.value for member in stored] == [member.value for member in computed]
