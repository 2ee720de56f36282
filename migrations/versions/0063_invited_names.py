"""The names that officers write beside the addresses they invite."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

LENGTH = "char_length(replace(name, chr(13) || chr(10), chr(10))) <= 200"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("name", sa.Text()))
    op.create_check_constraint(op.f("ck_invitation_name_length"), "invitation", LENGTH)


def downgrade() -> None:
    op.drop_column("invitation", "name")
