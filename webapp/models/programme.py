"""What is to be bought: a programme's sites and service lines, the contracts that expire, and the lots drafted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, Pounds, Wte, at_most, choice
from webapp.models.people import Organisation, Person


class SiteKind(StrEnum):
    PRISON = "prison"
    SECURE_CHILDRENS_HOME = "secure_childrens_home"
    OTHER = "other"


class Route(StrEnum):
    """A procurement route under the Provider Selection Regime, the Procurement Act 2023 or the 2015 regulations."""

    PSR_DIRECT_A = "psr_direct_a"
    PSR_DIRECT_B = "psr_direct_b"
    PSR_DIRECT_C = "psr_direct_c"
    PSR_MOST_SUITABLE = "psr_most_suitable"
    PSR_COMPETITIVE = "psr_competitive"
    PA23_OPEN = "pa23_open"
    PA23_COMPETITIVE_FLEXIBLE = "pa23_competitive_flexible"
    PCR_LIGHT_TOUCH = "pcr_light_touch"


class ContractForm(StrEnum):
    """On whose terms a contract stands."""

    NHS_STANDARD = "nhs_standard"
    NHS_SHORTER_FORM = "nhs_shorter_form"
    OTHER_STANDARD = "other_standard"
    BESPOKE = "bespoke"
    GRANT = "grant"


class Revised:
    """Rows that two officers may change at once: a change must name the revision it started from, or it is a clash."""

    revision: Mapped[int] = mapped_column(server_default=text("1"))


class Programme(Dated, Base):
    __tablename__ = "programme"
    __table_args__ = (
        at_most("title", 200),
        at_most("retention_policy", 500),
        UniqueConstraint("buyer_id", "reference"),
        CheckConstraint("num_nonnulls(keep_until, retention_policy) IN (0, 2)", name="retention_whole"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    agent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    reference: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    synthetic_note: Mapped[str | None]
    """What in this programme was invented, shown on every page of it; empty for a real one."""
    keep_until: Mapped[date | None]
    """The last day on which responses to its engagements have to be kept."""
    retention_policy: Mapped[str | None]
    """By which policy that is so; everybody reads it."""

    buyer: Mapped[Organisation] = relationship(foreign_keys=[buyer_id])
    agent: Mapped[Organisation | None] = relationship(foreign_keys=[agent_id])
    sites: Mapped[list[Site]] = relationship(order_by="Site.position, Site.id")
    service_lines: Mapped[list[ServiceLine]] = relationship(order_by="ServiceLine.position, ServiceLine.id")
    procurements: Mapped[list[Procurement]] = relationship(order_by="Procurement.position, Procurement.id")
    contracts: Mapped[list[Contract]] = relationship(order_by="Contract.end_date, Contract.title, Contract.id")


class Site(Revised, Base):
    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        CheckConstraint("places >= 0", name="places_not_negative"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    position: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[SiteKind] = mapped_column(choice(SiteKind, "kind"))
    postcode: Mapped[str | None]
    places: Mapped[int | None]
    places_source: Mapped[str | None]


class ServiceLine(Revised, Base):
    __tablename__ = "service_line"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    position: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]


lot_unit = Table(
    "lot_unit",
    Base.metadata,
    Column("lot_id", ForeignKey("lot.id"), primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), primary_key=True, index=True),
)
contract_unit = Table(
    "contract_unit",
    Base.metadata,
    Column("contract_id", ForeignKey("contract.id"), primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), primary_key=True, index=True),
)


class Unit(Revised, Base):
    """One service line at one site, with what it needs and costs: the smallest thing that can be bought."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("site_id", "service_line_id"),
        CheckConstraint("annual_value >= 0 AND demand_wte >= 0", name="amounts_not_negative"),
    )

    id: Mapped[Key]
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"))
    service_line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_line.id"), index=True)
    annual_value: Mapped[Pounds | None]
    demand_wte: Mapped[Wte | None]
    """Whole-time-equivalent staff that the service needs."""
    source: Mapped[str | None]
    """Where value and demand come from."""
    synthetic: Mapped[bool] = mapped_column(server_default=text("false"))

    site: Mapped[Site] = relationship()
    service_line: Mapped[ServiceLine] = relationship()


