"""When the contract for a past lot was to start: how long mobilisation took is read from it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("past_lot", sa.Column("starts_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("past_lot", "starts_on")
