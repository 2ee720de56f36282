"""The schema: organisations and people, programmes, engagements, responses, analyses, audit and mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_message",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_for", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(recipient) <= 254", name=op.f("ck_mail_message_recipient_length")),
        sa.CheckConstraint("char_length(subject) <= 300", name=op.f("ck_mail_message_subject_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
    )
    op.create_index("ix_mail_message_created_at", "mail_message", ["created_at"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "buyer",
                "procuring_agent",
                "provider",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "provider_kind",
            sa.Enum(
                "nhs_trust",
                "gp_federation",
                "independent",
                "social_enterprise",
                "charity",
                "local_authority",
                "other",
                name="provider_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "size",
            sa.Enum(
                "micro", "small", "medium", "large", name="size", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("vcse", sa.Boolean(), nullable=True),
        sa.Column("companies_house_number", sa.Text(), nullable=True),
        sa.Column("charity_number", sa.Text(), nullable=True),
        sa.Column("ods_code", sa.Text(), nullable=True),
        sa.Column("cqc_provider_id", sa.Text(), nullable=True),
        sa.Column("numbers_contested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "party = 'provider' OR provider_kind IS NULL", name=op.f("ck_organisation_kind_only_for_providers")
        ),
        sa.CheckConstraint("char_length(name) <= 200", name=op.f("ck_organisation_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    for number in ("companies_house_number", "charity_number", "ods_code", "cqc_provider_id"):
        op.create_index(
            f"uq_organisation_{number}",
            "organisation",
            ["party", number],
            unique=True,
            postgresql_where=sa.text("NOT numbers_contested"),
        )
    op.create_table(
        "registration",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column(
            "provider_kind",
            sa.Enum(
                "nhs_trust",
                "gp_federation",
                "independent",
                "social_enterprise",
                "charity",
                "local_authority",
                "other",
                name="provider_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "size",
            sa.Enum(
                "micro", "small", "medium", "large", name="size", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("vcse", sa.Boolean(), nullable=False),
        sa.Column("companies_house_number", sa.Text(), nullable=True),
        sa.Column("charity_number", sa.Text(), nullable=True),
        sa.Column("ods_code", sa.Text(), nullable=True),
        sa.Column("cqc_provider_id", sa.Text(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "char_length(organisation_name) <= 200", name=op.f("ck_registration_organisation_name_length")
        ),
        sa.CheckConstraint("char_length(person_name) <= 200", name=op.f("ck_registration_person_name_length")),
        sa.CheckConstraint("char_length(email) <= 254", name=op.f("ck_registration_email_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_registration_token_digest")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_last_counter", sa.Integer(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(email) <= 254", name=op.f("ck_person_email_length")),
        sa.CheckConstraint("char_length(name) <= 200", name=op.f("ck_person_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("uq_person_email_lower", "person", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name=op.f("pk_throttle")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), server_default=sa.FetchedValue(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("organisation_id", sa.UUID(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous_hash", sa.Text(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("hash", sa.Text(), server_default=sa.FetchedValue(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_event_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "officer", "contributor", "signatory", name="role", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("person_id", "organisation_id", name=op.f("uq_membership_person_id_organisation_id")),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("buyer_id", sa.UUID(), nullable=False),
        sa.Column("agent_id", sa.UUID(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("synthetic_note", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_programme_title_length")),
        sa.ForeignKeyConstraint(["agent_id"], ["organisation.id"], name=op.f("fk_programme_agent_id_organisation")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_programme_buyer_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("buyer_id", "reference", name=op.f("uq_programme_buyer_id_reference")),
    )
    op.create_index(op.f("ix_programme_agent_id"), "programme", ["agent_id"], unique=False)
    op.create_table(
        "colleague_invitation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("invited_by", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "officer", "contributor", "signatory", name="role", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("token_digest", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(name) <= 200", name=op.f("ck_colleague_invitation_name_length")),
        sa.CheckConstraint("char_length(email) <= 254", name=op.f("ck_colleague_invitation_email_length")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_colleague_invitation_invited_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_colleague_invitation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_colleague_invitation_token_digest")),
    )
    op.create_index(
        "uq_colleague_invitation_organisation_email",
        "colleague_invitation",
        ["organisation_id", sa.literal_column("lower(email)")],
        unique=True,
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("second_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_link_token_digest")),
    )
    op.create_index(op.f("ix_sign_in_link_person_id"), "sign_in_link", ["person_id"], unique=False)
    op.create_table(
        "signed_in_session",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signed_in_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_signed_in_session_token_digest")),
    )
    op.create_index(op.f("ix_signed_in_session_person_id"), "signed_in_session", ["person_id"], unique=False)
    op.create_table(
        "contract",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.UUID(), nullable=True),
        sa.Column("supplier_name", sa.Text(), nullable=False),
        sa.Column("annual_value", sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("latest_end_date", sa.Date(), nullable=True),
        sa.Column("notice_months", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_contract_title_length")),
        sa.CheckConstraint(
            "latest_end_date IS NULL OR latest_end_date >= end_date", name=op.f("ck_contract_extension_is_later")
        ),
        sa.CheckConstraint(
            "start_date IS NULL OR start_date < end_date", name=op.f("ck_contract_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_contract_programme_id_programme")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["organisation.id"], name=op.f("fk_contract_supplier_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index(op.f("ix_contract_programme_id"), "contract", ["programme_id"], unique=False)
    op.create_table(
        "engagement",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("questions_close_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_engagement_title_length")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_engagement_opens_before_it_closes")),
        sa.CheckConstraint("questions_close_at <= closes_at", name=op.f("ck_engagement_questions_close_first")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_engagement_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("programme_id", "reference", name=op.f("uq_engagement_programme_id_reference")),
    )
    op.create_table(
        "procurement",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "psr_direct_a",
                "psr_direct_b",
                "psr_direct_c",
                "psr_most_suitable",
                "psr_competitive",
                "pa23_open",
                "pa23_competitive_flexible",
                "pcr_light_touch",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("service_start", sa.Date(), nullable=False),
        sa.Column("mobilisation_days", sa.Integer(), nullable=True),
        sa.Column("officer", sa.Text(), nullable=True),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_procurement_title_length")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_procurement_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement")),
        sa.UniqueConstraint("programme_id", "position", name=op.f("uq_procurement_programme_id_position")),
    )
    op.create_table(
        "service_line",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_service_line_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_line")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_service_line_programme_id_code")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("programme_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "prison",
                "secure_childrens_home",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("places_source", sa.Text(), nullable=True),
        sa.CheckConstraint("places >= 0", name=op.f("ck_site_places_not_negative")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_site_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_site_programme_id_code")),
    )
    op.create_table(
        "analysis_run",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs_digest", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_analysis_run_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_analysis_run_requested_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_run")),
        sa.UniqueConstraint("engagement_id", "number", name=op.f("uq_analysis_run_engagement_id_number")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_invitation_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("engagement_id", "person_id", name=op.f("uq_invitation_engagement_id_person_id")),
    )
    op.create_index(op.f("ix_invitation_organisation_id"), "invitation", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("procurement_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_lot_title_length")),
        sa.CheckConstraint("term_months > 0", name=op.f("ck_lot_term_positive")),
        sa.ForeignKeyConstraint(["procurement_id"], ["procurement.id"], name=op.f("fk_lot_procurement_id_procurement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("procurement_id", "position", name=op.f("uq_lot_procurement_id_position")),
    )
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_questionnaire_version_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint("engagement_id", "number", name=op.f("uq_questionnaire_version_engagement_id_number")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=False),
        sa.Column("service_line_id", sa.UUID(), nullable=False),
        sa.Column("annual_value", sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=True),
        sa.Column("demand_wte", sa.Numeric(precision=8, scale=2, asdecimal=False), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("annual_value >= 0 AND demand_wte >= 0", name=op.f("ck_unit_amounts_not_negative")),
        sa.ForeignKeyConstraint(
            ["service_line_id"], ["service_line.id"], name=op.f("fk_unit_service_line_id_service_line")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_unit_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("site_id", "service_line_id", name=op.f("uq_unit_site_id_service_line_id")),
    )
    op.create_index(op.f("ix_unit_service_line_id"), "unit", ["service_line_id"], unique=False)
    op.create_table(
        "analysis_part",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "capacity", "themes", "schedule", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "finished",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default=sa.text("'waiting'"),
            nullable=False,
        ),
        sa.Column("progress", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(state = 'finished') = (result IS NOT NULL)", name=op.f("ck_analysis_part_finished_with_a_result")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_analysis_part_progress_is_a_share")),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_analysis_part_run_id_analysis_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_part")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_analysis_part_run_id_position")),
    )
    op.create_table(
        "contract_unit",
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("unit_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_unit_contract_id_contract")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contract_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("contract_id", "unit_id", name=op.f("pk_contract_unit")),
    )
    op.create_index(op.f("ix_contract_unit_unit_id"), "contract_unit", ["unit_id"], unique=False)
    op.create_table(
        "engagement_lot",
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_lot_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_engagement_lot_lot_id_lot")),
        sa.PrimaryKeyConstraint("engagement_id", "lot_id", name=op.f("pk_engagement_lot")),
    )
    op.create_index(op.f("ix_engagement_lot_lot_id"), "engagement_lot", ["lot_id"], unique=False)
    op.create_table(
        "lot_unit",
        sa.Column("lot_id", sa.UUID(), nullable=False),
        sa.Column("unit_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_unit_lot_id_lot")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_lot_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("lot_id", "unit_id", name=op.f("pk_lot_unit")),
    )
    op.create_index(op.f("ix_lot_unit_unit_id"), "lot_unit", ["unit_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("version_id", sa.UUID(), nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("started_by", sa.UUID(), nullable=False),
        sa.Column("current_submission_id", sa.UUID(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR current_submission_id IS NULL", name=op.f("ck_response_withdrawn_or_current")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_response_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_response_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_response_started_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("fk_response_version_id_questionnaire_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("engagement_id", "organisation_id", name=op.f("uq_response_engagement_id_organisation_id")),
    )
    op.create_index(op.f("ix_response_current_submission_id"), "response", ["current_submission_id"], unique=False)
    op.create_index(op.f("ix_response_organisation_id"), "response", ["organisation_id"], unique=False)
    op.create_table(
        "section",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=True),
        sa.Column("asked_if", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_section_title_length")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("fk_section_version_id_questionnaire_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_section_version_id_position")),
        sa.UniqueConstraint("version_id", "slug", name=op.f("uq_section_version_id_slug")),
    )
    op.create_table(
        "draft_section",
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("section_id", sa.UUID(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("saved_by", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_draft_section_response_id_response")),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_draft_section_saved_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_draft_section_section_id_section")),
        sa.PrimaryKeyConstraint("response_id", "section_id", name=op.f("pk_draft_section")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("section_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text",
                "long_text",
                "one_of",
                "some_of",
                "yes_no",
                "whole_number",
                "number",
                "money",
                "date",
                "ranking",
                "packages",
                "money_range",
                "date_ranges",
                "rows",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "asked_per",
            sa.Enum(
                "response", "lot", "chosen_lot", name="asked_per", native_enum=False, create_constraint=True, length=40
            ),
            server_default=sa.text("'response'"),
            nullable=False,
        ),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "options", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("asked_if", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("most_words", sa.Integer(), nullable=True),
        sa.Column(
            "measure",
            sa.Enum(
                "interest_level",
                "bidding_role",
                "consortium",
                "wte_at_start",
                "wte_month_6",
                "mobilisation_months",
                "startable_together",
                "held_at_most",
                "tenders_at_once",
                "largest_annual_value",
                "cqc_registered",
                "secure_setting_experience",
                "themes",
                "may_quote",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind NOT IN ('one_of', 'some_of', 'rows') OR jsonb_array_length(options) > 0",
            name=op.f("ck_question_choices_have_options"),
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_question_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("section_id", "key", name=op.f("uq_question_section_id_key")),
        sa.UniqueConstraint("section_id", "position", name=op.f("uq_question_section_id_position")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("response_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("nonce", sa.UUID(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_submission_response_id_response")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_submission_submitted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("nonce", name=op.f("uq_submission_nonce")),
        sa.UniqueConstraint("reference", name=op.f("uq_submission_reference")),
        sa.UniqueConstraint("response_id", "number", name=op.f("uq_submission_response_id_number")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=True),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_answer_lot_id_lot")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id_question")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_answer_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "submission_id",
            "question_id",
            "lot_id",
            name=op.f("uq_answer_submission_id_question_id_lot_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_answer_lot_id"), "answer", ["lot_id"], unique=False)
    op.create_index(op.f("ix_answer_question_id"), "answer", ["question_id"], unique=False)
    op.create_table(
        "interest",
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "would_bid",
                "likely",
                "possibly",
                "undecided",
                "no",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "lead",
                "consortium",
                "subcontract",
                "subcontract_only",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("wte_at_start", sa.Numeric(precision=8, scale=2, asdecimal=False), nullable=True),
        sa.Column("wte_month_6", sa.Numeric(precision=8, scale=2, asdecimal=False), nullable=True),
        sa.Column("mobilisation_months", sa.Numeric(precision=8, scale=2, asdecimal=False), nullable=True),
        sa.Column("consortium", sa.Text(), nullable=True),
        sa.CheckConstraint("wte_at_start >= 0 AND wte_month_6 >= 0", name=op.f("ck_interest_staff_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_interest_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_interest_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("submission_id", "lot_id", name=op.f("pk_interest")),
    )
    op.create_index(op.f("ix_interest_lot_id"), "interest", ["lot_id"], unique=False)
    # The response and its current submission point at each other, so this key comes last.
    op.create_foreign_key(
        op.f("fk_response_current_submission_id_submission"),
        "response",
        "submission",
        ["current_submission_id"],
        ["id"],
    )
    op.create_table(
        "clarification",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=False),
        sa.Column("lot_id", sa.UUID(), nullable=True),
        sa.Column("nonce", sa.UUID(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_question", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.UUID(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(published_question, answer, answered_by, published_at) IN (0, 4)",
            name=op.f("ck_clarification_published_whole"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_clarification_answered_by_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_clarification_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_clarification_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_clarification_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_clarification_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
        sa.UniqueConstraint("organisation_id", "nonce", name=op.f("uq_clarification_organisation_id_nonce")),
    )
    op.create_index(
        "ix_clarification_engagement_id_organisation_id",
        "clarification",
        ["engagement_id", "organisation_id"],
        unique=False,
    )
    op.create_table(
        "document",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("series_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "docx",
                "xlsx",
                "odt",
                "csv",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.UUID(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("char_length(file_name) <= 120", name=op.f("ck_document_file_name_length")),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_document_title_length")),
        sa.CheckConstraint("size = octet_length(content)", name=op.f("ck_document_size_of_content")),
        sa.CheckConstraint("size BETWEEN 1 AND 10000000", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_document_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_document_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("series_id", "version", name=op.f("uq_document_series_id_version")),
    )
    op.create_index("ix_document_engagement_id", "document", ["engagement_id"], unique=False)
    op.create_index(
        "uq_document_series_id_current",
        "document",
        ["series_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_started_half_way",
                "not_started_two_days",
                "draft_half_way",
                "draft_two_days",
                "draft_two_hours",
                "changes_two_days",
                "changes_two_hours",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_reminder_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "engagement_id", "person_id", "kind", name=op.f("uq_reminder_engagement_id_person_id_kind")
        ),
        sa.UniqueConstraint("token_digest", name=op.f("uq_reminder_token_digest")),
    )
    op.create_index(op.f("ix_reminder_organisation_id"), "reminder", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_reminder_person_id"), "reminder", ["person_id"], unique=False)
    op.create_table(
        "reminder_stop",
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_reminder_stop_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_stop_person_id_person")),
        sa.PrimaryKeyConstraint("engagement_id", "person_id", name=op.f("pk_reminder_stop")),
    )
    op.create_index(op.f("ix_reminder_stop_person_id"), "reminder_stop", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reminder_stop_person_id"), table_name="reminder_stop")
    op.drop_table("reminder_stop")
    op.drop_index(op.f("ix_reminder_person_id"), table_name="reminder")
    op.drop_index(op.f("ix_reminder_organisation_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(
        "uq_document_series_id_current", table_name="document", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index("ix_document_engagement_id", table_name="document")
    op.drop_table("document")
    op.drop_index("ix_clarification_engagement_id_organisation_id", table_name="clarification")
    op.drop_table("clarification")
    op.drop_constraint(op.f("fk_response_current_submission_id_submission"), "response", type_="foreignkey")
    op.drop_index(op.f("ix_interest_lot_id"), table_name="interest")
    op.drop_table("interest")
    op.drop_index(op.f("ix_answer_question_id"), table_name="answer")
    op.drop_index(op.f("ix_answer_lot_id"), table_name="answer")
    op.drop_table("answer")
    op.drop_table("submission")
    op.drop_table("question")
    op.drop_table("draft_section")
    op.drop_table("section")
    op.drop_index(op.f("ix_response_organisation_id"), table_name="response")
    op.drop_index(op.f("ix_response_current_submission_id"), table_name="response")
    op.drop_table("response")
    op.drop_index(op.f("ix_lot_unit_unit_id"), table_name="lot_unit")
    op.drop_table("lot_unit")
    op.drop_index(op.f("ix_engagement_lot_lot_id"), table_name="engagement_lot")
    op.drop_table("engagement_lot")
    op.drop_index(op.f("ix_contract_unit_unit_id"), table_name="contract_unit")
    op.drop_table("contract_unit")
    op.drop_table("analysis_part")
    op.drop_index(op.f("ix_unit_service_line_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("questionnaire_version")
    op.drop_table("lot")
    op.drop_index(op.f("ix_invitation_person_id"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_organisation_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("analysis_run")
    op.drop_table("site")
    op.drop_table("service_line")
    op.drop_table("procurement")
    op.drop_table("engagement")
    op.drop_index(op.f("ix_contract_programme_id"), table_name="contract")
    op.drop_table("contract")
    op.drop_index(op.f("ix_signed_in_session_person_id"), table_name="signed_in_session")
    op.drop_table("signed_in_session")
    op.drop_index(op.f("ix_sign_in_link_person_id"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_index("uq_colleague_invitation_organisation_email", table_name="colleague_invitation")
    op.drop_table("colleague_invitation")
    op.drop_index(op.f("ix_programme_agent_id"), table_name="programme")
    op.drop_table("programme")
    op.drop_index(op.f("ix_membership_organisation_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_audit_event_subject", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("throttle")
    op.drop_index("uq_person_email_lower", table_name="person")
    op.drop_table("person")
    op.drop_table("registration")
    for number in ("cqc_provider_id", "ods_code", "charity_number", "companies_house_number"):
        op.drop_index(f"uq_organisation_{number}", table_name="organisation")
    op.drop_table("organisation")
    op.drop_index("ix_mail_message_created_at", table_name="mail_message")
    op.drop_table("mail_message")
