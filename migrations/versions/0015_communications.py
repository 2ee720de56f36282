"""Plans of communication, events with those who came, and what notices must say."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHANNELS = ("notice", "email", "web", "meeting", "webinar", "telephone", "other")
FACTS = {
    "procurement_identifier": 100,
    "buyer_identifier": 100,
    "buyer_address": 1000,
    "buyer_email": 254,
    "agent_identifier": 100,
    "agent_address": 1000,
    "agent_email": 254,
    "agent_role": 1000,
    "contact_name": 200,
    "contact_address": 1000,
    "cpv_codes": 500,
}


def upgrade() -> None:
    op.create_table(
        "planned_activity",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _revision(),
        _created_at(),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name=op.f("ck_planned_activity_channel")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_planned_activity_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["team_member.id"],
            name=op.f("fk_planned_activity_owner_id_team_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_activity")),
        *_lengths("planned_activity", what=200, audience=200),
    )
    op.create_index(op.f("ix_planned_activity_programme_id"), "planned_activity", ["programme_id"])
    op.create_index(op.f("ix_planned_activity_owner_id"), "planned_activity", ["owner_id"])
    _events()
    op.create_table(
        "notice_facts",
        sa.Column("programme_id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False) for name in FACTS),
        _revision(),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_notice_facts_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_notice_facts")),
        *_lengths("notice_facts", **FACTS),
    )


def _events() -> None:
    op.create_table(
        "engagement_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.UUID(), nullable=True),
        _revision(),
        _created_at(),
        sa.CheckConstraint("begins_at < ends_at", name=op.f("ck_engagement_event_begins_before_it_ends")),
        sa.CheckConstraint("num_nonnulls(held_at, held_by) IN (0, 2)", name=op.f("ck_engagement_event_held_whole")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_event_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["held_by"], ["person.id"], name=op.f("fk_engagement_event_held_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_event")),
        *_lengths("engagement_event", title=200, place=500, capacity=500),
    )
    op.create_index(op.f("ix_engagement_event_engagement_id"), "engagement_event", ["engagement_id"])
    op.create_table(
        "attendance",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["engagement_event.id"], name=op.f("fk_attendance_event_id_engagement_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("event_id", "position", name=op.f("uq_attendance_event_id_position")),
        *_lengths("attendance", name=200, organisation_name=200),
    )
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON attendance FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def _revision() -> sa.Column[int]:
    return sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False)


def _created_at() -> sa.Column[sa.DateTime]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )


def _lengths(table: str, **most: int) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"char_length({column}) <= {length}", name=op.f(f"ck_{table}_{column}_length"))
        for column, length in most.items()
    ]


def downgrade() -> None:
    for table in ("notice_facts", "attendance", "engagement_event", "planned_activity"):
        op.drop_table(table)
