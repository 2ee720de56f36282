"""Responses that officers enter or import: how each was received, the originals, and what columns of files mean."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FILE_KINDS = ("pdf", "docx", "xlsx", "odt", "csv")
PROVIDER_KINDS = (
    "nhs_trust",
    "gp_federation",
    "independent",
    "social_enterprise",
    "charity",
    "local_authority",
    "other",
)
SIZES = ("micro", "small", "medium", "large")
HOW = ("email", "portal", "tool", "post")

KEEP_RECEIVED = """
CREATE FUNCTION keep_received() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM submission WHERE reception_id = OLD.id) THEN
        RAISE EXCEPTION 'how a recorded response was received is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    _files()
    _receptions()
    _sections()
    _imports()
    op.add_column("submission", _uuid("reception_id", nullable=True))
    op.create_foreign_key(
        op.f("fk_submission_reception_id_reception"), "submission", "reception", ["reception_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_submission_reception_id"), "submission", ["reception_id"])
    op.add_column(
        "analysis_run", sa.Column("received_otherwise", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.execute(KEEP_RECEIVED)
    op.execute("CREATE TRIGGER keep_recorded BEFORE UPDATE ON reception FOR EACH ROW EXECUTE FUNCTION keep_received()")
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE ON received_file FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _files() -> None:
    table = "received_file"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("engagement_id"),
        _text("name"),
        _one_of("kind", FILE_KINDS),
        sa.Column("size", sa.Integer(), nullable=False),
        _text("sha256"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _uuid("uploaded_by"),
        _moment("created_at", now=True),
        _length(table, "name", 120),
        sa.CheckConstraint("size BETWEEN 1 AND 25000000", name=op.f("ck_received_file_size")),
        sa.CheckConstraint("size = octet_length(content)", name=op.f("ck_received_file_size_of_content")),
        *_keys(table, engagement_id="engagement", uploaded_by="person"),
    )
    _index(table, "engagement_id")


def _receptions() -> None:
    table = "reception"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("engagement_id"),
        _uuid("version_id"),
        _uuid("organisation_id", nullable=True),
        _text("organisation_name"),
        _one_of("provider_kind", PROVIDER_KINDS, nullable=True),
        _one_of("size", SIZES, nullable=True),
        sa.Column("vcse", sa.Boolean(), nullable=True),
        _one_of("how", HOW),
        _text("sent_by"),
        _moment("received_at"),
        _text("late_reason", nullable=True),
        _uuid("file_id", nullable=True),
        _uuid("entered_by"),
        _revision(),
        _moment("created_at", now=True),
        _length(table, "organisation_name", 200),
        _length(table, "sent_by", 200),
        sa.CheckConstraint("char_length(late_reason) BETWEEN 1 AND 2000", name=op.f("ck_reception_late_reason_length")),
        *_keys(
            table,
            engagement_id="engagement",
            version_id="questionnaire_version",
            organisation_id="organisation",
            file_id="received_file",
            entered_by="person",
        ),
    )
    for column in ("engagement_id", "organisation_id", "file_id", "entered_by"):
        _index(table, column)


def _sections() -> None:
    op.create_table(
        "reception_section",
        _uuid("reception_id"),
        _uuid("section_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        _moment("saved_at", now=True),
        _uuid("saved_by"),
        sa.ForeignKeyConstraint(
            ["reception_id"],
            ["reception.id"],
            name=op.f("fk_reception_section_reception_id_reception"),
            ondelete="CASCADE",
        ),
        *_foreign("reception_section", section_id="section", saved_by="person"),
        sa.PrimaryKeyConstraint("reception_id", "section_id", name=op.f("pk_reception_section")),
    )


def _imports() -> None:
    table = "response_import"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("engagement_id"),
        _uuid("entered_by"),
        _text("tool"),
        _moment("received_at"),
        _uuid("file_id"),
        _meant("columns"),
        _meant("meanings"),
        _moment("recorded_at", nullable=True),
        _revision(),
        _moment("created_at", now=True),
        _length(table, "tool", 100),
        *_keys(table, engagement_id="engagement", entered_by="person", file_id="received_file"),
    )
    for column in ("engagement_id", "entered_by", "file_id"):
        _index(table, column)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[UUID]:
    return sa.Column(name, sa.UUID(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _one_of(name: str, values: tuple[str, ...], *, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)


def _moment(name: str, *, nullable: bool = False, now: bool = False) -> sa.Column[datetime]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _revision() -> sa.Column[int]:
    return sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False)


def _meant(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def _length(table: str, column: str, most: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"char_length({column}) <= {most}", name=op.f(f"ck_{table}_{column}_length"))


def _keys(table: str, **foreign: str) -> list[sa.Constraint]:
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), *_foreign(table, **foreign)]


def _foreign(table: str, **foreign: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in foreign.items()
    ]


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_column("analysis_run", "received_otherwise")
    op.drop_column("submission", "reception_id")
    for table in ("response_import", "reception_section", "reception", "received_file"):
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_received()")
