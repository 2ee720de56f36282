"""Past procurements and what became of them: lots, bids and winners, as files of published records tell them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, Pounds, at_most, choice
from webapp.models.imports import MOST_IMPORT_BYTES
from webapp.models.people import Organisation, Person


class RecordFormat(StrEnum):
    OCDS = "ocds"
    """Release or record packages of the Open Contracting Data Standard 1.1."""
    TABLE = "table"
    """A line for each lot, in XLSX or CSV."""


class PastImport(Dated, Base):
    """A file of past procurements that was sent, kept with what came of it."""

    __tablename__ = "past_import"
    __table_args__ = (
        at_most("file_name", 200),
        CheckConstraint(f"octet_length(content) <= {MOST_IMPORT_BYTES}", name="content_size"),
        CheckConstraint("num_nonnulls(applied_at, applied_by) IN (0, 2)", name="applied_whole"),
        CheckConstraint("num_nonnulls(removed_at, removed_by) IN (0, 2)", name="removed_whole"),
        CheckConstraint("removed_at IS NULL OR applied_at IS NOT NULL", name="removed_after_applied"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    sent_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    format: Mapped[RecordFormat] = mapped_column(choice(RecordFormat, "format"))
    file_name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    applied_at: Mapped[datetime | None]
    """When what it says was put on record."""
    applied_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    """When what it says was taken off the record again."""
    removed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    sender: Mapped[Person] = relationship(foreign_keys=[sent_by])
    applier: Mapped[Person | None] = relationship(foreign_keys=[applied_by])
    remover: Mapped[Person | None] = relationship(foreign_keys=[removed_by])


class PastProcurement(Base):
    """One process of any buyer that is over, or that was begun."""

    __tablename__ = "past_procurement"
    __table_args__ = (
        at_most("reference", 200),
        at_most("buyer_name", 200),
        at_most("title", 500),
        at_most("category", 200),
        at_most("region", 200),
        at_most("procedure", 200),
        at_most("currency", 3),
        CheckConstraint("value >= 0", name="value_not_negative"),
        UniqueConstraint("programme_id", "reference"),
        Index("ix_past_procurement_programme_id_closed_on", "programme_id", "closed_on"),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    origin: Mapped[RecordFormat] = mapped_column(choice(RecordFormat, "origin"))
    reference: Mapped[str]
    """Its OCID or, from a table, the buyer's own reference."""
    buyer_name: Mapped[str]
    title: Mapped[str]
    category: Mapped[str]
    """As published: a CPV code, or the buyer's own words; empty if unknown, like the other texts."""
    region: Mapped[str]
    procedure: Mapped[str]
    published_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    """The last day for bids."""
    awarded_on: Mapped[date | None]
    value: Mapped[Pounds | None]
    """Estimated, for the whole term, in `currency`."""
    currency: Mapped[str] = mapped_column(server_default=text("'GBP'"))

    lots: Mapped[list[PastLot]] = relationship(
        back_populates="procurement", order_by="PastLot.position", passive_deletes=True
    )
    sources: Mapped[list[PastSource]] = relationship(
        back_populates="procurement", order_by="PastSource.position", passive_deletes=True
    )


class PastLot(Base):
    """What was bid for. A number that is not known is empty, which is not none."""

    __tablename__ = "past_lot"
    __table_args__ = (
        at_most("reference", 200),
        at_most("title", 500),
        at_most("category", 200),
        at_most("region", 200),
        at_most("currency", 3),
        CheckConstraint("bids >= 0 AND credible_bids >= 0 AND requests >= 0 AND interested >= 0", name="counts"),
        CheckConstraint("credible_bids <= bids", name="credible_among_bids"),
        CheckConstraint("value >= 0 AND awarded_value >= 0", name="values_not_negative"),
        CheckConstraint("duration_days > 0", name="duration_positive"),
        UniqueConstraint("procurement_id", "position"),
    )

    id: Mapped[Key]
    procurement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("past_procurement.id", ondelete="CASCADE"))
    position: Mapped[int]
    reference: Mapped[str]
    title: Mapped[str]
    category: Mapped[str]
    region: Mapped[str]
    closed_on: Mapped[date | None]
    awarded_on: Mapped[date | None]
    value: Mapped[Pounds | None]
    awarded_value: Mapped[Pounds | None]
    currency: Mapped[str] = mapped_column(server_default=text("'GBP'"))
    starts_on: Mapped[date | None]
    """When the contract was to start."""
    duration_days: Mapped[int | None]
    bids: Mapped[int | None]
    """How many were received."""
    credible_bids: Mapped[int | None]
    """How many of them were valid."""
    requests: Mapped[int | None]
    """Requests to take part in the procedure; not the same as interest expressed in a market engagement."""
    interested: Mapped[int | None]
    """How many firms expressed interest beforehand."""

    procurement: Mapped[PastProcurement] = relationship(back_populates="lots")
    bidders: Mapped[list[PastBidder]] = relationship(order_by="PastBidder.position", passive_deletes=True)


class PastBidder(Base):
    """A firm that is known to have bid for a lot."""

    __tablename__ = "past_bidder"
    __table_args__ = (UniqueConstraint("lot_id", "position"), UniqueConstraint("lot_id", "name_id"))

    id: Mapped[Key]
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("past_lot.id", ondelete="CASCADE"))
    position: Mapped[int]
    name_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("published_name.id"), index=True)
    won: Mapped[bool]

    name: Mapped[PublishedName] = relationship()


class PublishedName(Base):
    """A firm as files name it, and which organisation a person said that is. It outlives the files that name it."""

    __tablename__ = "published_name"
    __table_args__ = (
        at_most("name", 200),
        at_most("identifier", 200),
        at_most("supplier_name", 200),
        UniqueConstraint("programme_id", "name", "identifier"),
        CheckConstraint("num_nonnulls(decided_at, decided_by) IN (0, 2)", name="decided_whole"),
        CheckConstraint("num_nonnulls(organisation_id, supplier_name) <= 1", name="one_match"),
        CheckConstraint(
            "num_nonnulls(organisation_id, supplier_name) = 0 OR decided_at IS NOT NULL", name="match_decided"
        ),
    )

    id: Mapped[Key]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str]
    identifier: Mapped[str]
    """Scheme and number as published, like GB-COH-01234567; empty where none was."""
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The registered organisation that it is."""
    supplier_name: Mapped[str | None]
    """The supplier of the contract register that it is, where that one is not registered."""
    decided_at: Mapped[datetime | None]
    """When a person said what it is; with neither match, that it is none of those proposed."""
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation | None] = relationship()


class PastSource(Base):
    """Where what is known of a procurement stands: a line of a table, or one release with its whole text."""

    __tablename__ = "past_source"
    __table_args__ = (at_most("place", 200), UniqueConstraint("procurement_id", "position"))

    id: Mapped[Key]
    procurement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("past_procurement.id", ondelete="CASCADE"))
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("past_import.id"), index=True)
    position: Mapped[int]
    place: Mapped[str]
    """The line of the file, or the release's id."""
    published_at: Mapped[datetime | None]
    release: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    """Kept because a later release of the same procurement says only what changed."""

    procurement: Mapped[PastProcurement] = relationship(back_populates="sources")
    file: Mapped[PastImport] = relationship()
