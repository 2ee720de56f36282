"""What a lot of an engagement was called before its code or title was changed: what was submitted stays as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

KEEP_LOT_NAME = """
CREATE FUNCTION keep_lot_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lot_former_name (lot_id, until, code, title)
    SELECT OLD.id, clock_timestamp(), OLD.code, OLD.title
    WHERE EXISTS (SELECT FROM engagement_lot WHERE lot_id = OLD.id);
    RETURN NULL;
END $$
"""
KEEP_NAME = """
CREATE TRIGGER keep_name AFTER UPDATE OF code, title ON lot FOR EACH ROW
WHEN ((OLD.code, OLD.title) IS DISTINCT FROM (NEW.code, NEW.title)) EXECUTE FUNCTION keep_lot_name()
"""


def upgrade() -> None:
    op.create_table(
        "lot_former_name",
        sa.Column("lot_id", sa.UUID(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_former_name_lot_id_lot"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lot_id", "until", name=op.f("pk_lot_former_name")),
    )
    op.execute(KEEP_LOT_NAME)
    op.execute(KEEP_NAME)


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_name ON lot")
    op.execute("DROP FUNCTION keep_lot_name")
    op.drop_table("lot_former_name")
