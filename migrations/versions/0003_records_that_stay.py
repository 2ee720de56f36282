"""Records that stay as they were: sealed audit events, submissions, published questionnaires."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_event", "submission", "answer", "interest")

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

# The hash covers every column but itself, in a canonical text: jsonb orders its keys, the time is in UTC.
AUDIT_HASH = """
CREATE FUNCTION audit_event_hash(event audit_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_object(
        'id', event.id,
        'at', to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'person_id', event.person_id,
        'organisation_id', event.organisation_id,
        'act', event.act,
        'subject_kind', event.subject_kind,
        'subject_id', event.subject_id,
        'detail', event.detail,
        'previous_hash', event.previous_hash
    )::text, 'UTF8')), 'hex')
$$
"""

# The lock makes the order of ids the order of the chain, without a gap; it is held until the transaction ends.
SEAL_AUDIT_EVENT = """
CREATE FUNCTION seal_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_event;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_event'));
    SELECT * INTO last FROM audit_event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous_hash := coalesce(last.hash, repeat('0', 64));
    NEW.hash := audit_event_hash(NEW);
    RETURN NEW;
END $$
"""

KEEP_PUBLISHED_VERSION = """
CREATE FUNCTION keep_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Where a row stands now and where it would stand: neither may be in a published version.
    IF (TG_OP <> 'INSERT' AND is_published(TG_TABLE_NAME, to_jsonb(OLD)))
        OR (TG_OP <> 'DELETE' AND TG_TABLE_NAME <> 'questionnaire_version'
            AND is_published(TG_TABLE_NAME, to_jsonb(NEW))) THEN
        RAISE EXCEPTION 'a published questionnaire version is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

IS_PUBLISHED = """
CREATE FUNCTION is_published(table_name text, part jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE table_name
        WHEN 'questionnaire_version' THEN part ->> 'published_at' IS NOT NULL
        WHEN 'section' THEN EXISTS (
            SELECT FROM questionnaire_version
            WHERE id = (part ->> 'version_id')::uuid AND published_at IS NOT NULL)
        ELSE EXISTS (
            SELECT FROM questionnaire_version version JOIN section ON section.version_id = version.id
            WHERE section.id = (part ->> 'section_id')::uuid AND version.published_at IS NOT NULL)
    END
$$
"""


def upgrade() -> None:
    for function in (REFUSE_CHANGE, AUDIT_HASH, SEAL_AUDIT_EVENT, IS_PUBLISHED, KEEP_PUBLISHED_VERSION):
        op.execute(function)
    op.execute("CREATE TRIGGER seal BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION seal_audit_event()")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON questionnaire_version "
        "FOR EACH ROW EXECUTE FUNCTION keep_published_version()"
    )
    for table in ("section", "question"):
        op.execute(
            f"CREATE TRIGGER keep_published BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_published_version()"
        )


def downgrade() -> None:
    for table in ("section", "question", "questionnaire_version"):
        op.execute(f"DROP TRIGGER keep_published ON {table}")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER never_emptied ON {table}")
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP TRIGGER seal ON audit_event")
    op.execute("DROP FUNCTION keep_published_version()")
    op.execute("DROP FUNCTION is_published(text, jsonb)")
    op.execute("DROP FUNCTION seal_audit_event()")
    op.execute("DROP FUNCTION audit_event_hash(audit_event)")
    op.execute("DROP FUNCTION refuse_change()")
