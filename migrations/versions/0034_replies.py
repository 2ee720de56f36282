"""What the buyer made of signed themes, and what of it everybody was told."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

DECISIONS = ("taken_up", "under_consideration", "not_taken_up")
TABLES = ("theme_reply", "reply_publication", "published_reply")


def upgrade() -> None:
    op.create_table(
        "theme_reply",
        sa.Column("theme_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.UUID(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"decision IN {DECISIONS}", name=op.f("ck_theme_reply_decision")),
        sa.CheckConstraint("char_length(done) <= 2000", name=op.f("ck_theme_reply_done_length")),
        sa.CheckConstraint("char_length(reason) <= 2000", name=op.f("ck_theme_reply_reason_length")),
        _refers("theme_reply", "theme_id", "theme"),
        _refers("theme_reply", "replied_by", "person"),
        sa.PrimaryKeyConstraint("theme_id", "number", name=op.f("pk_theme_reply")),
    )
    op.create_table(
        "reply_publication",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.UUID(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        _refers("reply_publication", "engagement_id", "engagement"),
        _refers("reply_publication", "published_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_publication")),
        sa.UniqueConstraint("engagement_id", "version", name=op.f("uq_reply_publication_engagement_id_version")),
    )
    _published_reply()
    for table in TABLES:
        _keep(table)


def _published_reply() -> None:
    op.create_table(
        "published_reply",
        sa.Column("publication_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme_id", sa.UUID(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("providers", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(f"decision IN {DECISIONS}", name=op.f("ck_published_reply_decision")),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_published_reply_title_length")),
        sa.CheckConstraint("providers >= 0", name=op.f("ck_published_reply_providers_counted")),
        _refers("published_reply", "publication_id", "reply_publication"),
        _refers("published_reply", "theme_id", "theme"),
        sa.PrimaryKeyConstraint("publication_id", "position", name=op.f("pk_published_reply")),
    )
    op.create_index(op.f("ix_published_reply_theme_id"), "published_reply", ["theme_id"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _keep(table: str) -> None:
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
