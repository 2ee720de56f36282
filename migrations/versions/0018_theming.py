"""Frameworks of themes: what is made of the themes that were found, the log of each act, and what was signed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = ("kept", "set_aside", "merged", "undone")
PILES = ("set_aside", "does_not_fit", "dropped")
SIDES = ("support", "objection", "neither")
ORIGINS = ("found", "assigned", "person")
ACTS = (
    "renamed",
    "merged",
    "split",
    "moved",
    "set_aside",
    "theme_set_aside",
    "added",
    "confirmed",
    "broadened",
    "signed",
    "unsigned",
    "undone",
    "arrived",
)


def upgrade() -> None:
    op.add_column("analysis_part", sa.Column("summary", JSONB(), nullable=True))
    op.create_table(
        "theme_framework",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("engagement_id", sa.UUID(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("part_id", sa.UUID(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("official", sa.Integer(), nullable=True),
        sa.Column("worth_reading", sa.Integer(), nullable=False),
        sa.Column("merges", JSONB(), nullable=False),
        sa.Column("outlook", JSONB(), nullable=True),
        _refers("theme_framework", "engagement_id", "engagement"),
        _refers("theme_framework", "part_id", "analysis_part"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_framework")),
        sa.UniqueConstraint(
            "engagement_id", "question_key", name=op.f("uq_theme_framework_engagement_id_question_key")
        ),
    )
    op.create_index(op.f("ix_theme_framework_part_id"), "theme_framework", ["part_id"])
    op.create_table(
        "theme",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("found_key", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("key_terms", JSONB(), nullable=False),
        sa.Column("examples", JSONB(), nullable=False),
        sa.Column("state", sa.String(length=40), server_default=sa.text("'kept'"), nullable=False),
        sa.Column("merged_into", sa.UUID(), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_theme_state")),
        sa.CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_theme_merged_into_another")),
        sa.CheckConstraint("char_length(title) <= 200", name=op.f("ck_theme_title_length")),
        sa.CheckConstraint("char_length(description) <= 2000", name=op.f("ck_theme_description_length")),
        _refers("theme", "framework_id", "theme_framework"),
        _refers("theme", "merged_into", "theme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("framework_id", "position", name=op.f("uq_theme_framework_id_position")),
    )
    op.create_index(op.f("ix_theme_merged_into"), "theme", ["merged_into"])
    _read()
    _acts()
    _versions()


def _read() -> None:
    op.create_table(
        "theme_comment",
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column("answer_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("part_id", sa.UUID(), nullable=False),
        sa.Column("gone_part_id", sa.UUID(), nullable=True),
        _refers("theme_comment", "framework_id", "theme_framework"),
        _refers("theme_comment", "answer_id", "answer"),
        _refers("theme_comment", "organisation_id", "organisation"),
        _refers("theme_comment", "part_id", "analysis_part"),
        _refers("theme_comment", "gone_part_id", "analysis_part"),
        sa.PrimaryKeyConstraint("framework_id", "answer_id", name=op.f("pk_theme_comment")),
    )
    for column in ("answer_id", "organisation_id", "part_id", "gone_part_id"):
        op.create_index(op.f(f"ix_theme_comment_{column}"), "theme_comment", [column])
    op.create_table(
        "theme_assignment",
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer_id", sa.UUID(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.UUID(), nullable=True),
        sa.Column("pile", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("found_key", sa.Text(), nullable=True),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by", sa.UUID(), nullable=True),
        sa.CheckConstraint(f"pile IN {PILES}", name=op.f("ck_theme_assignment_pile")),
        sa.CheckConstraint(f"side IN {SIDES}", name=op.f("ck_theme_assignment_side")),
        sa.CheckConstraint(f"origin IN {ORIGINS}", name=op.f("ck_theme_assignment_origin")),
        sa.CheckConstraint(
            "(theme_id IS NULL) = (pile IS NOT NULL)", name=op.f("ck_theme_assignment_in_a_theme_or_a_pile")
        ),
        sa.CheckConstraint("strength BETWEEN 0 AND 1", name=op.f("ck_theme_assignment_strength_is_a_share")),
        sa.CheckConstraint("start >= 0 AND start <= stop", name=op.f("ck_theme_assignment_start_before_stop")),
        _refers("theme_assignment", "framework_id", "theme_framework"),
        _refers("theme_assignment", "theme_id", "theme"),
        _refers("theme_assignment", "confirmed_by", "person"),
        sa.ForeignKeyConstraint(
            ["framework_id", "answer_id"],
            ["theme_comment.framework_id", "theme_comment.answer_id"],
            name=op.f("fk_theme_assignment_framework_id_answer_id_theme_comment"),
        ),
        sa.PrimaryKeyConstraint("framework_id", "number", name=op.f("pk_theme_assignment")),
    )
    indexes = {
        "in_theme": ["framework_id", "theme_id", "strength", "number"],
        "of_answer": ["framework_id", "answer_id"],
        "theme_id": ["theme_id"],
    }
    for name, columns in indexes.items():
        op.create_index(f"ix_theme_assignment_{name}", "theme_assignment", columns)


def _acts() -> None:
    op.create_table(
        "theme_act",
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.UUID(), nullable=True),
        sa.Column("touched", ARRAY(sa.UUID()), nullable=False),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"kind IN {ACTS}", name=op.f("ck_theme_act_kind")),
        sa.CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name=op.f("ck_theme_act_undoes_another")),
        _refers("theme_act", "framework_id", "theme_framework"),
        _refers("theme_act", "done_by", "person"),
        sa.PrimaryKeyConstraint("framework_id", "number", name=op.f("pk_theme_act")),
        sa.UniqueConstraint("framework_id", "undoes", name=op.f("uq_theme_act_framework_id_undoes")),
    )
    _keep("theme_act")


def _versions() -> None:
    op.create_table(
        "theme_version",
        sa.Column("framework_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.UUID(), nullable=False),
        sa.Column("summary", JSONB(), nullable=False),
        sa.Column("placed", JSONB(), nullable=False),
        _refers("theme_version", "framework_id", "theme_framework"),
        _refers("theme_version", "signed_by", "person"),
        sa.PrimaryKeyConstraint("framework_id", "number", name=op.f("pk_theme_version")),
    )
    _keep("theme_version")
    op.create_foreign_key(
        op.f("fk_theme_framework_id_official_theme_version"),
        "theme_framework",
        "theme_version",
        ["id", "official"],
        ["framework_id", "number"],
    )


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _keep(table: str) -> None:
    for name, moment, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("never_emptied", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_theme_framework_id_official_theme_version"), "theme_framework", type_="foreignkey")
    for table in ("theme_version", "theme_act", "theme_assignment", "theme_comment", "theme", "theme_framework"):
        op.drop_table(table)
    op.drop_column("analysis_part", "summary")
