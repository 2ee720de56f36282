"""How many responses that count declare each level of interest in a lot, so that no page counts thousands of them."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LEVELS = ("would_bid", "likely", "possibly", "undecided", "no")

# What changes a response is also recorded. Waiting for the lock of the record first puts all in the one line in which
# they wait anyway, so that none holds a count while it waits for the record and another the record for a count.
COUNT_INTEREST = """
CREATE FUNCTION count_interest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT id, current_submission_id FROM before EXCEPT SELECT id, current_submission_id FROM now) THEN
        PERFORM pg_advisory_xact_lock(hashtext('audit_event'));
        INSERT INTO interest_count AS kept (engagement_id, lot_id, level, responses)
        SELECT engagement_id, lot_id, level, sum(step)
        FROM (
            SELECT engagement_id, current_submission_id AS submission_id, -1 AS step FROM before
            UNION ALL SELECT engagement_id, current_submission_id, 1 FROM now
        ) AS changed
        JOIN interest USING (submission_id)
        GROUP BY engagement_id, lot_id, level
        HAVING sum(step) <> 0
        ON CONFLICT (engagement_id, lot_id, level) DO UPDATE SET responses = kept.responses + excluded.responses;
    END IF;
    RETURN NULL;
END $$
"""

# Interest that came after its submission counts would be in no count.
REFUSE_LATE_INTEREST = """
CREATE FUNCTION refuse_late_interest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN response ON response.current_submission_id = added.submission_id) THEN
        RAISE EXCEPTION 'a submission that counts says no more' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""

COUNT_ANEW = """
INSERT INTO interest_count (engagement_id, lot_id, level, responses)
SELECT engagement_id, lot_id, level, count(*)
FROM response JOIN interest ON interest.submission_id = response.current_submission_id
GROUP BY engagement_id, lot_id, level
"""


def upgrade() -> None:
    op.create_table(
        "interest_count",
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(*LEVELS, name="level", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_interest_count_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_interest_count_lot_id_lot")),
        sa.PrimaryKeyConstraint("engagement_id", "lot_id", "level", name=op.f("pk_interest_count")),
    )
    op.create_index(op.f("ix_interest_count_lot_id"), "interest_count", ["lot_id"])
    op.execute(COUNT_INTEREST)
    op.execute(REFUSE_LATE_INTEREST)
    op.execute(
        "CREATE TRIGGER count_interest AFTER UPDATE ON response REFERENCING OLD TABLE AS before NEW TABLE AS now "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_interest()"
    )
    op.execute(
        "CREATE TRIGGER refuse_late AFTER INSERT ON interest REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_interest()"
    )
    op.execute(COUNT_ANEW)  # nothing changes meanwhile: making a trigger locks the table


def downgrade() -> None:
    op.execute("DROP TRIGGER refuse_late ON interest")
    op.execute("DROP TRIGGER count_interest ON response")
    op.execute("DROP FUNCTION refuse_late_interest")
    op.execute("DROP FUNCTION count_interest")
    op.drop_table("interest_count")
