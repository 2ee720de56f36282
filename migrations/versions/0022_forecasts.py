"""What past lots taught a run, frozen forecasts, what came of them, and changed assumptions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

APPEND_ONLY = ("frozen_forecast", "changed_assumption")


def upgrade() -> None:
    op.add_column("analysis_run", sa.Column("history", JSONB(), nullable=True))
    op.create_table(
        "frozen_forecast",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        _moment("frozen_at"),
        sa.Column("frozen_by", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("char_length(reason) <= 2000", name=op.f("ck_frozen_forecast_reason_length")),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_frozen_forecast_run_id_analysis_run")),
        sa.ForeignKeyConstraint(["frozen_by"], ["person.id"], name=op.f("fk_frozen_forecast_frozen_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_forecast")),
        sa.UniqueConstraint("run_id", name=op.f("uq_frozen_forecast_run_id")),
    )
    op.create_table(
        "lot_outcome",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("bids", sa.Integer(), nullable=False),
        sa.Column("credible_bids", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        _moment("recorded_at"),
        sa.Column("recorded_by", sa.UUID(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("char_length(source) <= 500", name=op.f("ck_lot_outcome_source_length")),
        sa.CheckConstraint("credible_bids BETWEEN 0 AND bids", name=op.f("ck_lot_outcome_credible_among_bids")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_outcome_lot_id_lot")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_lot_outcome_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_outcome")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_lot_outcome_lot_id")),
    )
    _changed_assumptions()
    for table in APPEND_ONLY:
        for name, moment, level in (
            ("append_only", "UPDATE OR DELETE", "ROW"),
            ("never_emptied", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
            )


def _changed_assumptions() -> None:
    op.create_table(
        "changed_assumption",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("spread", sa.Float(), nullable=True),
        sa.Column("measured", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("changed_at"),
        sa.Column("changed_by", sa.UUID(), nullable=False),
        sa.CheckConstraint("char_length(reason) <= 2000", name=op.f("ck_changed_assumption_reason_length")),
        sa.CheckConstraint(
            "num_nonnulls(value, spread, measured) IN (0, 3)", name=op.f("ck_changed_assumption_whole_or_put_back")
        ),
        sa.CheckConstraint("spread >= 0", name=op.f("ck_changed_assumption_spread_not_negative")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_changed_assumption_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_changed_assumption_changed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_assumption")),
        sa.UniqueConstraint(
            "programme_id", "name", "number", name=op.f("uq_changed_assumption_programme_id_name_number")
        ),
    )


def _moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def downgrade() -> None:
    for table in ("changed_assumption", "lot_outcome", "frozen_forecast"):
        op.drop_table(table)
    op.drop_column("analysis_run", "history")
