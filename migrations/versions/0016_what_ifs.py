"""What-ifs beside a run, and the parts that weigh assumptions, group providers and forecast from history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS_BEFORE = ("capacity", "themes", "schedule")
KINDS = ("capacity", "tornado", "themes", "segments", "history", "schedule")
STATES = ("waiting", "running", "finished", "failed")


def upgrade() -> None:
    _allow(KINDS)
    op.create_table(
        "what_if",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        sa.Column("scenario", JSONB(), nullable=False),
        sa.Column("state", sa.String(length=40), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("progress", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_by", sa.UUID(), nullable=True),
        sa.CheckConstraint("char_length(name) <= 100", name=op.f("ck_what_if_name_length")),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_what_if_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_what_if_progress_is_a_share")),
        sa.CheckConstraint(
            "(state = 'finished') = (result IS NOT NULL)", name=op.f("ck_what_if_finished_with_a_result")
        ),
        sa.CheckConstraint("num_nonnulls(name, kept_at, kept_by) IN (0, 3)", name=op.f("ck_what_if_kept_whole")),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_what_if_run_id_analysis_run")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_what_if_asked_by_person")),
        sa.ForeignKeyConstraint(["kept_by"], ["person.id"], name=op.f("fk_what_if_kept_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if")),
    )
    op.create_index(op.f("ix_what_if_run_id"), "what_if", ["run_id"])
    op.create_index(op.f("ix_what_if_asked_at"), "what_if", ["asked_at"])


def downgrade() -> None:
    op.drop_table("what_if")
    op.execute(f"DELETE FROM analysis_part WHERE kind NOT IN {KINDS_BEFORE}")  # noqa: S608 - names of ours
    _allow(KINDS_BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    """Drop and add at once: no row is without the check in between."""
    name = op.f("ck_analysis_part_kind")
    op.drop_constraint(name, "analysis_part", type_="check")
    op.create_check_constraint(name, "analysis_part", f"kind IN {kinds}")
