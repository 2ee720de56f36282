"""What the plans before a plan had, and which dates are signed: what calendars may hold already."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from webapp.analysis.planning.queries import Plan
from webapp.models import AnalysisRun, Procurement, Recommendation, Ruling, Verdict

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
        WHERE engagement.programme_id = :programme_id AND run.requested_at < :until
            AND part.kind = 'schedule' AND part.state = 'finished'
        UNION ALL
        SELECT run.engagement_id, replanning.asked_at, run.parameters, replanning.result #> '{value,schedule}'
        FROM replanning
        JOIN analysis_run AS run ON run.id = replanning.run_id
        JOIN engagement ON engagement.id = run.engagement_id
        WHERE engagement.programme_id = :programme_id AND replanning.asked_at < :until
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
    WHERE asked_at < greatest(:before, (CAST(:signed AS jsonb) ->> subject_id)::timestamptz)
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


@dataclass(frozen=True, slots=True)
class Signature:
    """Of the dates of a procurement: of its recommendation that was signed last."""

    at: datetime
    engagement_id: uuid.UUID
    is_of_plan: bool
    """Whether they are the dates of the plan that is asked about."""


def stood(session: Session, plan: Plan, signatures: Mapping[str, Signature]) -> list[Stood]:
    """By the plans of all engagements of its programme, less the what-ifs, that were asked for before it or, where its
    dates of a procurement are signed, before the signature."""
    signed = {subject_id: each.at for subject_id, each in signatures.items() if each.is_of_plan}
    wanted = {
        "programme_id": plan.run.engagement.programme_id,
        "before": plan.asked_at,
        "until": max((plan.asked_at, *signed.values())),
        "signed": json.dumps({subject_id: at.isoformat() for subject_id, at in signed.items()}),
    }
    return [Stood(**row) for row in session.execute(_STOOD, wanted).mappings()]


def signatures(session: Session, plan: Plan) -> dict[str, Signature]:
    """By procurement of the plan's programme. They outlive what an engagement's responses are destroyed with."""
    newest = session.execute(
        select(
            Recommendation.procurement_id,
            Recommendation.run_id,
            Recommendation.replanning_id,
            Ruling.ruled_at,
            AnalysisRun.engagement_id,
        )
        .join(Recommendation.ruling)
        .join(Recommendation.procurement)
        .join(Recommendation.run)
        .where(Procurement.programme_id == plan.run.engagement.programme_id, Ruling.verdict == Verdict.SIGNED)
        .ext(distinct_on(Recommendation.procurement_id))
        .order_by(Recommendation.procurement_id, Recommendation.number.desc())
    )
    return {
        str(row.procurement_id): Signature(
            row.ruled_at, row.engagement_id, (row.run_id, row.replanning_id) == (plan.run.id, plan.key)
        )
        for row in newest
    }
