"""That a provider will not respond to an engagement, with its reasons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

REASONS = (
    "services",
    "area",
    "busy",
    "too_large",
    "too_small",
    "term",
    "price",
    "staff",
    "requirements",
    "time",
    "not_said",
)


def upgrade() -> None:
    known = ", ".join(f"'{reason}'" for reason in REASONS)
    op.create_table(
        "decline",
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("nonce", sa.UUID(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_by", sa.UUID(), nullable=False),
        sa.Column("reasons", ARRAY(sa.Text()), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("may_quote", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            f"reasons <@ ARRAY[{known}]::text[] AND cardinality(reasons) > 0"
            " AND (cardinality(reasons) = 1 OR 'not_said' <> ALL (reasons))",
            name=op.f("ck_decline_reasons"),
        ),
        sa.CheckConstraint(
            "char_length(replace(comment, chr(13) || chr(10), chr(10))) <= 4000", name=op.f("ck_decline_comment_length")
        ),
        sa.CheckConstraint(
            "comment <> '' AND (comment IS NOT NULL OR NOT may_quote)", name=op.f("ck_decline_comment_to_quote")
        ),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_decline_engagement_id_engagement")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_decline_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["declined_by"], ["person.id"], name=op.f("fk_decline_declined_by_person")),
        sa.PrimaryKeyConstraint("engagement_id", "organisation_id", name=op.f("pk_decline")),
    )
    op.create_index(op.f("ix_decline_organisation_id"), "decline", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("decline")
