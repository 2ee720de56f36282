"""Letters about a disposal are known by whom they went to; of those sent before, how far they had gone is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

# Before 0062 everybody was written to at once. A certificate, which is done, needs none and is never changed.
KEEP_HOW_FAR = """
UPDATE disposal SET told_before = coalesce(told_up_to, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
WHERE (told_at IS NOT NULL OR told_up_to IS NOT NULL) AND done_at IS NULL
"""


def upgrade() -> None:
    op.add_column("disposal", sa.Column("told_before", sa.UUID(), nullable=True))
    op.execute(KEEP_HOW_FAR)


def downgrade() -> None:
    op.drop_column("disposal", "told_before")
