"""Files that set a programme up."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("sent_by", sa.UUID(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(file_name) <= 200", name=op.f("ck_import_file_file_name_length")),
        sa.CheckConstraint("octet_length(content) <= 25000000", name=op.f("ck_import_file_content_size")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_import_file_programme_id_programme")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_import_file_sent_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_programme_id"), "import_file", ["programme_id"])


def downgrade() -> None:
    op.drop_table("import_file")
