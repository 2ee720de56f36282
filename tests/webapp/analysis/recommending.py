"""A procurement about which a recommendation can be put up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.schedule.route_choice import QUESTIONS
from tests import factories as make
from tests.world import actor_of
from webapp.analysis.procurements import actions as planning
from webapp.audit import Actor
from webapp.db import clock
from webapp.models import AuditEvent, Engagement, MembershipRole, Person, Procurement, TeamRole

REASONS = "Single sites draw more providers."
OTHERS = "One lot for the region: too large for two of three."
TO_COMPETITION = (
    "health yes",
    "began no",
    "framework no",
    "existing yes",
    "only_capable no",
    "choice no",
    "expiring yes",
    "satisfied no",
    "suitable no",
)


@dataclass(frozen=True)
class Desk:
    """A procurement whose route is answered and whose run is finished, with who writes and who signs."""

    about: Engagement
    procurement: Procurement
    officer: Person
    approver: Person

    @property
    def writer(self) -> Actor:
        return actor_of(self.officer, self.about.programme.buyer)

    @property
    def signer(self) -> Actor:
        return actor_of(self.approver, self.about.programme.buyer)


def sit_down(session: Session) -> Desk:
    officer = make.officer(session, make.buyer(session))
    about = make.engagement(session, make.programme(session, officer.memberships[0].organisation))
    approver = make.person(session, about.programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, about.programme_id, approver.id, about.programme.buyer_id, TeamRole.APPROVER)
    made = Desk(about, about.programme.procurements[0], officer, approver)
    answer_route(session, made)
    make.finished_run(session, about, officer)
    session.commit()
    return made


def answer_route(session: Session, desk: Desk, *answers: str) -> None:
    for question, option in (each.split() for each in answers or TO_COMPETITION):
        planning.answer(
            session,
            procurement=desk.procurement,
            question=QUESTIONS[question],
            option=option,
            reason=f"Because of {question}",
            actor=desk.writer,
            now=clock(session),
        )


def acts(session: Session) -> list[str]:
    found = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id))
    return [act for act in found if act.startswith(("recommendation.", "forecast."))]
