"""Setting appraisals up, scoring their options, concluding them and opening them again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intelligence.files import digest, to_json
from webapp import audit
from webapp.analysis.appraisals import queries
from webapp.analysis.appraisals.content import Appraised
from webapp.analysis.appraisals.usual import USUAL_CRITERIA
from webapp.analysis.interests import refuse_unmanaged_interest
from webapp.audit import Actor, Scalar
from webapp.models import (
    Appraisal,
    AppraisalConclusion,
    AppraisalCriterion,
    AppraisalOption,
    AppraisalScore,
    Procurement,
    Route,
)
from webapp.once import add_once


class ClosedError(Exception):
    """The appraisal is concluded, and was not opened again."""


@dataclass(frozen=True, slots=True)
class SaidOfOption:
    """`ruled_out` is the reason, where it is ruled out."""

    name: str
    lots: str
    route: Route | None
    term: str
    timing: str
    cut: str | None
    ruled_out: str | None


@dataclass(frozen=True, slots=True)
class SaidOfCriterion:
    name: str
    meaning: str
    weight: int


Row = AppraisalOption | AppraisalCriterion
Said = SaidOfOption | SaidOfCriterion
"""What is written of either, as its form has it."""


@dataclass(frozen=True, slots=True)
class SaidScore:
    low: int
    high: int
    reason: str


def begin(
    session: Session,
    *,
    entry_id: uuid.UUID,
    programme_id: uuid.UUID,
    procurement: Procurement | None,
    title: str,
    actor: Actor,
    now: datetime,
) -> Appraisal:
    """With the usual criteria. Raises WrittenAlreadyError."""
    made = Appraisal(
        id=entry_id,
        programme_id=programme_id,
        procurement_id=procurement.id if procurement else None,
        title=title,
        begun_at=now,
        begun_by=actor.person_id,
    )
    add_once(session, made)
    session.add_all(
        AppraisalCriterion(
            appraisal_id=made.id, position=place, name=each.name, meaning=each.meaning, weight=each.weight
        )
        for place, each in enumerate(USUAL_CRITERIA)
    )
    _record(session, "begun", made, actor)
    return made


def add_option(
    session: Session, *, entry_id: uuid.UUID, appraisal: Appraisal, said: SaidOfOption, actor: Actor
) -> None:
    """Raises ClosedError."""
    row = AppraisalOption(id=entry_id, appraisal_id=appraisal.id, position=_next_place(appraisal.options))
    _add(session, appraisal, row, said, actor)


def add_criterion(
    session: Session, *, entry_id: uuid.UUID, appraisal: Appraisal, said: SaidOfCriterion, actor: Actor
) -> None:
    """Raises ClosedError."""
    row = AppraisalCriterion(id=entry_id, appraisal_id=appraisal.id, position=_next_place(appraisal.criteria))
    _add(session, appraisal, row, said, actor)


def change(
    session: Session,
    *,
    appraisal: Appraisal,
    row: Row,
    said: Said,
    actor: Actor,
) -> None:
    """Raises ClosedError."""
    _refuse_closed(appraisal)
    _put(row, said)
    row.revision += 1
    session.flush()
    _record_of(session, "changed", appraisal, row, actor)


def remove(session: Session, *, appraisal: Appraisal, row: Row, actor: Actor) -> None:
    """With its scores; what was concluded before keeps it. Raises ClosedError."""
    _refuse_closed(appraisal)
    session.delete(row)
    session.flush()
    _record_of(session, "removed", appraisal, row, actor)


def score(
    session: Session,
    *,
    appraisal: Appraisal,
    option: AppraisalOption,
    said: Mapping[uuid.UUID, SaidScore],
    actor: Actor,
) -> None:
    """By criterion; what is left out is not scored. Raises ClosedError."""
    _refuse_closed(appraisal)
    kept = {row.criterion_id: row for row in option.scores}
    for criterion_id in kept.keys() - said.keys():
        session.delete(kept[criterion_id])
    for criterion_id, each in said.items():
        row = kept.get(criterion_id) or AppraisalScore(option_id=option.id, criterion_id=criterion_id)
        row.low, row.high, row.reason = each.low, each.high, each.reason
        session.add(row)
    option.revision += 1
    session.flush()
    _record(session, "option_scored", appraisal, actor, option=str(option.id))


def conclude(
    session: Session,
    *,
    entry_id: uuid.UUID,
    appraisal: Appraisal,
    stands: Appraised,
    preferred: str,
    reasons: str,
    why_not: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> AppraisalConclusion:
    """Keep all as it stands, with which option is preferred and why no other is, and close the appraisal.

    Raises ClosedError, InterestError and WrittenAlreadyError.
    """
    _refuse_closed(appraisal)
    refuse_unmanaged_interest(session, appraisal.programme_id, actor)
    options = tuple(replace(each, why_not=why_not.get(each.id, "")) for each in stands.options)
    content = replace(stands, options=options, preferred=preferred, reasons=reasons)
    plain: Any = to_json(content)
    concluded = AppraisalConclusion(
        id=entry_id,
        appraisal_id=appraisal.id,
        number=queries.next_number(session, appraisal.id),
        content=plain,
        digest=digest(content),
        concluded_at=now,
        concluded_by=actor.person_id,
    )
    add_once(session, concluded)
    appraisal.is_open = False
    appraisal.revision += 1
    session.flush()
    _record(session, "concluded", appraisal, actor, number=concluded.number, digest=concluded.digest)
    return concluded


def reopen(session: Session, *, appraisal: Appraisal, actor: Actor) -> None:
    """What was concluded stays. Nothing is done where it is open already."""
    if appraisal.is_open:
        return
    appraisal.is_open = True
    appraisal.revision += 1
    session.flush()
    _record(session, "reopened", appraisal, actor)


def _add(session: Session, appraisal: Appraisal, row: Row, said: Said, actor: Actor) -> None:
    _refuse_closed(appraisal)
    _put(row, said)
    session.add(row)
    session.flush()
    _record_of(session, "added", appraisal, row, actor)


def _put(row: Row, said: Said) -> None:
    for name in said.__slots__:
        setattr(row, name, getattr(said, name))


def _next_place(rows: list[AppraisalOption] | list[AppraisalCriterion]) -> int:
    return max((row.position for row in rows), default=-1) + 1


def _refuse_closed(appraisal: Appraisal) -> None:
    if not appraisal.is_open:
        raise ClosedError


def _record_of(session: Session, act: str, appraisal: Appraisal, row: Row, actor: Actor) -> None:
    kind = "option" if isinstance(row, AppraisalOption) else "criterion"
    _record(session, f"{kind}_{act}", appraisal, actor, **{kind: str(row.id)})


def _record(session: Session, act: str, appraisal: Appraisal, actor: Actor, **detail: Scalar) -> None:
    audit.record(
        session,
        f"appraisal.{act}",
        subject=appraisal,
        actor=actor,
        organisation_id=None,
        programme=str(appraisal.programme_id),
        **detail,
    )
    session.flush()
