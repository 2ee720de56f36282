"""Needs, partners, board dates and blackouts; the form of contracts; award limits; revisions of what is set up."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REVISED = ("site", "unit", "contract", "procurement", "lot")
FORMS = ("nhs_standard", "nhs_shorter_form", "other_standard", "bespoke", "grant")


def upgrade() -> None:
    for table in REVISED:
        op.add_column(table, sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False))
    form = sa.Enum(*FORMS, name="form", native_enum=False, create_constraint=True, length=40)
    op.add_column("contract", sa.Column("form", form, nullable=True))
    op.add_column("contract", sa.Column("inherited", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("procurement", sa.Column("most_lots_bid", sa.Integer(), nullable=True))
    op.add_column("procurement", sa.Column("most_lots_awarded", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_procurement_award_limits_positive"), "procurement", "most_lots_bid > 0 AND most_lots_awarded > 0"
    )
    _need()
    _partner()
    _days()


def _need() -> None:
    op.create_table(
        "need",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("service_line_id", sa.UUID(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_need_title_length")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_need_programme_id_programme")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_need_site_id_site")),
        sa.ForeignKeyConstraint(
            ["service_line_id"], ["service_line.id"], name=op.f("fk_need_service_line_id_service_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("programme_id", "title", name=op.f("uq_need_programme_id_title")),
    )
    op.create_index(op.f("ix_need_site_id"), "need", ["site_id"])
    op.create_index(op.f("ix_need_service_line_id"), "need", ["service_line_id"])


def _partner() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.CheckConstraint("char_length(name) <= 200", name=op.f("ck_partner_name_length")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_partner_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_partner_programme_id_name")),
    )


def _days() -> None:
    op.create_table(
        "board_date",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("char_length(board) <= 200", name=op.f("ck_board_date_board_length")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_board_date_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_date")),
        sa.UniqueConstraint("programme_id", "board", "day", name=op.f("uq_board_date_programme_id_board_day")),
    )
    op.create_table(
        "blackout",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_blackout_first_day_first")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_blackout_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
        sa.UniqueConstraint(
            "programme_id", "first_day", "last_day", name=op.f("uq_blackout_programme_id_first_day_last_day")
        ),
    )


def downgrade() -> None:
    for table in ("blackout", "board_date", "partner", "need"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_procurement_award_limits_positive"), "procurement", type_="check")
    op.drop_column("procurement", "most_lots_awarded")
    op.drop_column("procurement", "most_lots_bid")
    op.drop_column("contract", "inherited")
    op.drop_column("contract", "form")
    for table in REVISED:
        op.drop_column(table, "revision")
