"""Past procurements from a table come as XLSX too: what was called CSV is called a table."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

COLUMNS = (("past_import", "format"), ("past_procurement", "origin"))


def upgrade() -> None:
    _rename("csv", "table")


def downgrade() -> None:
    _rename("table", "csv")


def _rename(old: str, new: str) -> None:
    for table, column in COLUMNS:
        name = f"ck_{table}_{column}"
        op.drop_constraint(op.f(name), table, type_="check")
        op.execute(f"UPDATE {table} SET {column} = '{new}' WHERE {column} = '{old}'")  # noqa: S608 - of constants
        op.create_check_constraint(op.f(name), table, f"{column} IN ('ocds', '{new}')")
