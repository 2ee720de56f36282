"""The register of risks to competition: what each is about, how it stands by each wording, and the figures behind it.

Rows are never changed or deleted, but for the figures, which go with the analysis that they are from.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice
from webapp.models.engagement import Engagement
from webapp.models.people import Organisation, Person
from webapp.models.programme import Lot, Procurement


class RiskKind(StrEnum):
    """What may happen. An analysis finds those up to `LITTLE_TIME`; people enter any."""

    NO_BID = "no_bid"
    SINGLE_BID = "single_bid"
    LEFT_OVER = "left_over"
    WORKFORCE = "workforce"
    INCUMBENT_EXIT = "incumbent_exit"
    HANGS_ON_ONE = "hangs_on_one"
    OVERSTRETCHED = "overstretched"
    CONCENTRATION = "concentration"
    TENDERS_AT_ONCE = "tenders_at_once"
    LITTLE_TIME = "little_time"
    TUPE = "tupe"
    PRICE = "price"
    ESTATE = "estate"
    OTHER = "other"


class RiskState(StrEnum):
    OPEN = "open"
    REDUCING = "reducing"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Risk(Dated, Base):
    """What a risk is about, for as long as it is on the register: if that is something else, it is another risk."""

    __tablename__ = "risk"
    __table_args__ = (
        UniqueConstraint("programme_id", "found_key"),
        CheckConstraint("num_nonnulls(found_key, engagement_id) IN (0, 2)", name="found_whole"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    kind: Mapped[RiskKind] = mapped_column(choice(RiskKind, "kind"))
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lot.id"), index=True)
    provider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Where there is one, only those who may read responses see the entry."""
    procurement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("procurement.id"), index=True)
    found_key: Mapped[str | None]
    """By which the next analysis knows it again; None where somebody entered it by hand."""
    engagement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    """Whose analysis found it."""

    lot: Mapped[Lot | None] = relationship()
    provider: Mapped[Organisation | None] = relationship()
    procurement: Mapped[Procurement | None] = relationship()
    engagement: Mapped[Engagement | None] = relationship()
    versions: Mapped[list[RiskVersion]] = relationship(back_populates="risk", order_by="RiskVersion.number")


class RiskVersion(Base):
    """An entry as somebody wrote it; the newest `number` stands."""

    __tablename__ = "risk_version"
    __table_args__ = (
        UniqueConstraint("risk_id", "number"),
        at_most("title", 200, at_least=1),
        at_most("cause", 2000, at_least=1),
        at_most("event", 2000, at_least=1),
        at_most("effect", 2000, at_least=1),
        at_most("owner_name", 200),
        at_most("mitigation", 5000),
        at_most("warning_sign", 2000),
        at_most("reason", 2000),
        CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name="on_the_scale"),
        CheckConstraint("num_nonnulls(owner_id, owner_name) = 1", name="one_owner"),
        CheckConstraint("(state IN ('accepted', 'closed')) = (reason IS NOT NULL)", name="ended_with_a_reason"),
    )

    id: Mapped[Key]
    risk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("risk.id"))
    number: Mapped[int]
    title: Mapped[str]
    cause: Mapped[str]
    event: Mapped[str]
    effect: Mapped[str]
    likelihood: Mapped[int]
    impact: Mapped[int]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    owner_name: Mapped[str | None]
    """Of somebody who is not in the team."""
    mitigation: Mapped[str]
    warning_sign: Mapped[str]
    """What would show that it happens."""
    review_on: Mapped[date]
    state: Mapped[RiskState] = mapped_column(choice(RiskState, "state"))
    reason: Mapped[str | None]
    """Why it is accepted or closed."""
    written_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    written_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    risk: Mapped[Risk] = relationship(back_populates="versions")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    writer: Mapped[Person] = relationship(foreign_keys=[written_by])
    figure: Mapped[RiskFigure | None] = relationship(back_populates="version", passive_deletes="all")

    @property
    def severity(self) -> int:
        return self.likelihood * self.impact

    @property
    def owned_by(self) -> str:
        return self.owner.name if self.owner is not None else self.owner_name or ""


class RiskFigure(Base):
    """What the newest analysis said of a risk when the entry was written."""

    __tablename__ = "risk_figure"

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("risk_version.id"), primary_key=True)
    part_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("analysis_part.id", ondelete="CASCADE"), index=True)
    """The part of a run that it is from: where responses are destroyed, it goes with it."""
    run: Mapped[str]
    """How people name that run."""
    figure: Mapped[float | None]
    """None where that run did not find the risk any more."""

    version: Mapped[RiskVersion] = relationship(back_populates="figure")
