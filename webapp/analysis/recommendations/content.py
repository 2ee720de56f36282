"""What a recommendation holds of the figures of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from intelligence import Route
from intelligence.files import canonical_json, digest
from intelligence.schedule.routes import Stage
from webapp.analysis.appraisals.content import ConcludedAppraisal
from webapp.analysis.structures.comparison import ComparedCut
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
class EqualCut:
    """A way to cut it that comes to the same lots as one of the other cuts, `same_as`."""

    name: str
    same_as: str


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What a run's chances rest on, to be known when its responses are destroyed: how many providers had declared an
    interest when it was asked for, how many responses officers had entered, and the assumptions that they had changed
    from what everybody starts from."""

    asked_at: datetime
    providers: int
    entered: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanWarnings:
    """What a plan is worth and `said` of one of its procurements and of itself, in words, which later code may not
    have any more: `in_hand` are the working days before the services start, of those `wanted`. `about_others` counts
    its warnings of other procurements and of contracts that none replaces."""

    quality: str
    in_hand: int
    wanted: int
    said: tuple[str, ...]
    about_others: int


@dataclass(frozen=True, slots=True)
class Recommended:
    """`inputs_digest` is that of the run, `plan_digest` that of what its dates were planned from, boards, lengths and
    pins too; in what is older it is that of the inputs again where the dates are the run's own. `caution` is what a
    reader must know of the figures. `search_id` is the search that compared `other_cuts`, where there was one. One
    supplier may bid for `most_lots_bid` of the lots and be awarded `most_lots_awarded`; `None` where nothing limits it,
    and where it was put up before recommendations held that. `all_awardable` is the chance that each of two lots or
    more finds a provider; `None` for one lot, where the run did not work it out, and again in what is older. What is
    older names no `equal_cuts`, though there may have been some. `evidence` is who had answered and what was assumed;
    what is older does not hold it.
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
    other_cuts: tuple[ComparedCut, ...]
    most_lots_bid: int | None = None
    most_lots_awarded: int | None = None
    all_awardable: float | None = None
    equal_cuts: tuple[EqualCut, ...] = ()
    evidence: RunEvidence | None = None
    appraisal: ConcludedAppraisal | None = None
    """The conclusion from an appraisal of options that it rests on, if on any; what is older holds none."""
    plan: PlanWarnings | None = None
    """Of the plan whose dates these are; what is older does not hold it."""


def fingerprint(content: dict[str, Any], reasons: str, alternatives: str) -> str:
    return digest(_signed(content, reasons, alternatives))


def as_file(content: dict[str, Any], reasons: str, alternatives: str) -> bytes:
    """The very bytes that the fingerprint is of, so that anybody can take it again."""
    return canonical_json(_signed(content, reasons, alternatives))


def _signed(content: dict[str, Any], reasons: str, alternatives: str) -> dict[str, Any]:
    """All that is signed, its content as it is stored: read as `Recommended`, what is older gains later fields."""
    return {"content": content, "reasons": reasons, "alternatives": alternatives}
