"""Responses and themes never move to another engagement, with which what is kept of them could be deleted."""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

BELONGS = {"response": "engagement_id", "theme_framework": "engagement_id", "theme": "framework_id"}

REFUSE_MOVE = """
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never move', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.execute(REFUSE_MOVE)
    for table, column in BELONGS.items():
        op.execute(
            f"CREATE TRIGGER never_moved BEFORE UPDATE OF {column} ON {table} FOR EACH ROW "
            f"WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION refuse_move()"
        )


def downgrade() -> None:
    for table in BELONGS:
        op.execute(f"DROP TRIGGER never_moved ON {table}")
    op.execute("DROP FUNCTION refuse_move()")
