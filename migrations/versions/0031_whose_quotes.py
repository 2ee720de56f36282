"""What a page shows of a run's themes says of which answers its quotes are: they may be withdrawn later."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_anew()


def downgrade() -> None:
    _make_anew()


def _make_anew() -> None:
    """Pages make of the whole result what is not stored, with quotes as their version of the program tells them."""
    op.execute("UPDATE analysis_part SET summary = NULL WHERE kind = 'themes'")