class Contract(Revised, Base):
    """An entry of the contract register."""

    __tablename__ = "contract"
    __table_args__ = (
        at_most("title", 200),
        CheckConstraint("start_date IS NULL OR start_date < end_date", name="starts_before_it_ends"),
        CheckConstraint("latest_end_date IS NULL OR latest_end_date >= end_date", name="extension_is_later"),
        CheckConstraint("extension_uplift BETWEEN 0 AND 1000", name="uplift_is_a_percentage"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    title: Mapped[str]
    supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    supplier_name: Mapped[str]
    annual_value: Mapped[Pounds | None]
    start_date: Mapped[date | None]
    end_date: Mapped[date]
    latest_end_date: Mapped[date | None]
    """The end if every extension option is used."""
    extension_uplift: Mapped[int | None]
    """By how many percent an extended year is dearer."""
    notice_months: Mapped[int | None]
    form: Mapped[ContractForm | None] = mapped_column(choice(ContractForm, "form"))
    inherited: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the buyer took it over from another."""
    source: Mapped[str | None]

    supplier: Mapped[Organisation | None] = relationship()
    units: Mapped[list[Unit]] = relationship(secondary=contract_unit, order_by=Unit.id)


class Procurement(Revised, Base):
    """One procurement process, to be one tender with one or more lots."""

    __tablename__ = "procurement"
    __table_args__ = (
        at_most("title", 200),
        UniqueConstraint("programme_id", "position"),
        CheckConstraint("most_lots_bid > 0 AND most_lots_awarded > 0", name="award_limits_positive"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    position: Mapped[int]
    title: Mapped[str]
    route: Mapped[Route] = mapped_column(choice(Route, "route"))
    service_start: Mapped[date]
    mobilisation_days: Mapped[int | None]
    """Working days; where empty the route's default holds."""
    officer: Mapped[str | None]
    most_lots_bid: Mapped[int | None]
    """The most lots that one supplier may bid for; empty for no limit."""
    most_lots_awarded: Mapped[int | None]
    """The most lots that one supplier may be awarded; empty for no limit."""

    lots: Mapped[list[Lot]] = relationship(back_populates="procurement", order_by="Lot.position, Lot.id")
    fixed_start: Mapped[FixedStart | None] = relationship(back_populates="procurement", passive_deletes="all")


class SaidByOfficer:
    """A fact about a procurement that an officer stands for, with the reason."""

    id: Mapped[Key]
    reason: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    @declared_attr
    @classmethod
    def procurement_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(ForeignKey("procurement.id", ondelete="CASCADE"))

    @declared_attr
    @classmethod
    def said_by(cls) -> Mapped[uuid.UUID]:
        return mapped_column(ForeignKey("person.id"))

    @declared_attr
    @classmethod
    def procurement(cls) -> Mapped[Procurement]:
        return relationship(Procurement)

    @declared_attr
    @classmethod
    def officer(cls) -> Mapped[Person]:
        return relationship(Person)


class FixedStart(SaidByOfficer, Base):
    """The services of a procurement start on the day asked for and on no other."""

    __tablename__ = "fixed_start"
    __table_args__ = (UniqueConstraint("procurement_id"), at_most("reason", 500))

    procurement: Mapped[Procurement] = relationship(back_populates="fixed_start")


class Lot(Revised, Base):
    __tablename__ = "lot"
    __table_args__ = (
        at_most("title", 200),
        UniqueConstraint("procurement_id", "position"),
        CheckConstraint("term_months > 0", name="term_positive"),
    )

    id: Mapped[Key]
    procurement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("procurement.id"))
    position: Mapped[int]
    code: Mapped[str]
    title: Mapped[str]
    term_months: Mapped[int | None]

    procurement: Mapped[Procurement] = relationship(back_populates="lots")
    units: Mapped[list[Unit]] = relationship(secondary=lot_unit, order_by=Unit.id)

    @property
    def annual_value(self) -> float | None:
        """The value of all its units; unknown if that of any is."""
        return _total(unit.annual_value for unit in self.units)

    @property
    def demand_wte(self) -> float | None:
        return _total(unit.demand_wte for unit in self.units)


class LotFormerName(Base):
    """What a lot of an engagement was called until somebody changed its code or title: what was submitted before stays
    as it was. A trigger writes it.
    """

    __tablename__ = "lot_former_name"

    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lot.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]


def _total(amounts: Iterable[float | None]) -> float | None:
    every = list(amounts)
    known = [amount for amount in every if amount is not None]
    return sum(known) if known and len(known) == len(every) else None
