"""The links that stop a change of address, each for itself; its warning, and whether an app was there before."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

UNDER_WAY = "SELECT message_id FROM email_change"
HOLDERS = "SELECT lower(email) FROM person"


def upgrade() -> None:
    _forget_what_is_under_way()
    op.drop_column("email_change", "stop_digest")
    op.add_column("email_change", sa.Column("had_app", sa.Boolean(), nullable=False))
    op.add_column("email_change", sa.Column("warning_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_email_change_warning_id_mail_message"),
        "email_change",
        "mail_message",
        ["warning_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_table(
        "email_stop",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_stop_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_stop")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_email_stop_token_digest")),
    )
    op.create_index(op.f("ix_email_stop_person_id"), "email_stop", ["person_id"])


def downgrade() -> None:
    _forget_what_is_under_way()
    op.drop_table("email_stop")
    op.drop_column("email_change", "warning_id")
    op.drop_column("email_change", "had_app")
    op.add_column("email_change", sa.Column("stop_digest", sa.Text(), nullable=False))
    op.create_unique_constraint(op.f("uq_email_change_stop_digest"), "email_change", ["stop_digest"])


def _forget_what_is_under_way() -> None:
    """Whoever wants another address asks again: of what is under way it is not known whether its warning was sent."""
    op.execute(f"DELETE FROM mail_message WHERE id IN ({UNDER_WAY}) AND lower(recipient) NOT IN ({HOLDERS})")  # noqa: S608
    op.execute("DELETE FROM email_change")
