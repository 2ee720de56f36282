"""Where a text is bounded, a line break counts as one character, as the forms count it, and no longer as two."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BOUNDED = sa.text(
    r"""
    SELECT conrelid::regclass::text, conname, bound[2], bound[3]
    FROM pg_constraint,
         regexp_match(pg_get_constraintdef(oid), 'char_length\((replace\()?("?\w+"?).* <= (\d+)') AS bound
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conname ~ '_length$' AND bound IS NOT NULL
    ORDER BY 1, 2
    """
)


def upgrade() -> None:
    _count(lambda column: f"char_length(replace({column}, chr(13) || chr(10), chr(10)))", "")


def downgrade() -> None:
    _count(lambda column: f"char_length({column})", " NOT VALID")  # what was longer stays


def _count(counted: Callable[[str], str], validity: str) -> None:
    for table, name, column, most in op.get_bind().execute(BOUNDED).all():
        op.execute(
            f'ALTER TABLE {table} DROP CONSTRAINT "{name}", '
            f'ADD CONSTRAINT "{name}" CHECK ({counted(column)} <= {most}){validity}'
        )
