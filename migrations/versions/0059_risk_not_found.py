"""That an analysis did not find a risk any more is kept beside the wording, as a figure would be."""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("risk_figure", "figure", nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM risk_figure WHERE figure IS NULL")
    op.alter_column("risk_figure", "figure", nullable=False)
