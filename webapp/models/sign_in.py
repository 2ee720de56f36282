"""Ways to sign in beside a password or a link: passkeys, and an organisation's own directory."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Dated, Key, at_most


class Passkey(Dated, Base):
    """A key pair that an authenticator keeps for one person; here is its public half."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("credential_id"), at_most("name", 100))

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    """By which the person knows it from its others."""
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """As the authenticator counts its signatures; one that does not count always says 0."""
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey is to sign. Whoever takes it deletes it, so that an answer counts once."""

    __tablename__ = "passkey_challenge"

    token_digest: Mapped[str] = mapped_column(primary_key=True)
    """Of the token in the cookie of the browser that was given the challenge."""
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who may add a passkey with it; empty for signing in, when nobody knows yet who it is."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SingleSignOn(Dated, Base):
    """An organisation whose officers may come in through an OpenID provider."""

    __tablename__ = "single_sign_on"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(primary_key=True)


class Identity(Dated, Base):
    """Who a person is to an OpenID provider, from the first time it came in that way."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
