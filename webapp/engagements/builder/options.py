"""The answers and columns that officers type, a line each, with the values under which answers are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from webapp.engagements.builder.keys import new_key
from webapp.engagements.contents import ColumnKind
from webapp.web.text import seen

Option = dict[str, str]

MOST_OPTIONS = 50
MOST_COLUMNS = 8
_COLUMN = re.compile(r"(?P<label>.*?)\s*\((?P<kind>text|month|money)\)", re.IGNORECASE)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def repeated(labels: Sequence[str]) -> str:
    """The first label that stands there twice; capitals and the number of spaces make no difference."""
    before: set[str] = set()
    for label in labels:
        if seen(label) in before:
            return label
        before.add(seen(label))
    return ""


def with_values(labels: Sequence[str], before: Sequence[Mapping[str, str]]) -> list[Option]:
    """Options in the order of their labels. One that was there keeps its value, and so keeps the answers given to it.

    A label is known again by its words, or else, if nothing was added or taken away, by its place.

    >>> with_values(["Maybe", "No"], [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}])
    [{'value': 'yes', 'label': 'Maybe'}, {'value': 'no', 'label': 'No'}]
    """
    known = {option["label"]: option["value"] for option in before}
    same_number = len(labels) == len(before)
    kept = {known[label] for label in labels if label in known}
    made: list[Option] = []
    for place, label in enumerate(labels):
        value = known.get(label, "")
        if not value and same_number and before[place]["value"] not in kept:
            value = before[place]["value"]
        if not value:
            value = new_key(label, {option["value"] for option in made} | set(known.values()))
        made.append({"value": value, "label": label})
    return made


def column_lines(columns: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(
        column["label"] if column["kind"] == ColumnKind.TEXT else f"{column['label']} ({column['kind']})"
        for column in columns
    )


def columns_from(lines: Sequence[str], before: Sequence[Mapping[str, str]]) -> list[Option]:
    """Columns from lines like “Annual value (money)”; one without a kind takes text."""
    parts = [column_parts(line) for line in lines]
    named = with_values([label for label, _kind in parts], before)
    return [{**column, "kind": kind} for column, (_label, kind) in zip(named, parts, strict=True)]


def column_parts(line: str) -> tuple[str, str]:
    """
    >>> column_parts("Annual value (money)")
    ('Annual value', 'money')
    >>> column_parts("Site (or sites)")
    ('Site (or sites)', 'text')
    """
    match = _COLUMN.fullmatch(line)
    return (match["label"], match["kind"].lower()) if match and match["label"] else (line, ColumnKind.TEXT.value)
