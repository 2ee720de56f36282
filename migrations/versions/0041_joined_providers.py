"""Which providers of a programme are one firm, and what was pointed from the one to the other."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

REFERS = {
    "programme_id": "programme",
    "organisation_id": "organisation",
    "into_id": "organisation",
    "joined_by": "person",
    "undone_by": "person",
}


def upgrade() -> None:
    op.create_table(
        "joined_provider",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("into_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("joined_by", sa.UUID(), nullable=False),
        sa.Column("moved", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.UUID(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("organisation_id <> into_id", name=op.f("ck_joined_provider_two_organisations")),
        sa.CheckConstraint("char_length(reason) BETWEEN 1 AND 2000", name=op.f("ck_joined_provider_reason_length")),
        sa.CheckConstraint(
            "num_nonnulls(undone_at, undone_by) IN (0, 2)", name=op.f("ck_joined_provider_undone_whole")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_joined_provider_{column}_{to}"))
            for column, to in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joined_provider")),
    )
    for column in ("programme_id", "organisation_id", "into_id"):
        op.create_index(op.f(f"ix_joined_provider_{column}"), "joined_provider", [column])
    op.create_index(
        "uq_joined_provider_programme_id_organisation_id",
        "joined_provider",
        ["programme_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("joined_provider")
