"""Teams of programmes, organisations that are part of others, and agents that procure for buyers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = ("lead_officer", "officer", "lot_designer", "approver", "reviewer")
TIERS = ("national", "region", "area_team")

# Until now every officer of the buyer or its agent could do everything.
EVERY_OFFICER_LEADS = """
INSERT INTO team_member (id, programme_id, person_id, organisation_id, role)
SELECT DISTINCT ON (programme.id, membership.person_id)
    gen_random_uuid(), programme.id, membership.person_id, membership.organisation_id, 'lead_officer'
FROM programme
JOIN membership ON membership.organisation_id IN (programme.buyer_id, programme.agent_id)
WHERE membership.role = 'officer'
ORDER BY programme.id, membership.person_id, membership.organisation_id
"""


def upgrade() -> None:
    op.drop_constraint(op.f("ck_organisation_party"), "organisation", type_="check")
    op.create_check_constraint(
        op.f("ck_organisation_party"), "organisation", "party IN ('buyer', 'procuring_agent', 'partner', 'provider')"
    )
    op.add_column("organisation", sa.Column("part_of_id", sa.UUID(), nullable=True))
    op.add_column(
        "organisation",
        sa.Column(
            "tier", sa.Enum(*TIERS, name="tier", native_enum=False, create_constraint=True, length=40), nullable=True
        ),
    )
    op.create_foreign_key(
        op.f("fk_organisation_part_of_id_organisation"), "organisation", "organisation", ["part_of_id"], ["id"]
    )
    op.create_index(op.f("ix_organisation_part_of_id"), "organisation", ["part_of_id"])
    op.create_check_constraint(op.f("ck_organisation_not_part_of_itself"), "organisation", "part_of_id <> id")
    op.create_table(
        "agency",
        sa.Column("agent_id", sa.UUID(), nullable=False),
        sa.Column("buyer_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["organisation.id"], name=op.f("fk_agency_agent_id_organisation")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_agency_buyer_id_organisation")),
        sa.PrimaryKeyConstraint("agent_id", "buyer_id", name=op.f("pk_agency")),
    )
    op.create_index(op.f("ix_agency_buyer_id"), "agency", ["buyer_id"])
    op.create_table(
        "team_member",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_team_member_programme_id_programme")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_team_member_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("programme_id", "person_id", name=op.f("uq_team_member_programme_id_person_id")),
    )
    op.create_index(op.f("ix_team_member_person_id"), "team_member", ["person_id"])
    op.create_index(op.f("ix_team_member_organisation_id"), "team_member", ["organisation_id"])
    op.create_table(
        "team_member_service_line",
        sa.Column("team_member_id", sa.UUID(), nullable=False),
        sa.Column("service_line_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_member_id"],
            ["team_member.id"],
            name=op.f("fk_team_member_service_line_team_member_id_team_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_line_id"],
            ["service_line.id"],
            name=op.f("fk_team_member_service_line_service_line_id_service_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_member_id", "service_line_id", name=op.f("pk_team_member_service_line")),
    )
    op.create_index(
        op.f("ix_team_member_service_line_service_line_id"), "team_member_service_line", ["service_line_id"]
    )
    op.execute(EVERY_OFFICER_LEADS)


def downgrade() -> None:
    op.drop_table("team_member_service_line")
    op.drop_table("team_member")
    op.drop_table("agency")
    op.drop_constraint(op.f("ck_organisation_not_part_of_itself"), "organisation", type_="check")
    op.drop_column("organisation", "tier")
    op.drop_column("organisation", "part_of_id")
    op.drop_constraint(op.f("ck_organisation_party"), "organisation", type_="check")
    op.create_check_constraint(
        op.f("ck_organisation_party"), "organisation", "party IN ('buyer', 'procuring_agent', 'provider')"
    )
