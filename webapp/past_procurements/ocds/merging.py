"""The compiled release of a procurement: what its releases say together, a later one going before an earlier one.

After the merge routine of the Open Contracting Data Standard 1.1, https://standard.open-contracting.org/1.1/en/schema/merging/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_OF_ONE_RELEASE = frozenset({"id", "date", "tag"})
"""What tells of a release and not of its procurement."""
_WHOLE_LISTS = frozenset(
    {
        "additionalClassifications",
        "additionalIdentifiers",
        "buyerClassificationRestrictions",
        "buyerLocationRestrictions",
        "criteria",
        "deliveryAddresses",
        "deliveryLocations",
        "numbers",
        "rationaleClassifications",
    }
)
"""The lists that a later release replaces: marked wholeListMerge in the release schema and its extensions."""

Json = dict[str, Any]


def compiled(releases: Iterable[Json]) -> Json:
    """Of releases in the order of their dates. They stay as they are.

    >>> compiled([
    ...     {"id": "1", "tender": {"status": "active", "lots": [{"id": "A", "title": "Dental"}]}},
    ...     {"id": "2", "tender": {"status": None, "lots": [{"id": "A", "value": {"amount": 5}}, {"id": "B"}]}},
    ... ])
    {'tender': {'lots': [{'id': 'A', 'title': 'Dental', 'value': {'amount': 5}}, {'id': 'B'}]}}
    """
    merged: Json = {}
    for release in releases:
        _merge_object(merged, {name: value for name, value in release.items() if name not in _OF_ONE_RELEASE})
    return merged


def _merge_object(merged: Json, given: Json) -> None:
    for name, value in given.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            before = merged.get(name)
            merged[name] = before if isinstance(before, dict) else {}
            _merge_object(merged[name], value)
        elif isinstance(value, list) and name not in _WHOLE_LISTS and all(isinstance(each, dict) for each in value):
            before = merged.get(name)
            merged[name] = before if isinstance(before, list) else []
            _merge_list(merged[name], value)
        else:
            merged[name] = value


def _merge_list(merged: list[Json], given: list[Json]) -> None:
    """By the id of each object; one without an id is another each time."""
    known = {str(each["id"]): each for each in merged if isinstance(each, dict) and each.get("id") is not None}
    for item in given:
        key = None if item.get("id") is None else str(item["id"])
        target = None if key is None else known.get(key)
        if target is None:
            target = {}
            merged.append(target)
            if key is not None:
                known[key] = target
        _merge_object(target, item)
