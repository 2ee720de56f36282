"""What a programme keeps on record, and plans to tell people."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.rows import add, numbers
from webapp.models import (
    Channel,
    ConflictDeclaration,
    Decision,
    Lesson,
    LessonKind,
    Person,
    PlannedActivity,
    Programme,
    Risk,
    RiskKind,
    RiskState,
    RiskVersion,
)


def decision(session: Session, programme_row: Programme, by: Person, **given: Any) -> Decision:
    defaults = {
        "title": f"Decision {next(numbers)}",
        "decided_on": date(2027, 1, 5),
        "decided_by": "Commissioning board",
        "reasons": "More providers would bid.",
    }
    return add(session, Decision(programme_id=programme_row.id, recorded_by=by.id, **{**defaults, **given}))


def lesson(session: Session, programme_row: Programme, by: Person, **given: Any) -> Lesson:
    defaults = {
        "title": f"Lesson {next(numbers)}",
        "kind": LessonKind.OTHERWISE,
        "happened_on": date(2027, 1, 5),
        "what": "Three weeks over Easter were too short.",
    }
    return add(session, Lesson(programme_id=programme_row.id, recorded_by=by.id, **{**defaults, **given}))


def conflict(session: Session, programme_row: Programme, by: Person, **given: Any) -> ConflictDeclaration:
    defaults = {"declared_by": by.name, "declared_on": date(2027, 1, 5), "interest": "My brother works for a provider."}
    return add(session, ConflictDeclaration(programme_id=programme_row.id, recorded_by=by.id, **{**defaults, **given}))


def activity(session: Session, programme_row: Programme, **given: Any) -> PlannedActivity:
    defaults = {
        "what": f"Activity {next(numbers)}",
        "audience": "All dental providers",
        "channel": Channel.EMAIL,
        "due_on": date(2027, 1, 5),
    }
    return add(session, PlannedActivity(programme_id=programme_row.id, **{**defaults, **given}))


def risk(session: Session, programme_row: Programme, by: Person, **given: Any) -> RiskVersion:
    """One entered by hand, as it stands; what is given of what it is about is the risk's, the rest the version's."""
    about = {name: given.pop(name) for name in ("kind", "lot_id", "provider_id", "procurement_id") if name in given}
    row = add(session, Risk(programme_id=programme_row.id, **{"kind": RiskKind.TUPE, **about}))
    defaults = {
        "number": 1,
        "title": f"Risk {next(numbers)}",
        "cause": "Pensions are dear.",
        "event": "Nobody takes the staff over.",
        "effect": "Fewer bids come.",
        "likelihood": 3,
        "impact": 4,
        "owner_id": by.id,
        "mitigation": "Tell bidders what the pensions cost.",
        "warning_sign": "Questions about pensions.",
        "review_on": date(2031, 1, 5),
        "state": RiskState.OPEN,
    }
    return add(session, RiskVersion(risk_id=row.id, written_by=by.id, **{**defaults, **given}))
