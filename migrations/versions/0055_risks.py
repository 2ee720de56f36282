"""The register of risks to competition."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

KINDS = (
    "no_bid",
    "single_bid",
    "left_over",
    "workforce",
    "incumbent_exit",
    "hangs_on_one",
    "overstretched",
    "concentration",
    "tenders_at_once",
    "little_time",
    "tupe",
    "price",
    "estate",
    "other",
)
STATES = ("open", "reducing", "accepted", "closed")
ABOUT = {"lot_id": "lot", "provider_id": "organisation", "procurement_id": "procurement", "engagement_id": "engagement"}
LENGTHS = {
    "title": "BETWEEN 1 AND 200",
    "cause": "BETWEEN 1 AND 2000",
    "event": "BETWEEN 1 AND 2000",
    "effect": "BETWEEN 1 AND 2000",
    "owner_name": "<= 200",
    "mitigation": "<= 5000",
    "warning_sign": "<= 2000",
    "reason": "<= 2000",
}
KEPT = ("risk", "risk_version")


def upgrade() -> None:
    op.create_table(
        "risk",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        *(sa.Column(column, sa.UUID(), nullable=True) for column in ABOUT),
        sa.Column("found_key", sa.Text(), nullable=True),
        _moment("created_at"),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_risk_kind")),
        sa.CheckConstraint("num_nonnulls(found_key, engagement_id) IN (0, 2)", name=op.f("ck_risk_found_whole")),
        _refers("risk", "programme_id", "programme"),
        *(_refers("risk", column, table) for column, table in ABOUT.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
        sa.UniqueConstraint("programme_id", "found_key", name=op.f("uq_risk_programme_id_found_key")),
    )
    for column in ABOUT:
        op.create_index(op.f(f"ix_risk_{column}"), "risk", [column])
    _versions()
    op.create_table(
        "risk_figure",
        sa.Column("version_id", sa.UUID(), nullable=False),
        sa.Column("part_id", sa.UUID(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("figure", sa.Float(), nullable=False),
        _refers("risk_figure", "version_id", "risk_version"),
        _refers("risk_figure", "part_id", "analysis_part", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_risk_figure")),
    )
    op.create_index(op.f("ix_risk_figure_part_id"), "risk_figure", ["part_id"])
    for table in KEPT:
        _keep(table)


def _versions() -> None:
    op.create_table(
        "risk_version",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("risk_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(column, sa.Text(), nullable=False) for column in ("title", "cause", "event", "effect")),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("mitigation", sa.Text(), nullable=False),
        sa.Column("warning_sign", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        _moment("written_at"),
        sa.Column("written_by", sa.UUID(), nullable=False),
        *(_check(f"{column}_length", _at_most(column, bounds)) for column, bounds in LENGTHS.items()),
        _check("on_the_scale", "likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5"),
        _check("one_owner", "num_nonnulls(owner_id, owner_name) = 1"),
        _check("state", f"state IN {STATES}"),
        _check("ended_with_a_reason", "(state IN ('accepted', 'closed')) = (reason IS NOT NULL)"),
        _refers("risk_version", "risk_id", "risk"),
        _refers("risk_version", "owner_id", "person"),
        _refers("risk_version", "written_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_version")),
        sa.UniqueConstraint("risk_id", "number", name=op.f("uq_risk_version_risk_id_number")),
    )


def _moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def _refers(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=ondelete)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_risk_version_{name}"))


def _at_most(column: str, bounds: str) -> str:
    return f"char_length(replace({column}, chr(13) || chr(10), chr(10))) {bounds}"


def _keep(table: str) -> None:
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in ("risk_figure", "risk_version", "risk"):
        op.drop_table(table)
