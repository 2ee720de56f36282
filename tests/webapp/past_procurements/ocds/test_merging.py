"""Releases of one procurement become one, as the standard's merge routine says."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.past_procurements.ocds.merging import compiled

CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "a later value goes before an earlier one": ([{"a": 1, "b": 2}, {"a": 3}], {"a": 3, "b": 2}),
    "null removes": ([{"tender": {"a": 1, "b": 2}}, {"tender": {"a": None}}], {"tender": {"b": 2}}),
    "null at first is nothing": (
        [{"tender": {"a": None, "lots": [{"id": "1", "b": None}]}}],
        {"tender": {"lots": [{"id": "1"}]}},
    ),
    "what is left out stays": ([{"tender": {"a": 1}}, {"awards": []}], {"tender": {"a": 1}, "awards": []}),
    "an empty object and an empty list change nothing": (
        [{"tender": {"a": 1}, "awards": [{"id": 1}]}, {"tender": {}, "awards": []}],
        {"tender": {"a": 1}, "awards": [{"id": 1}]},
    ),
    "lists of objects by their ids, whatever their order": (
        [{"lots": [{"id": "A", "n": 1}, {"id": "B"}]}, {"lots": [{"id": "B", "n": 2}, {"id": "C"}]}],
        {"lots": [{"id": "A", "n": 1}, {"id": "B", "n": 2}, {"id": "C"}]},
    ),
    "an id written as a number is the same id": (
        [{"lots": [{"id": 1, "n": 1}]}, {"lots": [{"id": "1", "n": 2}]}],
        {"lots": [{"id": "1", "n": 2}]},
    ),
    "objects without an id are all kept": (
        [{"firms": [{"name": "A"}]}, {"firms": [{"name": "A"}]}],
        {"firms": [{"name": "A"}, {"name": "A"}]},
    ),
    "lists of other things are replaced": ([{"tags": ["a", "b"]}, {"tags": ["c"]}], {"tags": ["c"]}),
    "lists that the schema says are whole are replaced": (
        [{"deliveryAddresses": [{"region": "North"}]}, {"deliveryAddresses": [{"region": "South"}]}],
        {"deliveryAddresses": [{"region": "South"}]},
    ),
    "what tells of a release is left out, but only at the top": (
        [{"id": "r1", "date": "2021-01-01", "tag": ["tender"], "tender": {"id": "T", "date": "x"}}],
        {"tender": {"id": "T", "date": "x"}},
    ),
    "another kind of value replaces": ([{"a": {"b": 1}}, {"a": [{"id": 1}]}, {"a": "c"}], {"a": "c"}),
}


@pytest.mark.parametrize("case", CASES)
def test_merging(case: str) -> None:
    releases, expected = CASES[case]
    before = copy.deepcopy(releases)
    assert compiled(releases) == expected
    assert releases == before, "the releases stay as they are"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "b"]), values, max_size=3)
    ),
    max_leaves=12,
)
releases = st.lists(st.dictionaries(st.sampled_from(["ocid", "a", "b"]), json_values, max_size=3), max_size=4)


@settings(deadline=None)
@given(releases)
def test_whatever_is_published_can_be_merged_and_leaves_no_null_among_the_fields(
    given_releases: list[dict[str, Any]],
) -> None:
    assert None not in compiled(given_releases).values()
