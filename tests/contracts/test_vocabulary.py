"""The schema and the intelligence package each have their own words; where they mean the same, they are the same."""

from __future__ import annotations

from enum import StrEnum

import pytest

import intelligence
import webapp.models
from intelligence.schedule import calendar, routes

SHARED = ("ProviderKind", "ProviderSize", "InterestLevel", "BiddingRole", "Route")


@pytest.mark.parametrize("name", SHARED)
def test_an_enumeration_has_the_same_values_on_both_sides(name: str) -> None:
    stored: type[StrEnum] = getattr(webapp.models, name)
    computed: type[StrEnum] = getattr(intelligence, name)
    assert [member.value for member in stored] == [member.value for member in computed]


@pytest.mark.parametrize(
    ("stored", "computed"), [(webapp.models.Stage, routes.Stage), (webapp.models.Nation, calendar.Nation)]
)
def test_stages_and_nations_are_the_schedule_s(stored: type[StrEnum], computed: type[StrEnum]) -> None:
    assert [member.value for member in stored] == [member.value for member in computed]
