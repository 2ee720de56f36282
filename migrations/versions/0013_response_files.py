"""Files that providers attach to their responses; what a submission names stays as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = (
    "text",
    "long_text",
    "one_of",
    "some_of",
    "yes_no",
    "whole_number",
    "number",
    "money",
    "date",
    "ranking",
    "packages",
    "money_range",
    "date_ranges",
    "rows",
)
FILE_KINDS = ("pdf", "docx", "xlsx", "odt", "csv")


def upgrade() -> None:
    _allow(*KINDS, "file_upload")
    _create_files()
    _create_named()
    # What a submission names cannot be deleted either: the rows that refer to it stay.
    _refuse("never_changed", "UPDATE ON response_file FOR EACH ROW")
    _refuse("append_only", "UPDATE OR DELETE ON submission_file FOR EACH ROW")
    _refuse("never_emptied", "TRUNCATE ON submission_file FOR EACH STATEMENT")


def _create_files() -> None:
    op.create_table(
        "response_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*FILE_KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.UUID(), nullable=False),
        sa.Column(
            "uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(name) <= 120", name=op.f("ck_response_file_name_length")),
        sa.CheckConstraint("size BETWEEN 1 AND 5000000", name=op.f("ck_response_file_size")),
        sa.CheckConstraint("size = octet_length(content)", name=op.f("ck_response_file_size_of_content")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_response_file_response_id_response")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_response_file_lot_id_lot")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_response_file_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_file")),
    )
    op.create_index("ix_response_file_response_id_question_key", "response_file", ["response_id", "question_key"])


def _create_named() -> None:
    op.create_table(
        "submission_file",
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_file_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["response_file.id"], name=op.f("fk_submission_file_file_id_response_file")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_submission_file_question_id_question")),
        sa.PrimaryKeyConstraint("submission_id", "file_id", name=op.f("pk_submission_file")),
    )
    op.create_index(op.f("ix_submission_file_file_id"), "submission_file", ["file_id"])


def _refuse(name: str, moment: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.drop_table("submission_file")
    op.drop_table("response_file")
    # An earlier version of the code knows no such question: it shows one as a line of text.
    op.execute("ALTER TABLE question DISABLE TRIGGER keep_published")
    op.execute("UPDATE question SET kind = 'text' WHERE kind = 'file_upload'")
    op.execute("ALTER TABLE question ENABLE TRIGGER keep_published")
    _allow(*KINDS)


def _allow(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_question_kind"), "question", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_question_kind"), "question", f"kind IN ({listed})")
