"""What every table shares: names of constraints, UUID keys, UTC times, text that is bounded."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, Enum, MetaData, Numeric, Text, func
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Key = Annotated[uuid.UUID, mapped_column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)]
Pounds = Annotated[float, mapped_column(Numeric(14, 2, asdecimal=False))]
Wte = Annotated[float, mapped_column(Numeric(8, 2, asdecimal=False))]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: UUID(as_uuid=True),
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSONB,
    }


class Dated:
    """Rows that say when they were made, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A text column that holds one value of an enumeration, guarded by a check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def at_most(column: str, characters: int, *, at_least: int = 0) -> CheckConstraint:
    """As a person counts them: a line break is one, although browsers send it as two."""
    counted = f"char_length(replace({column}, chr(13) || chr(10), chr(10)))"
    bounds = f"BETWEEN {at_least} AND {characters}" if at_least else f"<= {characters}"
    return CheckConstraint(f"{counted} {bounds}", name=f"{column}_length")
