"""What the page of a file says while the worker records it, and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.models import Lot, ResponseImport
from webapp.programmes.joined import Joined
from webapp.received.importing.checking import Row
from webapp.received.importing.reading import File
from webapp.responses import questions as kinds
from webapp.responses.items import Item, Value
from webapp.web.format import listed, moment, percent
from webapp.web.text import shortened, simplified

_LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True)
class Example:
    """A response of the file as it would be recorded, so that somebody sees that the columns are understood."""

    title: str
    received: str
    rows: Sequence[tuple[str, str, str]]
    """Question, lot and answer."""


def example_of(row: Row, lots: Sequence[Lot]) -> Example:
    answered = [
        (item.question.wording, item.lot.code if item.lot else "", _shown(item, value, lots))
        for item, value in row.answers.items()
    ]
    return Example(f"Line {row.line} as it would be recorded: {row.name}", moment(row.received_at), answered)


def counted_for_others(rows: Sequence[Row], joined: Joined) -> list[tuple[int, str, str]]:
    """Line, name and provider of each response that counts for one of another name, to which its own was joined."""
    called = dict(other for _name, other in joined.others.values())
    others = ((row, called.get(row.organisation_id) if row.organisation_id else None) for row in rows)
    return [(row.line, row.name, other) for row, other in others if other and simplified(other) != simplified(row.name)]


def lost_text(file: File) -> str:
    """Of columns whose question, or lot, is not asked about any more or in that way; nothing if there are none."""
    if not file.lost:
        return ""
    names = [file.columns[place].name for place in file.lost]
    columns = listed([f"“{name}”" for name in names])
    answer = "answers" if len(names) == 1 else "answer"
    return f"What {columns} {answer} is not asked any more, or not so. Choose again: what you leave out is not recorded"


def _shown(item: Item, value: Value, lots: Sequence[Lot]) -> str:
    return shortened(kinds.show(Item(item.question, item.lot, tuple(lots)), value), _LONGEST_ANSWER)


def recording_text(of: ResponseImport) -> str:
    if of.recorded_at is not None:
        return "Every response in the file is recorded."
    if of.failure is not None:
        return of.failure
    if not of.progress:
        return "Waiting for a worker to begin."
    return f"Recording, {percent(of.progress)} done."
