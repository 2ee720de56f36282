"""What a submission answers of its provider, beside its answers: thousands of them are counted on one page."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KINDS = ("nhs_trust", "gp_federation", "independent", "social_enterprise", "charity", "local_authority", "other")
SIZES = ("micro", "small", "medium", "large")

# What all who read responses may read; officers may offer other answers, and ask in other ways.
TAKE_ANSWERS = """
UPDATE submission
SET answered_kind = said.kind, answered_size = said.size, answered_vcse = said.vcse
FROM (
    SELECT
        answer.submission_id,
        max(value #>> '{}') FILTER (WHERE key = 'organisation_kind' AND value #>> '{}' IN (
            'nhs_trust', 'gp_federation', 'independent', 'social_enterprise', 'charity', 'local_authority', 'other'
        )) AS kind,
        max(value #>> '{}') FILTER (WHERE key = 'organisation_size' AND value #>> '{}' IN (
            'micro', 'small', 'medium', 'large'
        )) AS size,
        bool_or(value::boolean) FILTER (WHERE key = 'is_vcse' AND jsonb_typeof(value) = 'boolean') AS vcse
    FROM answer JOIN question ON question.id = answer.question_id
    WHERE key IN ('organisation_kind', 'organisation_size', 'is_vcse') AND answer.lot_id IS NULL AND NOT restricted
    GROUP BY answer.submission_id
) AS said
WHERE said.submission_id = submission.id
"""


def upgrade() -> None:
    op.add_column("submission", _of(KINDS, "answered_kind"))
    op.add_column("submission", _of(SIZES, "answered_size"))
    op.add_column("submission", sa.Column("answered_vcse", sa.Boolean()))
    op.execute("ALTER TABLE submission DISABLE TRIGGER USER")  # what was submitted says this already
    op.execute(TAKE_ANSWERS)
    op.execute("ALTER TABLE submission ENABLE TRIGGER USER")


def downgrade() -> None:
    for column in ("answered_vcse", "answered_size", "answered_kind"):
        op.drop_column("submission", column)


def _of(values: tuple[str, ...], name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40))
