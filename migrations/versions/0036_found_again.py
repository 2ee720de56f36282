"""How much of a theme, as it was found, is found again when some answers are left out."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("theme", sa.Column("found_again", sa.Float(), nullable=True))
    op.create_check_constraint(op.f("ck_theme_found_again_share"), "theme", "found_again BETWEEN 0 AND 1")


def downgrade() -> None:
    op.drop_column("theme", "found_again")
