"""Searches for lots by officers' rules, and officers' own structures with every step."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = ("waiting", "running", "finished", "failed")


def upgrade() -> None:
    op.create_table(
        "lot_search",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        *_computed("lot_search"),
        _run("lot_search"),
        _person("lot_search", "requested_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_search")),
    )
    op.create_index(op.f("ix_lot_search_run_id"), "lot_search", ["run_id"])
    op.create_table(
        "lot_structure",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("char_length(name) <= 100", name=op.f("ck_lot_structure_name_length")),
        _run("lot_structure"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_structure")),
        sa.UniqueConstraint("run_id", "name", name=op.f("uq_lot_structure_run_id_name")),
    )
    op.create_table(
        "structure_step",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("structure_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lots", postgresql.JSONB(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=False),
        *_computed("structure_step"),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["lot_structure.id"], name=op.f("fk_structure_step_structure_id_lot_structure")
        ),
        _person("structure_step", "made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_step")),
        sa.UniqueConstraint("structure_id", "number", name=op.f("uq_structure_step_structure_id_number")),
    )


def downgrade() -> None:
    for name in ("structure_step", "lot_structure", "lot_search"):
        op.drop_table(name)


def _computed(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("state", sa.String(length=40), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("progress", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f(f"ck_{table}_progress_is_a_share")),
        sa.CheckConstraint(
            "(state = 'finished') = (result IS NOT NULL)", name=op.f(f"ck_{table}_finished_with_a_result")
        ),
    ]


def _run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f(f"fk_{table}_run_id_analysis_run"))


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))
