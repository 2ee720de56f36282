"""The end of keeping: until when responses are kept, and the one way in which they are destroyed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0052"
down_revision = "0051"
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
"""Of what is never changed, what is made of responses. All else stays as it is."""

TAKEN = (
    "response",
    "reception",
    "received_file",
    "response_import",
    "analysis_run",
    "decline",
    "invitation",
    "reminder",
    "clarification",
)
"""Where something of an engagement begins: nothing does once its responses are destroyed."""

COUNTS = "fk_response_current_submission_id_submission"
"""Put off, it lets submissions go with their responses: emptying it first would count interest, under the trail's lock."""

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

# The lock waits for a disposal that is being done. Who comes after it is asked to send the page again, which then says
# that the responses are destroyed.
REFUSE_DISPOSED = """
CREATE FUNCTION refuse_disposed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone timestamptz;
BEGIN
    SELECT disposed_at INTO gone FROM engagement WHERE id = NEW.engagement_id FOR KEY SHARE;
    IF gone IS NOT NULL THEN
        RAISE EXCEPTION 'the responses to the engagement are destroyed' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$
"""

KEEP_AS_AGREED = """
CREATE FUNCTION keep_as_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
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

REFUSE_TO_LOSE_CERTIFICATES = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM disposal WHERE done_at IS NOT NULL) THEN
        RAISE EXCEPTION 'responses were destroyed: going back to before that was possible would lose the certificates';
    END IF;
END $$
"""


def upgrade() -> None:
    _retention()
    _disposals()
    op.drop_constraint(op.f("fk_published_reply_theme_id_theme"), "published_reply", type_="foreignkey")
    op.execute(f"ALTER TABLE response ALTER CONSTRAINT {COUNTS} DEFERRABLE")
    for function in (ENGAGEMENT_OF, KEEP_UNTIL_DISPOSED, REFUSE_DISPOSED, KEEP_AS_AGREED):
        op.execute(function)
    for table in KEPT:
        _append_only(table, "keep_until_disposed")
    for table in TAKEN:
        op.execute(
            f"CREATE TRIGGER refuse_disposed BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_disposed()"
        )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON disposal FOR EACH ROW "
        "WHEN (OLD.done_at IS NOT NULL OR OLD.stopped_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )
    op.execute("CREATE TRIGGER keep_as_agreed BEFORE UPDATE ON disposal FOR EACH ROW EXECUTE FUNCTION keep_as_agreed()")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON disposed_response "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table in ("disposal", "disposed_response"):
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _retention() -> None:
    op.add_column("programme", sa.Column("keep_until", sa.Date(), nullable=True))
    op.add_column("programme", sa.Column("retention_policy", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_programme_retention_whole"), "programme", "num_nonnulls(keep_until, retention_policy) IN (0, 2)"
    )
    op.create_check_constraint(
        op.f("ck_programme_retention_policy_length"), "programme", _at_most("retention_policy", "<= 500")
    )
    op.add_column("engagement", sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True))


def _disposals() -> None:
    op.create_table(
        "disposal",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        _moment("agreed_at"),
        sa.Column("agreed_by", sa.UUID(), nullable=True),
        _moment("due_at"),
        _moment("stopped_at"),
        sa.Column("stopped_by", sa.UUID(), nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=True),
        _moment("done_at"),
        sa.Column("destroyed", JSONB(), nullable=True),
        *(_check(name, condition) for name, condition in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_disposal_engagement_id_engagement")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_disposal_{column}_person"))
            for column in ("asked_by", "agreed_by", "stopped_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
    )
    op.create_index(op.f("ix_disposal_engagement_id"), "disposal", ["engagement_id"])
    op.create_index(
        "uq_disposal_engagement_id_standing",
        "disposal",
        ["engagement_id"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "disposed_response",
        sa.Column("disposal_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["disposal_id"], ["disposal.id"], name=op.f("fk_disposed_response_disposal_id_disposal")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_disposed_response_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("disposal_id", "reference", name=op.f("pk_disposed_response")),
    )
    op.create_index(op.f("ix_disposed_response_organisation_id"), "disposed_response", ["organisation_id"])


def _at_most(column: str, bounds: str) -> str:
    return f"char_length(replace({column}, chr(13) || chr(10), chr(10))) {bounds}"


CHECKS = {
    "policy_length": _at_most("policy", "<= 500"),
    "note_length": _at_most("note", "<= 1000"),
    "stop_reason_length": _at_most("stop_reason", "BETWEEN 1 AND 1000"),
    "agreed_whole": "num_nonnulls(agreed_at, agreed_by, due_at) IN (0, 3)",
    "two_people": "agreed_by <> asked_by",
    "time_to_take_it_back": (
        "due_at AT TIME ZONE 'Europe/London' >= agreed_at AT TIME ZONE 'Europe/London' + interval '28 days'"
    ),
    "stopped_whole": "num_nonnulls(stopped_at, stopped_by, stop_reason) IN (0, 3)",
    "done_whole": "num_nonnulls(done_at, destroyed) IN (0, 2)",
    "done_once_due": "done_at IS NULL OR (done_at >= due_at AND stopped_at IS NULL)",
}


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_disposal_{name}"))


def _moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _append_only(table: str, function: str) -> None:
    op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def downgrade() -> None:
    op.execute(REFUSE_TO_LOSE_CERTIFICATES)
    op.execute(f"ALTER TABLE response ALTER CONSTRAINT {COUNTS} NOT DEFERRABLE")
    for table in TAKEN:
        op.execute(f"DROP TRIGGER refuse_disposed ON {table}")
    for table in KEPT:
        _append_only(table, "refuse_change")
    for signature in ("refuse_disposed()", "keep_until_disposed()", "engagement_of(text, jsonb)"):
        op.execute(f"DROP FUNCTION {signature}")
    # Not valid: of what was destroyed, what was published stays.
    op.execute(
        "ALTER TABLE published_reply ADD CONSTRAINT fk_published_reply_theme_id_theme "
        "FOREIGN KEY (theme_id) REFERENCES theme (id) NOT VALID"
    )
    op.drop_table("disposed_response")
    op.drop_table("disposal")
    op.execute("DROP FUNCTION keep_as_agreed()")
    op.drop_column("engagement", "disposed_at")
    op.drop_constraint(op.f("ck_programme_retention_policy_length"), "programme", type_="check")
    op.drop_constraint(op.f("ck_programme_retention_whole"), "programme", type_="check")
    op.drop_column("programme", "retention_policy")
    op.drop_column("programme", "keep_until")
