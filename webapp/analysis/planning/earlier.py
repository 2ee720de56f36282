"""What the plans before a plan had, and which of its dates are signed: what calendars may hold already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from webapp.analysis.planning.queries import Plan
from webapp.models import Procurement, Recommendation, Ruling, Verdict

SERVICE = "service"
NOTICE = "notice"
"""What stands beside stages: the start of services, and the last day for a present supplier's notice."""

_STOOD = text(
    """
    SELECT DISTINCT ON (subject_id, stage) subject_id, stage, title, first::date AS first, last::date AS last,
        engagement_id, asked_at, array_agg(officer) OVER (PARTITION BY subject_id) AS officers
    FROM (
        SELECT run.engagement_id, run.requested_at AS asked_at, run.parameters,
            coalesce(part.summary -> 'schedule', part.result -> 'value') AS schedule
        FROM analysis_part AS part
        JOIN analysis_run AS run ON run.id = part.run_id
        JOIN engagement ON engagement.id = run.engagement_id
        WHERE engagement.programme_id = :programme_id AND run.requested_at < :before
            AND part.kind = 'schedule' AND part.state = 'finished'
        UNION ALL
        SELECT run.engagement_id, replanning.asked_at, run.parameters, replanning.result #> '{value,schedule}'
        FROM replanning
        JOIN analysis_run AS run ON run.id = replanning.run_id
        JOIN engagement ON engagement.id = run.engagement_id
        WHERE engagement.programme_id = :programme_id AND replanning.asked_at < :before
            AND replanning.purpose = 'new_plan' AND replanning.state = 'finished'
    ) AS plan, LATERAL (
        SELECT item ->> 'procurement_id' AS subject_id, item ->> 'title' AS title, item ->> 'officer' AS officer,
            stage ->> 'stage' AS stage, stage ->> 'start' AS first, stage ->> 'end' AS last
        FROM jsonb_array_elements(schedule -> 'procurements') AS item,
            jsonb_array_elements(
                (item -> 'stages') || jsonb_build_object(
                    'stage', 'service', 'start', item -> 'service_start', 'end', item -> 'service_start'
                )
            ) AS stage
        UNION ALL
        SELECT contract ->> 'id', contract ->> 'title', NULL, 'notice', notice ->> 'by', notice ->> 'by'
        FROM jsonb_array_elements(schedule #> '{problem,contracts}') AS contract,
            jsonb_array_elements(parameters #> '{terms,notices}') AS notice
        WHERE notice ->> 'contract_id' = contract ->> 'id'
    ) AS stood
    ORDER BY subject_id, stage, asked_at DESC, engagement_id
    """
)


@dataclass(frozen=True, slots=True)
class Stood:
    """A stage of a procurement, its start of services or a contract's notice, as the newest plan with it had it."""

    subject_id: str
    """Of the procurement, or of the contract."""
    stage: str
    title: str
    first: date
    last: date
    engagement_id: uuid.UUID
    asked_at: datetime
    officers: Sequence[str | None]
    """Whose it was by any of the plans."""


def stood(session: Session, plan: Plan) -> list[Stood]:
    """By the plans of all engagements of its programme that were asked for before it, less the what-ifs."""
    wanted = {"programme_id": plan.run.engagement.programme_id, "before": plan.asked_at}
    return [Stood(**row) for row in session.execute(_STOOD, wanted).mappings()]


def signed(session: Session, plan: Plan) -> dict[str, datetime]:
    """When its dates were signed, by procurement: of those whose last signed recommendation has its dates."""
    newest = session.execute(
        select(Recommendation.procurement_id, Recommendation.run_id, Recommendation.replanning_id, Ruling.ruled_at)
        .join(Recommendation.ruling)
        .join(Recommendation.procurement)
        .where(Procurement.programme_id == plan.run.engagement.programme_id, Ruling.verdict == Verdict.SIGNED)
        .ext(distinct_on(Recommendation.procurement_id))
        .order_by(Recommendation.procurement_id, Recommendation.number.desc())
    )
    return {
        str(row.procurement_id): row.ruled_at
        for row in newest
        if (row.run_id, row.replanning_id) == (plan.run.id, plan.key)
    }
