"""That a disposal could not be done, for those to see who asked for it and agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disposal", sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("disposal", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_disposal_failed_whole"), "disposal", "failures >= 0 AND (failures = 0) = (failed_at IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_disposal_failed_whole"), "disposal", type_="check")
    op.drop_column("disposal", "failed_at")
    op.drop_column("disposal", "failures")
