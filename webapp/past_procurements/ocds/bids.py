"""How many bids a lot drew, and whose: from statistics, from single bids, or from what the tender says of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.past_procurements.ocds.values import Node
from webapp.past_procurements.records import MOST_BIDS

_RECEIVED = ("bids", "bidders")
_VALID = ("validBids", "finalStageBids")
"""The latter is of the United Kingdom's extension: bids assessed in the final stage."""
_REQUESTS = ("requests",)
_SUBMITTED = frozenset({"pending", "valid", "disqualified", "withdrawn"})
"""Every status of a bid but that of one which was only invited."""


@dataclass(frozen=True, slots=True)
class Bids:
    """Of one lot; None is unknown."""

    received: int | None
    valid: int | None
    requests: int | None
    tenderers: tuple[Node, ...]


ByLot = Mapping[str, Sequence[Node]]


def by_lot(parts: Iterable[Node]) -> ByLot:
    """By the lots that each of them names; those that name none under "", for they are about all together."""
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for part in parts:
        for lot in lots_named(part) or [""]:
            found[lot].append(part)
    return found


def lots_named(part: Node) -> list[str]:
    return part.texts("relatedLots") or ([part.text("relatedLot")] if part.has("relatedLot") else [])


def of_lot(parts: ByLot, lot: str, *, only: bool) -> list[Node]:
    """What names no lot is about the whole procurement, and so about the lot if it is the only one."""
    return [*(parts.get(lot, ()) if lot else ()), *(parts.get("", ()) if only else ())]


def bids_of(statistics: Sequence[Node], details: Sequence[Node], tender: Node | None) -> Bids:
    """From what concerns one lot. The tender counts only where it has no other lot."""
    single = [each for each in details if each.text("status") in _SUBMITTED | {""}]
    received = _measured(statistics, _RECEIVED)
    if received is None and single:
        received = len(single)
    if received is None and tender is not None:
        received = tender.count("numberOfTenderers", MOST_BIDS)
    valid = _measured(statistics, _VALID)
    statuses = {each.text("status") for each in single}
    if valid is None and single and statuses <= {"valid", "disqualified", "withdrawn"}:
        valid = sum(each.text("status") == "valid" for each in single)
    named = [firm for each in single for firm in each.objects("tenderers")]
    return Bids(
        received=received,
        valid=valid,
        requests=_measured(statistics, _REQUESTS),
        tenderers=(*named, *(tender.objects("tenderers") if tender is not None else ())),
    )


def _measured(statistics: Sequence[Node], measures: Sequence[str]) -> int | None:
    """By the first of the measures that is there; where it was taken more than once, the last."""
    for measure in measures:
        taken = [each for each in statistics if each.text("measure") == measure and each.has("value")]
        if taken:
            return max(taken, key=lambda each: each.text("date")).count("value", MOST_BIDS)
    return None
