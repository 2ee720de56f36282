"""Which submissions were taken back: what they say stays untold when their provider submits again."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KNOWN = """
    INSERT INTO withdrawal (submission_id, withdrawn_at)
    SELECT submission.id, min(taken_back.at)
    FROM submission JOIN (
        SELECT id AS response_id, NULL AS up_to, withdrawn_at AS at FROM response WHERE withdrawn_at IS NOT NULL
        UNION ALL
        SELECT last.response_id, last.number, event.at
        FROM audit_event event JOIN submission last ON last.id::text = event.detail ->> 'submission_id'
        WHERE event.act IN ('response.withdrawn', 'response.set_aside')
    ) taken_back ON taken_back.response_id = submission.response_id
        AND submission.number <= coalesce(taken_back.up_to, submission.number)
    GROUP BY submission.id
"""
"""Those of responses that are withdrawn now, and those of which the log of acts says that they once were."""


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_withdrawal_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_withdrawal")),
    )
    op.execute(KNOWN)
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON withdrawal FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("withdrawal")
