"""Saying how procurements are planned: terms, lengths, pins, what happened, and the way to a route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intelligence.schedule.route_choice import RouteOutcome, RouteQuestion
from webapp import audit
from webapp.analysis.procurements import queries
from webapp.analysis.procurements.queries import Planning
from webapp.analysis.procurements.stage_history import Proposal
from webapp.audit import Actor
from webapp.models import (
    GivenLength,
    PinnedStage,
    PlanTerms,
    Procurement,
    Programme,
    Route,
    RouteAnswer,
    Stage,
    StageRecord,
)

FACTS = ("days", "starts_on", "began_on", "ended_on", "reason")


@dataclass(frozen=True, slots=True)
class SaidOfStage:
    """All that the form of a stage says; nothing where the default holds or nothing is known."""

    days: int | None
    days_reason: str
    starts_on: date | None
    pin_reason: str
    began_on: date | None
    ended_on: date | None
    record_reason: str


def save_terms(session: Session, *, terms: PlanTerms, programme: Programme, actor: Actor) -> None:
    """New ones, or a change that was written into them."""
    if terms.revision is not None:
        terms.revision += 1
    session.add(terms)
    session.flush()
    audit.record(session, "planning.terms_changed", subject=programme, actor=actor, organisation_id=programme.buyer_id)
    session.flush()


def save_stage(
    session: Session, *, planning: Planning, stage: Stage, said: SaidOfStage, actor: Actor, now: datetime
) -> None:
    """Put, change or take off what is said of a stage, each with who says it now if it is not what was said before.

    Nothing is on record of a form that says what was said before.
    """
    length = GivenLength(days=said.days, reason=said.days_reason) if said.days is not None else None
    pin = PinnedStage(starts_on=said.starts_on, reason=said.pin_reason) if said.starts_on else None
    began = None
    if said.began_on:
        began = StageRecord(began_on=said.began_on, ended_on=said.ended_on, reason=said.record_reason)
    _put(session, planning.lengths.get(stage), length, planning, stage, actor, now)
    _put(session, planning.pins.get(stage), pin, planning, stage, actor, now)
    _put(session, planning.records.get(stage), began, planning, stage, actor, now)


def take_length(
    session: Session, *, planning: Planning, stage: Stage, own: Proposal, actor: Actor, now: datetime
) -> None:
    """Take over a length that was proposed."""
    length = GivenLength(days=own.days, reason=own.reason)
    _put(session, planning.lengths.get(stage), length, planning, stage, actor, now)


def _put(
    session: Session,
    kept: GivenLength | PinnedStage | StageRecord | None,
    said: GivenLength | PinnedStage | StageRecord | None,
    planning: Planning,
    stage: Stage,
    actor: Actor,
    now: datetime,
) -> None:
    """Put what is said in the place of what is kept; what was said before already is no change."""
    changed = said or kept
    if changed is None or (said is not None and kept is not None and _facts(kept) == _facts(said)):
        return
    if kept is not None:
        session.delete(kept)
        session.flush()
    if said is not None:
        said.procurement_id, said.stage = planning.procurement.id, stage
        said.said_by, said.said_at = actor.person_id, now
        session.add(said)
    act = "removed" if said is None else "said"
    record(session, f"planning.{changed.__tablename__}_{act}", planning.procurement, actor, stage=stage.value)


def _facts(row: GivenLength | PinnedStage | StageRecord) -> tuple[object, ...]:
    return tuple(getattr(row, name, None) for name in FACTS)


def answer(
    session: Session,
    *,
    procurement: Procurement,
    question: RouteQuestion,
    option: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Add an answer; the earlier ones to the same question stay as its history."""
    session.add(
        RouteAnswer(
            procurement_id=procurement.id,
            number=queries.next_number(session, procurement.id),
            question=question.id,
            answer=option,
            reason=reason,
            said_by=actor.person_id,
            said_at=now,
        )
    )
    record(session, "planning.route_answered", procurement, actor, question=question.id, answer=option)


def take_route(session: Session, *, procurement: Procurement, outcome: RouteOutcome, actor: Actor) -> None:
    """Plan with the route that the answers lead to."""
    if outcome.route is None:
        raise ValueError(f"{outcome.id} is no route that can be planned")
    if procurement.route.value == outcome.route.value:
        return
    procurement.route = Route(outcome.route.value)
    record(session, "planning.route_taken", procurement, actor, route=procurement.route.value)


def record(session: Session, act: str, procurement: Procurement, actor: Actor, **detail: str) -> None:
    """What was done to the planning of a procurement, so that whoever saw it before notices."""
    procurement.revision += 1
    audit.record(
        session,
        act,
        subject=procurement,
        actor=actor,
        organisation_id=None,
        programme=str(procurement.programme_id),
        **detail,
    )
    session.flush()
