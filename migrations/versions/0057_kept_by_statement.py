"""Deletions are judged by the statement and not row by row: of thousands of responses that took minutes."""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

KEPT = (
    "submission",
    "answer",
    "interest",
    "withdrawal",
    "submission_file",
    "response_note",
    "theme_act",
    "theme_version",
    "theme_reply",
)

# A row whose engagement cannot be found is refused too: what it belonged to cannot have gone before it.
REFUSE_UNDISPOSED = """
CREATE FUNCTION refuse_undisposed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    engagements uuid[];
BEGIN
    IF TG_TABLE_NAME IN ('submission', 'response_note') THEN
        engagements := ARRAY(
            SELECT DISTINCT engagement_id FROM gone LEFT JOIN response ON response.id = gone.response_id);
    ELSIF TG_TABLE_NAME IN ('theme_act', 'theme_version') THEN
        engagements := ARRAY(
            SELECT DISTINCT engagement_id FROM gone LEFT JOIN theme_framework ON theme_framework.id = gone.framework_id);
    ELSIF TG_TABLE_NAME = 'theme_reply' THEN
        engagements := ARRAY(
            SELECT DISTINCT engagement_id FROM gone
            LEFT JOIN theme ON theme.id = gone.theme_id
            LEFT JOIN theme_framework ON theme_framework.id = theme.framework_id);
    ELSE
        engagements := ARRAY(
            SELECT DISTINCT engagement_id FROM (SELECT DISTINCT submission_id FROM gone) AS gone
            LEFT JOIN submission ON submission.id = gone.submission_id
            LEFT JOIN response ON response.id = submission.response_id);
    END IF;
    IF EXISTS (
        SELECT FROM unnest(engagements) AS engagement(id)
        WHERE NOT EXISTS (
            SELECT FROM disposal
            WHERE disposal.engagement_id = engagement.id
                AND due_at <= clock_timestamp() AND stopped_at IS NULL AND done_at IS NULL
        )
    ) THEN
        RAISE EXCEPTION 'rows of % are never changed or deleted, but by a disposal that is due', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""

# As they were before.
ENGAGEMENT_OF = """
CREATE FUNCTION engagement_of(table_name text, part jsonb) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN table_name IN ('theme_act', 'theme_version') THEN (
            SELECT engagement_id FROM theme_framework WHERE id = (part ->> 'framework_id')::uuid)
        WHEN table_name = 'theme_reply' THEN (
            SELECT engagement_id FROM theme_framework JOIN theme ON theme.framework_id = theme_framework.id
            WHERE theme.id = (part ->> 'theme_id')::uuid)
        WHEN table_name IN ('submission', 'response_note') THEN (
            SELECT engagement_id FROM response WHERE id = (part ->> 'response_id')::uuid)
        ELSE (
            SELECT engagement_id FROM response JOIN submission ON submission.response_id = response.id
            WHERE submission.id = (part ->> 'submission_id')::uuid)
    END
$$
"""

KEEP_UNTIL_DISPOSED = """
CREATE FUNCTION keep_until_disposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM disposal
        WHERE engagement_id = engagement_of(TG_TABLE_NAME, to_jsonb(OLD))
            AND due_at <= clock_timestamp() AND stopped_at IS NULL AND done_at IS NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or deleted, but by a disposal that is due', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.execute(REFUSE_UNDISPOSED)
    for table in KEPT:
        op.execute(f"DROP TRIGGER append_only ON {table}")
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(
            f"CREATE TRIGGER kept_until_disposed AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_undisposed()"
        )
    op.execute("DROP FUNCTION keep_until_disposed()")
    op.execute("DROP FUNCTION engagement_of(text, jsonb)")


def downgrade() -> None:
    op.execute(ENGAGEMENT_OF)
    op.execute(KEEP_UNTIL_DISPOSED)
    for table in KEPT:
        op.execute(f"DROP TRIGGER kept_until_disposed ON {table}")
        op.execute(f"DROP TRIGGER append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_until_disposed()"
        )
    op.execute("DROP FUNCTION refuse_undisposed()")
