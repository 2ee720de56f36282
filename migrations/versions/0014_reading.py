"""Notes and flags of those who read responses."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response_note",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("written_by", sa.UUID(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_response_note_response_id_response")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_response_note_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_note")),
    )
    op.create_index(op.f("ix_response_note_response_id"), "response_note", ["response_id"])
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON response_note FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )
    op.create_table(
        "response_flag",
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("raised_by", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_response_flag_response_id_response")),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name=op.f("fk_response_flag_raised_by_person")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_response_flag")),
    )


def downgrade() -> None:
    op.drop_table("response_flag")
    op.drop_table("response_note")
