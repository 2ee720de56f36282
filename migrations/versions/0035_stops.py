"""When somebody asked a search for lots, or a what-if of the forecast, to end."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = ("lot_search", "what_if")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "stop_asked_at")
