"""Questions that came by email, telephone or at an event, which an officer enters, also without saying who asked."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

HOW = ("email", "portal", "telephone", "event")
CHECKS = {
    "asked_or_entered": "num_nonnulls(asked_by, entered_by) = 1",
    "entered_whole": "num_nonnulls(entered_by, asked_how) IN (0, 2)",
    "asked_for_somebody": "asked_by IS NULL OR organisation_id IS NOT NULL",
    "accepted_late_if_entered": "late_reason IS NULL OR entered_by IS NOT NULL",
    "late_reason_length": "char_length(replace(late_reason, chr(13) || chr(10), chr(10))) BETWEEN 1 AND 2000",
}

# Before, each question had somebody who asked it. It becomes the officer who entered it, for the buyer: the provider that
# the officer named never reads it, as it would if it were its own.
AS_ASKED_BY_OFFICERS = """
UPDATE clarification
SET asked_by = entered_by, organisation_id = programme.buyer_id
FROM engagement JOIN programme ON programme.id = engagement.programme_id
WHERE engagement.id = clarification.engagement_id AND entered_by IS NOT NULL
"""


def upgrade() -> None:
    op.alter_column("clarification", "organisation_id", nullable=True)
    op.alter_column("clarification", "asked_by", nullable=True)
    entered_by = sa.ForeignKey("person.id", name=op.f("fk_clarification_entered_by_person"))
    op.add_column("clarification", sa.Column("entered_by", sa.UUID(), entered_by))
    how = sa.Enum(*HOW, name="asked_how", native_enum=False, create_constraint=True, length=40)
    op.add_column("clarification", sa.Column("asked_how", how))
    op.add_column("clarification", sa.Column("late_reason", sa.Text()))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_clarification_{name}"), "clarification", rule)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_clarification_{name}"), "clarification", type_="check")
    op.execute(AS_ASKED_BY_OFFICERS)
    for column in ("late_reason", "asked_how", "entered_by"):
        op.drop_column("clarification", column)
    op.alter_column("clarification", "asked_by", nullable=False)
    op.alter_column("clarification", "organisation_id", nullable=False)
