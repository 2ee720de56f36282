"""Revisions of sections and questions while officers draw them up; no draft is saved in a version it has left."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REVISED = ("section", "question")

# A response that has not been submitted may move to a newer version. A page opened before that would save into the
# version left behind: the lock waits for the move, and the failure is one that is answered by sending the page again.
KEEP_DRAFT_IN_VERSION = """
CREATE FUNCTION keep_draft_in_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pinned uuid;
BEGIN
    SELECT version_id INTO pinned FROM response WHERE id = NEW.response_id FOR KEY SHARE;
    IF pinned <> (SELECT version_id FROM section WHERE id = NEW.section_id) THEN
        RAISE EXCEPTION 'the response has moved to another version of the questionnaire'
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    for table in REVISED:
        op.add_column(table, sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.execute(KEEP_DRAFT_IN_VERSION)
    op.execute(
        "CREATE TRIGGER keep_in_version BEFORE INSERT ON draft_section "
        "FOR EACH ROW EXECUTE FUNCTION keep_draft_in_version()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_in_version ON draft_section")
    op.execute("DROP FUNCTION keep_draft_in_version()")
    for table in REVISED:
        op.drop_column(table, "revision")
