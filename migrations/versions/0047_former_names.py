"""Names that people had before: they change them, and the copies of earlier e-mails still say the old ones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    former = sa.Column("former_names", ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'::text[]"))
    op.add_column("person", former)


def downgrade() -> None:
    op.drop_column("person", "former_names")
