"""Recommendations put up for signature, and what approvers made of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

VERDICTS = ("signed", "sent_back")
TABLES = ("recommendation", "ruling")


def upgrade() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("procurement_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("replanning_id", sa.UUID(), nullable=True),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("alternatives", sa.Text(), nullable=False),
        _moment("put_up_at"),
        sa.Column("put_up_by", sa.UUID(), nullable=False),
        _refers("recommendation", "procurement_id", "procurement"),
        _refers("recommendation", "run_id", "analysis_run"),
        _refers("recommendation", "replanning_id", "replanning"),
        _refers("recommendation", "put_up_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("procurement_id", "number", name=op.f("uq_recommendation_procurement_id_number")),
    )
    for column in ("run_id", "replanning_id"):
        op.create_index(op.f(f"ix_recommendation_{column}"), "recommendation", [column])
    op.create_table(
        "ruling",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("recommendation_id", sa.UUID(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("ruled_at"),
        sa.Column("ruled_by", sa.UUID(), nullable=False),
        sa.CheckConstraint(f"verdict IN {VERDICTS}", name=op.f("ck_ruling_verdict")),
        _refers("ruling", "recommendation_id", "recommendation"),
        _refers("ruling", "ruled_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        sa.UniqueConstraint("recommendation_id", name=op.f("uq_ruling_recommendation_id")),
    )
    for table in TABLES:
        _keep(table)


def _moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _keep(table: str) -> None:
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
