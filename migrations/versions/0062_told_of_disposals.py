"""Those whose answers go are told by the worker, and nothing goes before; what-ifs do not begin once all is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

OF_A_RUN = ("what_if", "lot_search", "lot_structure", "replanning")

# Some runs stay, because something signed rests on them. One that cannot be found went with the rest.
REFUSE_DISPOSED_RUN = """
CREATE FUNCTION refuse_disposed_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone timestamptz;
BEGIN
    SELECT disposed_at INTO gone FROM engagement
    WHERE id = (SELECT engagement_id FROM analysis_run WHERE analysis_run.id = NEW.run_id) FOR KEY SHARE;
    IF NOT FOUND OR gone IS NOT NULL THEN
        RAISE EXCEPTION 'the responses to the engagement are destroyed' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$
"""

# Whoever is told late has all of the wait, which ends later then.
KEEP_AS_AGREED = """
CREATE OR REPLACE FUNCTION keep_as_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.engagement_id, NEW.kept_until, NEW.policy, NEW.note, NEW.asked_at, NEW.asked_by)
        IS DISTINCT FROM (OLD.id, OLD.engagement_id, OLD.kept_until, OLD.policy, OLD.note, OLD.asked_at, OLD.asked_by)
        OR OLD.agreed_at IS NOT NULL
        AND (NEW.agreed_at, NEW.agreed_by) IS DISTINCT FROM (OLD.agreed_at, OLD.agreed_by)
        OR OLD.due_at IS NOT NULL AND NEW.due_at IS DISTINCT FROM OLD.due_at
        AND (OLD.told_at IS NOT NULL OR NEW.due_at IS NULL OR NEW.due_at < OLD.due_at)
        OR OLD.told_at IS NOT NULL
        AND (NEW.told_at, NEW.told_up_to) IS DISTINCT FROM (OLD.told_at, OLD.told_up_to)
    THEN
        RAISE EXCEPTION 'what was asked and agreed about destroying responses is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

KEEP_AS_AGREED_BEFORE = """
CREATE OR REPLACE FUNCTION keep_as_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.engagement_id, NEW.kept_until, NEW.policy, NEW.note, NEW.asked_at, NEW.asked_by)
        IS DISTINCT FROM (OLD.id, OLD.engagement_id, OLD.kept_until, OLD.policy, OLD.note, OLD.asked_at, OLD.asked_by)
        OR OLD.agreed_at IS NOT NULL
        AND (NEW.agreed_at, NEW.agreed_by, NEW.due_at) IS DISTINCT FROM (OLD.agreed_at, OLD.agreed_by, OLD.due_at)
    THEN
        RAISE EXCEPTION 'what was asked and agreed about destroying responses is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

REFUSE_UNDISPOSED = """
CREATE OR REPLACE FUNCTION refuse_undisposed() RETURNS trigger LANGUAGE plpgsql AS $$
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
                AND due_at <= clock_timestamp() {told}AND stopped_at IS NULL AND done_at IS NULL
        )
    ) THEN
        RAISE EXCEPTION 'rows of % are never changed or deleted, but by a disposal that is due', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""

CHECKS = {
    "told_once_agreed": "told_at IS NULL AND told_up_to IS NULL OR agreed_at IS NOT NULL",
    "done_once_told": "done_at IS NULL OR told_at IS NOT NULL",
    "time_to_download": (
        "due_at AT TIME ZONE 'Europe/London' >= told_at AT TIME ZONE 'Europe/London' + interval '28 days'"
    ),
}


def upgrade() -> None:
    op.add_column("disposal", sa.Column("told_up_to", sa.UUID(), nullable=True))
    op.add_column("disposal", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    # Until now everybody was told in the transaction of the agreement. Certificates are never changed but here.
    op.execute("ALTER TABLE disposal DISABLE TRIGGER append_only")
    op.execute("UPDATE disposal SET told_at = agreed_at WHERE agreed_at IS NOT NULL")
    op.execute("ALTER TABLE disposal ENABLE TRIGGER append_only")
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_disposal_{name}"), "disposal", condition)
    op.execute(KEEP_AS_AGREED)
    op.execute(REFUSE_UNDISPOSED.format(told="AND told_at IS NOT NULL "))
    op.execute(REFUSE_DISPOSED_RUN)
    for table in OF_A_RUN:
        op.execute(
            f"CREATE TRIGGER refuse_disposed BEFORE INSERT ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_disposed_run()"
        )


def downgrade() -> None:
    for table in OF_A_RUN:
        op.execute(f"DROP TRIGGER refuse_disposed ON {table}")
    op.execute("DROP FUNCTION refuse_disposed_run()")
    op.execute(REFUSE_UNDISPOSED.format(told=""))
    op.execute(KEEP_AS_AGREED_BEFORE)
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_disposal_{name}"), "disposal", type_="check")
    op.drop_column("disposal", "told_at")
    op.drop_column("disposal", "told_up_to")
