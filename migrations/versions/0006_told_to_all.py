"""Corrected answers, summaries of what was heard, and questions whose answers only a lead officer reads."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("earlier_answer", "engagement_summary")

# Answers about conflicts of interest are confidential whenever they were asked for, also in published versions.
RESTRICT_CONFLICTS = "UPDATE question SET restricted = true WHERE key IN ('conflict', 'conflict_details')"


def upgrade() -> None:
    op.add_column("clarification", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_clarification_corrected_after_published"), "clarification", "corrected_at > published_at"
    )
    op.create_table(
        "earlier_answer",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("clarification_id", sa.UUID(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.UUID(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clarification_id"], ["clarification.id"], name=op.f("fk_earlier_answer_clarification_id_clarification")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_earlier_answer_answered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_answer")),
        sa.UniqueConstraint(
            "clarification_id", "published_at", name=op.f("uq_earlier_answer_clarification_id_published_at")
        ),
    )
    op.create_table(
        "engagement_summary",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.UUID(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_summary_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_engagement_summary_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_summary")),
        sa.UniqueConstraint("engagement_id", "version", name=op.f("uq_engagement_summary_engagement_id_version")),
    )
    for table in APPEND_ONLY:
        for name, moment, level in (
            ("append_only", "UPDATE OR DELETE", "ROW"),
            ("never_emptied", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
            )
    op.add_column("question", sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("ALTER TABLE question DISABLE TRIGGER keep_published")
    op.execute(RESTRICT_CONFLICTS)
    op.execute("ALTER TABLE question ENABLE TRIGGER keep_published")


def downgrade() -> None:
    op.drop_column("question", "restricted")
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_clarification_corrected_after_published"), "clarification", type_="check")
    op.drop_column("clarification", "corrected_at")
