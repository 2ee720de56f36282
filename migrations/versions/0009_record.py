"""Disclosures, meetings, decisions and conflicts of interest: rows that are never changed or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("disclosure", "meeting", "decision", "conflict_declaration", "conflict_action")


def upgrade() -> None:
    _correctable(
        "disclosure",
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("told_to", sa.Text(), nullable=False),
        sa.Column("published_where", sa.Text(), nullable=True),
        *_lengths("disclosure", told_to=500, published_where=500),
    )
    _correctable(
        "meeting",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("attended_by", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        *_lengths("meeting", title=200, place=200),
    )
    _correctable(
        "decision",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=True),
        *_lengths("decision", title=200, decided_by=200),
    )
    _recorded(
        "conflict_declaration",
        "programme",
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("interest", sa.Text(), nullable=True),
        *_lengths("conflict_declaration", declared_by=200),
    )
    _recorded(
        "conflict_action",
        "conflict_declaration",
        sa.Column("action", sa.Text(), nullable=False),
        parent_key="declaration_id",
    )
    for table in TABLES:
        _never_changed(table)


def _correctable(table: str, *columns: sa.schema.SchemaItem) -> None:
    _recorded(
        table,
        "programme",
        *columns,
        sa.Column("corrects_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], [f"{table}.id"], name=op.f(f"fk_{table}_corrects_id_{table}")),
        sa.UniqueConstraint("corrects_id", name=op.f(f"uq_{table}_corrects_id")),
    )


def _recorded(table: str, parent: str, *columns: sa.schema.SchemaItem, parent_key: str = "programme_id") -> None:
    op.create_table(
        table,
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(parent_key, sa.UUID(), nullable=False),
        sa.Column("recorded_by", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint([parent_key], [f"{parent}.id"], name=op.f(f"fk_{table}_{parent_key}_{parent}")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f(f"fk_{table}_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *columns,
    )
    op.create_index(op.f(f"ix_{table}_{parent_key}"), table, [parent_key])


def _lengths(table: str, **most: int) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"char_length({column}) <= {length}", name=op.f(f"ck_{table}_{column}_length"))
        for column, length in most.items()
    ]


def _never_changed(table: str) -> None:
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
