"""The job queue's tables, as procrastinate lays them out."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The library names all it makes alike. Its functions take its tables' rows and its triggers call them: hence CASCADE.
DROP = r"""
DO $$
DECLARE made text;
BEGIN
    FOR made IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || made || ' CASCADE';
    END LOOP;
    DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers;
    DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
END $$;
"""


def upgrade() -> None:
    run_script(SchemaManager.get_schema())


def downgrade() -> None:
    run_script(DROP)


def run_script(script: str) -> None:
    """Run several statements as they stand: SQLAlchemy would read colons and percent signs as parameters."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)
