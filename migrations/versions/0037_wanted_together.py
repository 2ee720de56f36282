"""Questions that ask which lots a provider wants only together."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MEASURES_BEFORE = (
    "interest_level",
    "bidding_role",
    "consortium",
    "wte_at_start",
    "wte_month_6",
    "mobilisation_months",
    "startable_together",
    "held_at_most",
    "tenders_at_once",
    "shortest_bid_days",
    "dates_to_avoid",
    "largest_annual_value",
    "cqc_registered",
    "secure_setting_experience",
    "themes",
    "may_quote",
    "views",
    "earliest_start",
    "latest_start",
)
TOGETHER = "wanted_together"


def upgrade() -> None:
    _allow((*MEASURES_BEFORE, TOGETHER))


def downgrade() -> None:
    op.execute("ALTER TABLE question DISABLE TRIGGER USER")  # what is published must lose the measure too
    question = sa.table("question", sa.column("measure"))
    op.execute(question.update().where(question.c.measure == TOGETHER).values(measure=None))
    op.execute("ALTER TABLE question ENABLE TRIGGER USER")
    _allow(MEASURES_BEFORE)


def _allow(measures: tuple[str, ...]) -> None:
    """Drop and add at once: no row is without the check in between."""
    name = op.f("ck_question_measure")
    op.drop_constraint(name, "question", type_="check")
    op.create_check_constraint(name, "question", f"measure IN {measures}")
