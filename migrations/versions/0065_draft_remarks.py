"""What colleagues say to each other about a draft: with asking a signatory to submit it, and with sending it back."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

LENGTH = "char_length(replace(text, chr(13) || chr(10), chr(10))) <= 500"


def upgrade() -> None:
    op.create_table(
        "draft_remark",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("written_by", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.CheckConstraint("kind IN ('asked', 'sent_back')", name=op.f("ck_draft_remark_kind")),
        sa.CheckConstraint(LENGTH, name=op.f("ck_draft_remark_text_length")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_draft_remark_text_not_blank")),
        sa.CheckConstraint("kind = 'asked' OR text IS NOT NULL", name=op.f("ck_draft_remark_says_why")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_draft_remark_response_id_response")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_draft_remark_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_remark")),
    )
    op.create_index(op.f("ix_draft_remark_response_id"), "draft_remark", ["response_id"])


def downgrade() -> None:
    op.drop_table("draft_remark")
