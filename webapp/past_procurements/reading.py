"""From a file to the past procurements in it, seen together with what is on record already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webapp.imports import tables
from webapp.imports.checked import Fault
from webapp.imports.tables import Table, UnreadableError, doubtful_words, first_shown
from webapp.models import RecordFormat
from webapp.past_procurements import history
from webapp.past_procurements.ocds import packages
from webapp.past_procurements.ocds.packages import Faults, Release, UnreadablePackageError
from webapp.past_procurements.ocds.procurements import procurement
from webapp.past_procurements.records import MOST_BIDDERS, MOST_LOTS, Procurement, Reading, Source


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on record of one procurement."""

    origin: RecordFormat
    sources: tuple[Source, ...]
    file_name: str
    """Of the first file that told of it."""


WANTED = "OCDS in JSON, or a table in XLSX or CSV"
LookUp = Callable[[Collection[str]], Mapping[str, Standing]]
"""Takes references, and answers with those on record."""


def format_of(content: bytes) -> RecordFormat:
    """Looks no further than it must. Raises imports.tables.UnreadableError."""
    if packages.looks_like_json(content):
        try:
            packages.parse(content)
        except UnreadablePackageError as problem:
            raise UnreadableError(str(problem)) from problem
        return RecordFormat.OCDS
    _tables(content)
    return RecordFormat.TABLE


def read(content: bytes, format: RecordFormat, look_up: LookUp, *, today: date) -> Reading:
    return _read_ocds(content, look_up) if format is RecordFormat.OCDS else _read_table(content, look_up, today)


def _tables(content: bytes) -> tuple[Table, list[Table]]:
    """The one that is read, of a workbook the first that is shown; and the others."""
    found = tables.read(content, WANTED)
    if not found:
        raise UnreadableError("The file has no rows beneath its header")
    table = first_shown(found)
    if len(table.rows) > MOST_LOTS:
        raise UnreadableError(f"The file has more than {MOST_LOTS:,} lots. Send it in parts")
    return table, [each for each in found if each is not table]


def _read_table(content: bytes, look_up: LookUp, today: date) -> Reading:
    table, others = _tables(content)
    checked = history.check(table, today)
    ((_sheet, lines),) = checked.sheets
    faults, found = list(checked.faults), history.procurements(lines)
    standing = look_up({each.reference for each in found})
    for each in found:
        if each.reference in standing:
            reason = f"is on record already, from {standing[each.reference].file_name}"
            line = int(each.sources[0].place.removeprefix("line "))
            faults.append(Fault(history.SHEET.title, line, "package or lot_id", each.reference, reason))
    notes = [
        Fault("", table.header_line, name, "", "is no column that is read") for name in history.unknown_columns(table)
    ]
    notes += [Fault(each.name, each.header_line, "", "", "Only the first sheet shown is read") for each in others]
    return Reading(found, faults, checked.more_faults, notes, doubtful_words([table]))


def _read_ocds(content: bytes, look_up: LookUp) -> Reading:
    faults, notes = Faults(), Faults()
    releases = list(packages.releases(packages.parse(content), faults))
    standing = look_up({release.ocid for release in releases})
    found: list[Procurement] = []
    lots = bidders = 0
    for ocid, group in groupby(sorted(releases, key=lambda each: each.ocid), key=lambda each: each.ocid):
        new = list(group)
        known = standing.get(ocid)
        if known is not None and known.origin is not RecordFormat.OCDS:
            faults.add(ocid, new[0].number, "ocid", ocid, f"is on record already, from {known.file_name}")
            continue
        made = _procurement(ocid, new, known.sources if known else (), faults, notes)
        if made is None:
            continue
        found.append(made)
        lots, bidders = lots + len(made.lots), bidders + sum(len(lot.bidders) for lot in made.lots)
        if lots > MOST_LOTS or bidders > MOST_BIDDERS:
            reason = f"tells of more than {MOST_LOTS:,} lots or {MOST_BIDDERS:,} bidders by here. Send it in parts"
            faults.add("", new[0].number, "", "", reason)
            break
    return Reading(found, faults.listed, faults.more, notes.listed)


def _procurement(
    ocid: str, new: Sequence[Release], known: Sequence[Source], faults: Faults, notes: Faults
) -> Procurement | None:
    sources = {source.place: source for source in known}
    for release in new:
        before = sources.get(release.id)
        if before is None:
            sources[release.id] = Source(release.id, release.published_at, release.content, None)
        elif before.release != release.content:
            reason = "is a release that is known already, and says something else here"
            faults.add(ocid, release.number, "id", release.id, reason)
    return _compile(ocid, sources.values(), {release.id: release.number for release in new}, faults, notes)


def _compile(
    ocid: str, sources: Iterable[Source], numbers: Mapping[str, int], faults: Faults, notes: Faults
) -> Procurement | None:
    """`numbers` are the places in the file of those releases that stand in it."""
    ordered = in_order(sources)

    def number(path: str) -> int:
        """Of the last release in the file that says anything of the part that the path leads into."""
        part = path.partition("/")[0]
        told = [source.place for source in ordered if source.place in numbers and part in (source.release or {})]
        return numbers[told[-1]] if told else min(numbers.values(), default=0)

    return procurement(
        ocid,
        ordered,
        lambda path, value, reason: faults.add(ocid, number(path), path, value, reason),
        lambda path, value, reason: notes.add(ocid, number(path), path, value, reason),
    )


def recompiled(standing: Mapping[str, Standing]) -> list[Procurement]:
    """What is left to say of procurements of which some releases are gone. It was read once, so it has no faults."""
    unread = Faults()
    made = [_compile(ocid, each.sources, {}, unread, unread) for ocid, each in standing.items()]
    return [each for each in made if each is not None]


def in_order(sources: Iterable[Source]) -> list[Source]:
    """By the dates of the releases, and where these are equal by their ids."""
    return sorted(sources, key=lambda each: (each.published_at is None, each.published_at, each.place))
