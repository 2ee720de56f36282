"""Engagements that two officers may change, and sealed ones; what became of invitations; reminders by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = (
    "not_started_half_way",
    "not_started_two_days",
    "draft_half_way",
    "draft_two_days",
    "draft_two_hours",
    "changes_two_days",
    "changes_two_hours",
)
BY_HAND = "by_hand"
ONCE = "uq_reminder_engagement_id_person_id_kind"
MESSAGE = "fk_invitation_message_id_mail_message"
CHECKS = {
    "opened_whole": "num_nonnulls(opened_at, opened_by, opening_witnesses) IN (0, 3)",
    "opened_once_closed": "opened_at IS NULL OR (sealed AND opened_at >= closes_at)",
    "opening_witnesses_length": "char_length(opening_witnesses) <= 1000",
}


def upgrade() -> None:
    op.add_column("engagement", sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("engagement", sa.Column("sealed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("engagement", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("engagement", sa.Column("opened_by", sa.UUID(), nullable=True))
    op.add_column("engagement", sa.Column("opening_witnesses", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_engagement_opened_by_person"), "engagement", "person", ["opened_by"], ["id"])
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_engagement_{name}"), "engagement", condition)
    op.add_column("invitation", sa.Column("message_id", sa.UUID(), nullable=True))
    op.create_index(op.f("ix_invitation_message_id"), "invitation", ["message_id"])
    op.create_foreign_key(op.f(MESSAGE), "invitation", "mail_message", ["message_id"], ["id"], ondelete="SET NULL")
    op.drop_constraint(op.f(ONCE), "reminder", type_="unique")
    _allow(*KINDS, BY_HAND)
    op.create_index(
        ONCE,
        "reminder",
        ["engagement_id", "person_id", "kind"],
        unique=True,
        postgresql_where=sa.text("kind <> 'by_hand'"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM reminder WHERE kind = 'by_hand'")
    op.drop_index(ONCE, table_name="reminder")
    _allow(*KINDS)
    op.create_unique_constraint(op.f(ONCE), "reminder", ["engagement_id", "person_id", "kind"])
    op.drop_constraint(op.f(MESSAGE), "invitation", type_="foreignkey")
    op.drop_column("invitation", "message_id")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_engagement_{name}"), "engagement", type_="check")
    for column in ("opening_witnesses", "opened_by", "opened_at", "sealed", "revision"):
        op.drop_column("engagement", column)


def _allow(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_reminder_kind"), "reminder", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_reminder_kind"), "reminder", f"kind IN ({listed})")
