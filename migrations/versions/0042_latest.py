"""When something last came of a response, so that the latest of thousands are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# What it looks up never changes: neither a submission nor when it was made.
LATEST_OF_RESPONSE = """
CREATE FUNCTION latest_of_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.latest_at := coalesce(
        (SELECT submitted_at FROM submission WHERE id = NEW.current_submission_id), NEW.withdrawn_at, NEW.started_at
    );
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.add_column("response", sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(LATEST_OF_RESPONSE)
    op.execute(
        "CREATE TRIGGER latest BEFORE INSERT OR UPDATE ON response FOR EACH ROW EXECUTE FUNCTION latest_of_response()"
    )
    op.execute("UPDATE response SET latest_at = NULL")  # the trigger says what it is
    op.alter_column("response", "latest_at", nullable=False)
    op.create_index("ix_response_engagement_id_latest_at", "response", ["engagement_id", "latest_at"])


def downgrade() -> None:
    op.drop_index("ix_response_engagement_id_latest_at", "response")
    op.execute("DROP TRIGGER latest ON response")
    op.execute("DROP FUNCTION latest_of_response")
    op.drop_column("response", "latest_at")
