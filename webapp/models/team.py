"""Who works on a programme, and as what. Nobody else sees it, whatever organisation they belong to."""

from __future__ import annotations

import uuid
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, choice
from webapp.models.people import Organisation, Person
from webapp.models.programme import Programme, ServiceLine


class TeamRole(StrEnum):
    LEAD_OFFICER = "lead_officer"
    OFFICER = "officer"
    LOT_DESIGNER = "lot_designer"
    APPROVER = "approver"
    REVIEWER = "reviewer"


team_member_service_line = Table(
    "team_member_service_line",
    Base.metadata,
    Column("team_member_id", ForeignKey("team_member.id", ondelete="CASCADE"), primary_key=True),
    Column("service_line_id", ForeignKey("service_line.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class TeamMember(Dated, Base):
    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("programme_id", "person_id"),)

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    """For which it works on the programme: whoever leaves that organisation leaves the team."""
    role: Mapped[TeamRole] = mapped_column(choice(TeamRole, "role"))

    programme: Mapped[Programme] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()
    service_lines: Mapped[list[ServiceLine]] = relationship(
        secondary=team_member_service_line, order_by="ServiceLine.position, ServiceLine.id"
    )
    """Those it answers for; none where it answers for all."""
