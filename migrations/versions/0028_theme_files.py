"""Frameworks as files that the worker writes, and why it gave up drawing up a framework's advice and map."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = ("waiting", "running", "finished", "failed")
KINDS = ("xlsx", "csv")


def upgrade() -> None:
    op.create_table(
        "theme_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reads", sa.Boolean(), nullable=False),
        sa.Column("quotes", sa.Boolean(), nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=40), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("progress", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_theme_file_kind")),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_theme_file_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_theme_file_progress_is_a_share")),
        sa.CheckConstraint(
            "(state = 'finished') = (result IS NOT NULL)", name=op.f("ck_theme_file_finished_with_a_result")
        ),
        sa.CheckConstraint(
            "(state = 'finished') = (content IS NOT NULL)", name=op.f("ck_theme_file_finished_with_content")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["theme_framework.id"], name=op.f("fk_theme_file_framework_id_theme_framework")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_file")),
    )
    op.create_index("ix_theme_file_newest", "theme_file", ["framework_id", "requested_at"])
    op.add_column("theme_framework", sa.Column("outlook_failure", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("theme_framework", "outlook_failure")
    op.drop_table("theme_file")
