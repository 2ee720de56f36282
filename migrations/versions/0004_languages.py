"""The language in which a person is written to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("person", "registration"):
        op.add_column(table, sa.Column("language", sa.Text(), server_default="en", nullable=False))


def downgrade() -> None:
    for table in ("registration", "person"):
        op.drop_column(table, "language")
