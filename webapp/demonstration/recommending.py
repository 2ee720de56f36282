"""Why the dental services in prisons are to go to a competition, and a recommendation of it that waits for a signature.

The reasons are invented, as the present supplier is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.schedule.route_choice import QUESTIONS
from webapp.analysis.appraisals.resting import offered
from webapp.analysis.procurements.actions import answer
from webapp.analysis.recommendations.actions import put_up
from webapp.analysis.recommendations.gathering import gather
from webapp.audit import Actor
from webapp.demonstration.programme import fixed_id
from webapp.models import Procurement, Recommendation

PROCUREMENT_ID = fixed_id("procurement", "D")
ANSWERS = (
    ("health", "yes", "Dental care for patients in prison."),
    ("began", "no", "No notice has been published."),
    ("framework", "no", "One contract for each prison, and no call-off later."),
    ("existing", "yes", "Bright Smile Secure Dental Ltd holds the contracts of all five prisons."),
    ("only_capable", "no", "Others provide dental care in prisons too."),
    ("choice", "no", "Patients in prison cannot choose among dentists."),
    ("expiring", "yes", "All five contracts end on 31 March 2028 and are to be replaced."),
    ("satisfied", "yes", "The yearly reviews found no breach of the contract."),
    (
        "considerable",
        "yes",
        "Evening sessions and a therapist for each prison are new, and worth a quarter more.",
    ),
    (
        "suitable",
        "no",
        "Of those who have not worked in prisons we know too little to choose among them.",
    ),
)
REASONS = (
    "One lot for each prison is what most who answered could staff, and what smaller providers could hold. The limit "
    "of two lots for one supplier keeps the failure of one from reaching every prison.\n"
    "Quality and innovation count most, because of the waits for treatment; then integration with health care in the "
    "prison, access in the evening, value, and social value through training places."
)
ALTERNATIVES = (
    "One lot for all five prisons: cheaper to manage, but few could staff it at once, and the whole region would hang "
    "on one supplier.\n"
    "Dental care within health and social care: fewer dental providers could bid, as they would depend on a partner.\n"
    "Direct award C: not open to us, because the change is considerable."
)


def answer_route(session: Session, *, actor: Actor, now: datetime) -> None:
    procurement = session.get_one(Procurement, PROCUREMENT_ID)
    for question, option, reason in ANSWERS:
        answer(
            session,
            procurement=procurement,
            question=QUESTIONS[question],
            option=option,
            reason=reason,
            actor=actor,
            now=now,
        )


def put_up_first(session: Session, *, base_url: str, actor: Actor, now: datetime) -> None:
    """Once: what a visitor does with it afterwards stays."""
    if session.scalar(select(Recommendation.id).limit(1)) is not None:
        return
    procurement = session.get_one(Procurement, PROCUREMENT_ID)
    found = gather(session, procurement, today=now.date())
    if found.content is None or found.run is None:  # a visitor has changed what it would rest on
        return
    put_up(
        session,
        entry_id=fixed_id("recommendation", "D"),
        procurement=procurement,
        run=found.run,
        replanning=found.replanning,
        content=replace(found.content, appraisal=offered(session, procurement)),
        reasons=REASONS,
        alternatives=ALTERNATIVES,
        base_url=base_url,
        actor=actor,
        now=now,
    )
