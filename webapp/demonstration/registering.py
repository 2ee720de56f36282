"""The first entries of the risk register: of each of these kinds the worst that the analysis found.

What is done and what would show it is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.risks import RiskKind
from webapp.analysis.risks import actions, queries
from webapp.analysis.risks.findings import Finding, newest_findings
from webapp.analysis.risks.words import BEGINNINGS
from webapp.audit import Actor
from webapp.demonstration.programme import fixed_id
from webapp.models import Programme, Risk, RiskState, RiskVersion

NEXT_REVIEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Judged:
    kind: RiskKind
    likelihood: int
    impact: int
    state: RiskState
    mitigation: str
    warning_sign: str


JUDGED = (
    _Judged(
        RiskKind.NO_BID,
        3,
        5,
        RiskState.REDUCING,
        "A briefing for providers nearby, and a longer mobilisation.",
        "No provider that is new to the region comes to the briefing.",
    ),
    _Judged(
        RiskKind.SINGLE_BID,
        4,
        3,
        RiskState.OPEN,
        "Ask smaller providers what keeps them from leading a bid.",
        "Fewer than two questions about the lot a week before they close.",
    ),
    _Judged(
        RiskKind.WORKFORCE,
        4,
        4,
        RiskState.OPEN,
        "Let posts be filled in steps over the first year, and pay for training.",
        "Answers about staff name agencies for the first six months.",
    ),
)


def register_first(session: Session, *, programme: Programme, actor: Actor, now: datetime) -> None:
    """Once: what a visitor does with it afterwards stays. What the analysis does not find has no entry."""
    if session.scalar(select(Risk.id).where(Risk.programme_id == programme.id).limit(1)) is not None:
        return
    findings = newest_findings(session, programme.id).findings.values()  # the worst of a kind first
    for judged in JUDGED:
        worst = next((each for each in findings if each.risk.kind is judged.kind), None)
        if worst is not None:
            _enter(session, programme, worst, judged, actor, now)


def _enter(
    session: Session, programme: Programme, finding: Finding, judged: _Judged, actor: Actor, now: datetime
) -> None:
    words = BEGINNINGS[judged.kind]
    about = queries.named(session, programme.id, [finding.risk]).about(finding.risk)
    version = RiskVersion(
        title=words.title.format(about=about),
        cause=words.cause,
        event=words.event.format(about=about),
        effect=words.effect,
        likelihood=judged.likelihood,
        impact=judged.impact,
        owner_id=actor.person_id,
        mitigation=judged.mitigation,
        warning_sign=judged.warning_sign,
        review_on=(now + NEXT_REVIEW).date(),
        state=judged.state,
    )
    actions.enter(
        session,
        entry_id=fixed_id("risk", judged.kind.value),
        programme=programme,
        risk=actions.risk_of(finding),
        version=version,
        finding=finding,
        actor=actor,
    )
