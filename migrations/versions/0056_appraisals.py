"""Appraisals of ways to buy, and what was concluded from them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

ROUTES = (
    "psr_direct_a",
    "psr_direct_b",
    "psr_direct_c",
    "psr_most_suitable",
    "psr_competitive",
    "pa23_open",
    "pa23_competitive_flexible",
    "pcr_light_touch",
)
CONCLUSION = "appraisal_conclusion"


def upgrade() -> None:
    op.create_table(
        "appraisal",
        _id(),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("procurement_id", sa.UUID(), nullable=True),
        _text("title"),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _moment("begun_at"),
        sa.Column("begun_by", sa.UUID(), nullable=False),
        _revision(),
        _at_most("appraisal", "title", 200),
        _refers("appraisal", "programme_id", "programme"),
        _refers("appraisal", "procurement_id", "procurement"),
        _refers("appraisal", "begun_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
    )
    op.create_table(
        "appraisal_criterion",
        _id(),
        sa.Column("appraisal_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name"),
        _text("meaning"),
        sa.Column("weight", sa.Integer(), nullable=False),
        _revision(),
        _at_most("appraisal_criterion", "name", 200),
        _at_most("appraisal_criterion", "meaning", 1000),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_appraisal_criterion_weight_within")),
        _refers("appraisal_criterion", "appraisal_id", "appraisal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_criterion")),
    )
    op.create_table(
        "appraisal_option",
        _id(),
        sa.Column("appraisal_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name"),
        _text("lots"),
        sa.Column("route", sa.String(length=40), nullable=True),
        _text("term"),
        _text("timing"),
        sa.Column("cut", sa.Text(), nullable=True),
        sa.Column("ruled_out", sa.Text(), nullable=True),
        _revision(),
        _at_most("appraisal_option", "name", 200),
        _at_most("appraisal_option", "lots", 1000),
        _at_most("appraisal_option", "term", 500),
        _at_most("appraisal_option", "timing", 500),
        _at_most("appraisal_option", "ruled_out", 2000),
        sa.CheckConstraint("ruled_out <> ''", name=op.f("ck_appraisal_option_ruled_out_with_reason")),
        sa.CheckConstraint(f"route IN {ROUTES}", name=op.f("ck_appraisal_option_route")),
        _refers("appraisal_option", "appraisal_id", "appraisal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_option")),
    )
    op.create_table(
        "appraisal_score",
        sa.Column("option_id", sa.UUID(), nullable=False),
        sa.Column("criterion_id", sa.UUID(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        _text("reason"),
        _at_most("appraisal_score", "reason", 2000),
        sa.CheckConstraint("low BETWEEN 0 AND high AND high <= 10", name=op.f("ck_appraisal_score_range_within")),
        _refers("appraisal_score", "option_id", "appraisal_option", ondelete="CASCADE"),
        _refers("appraisal_score", "criterion_id", "appraisal_criterion", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("option_id", "criterion_id", name=op.f("pk_appraisal_score")),
    )
    op.create_table(
        CONCLUSION,
        _id(),
        sa.Column("appraisal_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        _text("digest"),
        _moment("concluded_at"),
        sa.Column("concluded_by", sa.UUID(), nullable=False),
        _refers(CONCLUSION, "appraisal_id", "appraisal"),
        _refers(CONCLUSION, "concluded_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CONCLUSION}")),
        sa.UniqueConstraint("appraisal_id", "number", name=op.f(f"uq_{CONCLUSION}_appraisal_id_number")),
    )
    for table, column in (
        ("appraisal", "programme_id"),
        ("appraisal", "procurement_id"),
        ("appraisal_criterion", "appraisal_id"),
        ("appraisal_option", "appraisal_id"),
        ("appraisal_score", "criterion_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {CONCLUSION} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def _id() -> sa.Column[sa.UUID]:
    return sa.Column("id", sa.UUID(), nullable=False)


def _text(name: str) -> sa.Column[sa.Text]:
    return sa.Column(name, sa.Text(), nullable=False)


def _revision() -> sa.Column[sa.Integer]:
    return sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False)


def _moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def _at_most(table: str, column: str, characters: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"char_length(replace({column}, chr(13) || chr(10), chr(10))) <= {characters}",
        name=op.f(f"ck_{table}_{column}_length"),
    )


def _refers(table: str, column: str, to: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=ondelete)


def downgrade() -> None:
    for table in (CONCLUSION, "appraisal_score", "appraisal_option", "appraisal_criterion", "appraisal"):
        op.drop_table(table)
