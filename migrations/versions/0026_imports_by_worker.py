"""Imports of responses that the worker records: who asked for it, what it had seen, and how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COLUMNS = ("asked_at", "asked_by", "seen", "late_reason", "progress", "failure")


def upgrade() -> None:
    for column in (
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("asked_by", sa.UUID()),
        sa.Column("seen", sa.Text()),
        sa.Column("late_reason", sa.Text()),
        sa.Column("progress", sa.Float(), nullable=False, server_default=sa.text("0")),
        sa.Column("failure", sa.Text()),
    ):
        op.add_column("response_import", column)
    op.create_foreign_key(op.f("fk_response_import_asked_by_person"), "response_import", "person", ["asked_by"], ["id"])
    op.create_check_constraint(
        op.f("ck_response_import_asked_whole"), "response_import", "num_nonnulls(asked_at, asked_by, seen) IN (0, 3)"
    )
    op.create_check_constraint(
        op.f("ck_response_import_progress_is_a_share"), "response_import", "progress BETWEEN 0 AND 1"
    )


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("response_import", column)
