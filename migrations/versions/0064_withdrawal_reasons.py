"""Why a provider took its response back, if it said so."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

LENGTH = "char_length(replace(reason, chr(13) || chr(10), chr(10))) <= 500"


def upgrade() -> None:
    op.add_column("withdrawal", sa.Column("reason", sa.Text()))
    op.create_check_constraint(op.f("ck_withdrawal_reason_length"), "withdrawal", LENGTH)
    op.create_check_constraint(op.f("ck_withdrawal_reason_not_blank"), "withdrawal", "reason <> ''")


def downgrade() -> None:
    op.drop_column("withdrawal", "reason")
