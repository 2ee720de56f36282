"""Organisations, the people who act for them, and how those people come in."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice


class Party(StrEnum):
    """What an organisation is to the procurement."""

    BUYER = "buyer"
    PROCURING_AGENT = "procuring_agent"
    PROVIDER = "provider"


class ProviderKind(StrEnum):
    NHS_TRUST = "nhs_trust"
    GP_FEDERATION = "gp_federation"
    INDEPENDENT = "independent"
    SOCIAL_ENTERPRISE = "social_enterprise"
    CHARITY = "charity"
    LOCAL_AUTHORITY = "local_authority"
    OTHER = "other"


class ProviderSize(StrEnum):
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class MembershipRole(StrEnum):
    OFFICER = "officer"
    CONTRIBUTOR = "contributor"
    SIGNATORY = "signatory"


class Organisation(Dated, Base):
    __tablename__ = "organisation"
    __table_args__ = (
        at_most("name", 200),
        CheckConstraint("party = 'provider' OR provider_kind IS NULL", name="kind_only_for_providers"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    party: Mapped[Party] = mapped_column(choice(Party, "party"))
    provider_kind: Mapped[ProviderKind | None] = mapped_column(choice(ProviderKind, "provider_kind"))
    size: Mapped[ProviderSize | None] = mapped_column(choice(ProviderSize, "size"))
    vcse: Mapped[bool | None]
    ods_code: Mapped[str | None]
    synthetic: Mapped[bool] = mapped_column(server_default=text("false"))

    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")


class Person(Dated, Base):
    __tablename__ = "person"
    __table_args__ = (
        at_most("name", 200),
        at_most("email", 254),
        Index("uq_person_email_lower", func.lower(text("email")), unique=True),
    )

    id: Mapped[Key]
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_last_counter: Mapped[int | None]
    """The last time step whose code was accepted: a code is never accepted twice."""

    memberships: Mapped[list[Membership]] = relationship(back_populates="person")


class Membership(Dated, Base):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[MembershipRole] = mapped_column(choice(MembershipRole, "role"))

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")


class SignInLink(Dated, Base):
    """A one-time link. Only the digest of its token is kept; opening it changes nothing, confirming it uses it up."""

    __tablename__ = "sign_in_link"
    __table_args__ = (UniqueConstraint("token_digest"),)

    id: Mapped[Key]
    token_digest: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    destination: Mapped[str | None]
    """The path of a page of ours to show after sign-in."""
    second_factor: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it counts as a one-time code too, as a link made on the server's own command line does."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignedInSession(Dated, Base):
    """One browser signed in as one person. Deleted at sign-out, so that a stolen cookie is worth nothing after it."""

    __tablename__ = "signed_in_session"
    __table_args__ = (UniqueConstraint("token_digest"),)

    id: Mapped[Key]
    token_digest: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    second_factor: Mapped[bool]
    """Whether a one-time code was given as well as the password or link."""
    expires_at: Mapped[datetime]


class Throttle(Base):
    """How often something was tried in one window of time, by a key that names the act and who or what tried."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]
