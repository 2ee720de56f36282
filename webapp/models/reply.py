"""What the buyer made of what it heard: replies to signed themes, and what of them was published to everybody.

To both only rows are added.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Key, at_most, choice
from webapp.models.engagement import Engagement
from webapp.models.people import Person
from webapp.models.theming import LONGEST_TITLE, Theme

LONGEST_REPLY = 2_000
"""Characters of what was done, and of why."""


class ReplyDecision(StrEnum):
    TAKEN_UP = "taken_up"
    UNDER_CONSIDERATION = "under_consideration"
    NOT_TAKEN_UP = "not_taken_up"


class ThemeReply(Base):
    """What was decided about a theme, and why; the newest of a theme counts. Never changed or deleted."""

    __tablename__ = "theme_reply"
    __table_args__ = (at_most("done", LONGEST_REPLY), at_most("reason", LONGEST_REPLY))

    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decision: Mapped[ReplyDecision] = mapped_column(choice(ReplyDecision, "decision"))
    done: Mapped[str]
    reason: Mapped[str]
    replied_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime]

    theme: Mapped[Theme] = relationship()
    person: Mapped[Person] = relationship()


class ReplyPublication(Base):
    """One version of "You said, we did". The newest is shown."""

    __tablename__ = "reply_publication"
    __table_args__ = (UniqueConstraint("engagement_id", "version"),)

    id: Mapped[Key]
    engagement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("engagement.id"))
    version: Mapped[int]
    published_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]

    engagement: Mapped[Engagement] = relationship()
    replies: Mapped[list[PublishedReply]] = relationship(order_by="PublishedReply.position")


class PublishedReply(Base):
    """One theme with its reply, in the words of the signature and of the reply then."""

    __tablename__ = "published_reply"
    __table_args__ = (
        at_most("title", LONGEST_TITLE),
        CheckConstraint("providers >= 0", name="providers_counted"),
    )

    publication_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reply_publication.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    theme_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """Not a reference: what was published stays when its theme is destroyed with the responses."""
    question: Mapped[str]
    title: Mapped[str]
    providers: Mapped[int]
    """How many spoke of it in what was signed; the public is told only that they were few, if they were."""
    decision: Mapped[ReplyDecision] = mapped_column(choice(ReplyDecision, "decision"))
    done: Mapped[str]
    reason: Mapped[str]
