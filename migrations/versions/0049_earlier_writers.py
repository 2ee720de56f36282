"""Who wrote a section before whoever saved it last: they, too, are told what becomes of the response."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    writers = sa.Column("earlier_writers", ARRAY(sa.UUID()), nullable=False, server_default=sa.text("'{}'::uuid[]"))
    op.add_column("draft_section", writers)


def downgrade() -> None:
    op.drop_column("draft_section", "earlier_writers")
