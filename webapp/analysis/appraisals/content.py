"""What an appraisal holds: as its pages show it while it is open, and as its conclusions keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intelligence import Route, WeighedOptions
from webapp.analysis.structures.comparison import ComparedCut


@dataclass(frozen=True, slots=True)
class AppraisedCriterion:
    id: str
    name: str
    meaning: str
    weight: int


@dataclass(frozen=True, slots=True)
class AppraisedScore:
    criterion_id: str
    low: int
    high: int
    reason: str


@dataclass(frozen=True, slots=True)
class AppraisedOption:
    """`route` is `None` where nothing would be procured. `ruled_out` says why it is not scored, `why_not` why it is not
    preferred; both are empty where that is not so. `cut_name` is the structure compared that it is cut like."""

    id: str
    name: str
    lots: str
    route: Route | None
    term: str
    timing: str
    cut_name: str
    ruled_out: str
    why_not: str
    scores: tuple[AppraisedScore, ...]


@dataclass(frozen=True, slots=True)
class MarketLot:
    """The chances of no, one, and two or more credible bids for a lot as the engagement asked about it."""

    name: str
    none: float
    one: float
    two_or_more: float


@dataclass(frozen=True, slots=True)
class PlannedTender:
    """`opens` and `closes` are `None` where the route has no tender."""

    procurement: str
    opens: date | None
    closes: date | None
    service_start: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the market said, from the newest finished run. `caution` is what a reader must know of the figures."""

    run: str
    run_id: str
    inputs_digest: str
    code_version: str
    caution: str
    lots: tuple[MarketLot, ...]
    cuts: tuple[ComparedCut, ...]
    tenders: tuple[PlannedTender, ...]
    not_asked_about: tuple[str, ...] = ()
    """The lots of what is appraised that the run knows nothing of; what is older names none."""


@dataclass(frozen=True, slots=True)
class Appraised:
    """`about` is the procurement's title, empty for the whole programme. `weighed` is there once every option that is
    kept is scored on each criterion; `preferred` is the id of an option and empty before a conclusion."""

    title: str
    about: str
    criteria: tuple[AppraisedCriterion, ...]
    options: tuple[AppraisedOption, ...]
    evidence: Evidence | None
    weighed: WeighedOptions | None
    preferred: str
    reasons: str

    @property
    def kept(self) -> tuple[AppraisedOption, ...]:
        return tuple(option for option in self.options if not option.ruled_out)


@dataclass(frozen=True, slots=True)
class ConcludedAppraisal:
    """A conclusion as a recommendation rests on it: `digest` is that of its content."""

    appraisal_id: str
    conclusion_id: str
    number: int
    concluded_by: str
    concluded_on: date
    digest: str
    content: Appraised
