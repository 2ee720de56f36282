"""Answers that are files: a draft and a submission hold what each is called and what it is, never its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.language import _
from webapp.responses.items import Item, Typed, Value, rows_of
from webapp.responses.kinds.kind import Form, Kind
from webapp.web.format import file_size

MOST_FILES = 3
"""Attached to one question."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One file, as an answer names it."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str

    @property
    def row(self) -> list[str]:
        """In a draft."""
        return [self.id, self.name, self.kind, str(self.size), self.sha256]

    @property
    def value(self) -> dict[str, Any]:
        """In a submission."""
        return {"id": self.id, "name": self.name, "kind": self.kind, "size": self.size, "sha256": self.sha256}

    @property
    def text(self) -> str:
        said = {"name": self.name, "kind": self.kind.upper(), "size": file_size(self.size)}
        return _("%(name)s (%(kind)s, %(size)s)", **said)


class FileUpload(Kind):
    """Up to three files. A page sends back the ids of those it lists, and of those that are to be removed.

    What was chosen on the page comes beside the form: see webapp.responses.files.
    """

    first = "file"

    def gather(self, form: Form, item: Item) -> Typed:
        """The ids of the files that stay, a row each; whose they are is for the database to say."""
        removed = set(form.getlist(f"{item.name}-remove"))
        return [[kept] for kept in dict.fromkeys(form.getlist(f"{item.name}-kept")) if kept not in removed]

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        return [(f"{item.name}-kept", row[0]) for row in rows_of(typed)]

    def read(self, item: Item, typed: Typed) -> Value:
        return [attached.value for attached in attached_in(typed)]

    def retyped(self, item: Item, value: Any) -> Typed:
        return [attached.row for attached in answered(value)]

    def show(self, item: Item, value: Any) -> str:
        return "\n".join(attached.text for attached in answered(value))


def attached_in(typed: Typed | None) -> list[Attached]:
    """The files that a draft names."""
    return [Attached(id, name, kind, int(size), sha256) for id, name, kind, size, sha256 in rows_of(typed)]


def answered(value: Sequence[dict[str, Any]]) -> list[Attached]:
    """The files that a submission names."""
    return [Attached(**file) for file in value]
