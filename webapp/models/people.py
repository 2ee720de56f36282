"""Organisations, the people who act for them, and how those people come in."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Dated, Key, at_most, choice


class Party(StrEnum):
    """What an organisation is to the procurement."""

    BUYER = "buyer"
    PROCURING_AGENT = "procuring_agent"
    PARTNER = "partner"
    """Takes part in a programme beside its buyer, as a prison's partnership board does."""
    PROVIDER = "provider"


class Tier(StrEnum):
    """Where a buyer stands among the parts of its organisation."""

    NATIONAL = "national"
    REGION = "region"
    AREA_TEAM = "area_team"


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
        CheckConstraint("part_of_id <> id", name="not_part_of_itself"),
        *(
            Index(
                f"uq_organisation_{number}",
                "party",
                number,
                unique=True,
                postgresql_where=text("NOT numbers_contested"),
            )
            for number in ("companies_house_number", "charity_number", "ods_code", "cqc_provider_id")
        ),
    )

    id: Mapped[Key]
    name: Mapped[str]
    party: Mapped[Party] = mapped_column(choice(Party, "party"))
    part_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    tier: Mapped[Tier | None] = mapped_column(choice(Tier, "tier"))
    provider_kind: Mapped[ProviderKind | None] = mapped_column(choice(ProviderKind, "provider_kind"))
    size: Mapped[ProviderSize | None] = mapped_column(choice(ProviderSize, "size"))
    vcse: Mapped[bool | None]
    companies_house_number: Mapped[str | None]
    charity_number: Mapped[str | None]
    ods_code: Mapped[str | None]
    cqc_provider_id: Mapped[str | None]
    numbers_contested: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether another organisation had given one of its numbers before. Its own people are never told, since that
    would tell a stranger who is registered: officers are."""
    synthetic: Mapped[bool] = mapped_column(server_default=text("false"))

    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")

    @property
    def is_sme(self) -> bool | None:
        """A small or medium-sized enterprise has fewer than 250 staff; unknown while the size is."""
        return None if self.size is None else self.size is not ProviderSize.LARGE


agency = Table(
    "agency",
    Base.metadata,
    Column("agent_id", ForeignKey("organisation.id"), primary_key=True),
    Column("buyer_id", ForeignKey("organisation.id"), primary_key=True, index=True),
)
"""Which agents procure for which buyers, and for the parts of these."""


class Person(Dated, Base):
    __tablename__ = "person"
    __table_args__ = (
        at_most("name", 200),
        at_most("email", 254),
        Index("uq_person_email_lower", func.lower(text("email")), unique=True),
    )

    id: Mapped[Key]
    name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    """Which copies of e-mails may still say, so that whoever has the account erased takes them along."""
    email: Mapped[str]
    former_emails: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    """What it had before, under which some of what is held about it was written."""
    language: Mapped[str] = mapped_column(server_default="en")
    """The code of the one to write to it in."""
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


class Registration(Dated, Base):
    """What somebody typed to register an organisation, until it is confirmed by e-mail or forgotten."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        at_most("organisation_name", 200),
        at_most("person_name", 200),
        at_most("email", 254),
    )

    id: Mapped[Key]
    organisation_name: Mapped[str]
    provider_kind: Mapped[ProviderKind] = mapped_column(choice(ProviderKind, "provider_kind"))
    size: Mapped[ProviderSize] = mapped_column(choice(ProviderSize, "size"))
    vcse: Mapped[bool]
    companies_house_number: Mapped[str | None]
    charity_number: Mapped[str | None]
    ods_code: Mapped[str | None]
    cqc_provider_id: Mapped[str | None]
    person_name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str] = mapped_column(server_default="en")
    token_digest: Mapped[str | None]
    """Of the link that confirms it, once that is mailed."""
    expires_at: Mapped[datetime]


class ColleagueInvitation(Dated, Base):
    """A signatory's invitation to an address, until it is accepted, withdrawn or expired."""

    __tablename__ = "colleague_invitation"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index("uq_colleague_invitation_organisation_email", "organisation_id", func.lower(text("email")), unique=True),
        at_most("name", 200),
        at_most("email", 254),
    )

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    invited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[MembershipRole] = mapped_column(choice(MembershipRole, "role"))
    token_digest: Mapped[str | None]
    """Of the link that accepts it, once that is mailed."""
    expires_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    inviter: Mapped[Person] = relationship()


class EmailChange(Dated, Base):
    """The address that a person wants in place of its own, until it takes effect, is stopped or is forgotten."""

    __tablename__ = "email_change"
    __table_args__ = (
        UniqueConstraint("person_id"),
        UniqueConstraint("token_digest"),
        at_most("email", 254),
    )

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str]
    token_digest: Mapped[str | None]
    """Of the link that confirms it, once that is mailed. None is mailed to an address that somebody else has."""
    had_app: Mapped[bool]
    """Whether the person has had an authenticator app ever since it asked: another may be a thief's."""
    warning_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mail_message.id", ondelete="SET NULL"))
    """What the present address was sent: nothing changes before it has had time to read that."""
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mail_message.id", ondelete="SET NULL"))
    """What the wanted address was sent: it goes with what is forgotten, since the address may be a stranger's."""
    expires_at: Mapped[datetime]
    """Until when it may be confirmed."""
    due_at: Mapped[datetime | None]
    """When it may take effect at the earliest, once it is confirmed."""


class EmailStop(Dated, Base):
    """A link that stops whatever change of address a person has under way, sent to its address as one is asked for."""

    __tablename__ = "email_stop"
    __table_args__ = (UniqueConstraint("token_digest"),)

    id: Mapped[Key]
    token_digest: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]


class SignInLink(Dated, Base):
    """A one-time link. Only the digest of its token is kept; opening it changes nothing, confirming it uses it up."""

    __tablename__ = "sign_in_link"
    __table_args__ = (UniqueConstraint("token_digest"),)

    id: Mapped[Key]
    token_digest: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str]
    """The person's as the link was made: it works while the person has that address, whenever it was mailed."""
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
    email: Mapped[str]
    """The person's as it signed in: the session is nobody's once the person has another."""
    method: Mapped[str]
    """What began it: a password, link, code, passkey or single sign-on."""
    second_factor: Mapped[bool]
    """Whether a one-time code was given as well as the password or link."""
    confirmed_at: Mapped[datetime | None]
    """When a link or a code began it: not long after, the person may change how it signs in."""
    expires_at: Mapped[datetime]


class Throttle(Base):
    """How often something was tried in one window of time, by a key that names the act and who or what tried."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]
