"""What a recommendation holds of the figures of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from intelligence import Route
from intelligence.files import digest
from intelligence.schedule.routes import Stage
from webapp.analysis.terms import RouteStep


@dataclass(frozen=True, slots=True)
class Ground:
    """Why this route: what the answers come to, and the answers."""

    conclusion: str
    steps: tuple[RouteStep, ...]


@dataclass(frozen=True, slots=True)
class RecommendedLot:
    """The chances of no, one, and two or more credible bids, and of one with enough staff by month 6, where its need is
    known; `None` too where it was put up before recommendations held that."""

    lot_id: str
    code: str
    title: str
    annual_value: float | None
    none: float
    one: float
    two_or_more: float
    enough_staff: float | None = None


@dataclass(frozen=True, slots=True)
class PlannedDates:
    """The first and the last day of a stage."""

    stage: Stage
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OtherCut:
    """A way to cut the whole programme into lots that a search compared: the shares of the annual value that are
    expected in lots with no bid and with one."""

    name: str
    lots: int
    without_bid: float
    with_one_bid: float


@dataclass(frozen=True, slots=True)
class Recommended:
    """`inputs_digest` is that of the run, `plan_digest` that of what its dates were planned from; `caution` is what a
    reader must know of the figures. `search_id` is the search that compared `other_cuts`, where there was one. One
    supplier may bid for `most_lots_bid` of the lots and be awarded `most_lots_awarded`; `None` where nothing limits it,
    and where it was put up before recommendations held that. `all_awardable` is the chance that each of two lots or
    more finds a provider; `None` for one lot, where the run did not work it out, and again in what is older.
    """

    procurement: str
    route: Route
    ground: Ground
    lots: tuple[RecommendedLot, ...]
    stages: tuple[PlannedDates, ...]
    service_start: date
    run: str
    inputs_digest: str
    code_version: str
    seed: int
    draws: int
    caution: str
    plan_digest: str
    search_id: str | None
    other_cuts: tuple[OtherCut, ...]
    most_lots_bid: int | None = None
    most_lots_awarded: int | None = None
    all_awardable: float | None = None


def fingerprint(content: dict[str, Any], reasons: str, alternatives: str) -> str:
    """Of all that is signed, its content as it is stored: read as `Recommended`, what is older gains later fields."""
    return digest({"content": content, "reasons": reasons, "alternatives": alternatives})
