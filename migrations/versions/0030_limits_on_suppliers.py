"""Parts of a run that weigh what limits on one supplier do."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS_BEFORE = ("capacity", "tornado", "themes", "segments", "history", "schedule")
KINDS = ("capacity", "tornado", "limits", "themes", "segments", "history", "schedule")


def upgrade() -> None:
    _allow(KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM analysis_part WHERE kind = 'limits'")
    _allow(KINDS_BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    """Drop and add at once: no row is without the check in between."""
    name = op.f("ck_analysis_part_kind")
    op.drop_constraint(name, "analysis_part", type_="check")
    op.create_check_constraint(name, "analysis_part", f"kind IN {kinds}")
