"""What is learnt from the statements that people placed in themes, with what it proposes for the others."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = ("waiting", "running", "finished", "failed")


def upgrade() -> None:
    op.create_table(
        "theme_learning",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("state", sa.String(length=40), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("progress", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_theme_learning_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_theme_learning_progress_is_a_share")),
        sa.CheckConstraint(
            "(state = 'finished') = (result IS NOT NULL)", name=op.f("ck_theme_learning_finished_with_a_result")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["theme_framework.id"], name=op.f("fk_theme_learning_framework_id_theme_framework")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_theme_learning_requested_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_learning")),
    )
    op.create_index("ix_theme_learning_newest", "theme_learning", ["framework_id", "requested_at"])


def downgrade() -> None:
    op.drop_table("theme_learning")
