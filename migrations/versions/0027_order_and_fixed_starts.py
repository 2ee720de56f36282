"""Procurements that wait for others, and services that start on their day and no other."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STAGES = (
    "approve_to_proceed",
    "prepare",
    "intended_approach",
    "participation",
    "dialogue",
    "tender",
    "evaluate",
    "approve_award",
    "standstill",
    "award",
    "mobilise",
)


def upgrade() -> None:
    _said(
        "following",
        sa.Column("first_id", sa.UUID(), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"after IN {STAGES}", name=op.f("ck_following_after")),
        sa.CheckConstraint(f"before IN {STAGES}", name=op.f("ck_following_before")),
        sa.CheckConstraint("first_id <> procurement_id", name=op.f("ck_following_another")),
        sa.CheckConstraint("lag_days >= 0", name=op.f("ck_following_lag_not_negative")),
        _refers("following", "first_id", "procurement", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "procurement_id",
            "first_id",
            "after",
            "before",
            name=op.f("uq_following_procurement_id_first_id_after_before"),
        ),
    )
    op.create_index(op.f("ix_following_first_id"), "following", ["first_id"])
    _said("fixed_start", sa.UniqueConstraint("procurement_id", name=op.f("uq_fixed_start_procurement_id")))


def downgrade() -> None:
    for table in ("fixed_start", "following"):
        op.drop_table(table)


def _said(table: str, *own: sa.Column[Any] | sa.Constraint) -> None:
    """A table of what officers say about procurements, gone with its procurement."""
    op.create_table(
        table,
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("procurement_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("said_by", sa.UUID(), nullable=False),
        *own,
        sa.CheckConstraint("char_length(reason) <= 500", name=op.f(f"ck_{table}_reason_length")),
        _refers(table, "procurement_id", "procurement", ondelete="CASCADE"),
        _refers(table, "said_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _refers(table: str, column: str, other: str, **options: Any) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)
