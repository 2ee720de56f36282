"""Another e-mail address for an account: what is asked for, and links, sessions and invitations by their address."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

LENGTH = "char_length(replace(email, chr(13) || chr(10), chr(10))) <= 254"


def upgrade() -> None:
    former = sa.Column("former_emails", ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'::text[]"))
    op.add_column("person", former)
    op.create_table(
        "email_change",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=True),
        sa.Column("stop_digest", sa.Text(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(LENGTH, name=op.f("ck_email_change_email_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_change_person_id_person")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["mail_message.id"],
            name=op.f("fk_email_change_message_id_mail_message"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("person_id", name=op.f("uq_email_change_person_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_email_change_token_digest")),
        sa.UniqueConstraint("stop_digest", name=op.f("uq_email_change_stop_digest")),
    )
    for table in ("sign_in_link", "signed_in_session", "invitation"):
        _take_address(table)
    op.create_check_constraint(op.f("ck_invitation_email_length"), "invitation", LENGTH)
    op.drop_constraint("uq_invitation_engagement_id_person_id", "invitation")
    by_address = ["engagement_id", sa.text("lower(email)")]
    op.create_index("uq_invitation_engagement_email", "invitation", by_address, unique=True)
    op.add_column("signed_in_session", sa.Column("method", sa.Text()))
    # Only what a passkey began is told apart, and nobody is asked to sign in anew but to change an address.
    op.execute("UPDATE signed_in_session SET method = 'link'")
    op.alter_column("signed_in_session", "method", nullable=False)
    op.add_column("mail_message", sa.Column("person_id", sa.UUID()))
    op.create_foreign_key(op.f("fk_mail_message_person_id_person"), "mail_message", "person", ["person_id"], ["id"])
    op.create_index(op.f("ix_mail_message_person_id"), "mail_message", ["person_id"])


def downgrade() -> None:
    op.drop_column("mail_message", "person_id")
    op.drop_column("signed_in_session", "method")
    op.drop_index("uq_invitation_engagement_email", "invitation")
    # A person who was invited to one engagement at two addresses keeps the first of the invitations.
    op.execute(
        "DELETE FROM invitation later USING invitation first"
        " WHERE (first.engagement_id, first.person_id) = (later.engagement_id, later.person_id)"
        " AND (first.created_at, first.id) < (later.created_at, later.id)"
    )
    op.create_unique_constraint(
        op.f("uq_invitation_engagement_id_person_id"), "invitation", ["engagement_id", "person_id"]
    )
    for table in ("invitation", "signed_in_session", "sign_in_link"):
        op.drop_column(table, "email")
    op.drop_table("email_change")
    op.drop_column("person", "former_emails")


def _take_address(table: str) -> None:
    """Every row so far was written to the address that its person has now."""
    op.add_column(table, sa.Column("email", sa.Text()))
    op.execute(f"UPDATE {table} SET email = person.email FROM person WHERE person.id = {table}.person_id")  # noqa: S608
    op.alter_column(table, "email", nullable=False)
