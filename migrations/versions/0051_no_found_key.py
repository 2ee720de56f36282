"""Statements no longer hold the key of the theme that a run found them in: nothing has read or written it for long."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("theme_assignment", "found_key")


def downgrade() -> None:
    op.add_column("theme_assignment", sa.Column("found_key", sa.Text(), nullable=True))
