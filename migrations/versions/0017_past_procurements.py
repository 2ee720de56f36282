"""Past procurements with their lots, bidders and sources, and the files they came from."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FORMATS = ("ocds", "csv")


def upgrade() -> None:
    _imports()
    _procurements()
    _lots()
    _bidders()
    _sources()


def _imports() -> None:
    table = "past_import"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("programme_id"),
        _uuid("sent_by"),
        sa.Column("format", sa.String(length=40), nullable=False),
        _text("file_name"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _text("sha256"),
        _moment("applied_at"),
        _uuid("applied_by", nullable=True),
        _moment("removed_at"),
        _uuid("removed_by", nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        _check(table, "format", f"format IN {FORMATS}"),
        _check(table, "content_size", "octet_length(content) <= 25000000"),
        _check(table, "applied_whole", "num_nonnulls(applied_at, applied_by) IN (0, 2)"),
        _check(table, "removed_whole", "num_nonnulls(removed_at, removed_by) IN (0, 2)"),
        _check(table, "removed_after_applied", "removed_at IS NULL OR applied_at IS NOT NULL"),
        *_lengths(table, file_name=200),
        _refers(table, "programme_id", "programme"),
        *(_refers(table, column, "person") for column in ("sent_by", "applied_by", "removed_by")),
        _key(table),
    )
    _index(table, "programme_id")


def _procurements() -> None:
    table = "past_procurement"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("programme_id"),
        sa.Column("origin", sa.String(length=40), nullable=False),
        *(_text(name) for name in ("reference", "buyer_name", "title", "category", "region", "procedure")),
        *(_day(name) for name in ("published_on", "closed_on", "awarded_on")),
        _pounds("value"),
        _currency(),
        _check(table, "origin", f"origin IN {FORMATS}"),
        _check(table, "value_not_negative", "value >= 0"),
        *_lengths(table, reference=200, buyer_name=200, title=500, category=200, region=200, procedure=200, currency=3),
        _refers(table, "programme_id", "programme"),
        _key(table),
        _unique(table, "programme_id", "reference"),
    )
    _index(table, "programme_id", "closed_on")


def _lots() -> None:
    table, counts = "past_lot", ("bids", "credible_bids", "requests", "interested")
    op.create_table(
        table,
        _uuid("id"),
        _uuid("procurement_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        *(_text(name) for name in ("reference", "title", "category", "region")),
        *(_day(name) for name in ("closed_on", "awarded_on")),
        *(_pounds(name) for name in ("value", "awarded_value")),
        _currency(),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("duration_days", *counts)),
        _check(table, "counts", " AND ".join(f"{name} >= 0" for name in counts)),
        _check(table, "credible_among_bids", "credible_bids <= bids"),
        _check(table, "values_not_negative", "value >= 0 AND awarded_value >= 0"),
        _check(table, "duration_positive", "duration_days > 0"),
        *_lengths(table, reference=200, title=500, category=200, region=200, currency=3),
        _refers(table, "procurement_id", "past_procurement", ondelete="CASCADE"),
        _key(table),
        _unique(table, "procurement_id", "position"),
    )


def _bidders() -> None:
    table = "published_name"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("programme_id"),
        _text("name"),
        _text("identifier"),
        _uuid("organisation_id", nullable=True),
        sa.Column("supplier_name", sa.Text(), nullable=True),
        _moment("decided_at"),
        _uuid("decided_by", nullable=True),
        _check(table, "decided_whole", "num_nonnulls(decided_at, decided_by) IN (0, 2)"),
        _check(table, "one_match", "num_nonnulls(organisation_id, supplier_name) <= 1"),
        _check(table, "match_decided", "num_nonnulls(organisation_id, supplier_name) = 0 OR decided_at IS NOT NULL"),
        *_lengths(table, name=200, identifier=200, supplier_name=200),
        _refers(table, "programme_id", "programme"),
        _refers(table, "organisation_id", "organisation"),
        _refers(table, "decided_by", "person"),
        _key(table),
        _unique(table, "programme_id", "name", "identifier"),
    )
    _index(table, "organisation_id")
    table = "past_bidder"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("lot_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _uuid("name_id"),
        sa.Column("won", sa.Boolean(), nullable=False),
        _refers(table, "lot_id", "past_lot", ondelete="CASCADE"),
        _refers(table, "name_id", "published_name"),
        _key(table),
        _unique(table, "lot_id", "position"),
        _unique(table, "lot_id", "name_id"),
    )
    _index(table, "name_id")


def _sources() -> None:
    table = "past_source"
    op.create_table(
        table,
        _uuid("id"),
        _uuid("procurement_id"),
        _uuid("import_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("place"),
        _moment("published_at"),
        sa.Column("release", postgresql.JSONB(), nullable=True),
        *_lengths(table, place=200),
        _refers(table, "procurement_id", "past_procurement", ondelete="CASCADE"),
        _refers(table, "import_id", "past_import"),
        _key(table),
        _unique(table, "procurement_id", "position"),
    )
    _index(table, "import_id")


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[UUID]:
    return sa.Column(name, sa.UUID(), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str) -> sa.Column[date]:
    return sa.Column(name, sa.Date(), nullable=True)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _pounds(name: str) -> sa.Column[Decimal]:
    return sa.Column(name, sa.Numeric(14, 2), nullable=True)


def _currency() -> sa.Column[str]:
    return sa.Column("currency", sa.Text(), server_default=sa.text("'GBP'"), nullable=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _lengths(table: str, **most: int) -> list[sa.CheckConstraint]:
    return [_check(table, f"{column}_length", f"char_length({column}) <= {length}") for column, length in most.items()]


def _refers(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def downgrade() -> None:
    for table in ("past_source", "past_bidder", "published_name", "past_lot", "past_procurement", "past_import"):
        op.drop_table(table)
