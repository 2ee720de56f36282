"""What a person should think about before a file without faults is set up: of its contracts, the suppliers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from webapp.imports.checked import Checked, Line
from webapp.imports.standing import Standing
from webapp.programmes.like_names import Directory, Known
from webapp.web.text import simplified

MOST_COMPARED = 2_000
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Doubts:
    alike: Sequence[tuple[str, Sequence[str]]]
    """Suppliers that the register does not have, each with the suppliers of names like its own."""
    covering_nothing: int
    """Contracts of which nobody says what services they cover: their suppliers are present suppliers of no lot."""


def doubts(checked: Checked, standing: Standing) -> Doubts:
    lines = [line for sheet, lines in checked.sheets if sheet.slug == "contracts" for line in lines]
    alike = list(islice(_alike(lines, standing), MOST_SHOWN))
    return Doubts(alike, sum(_covers_nothing(each, standing) for each in lines))


def _alike(lines: Sequence[Line], standing: Standing) -> Iterator[tuple[str, Sequence[str]]]:
    """Each pair once, at the name that the file has later."""
    names = {simplified(row.supplier_name): row.supplier_name for row in standing.keys("contracts").values()}
    registered = set(names)
    for line in lines:
        names.setdefault(simplified(line.row["supplier_name"]), line.row["supplier_name"])
    compared = dict(islice(names.items(), MOST_COMPARED))
    directory = Directory([Known(name) for name in compared.values()])
    place = {name: number for number, name in enumerate(compared.values())}
    for key, name in compared.items():
        likely = [each.known.name for each in directory.proposals(name) if place[each.known.name] < place[name]]
        if key not in registered and likely:
            yield name, likely


def _covers_nothing(line: Line, standing: Standing) -> bool:
    row = standing.keys("contracts").get(line.key)
    return not line.row["units"] and not (row and row.units)
