"""What a programme learnt and what somebody objected to: rows that are never changed or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

KINDS = ("went_well", "otherwise", "complaint", "representation", "challenge")


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("recorded_by", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="kind", native_enum=False, length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("next_time", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_lesson_kind")),
        sa.CheckConstraint(
            "char_length(replace(title, chr(13) || chr(10), chr(10))) <= 200", name=op.f("ck_lesson_title_length")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_lesson_programme_id_programme")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_lesson_recorded_by_person")),
        sa.ForeignKeyConstraint(["corrects_id"], ["lesson.id"], name=op.f("fk_lesson_corrects_id_lesson")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_lesson_corrects_id")),
    )
    op.create_index(op.f("ix_lesson_programme_id"), "lesson", ["programme_id"])
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER {name} BEFORE {moment} ON lesson FOR EACH {level} EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.drop_table("lesson")
