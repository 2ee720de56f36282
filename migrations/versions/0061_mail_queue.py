"""Emails wait in a queue of their own, those too that waited or were parked before there was one."""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

MOVE = "UPDATE procrastinate_jobs SET queue_name = '{}' WHERE task_name = 'mail.deliver' AND queue_name = '{}'"


def upgrade() -> None:
    op.execute(MOVE.format("mail", "default"))


def downgrade() -> None:
    op.execute(MOVE.format("default", "mail"))
