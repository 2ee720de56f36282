"""What plans keep to, answers on the way to a route, lengths, pins, records of stages, and plans made again."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MEASURES_BEFORE = (
    "interest_level",
    "bidding_role",
    "consortium",
    "wte_at_start",
    "wte_month_6",
    "mobilisation_months",
    "startable_together",
    "held_at_most",
    "tenders_at_once",
    "largest_annual_value",
    "cqc_registered",
    "secure_setting_experience",
    "themes",
    "may_quote",
)
MEASURES = (*MEASURES_BEFORE, "shortest_bid_days", "dates_to_avoid")
NATIONS = ("england-and-wales", "scotland", "northern-ireland")
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
STATES = ("waiting", "running", "finished", "failed")
OF_PARTS = ("best_cost", "best_bound", "stop_asked_at")


def upgrade() -> None:
    _allow(MEASURES)
    op.add_column("contract", sa.Column("extension_uplift", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_contract_uplift_is_a_percentage"), "contract", "extension_uplift BETWEEN 0 AND 1000"
    )
    op.add_column("analysis_part", sa.Column("best_cost", sa.Integer(), nullable=True))
    op.add_column("analysis_part", sa.Column("best_bound", sa.Integer(), nullable=True))
    op.add_column("analysis_part", sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True))
    _terms()
    _said(
        "route_answer",
        5000,
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.UniqueConstraint("procurement_id", "number", name=op.f("uq_route_answer_procurement_id_number")),
    )
    _said(
        "given_length",
        500,
        *_stage("given_length"),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_given_length_days_positive")),
    )
    _said("pinned_stage", 500, *_stage("pinned_stage"), sa.Column("starts_on", sa.Date(), nullable=False))
    _said(
        "stage_record",
        500,
        *_stage("stage_record"),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("began_on <= ended_on", name=op.f("ck_stage_record_began_first")),
    )
    _replanning()


def downgrade() -> None:
    for table in ("replanning", "stage_record", "pinned_stage", "given_length", "route_answer", "plan_terms"):
        op.drop_table(table)
    for column in OF_PARTS:
        op.drop_column("analysis_part", column)
    op.drop_column("contract", "extension_uplift")
    op.execute("ALTER TABLE question DISABLE TRIGGER USER")  # what is published must lose the measures too
    question = sa.table("question", sa.column("measure"))
    op.execute(question.update().where(question.c.measure.not_in(MEASURES_BEFORE)).values(measure=None))
    op.execute("ALTER TABLE question ENABLE TRIGGER USER")
    _allow(MEASURES_BEFORE)


def _allow(measures: tuple[str, ...]) -> None:
    """Drop and add at once: no row is without the check in between."""
    name = op.f("ck_question_measure")
    op.drop_constraint(name, "question", type_="check")
    op.create_check_constraint(name, "question", f"measure IN {measures}")


def _terms() -> None:
    op.create_table(
        "plan_terms",
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("nation", sa.String(length=40), server_default=sa.text("'england-and-wales'"), nullable=False),
        sa.Column("tenders_open_at_most", sa.Integer(), nullable=True),
        sa.Column("gives_bid_time", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("keeps_dates_free", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(f"nation IN {NATIONS}", name=op.f("ck_plan_terms_nation")),
        sa.CheckConstraint("tenders_open_at_most > 0", name=op.f("ck_plan_terms_tenders_positive")),
        _refers("plan_terms", "programme_id", "programme"),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_plan_terms")),
    )


def _said(table: str, longest_reason: int, *own: sa.Column[Any] | sa.Constraint) -> None:
    """A table of what officers say about procurements, gone with its procurement."""
    op.create_table(
        table,
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("procurement_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("said_by", sa.UUID(), nullable=False),
        *own,
        sa.CheckConstraint(f"char_length(reason) <= {longest_reason}", name=op.f(f"ck_{table}_reason_length")),
        _refers(table, "procurement_id", "procurement", ondelete="CASCADE"),
        _refers(table, "said_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _stage(table: str) -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    return (
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.CheckConstraint(f"stage IN {STAGES}", name=op.f(f"ck_{table}_stage")),
        sa.UniqueConstraint("procurement_id", "stage", name=op.f(f"uq_{table}_procurement_id_stage")),
    )


def _replanning() -> None:
    op.create_table(
        "replanning",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("earlier_id", sa.UUID(), nullable=True),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("problem", JSONB(), nullable=False),
        sa.Column("problem_digest", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        sa.Column("state", sa.String(length=40), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("progress", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("best_cost", sa.Integer(), nullable=True),
        sa.Column("best_bound", sa.Integer(), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_by", sa.UUID(), nullable=True),
        sa.CheckConstraint("purpose IN ('what_if', 'new_plan')", name=op.f("ck_replanning_purpose")),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_replanning_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_replanning_progress_is_a_share")),
        sa.CheckConstraint(
            "(state = 'finished') = (result IS NOT NULL)", name=op.f("ck_replanning_finished_with_a_result")
        ),
        sa.CheckConstraint("num_nonnulls(kept_at, kept_by) IN (0, 2)", name=op.f("ck_replanning_kept_whole")),
        sa.CheckConstraint("char_length(question) <= 1000", name=op.f("ck_replanning_question_length")),
        _refers("replanning", "run_id", "analysis_run"),
        _refers("replanning", "earlier_id", "replanning"),
        _refers("replanning", "asked_by", "person"),
        _refers("replanning", "kept_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replanning")),
    )
    for column in ("run_id", "earlier_id", "asked_at"):
        op.create_index(op.f(f"ix_replanning_{column}"), "replanning", [column])


def _refers(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )
