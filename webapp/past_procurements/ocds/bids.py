"""How many bids a lot drew, and whose: from statistics, from single bids, or from what the tender says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.past_procurements.ocds.values import Node, Report
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


def bids_of(release: Node, lot: str, note: Report, *, only: bool) -> Bids:
    """What names no lot is about the whole procurement, and so about the lot if it is the only one."""
    bids, tender = release.object("bids"), release.object("tender")
    statistics = [each for each in bids.objects("statistics") if _concerns(each, lot, only=only)]
    single = [
        each
        for each in bids.objects("details")
        if _concerns(each, lot, only=only) and each.text("status") in _SUBMITTED | {""}
    ]
    received = _measured(statistics, _RECEIVED)
    if received is None and single:
        received = len(single)
    if received is None and only:
        received = tender.count("numberOfTenderers", MOST_BIDS)
    valid = _measured(statistics, _VALID)
    statuses = {each.text("status") for each in single}
    if valid is None and single and statuses <= {"valid", "disqualified", "withdrawn"}:
        valid = sum(each.text("status") == "valid" for each in single)
    if received is not None and valid is not None and valid > received:
        note("bids/statistics", valid, f"is more valid bids of lot {lot} than the {received} received; it is left out")
        valid = None
    named = [firm for each in single for firm in each.objects("tenderers")]
    return Bids(
        received=received,
        valid=valid,
        requests=_measured(statistics, _REQUESTS),
        tenderers=(*named, *(tender.objects("tenderers") if only else ())),
    )


def lots_named(part: Node) -> list[str]:
    return part.texts("relatedLots") or ([part.text("relatedLot")] if part.has("relatedLot") else [])


def _concerns(part: Node, lot: str, *, only: bool) -> bool:
    named = lots_named(part)
    return lot in named if named else only


def _measured(statistics: Sequence[Node], measures: Sequence[str]) -> int | None:
    """By the first of the measures that is there; where it was taken more than once, the last."""
    for measure in measures:
        taken = [each for each in statistics if each.text("measure") == measure and each.has("value")]
        if taken:
            return max(taken, key=lambda each: each.text("date")).count("value", MOST_BIDS)
    return None
