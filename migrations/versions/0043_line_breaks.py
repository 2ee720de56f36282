"""Where a text is bounded, a line break counts as one character, as the forms count it, and no longer as two."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

DEFINITIONS = sa.text(
    r"""
    SELECT conrelid::regclass::text, conname, regexp_replace(definition, :counted, :instead, 'g')
    FROM pg_constraint, pg_get_constraintdef(oid) AS definition
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conname ~ '_length$' AND definition ~ :counted
    ORDER BY 1, 2
    """
)


def upgrade() -> None:
    _count(r'char_length\(("?\w+"?)\)', r"char_length(replace(\1, chr(13) || chr(10), chr(10)))", "")


def downgrade() -> None:
    counted = r'char_length\(replace\(("?\w+"?), \(chr\(13\) \|\| chr\(10\)\), chr\(10\)\)\)'
    _count(counted, r"char_length(\1)", " NOT VALID")  # what was longer stays


def _count(counted: str, instead: str, validity: str) -> None:
    """The rest of each rule, such as that a text is not empty, stays as it is."""
    for table, name, definition in op.get_bind().execute(DEFINITIONS, {"counted": counted, "instead": instead}).all():
        rule = definition.removesuffix(" NOT VALID")
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}", ADD CONSTRAINT "{name}" {rule}{validity}')
