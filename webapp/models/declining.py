"""That a provider will not respond to an engagement, and why."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, at_most
from webapp.models.engagement import Engagement
from webapp.models.people import Organisation, Person

LONGEST_COMMENT = 4_000


class DeclineReason(StrEnum):
    SERVICES = "services"
    AREA = "area"
    BUSY = "busy"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TERM = "term"
    PRICE = "price"
    STAFF = "staff"
    REQUIREMENTS = "requirements"
    TIME = "time"
    NOT_SAID = "not_said"
    """Stands alone."""


_REASONS = ", ".join(f"'{reason}'" for reason in DeclineReason)


class Decline(Base):
    """What an organisation last said; a row that it takes back is deleted. It stands until the organisation acts
    otherwise: see webapp.engagements.declining.queries.stands."""

    __tablename__ = "decline"
    __table_args__ = (
        CheckConstraint(
            f"reasons <@ ARRAY[{_REASONS}]::text[] AND cardinality(reasons) > 0"
            " AND (cardinality(reasons) = 1 OR 'not_said' <> ALL (reasons))",
            name="reasons",
        ),
        at_most("comment", LONGEST_COMMENT),
        CheckConstraint("comment <> '' AND (comment IS NOT NULL OR NOT may_quote)", name="comment_to_quote"),
    )

    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    nonce: Mapped[uuid.UUID]
    """Made with the form's page: sending that page twice says it once."""
    declined_at: Mapped[datetime]
    """When the request arrived, by the database's clock."""
    declined_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Values of DeclineReason, in its order."""
    comment: Mapped[str | None]
    may_quote: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the comment may be quoted without the organisation's name."""

    engagement: Mapped[Engagement] = relationship()
    organisation: Mapped[Organisation] = relationship()
    decliner: Mapped[Person] = relationship()
