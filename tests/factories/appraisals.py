"""Ways to buy that are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from intelligence.files import digest, to_json
from tests.factories.rows import add
from webapp.analysis.appraisals.gathering import gather
from webapp.models import (
    Appraisal,
    AppraisalConclusion,
    AppraisalCriterion,
    AppraisalOption,
    AppraisalScore,
    Person,
    Procurement,
    Programme,
    Route,
)

SCORES = {"By site": ((6, 8), (4, 6)), "One for all": ((3, 5), (6, 8))}
"""On quality, which weighs 60 of 100, and on value."""


def appraisal(
    session: Session, programme: Programme, officer: Person, procurement: Procurement | None = None
) -> Appraisal:
    """Two options that are scored on two criteria, and one that is ruled out."""
    row = add(
        session,
        Appraisal(
            programme_id=programme.id,
            procurement_id=procurement.id if procurement else None,
            title="How to buy",
            begun_by=officer.id,
        ),
    )
    criteria = [
        add(
            session,
            AppraisalCriterion(
                appraisal_id=row.id, position=place, name=name, meaning=f"What {name} is", weight=weight
            ),
        )
        for place, (name, weight) in enumerate({"Quality": 60, "Value": 40}.items())
    ]
    for place, (name, ranges) in enumerate(SCORES.items()):
        option = _option(session, row, place, name=name, route=Route.PSR_COMPETITIVE)
        for criterion, (low, high) in zip(criteria, ranges, strict=True):
            said = f"{name} scores so by {criterion.name}"
            add(
                session,
                AppraisalScore(option_id=option.id, criterion_id=criterion.id, low=low, high=high, reason=said),
            )
    _option(session, row, 2, name="Extend", route=None, ruled_out="No extension is left")
    session.refresh(row)
    return row


def conclusion(session: Session, of: Appraisal, officer: Person) -> AppraisalConclusion:
    """Of what the first option is preferred for; the appraisal stays open."""
    content = replace(gather(session, of), preferred=str(of.options[0].id), reasons="It keeps sites apart")
    plain: Any = to_json(content)
    return add(
        session,
        AppraisalConclusion(
            appraisal_id=of.id, number=1, content=plain, digest=digest(content), concluded_by=officer.id
        ),
    )


def _option(session: Session, of: Appraisal, position: int, **said: Any) -> AppraisalOption:
    usual = {"lots": "As it says", "term": "5 years", "timing": "1 April 2028"}
    return add(session, AppraisalOption(appraisal_id=of.id, position=position, **usual, **said))
