"""Two officers on one service line, need, partner, board date or period: the second is shown what the first saved."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = ("service_line", "need", "partner", "board_date", "blackout")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "revision")
