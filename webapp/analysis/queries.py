"""Reading runs, for the officers of the engagement's programme alone."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Text, case, cast, exists, func, null, or_, select, text, true
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Session,
    contains_eager,
    defer,
    joinedload,
    selectinload,
    undefer,
    with_expression,
)
from sqlalchemy.orm.interfaces import ORMOption

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.analysis.digests import digest_from, digest_of
from webapp.analysis.names import BidsThatCame, LotName, Names, ids_in
from webapp.analysis.runs import result_from
from webapp.audit import Actor
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    AuditEvent,
    Engagement,
    EngagementLot,
    JoinedProvider,
    Lot,
    LotOutcome,
    Organisation,
    PartKind,
    ProviderKind,
    ProviderSize,
    Reception,
    Response,
    RunState,
    Submission,
    Withdrawal,
)
from webapp.programmes.permissions import Permission, within_reach

T = TypeVar("T")


def engagement(session: Session, engagement_id: uuid.UUID, *, actor: Actor) -> Engagement | None:
    """For those who may have it analysed."""
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, within_reach(actor, Permission.ANALYSE))
        .options(selectinload(Engagement.versions))
    ).one_or_none()


def run(
    session: Session,
    run_id: uuid.UUID,
    *,
    actor: Actor,
    permission: Permission = Permission.READ,
    results: PartKind | None = None,
) -> AnalysisRun | None:
    """The run with its parts and all that its pages name; of the large columns only the results of one kind."""
    found = session.scalars(
        select(AnalysisRun)
        .join(AnalysisRun.engagement)
        .join(Engagement.programme)
        .where(AnalysisRun.id == run_id, within_reach(actor, permission))
        .options(
            contains_eager(AnalysisRun.engagement).contains_eager(Engagement.programme),
            joinedload(AnalysisRun.requester),
            selectinload(AnalysisRun.parts).defer(AnalysisPart.result, raiseload=True),
            defer(AnalysisRun.inputs, raiseload=True),
            *what_changed_since(),
        )
    ).one_or_none()
    if found is not None and results is not None:
        session.scalars(
            select(AnalysisPart)
            .where(AnalysisPart.run_id == run_id, AnalysisPart.kind == results)
            .options(undefer(AnalysisPart.result))
            .execution_options(populate_existing=True)
        ).all()
    return found


def what_changed_since() -> tuple[ORMOption, ...]:
    """What makes a run that is read with its engagement outdated."""
    return (
        with_expression(AnalysisRun.withdrawn, _withdrawn()),
        with_expression(AnalysisRun.submitted, _submitted()),
        with_expression(AnalysisRun.rejoined, _rejoined()),
    )


def _submitted() -> ColumnElement[int]:
    """How many of the responses that count have been submitted, again or for the first time, since a run was asked for.

    What officers entered bears the day on which its provider had sent it, so there it counts when they
    recorded it: what comes out of a file is begun and recorded at once.
    """
    counting = (
        select(func.count())
        .select_from(Response)
        .join(Submission, Response.current_submission_id == Submission.id)
        .correlate(AnalysisRun)
    )
    own = counting.where(
        Response.engagement_id == AnalysisRun.engagement_id,
        Response.latest_at >= AnalysisRun.requested_at,
        Submission.reception_id.is_(None),
    )
    recorded = exists().where(
        AuditEvent.subject_kind == Reception.__tablename__,
        AuditEvent.subject_id == Reception.id,
        AuditEvent.act == "response.entered",
        AuditEvent.at >= AnalysisRun.requested_at,
    )
    entered = counting.join(Reception, Submission.reception_id == Reception.id).where(
        Reception.engagement_id == AnalysisRun.engagement_id,
        or_(Reception.created_at >= AnalysisRun.requested_at, recorded.correlate(Reception, AnalysisRun)),
    )
    return own.scalar_subquery() + entered.scalar_subquery()


def _rejoined() -> ColumnElement[bool]:
    """Whether two providers of the programme are one now and were two when the run was asked for, or were one then."""
    then = (JoinedProvider.created_at < AnalysisRun.requested_at) & (
        JoinedProvider.undone_at.is_(None) | (JoinedProvider.undone_at >= AnalysisRun.requested_at)
    )
    return exists().where(
        JoinedProvider.programme_id == Engagement.programme_id, then != JoinedProvider.undone_at.is_(None)
    )


def _withdrawn() -> ColumnElement[int]:
    """How many that answered by a run's frozen inputs have withdrawn since, whether or not they submitted again.

    The inputs name a response's provider as it was when they were frozen, before or after two were joined. They are
    large, and looked into only where anybody has withdrawn.
    """
    inputs = AnalysisRun.inputs
    comments = func.coalesce(inputs["comments"], text("'[]'::jsonb"))  # all that there is without lots
    said = inputs["interests"].op("||")(comments)
    answered = func.jsonb_array_elements(said, type_=JSONB).column_valued("said")
    providers = array([Response.organisation_id, JoinedProvider.organisation_id, JoinedProvider.into_id])
    provider = func.unnest(providers).column_valued("provider")
    is_moved = JoinedProvider.moved[Response.__tablename__].has_key(cast(Response.id, Text))
    counted = (
        withdrawn_since(func.count(Response.id.distinct()))
        .outerjoin(JoinedProvider, is_moved)
        .join(provider.scalar_alias, true())
        .where(cast(provider, Text) == answered["provider_id"].astext)
    )
    return case((withdrawn_since(Response.id).exists(), counted.scalar_subquery()), else_=0)


def withdrawn_since(column: ColumnElement[T] | InstrumentedAttribute[T]) -> Select[T]:
    """Of the responses that were withdrawn after a run was asked for."""
    return (
        select(column)
        .select_from(Response)
        .join(Submission, Submission.response_id == Response.id)
        .join(Withdrawal, Withdrawal.submission_id == Submission.id)
        .where(Response.engagement_id == AnalysisRun.engagement_id, Withdrawal.withdrawn_at >= AnalysisRun.requested_at)
        .correlate(AnalysisRun)
    )


def result_of(session: Session, of: AnalysisRun, kind: PartKind) -> Any | None:
    """The result of the run's part of this kind, as the type it was computed as; None where there is none yet."""
    stored = session.scalar(
        select(AnalysisPart.result)
        .where(AnalysisPart.run_id == of.id, AnalysisPart.kind == kind)
        .order_by(AnalysisPart.position)
        .limit(1)
    )
    return None if stored is None else result_from(kind, stored)


def digests(session: Session, of: AnalysisRun, kind: PartKind) -> list[tuple[AnalysisPart, Any]]:
    """What pages show of the run's finished parts of this kind.

    Where the worker has not stored it, as it did not always, it is made of the whole result.
    """
    whole = case((AnalysisPart.summary.is_(None), AnalysisPart.result), else_=cast(null(), JSONB))
    rows = session.execute(
        select(AnalysisPart.id, AnalysisPart.summary, whole).where(
            AnalysisPart.run_id == of.id, AnalysisPart.kind == kind, AnalysisPart.state == RunState.FINISHED
        )
    )
    found = {
        part_id: digest_of(kind, result_from(kind, result)) if summary is None else digest_from(kind, summary)
        for part_id, summary, result in rows
    }
    return [(part, found[part.id]) for part in of.parts if part.id in found]


def names(session: Session, of: AnalysisRun, result: object) -> Names:
    """The lots of the run's engagement with what came of them, and the organisations that a result mentions.

    Not all that answered: the page would take longer with every response.
    """
    lots = session.execute(
        select(Lot.id, Lot.code, Lot.title, LotOutcome)
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .outerjoin(LotOutcome, LotOutcome.lot_id == Lot.id)
        .where(EngagementLot.engagement_id == of.engagement_id)
        .order_by(EngagementLot.position)
    )
    organisations = session.execute(
        select(Organisation.id, Organisation.name, Organisation.synthetic).where(
            Organisation.id.in_(map(uuid.UUID, ids_in(result)))
        )
    )
    return Names(
        lots={str(row.id): LotName(row.code, row.title, _came(row.LotOutcome)) for row in lots},
        organisations={str(row.id): row.name + (" (synthetic)" if row.synthetic else "") for row in organisations},
    )


def _came(outcome: LotOutcome | None) -> BidsThatCame | None:
    return BidsThatCame(outcome.closed_on, outcome.bids, outcome.credible_bids) if outcome else None


_RESPONDENTS = text(
    """
    SELECT provider ->> 'kind' AS kind, provider ->> 'size' AS size, count(*) AS providers
    FROM analysis_run, jsonb_array_elements(inputs -> 'providers') AS provider
    WHERE analysis_run.id = :run_id AND provider ->> 'id' IN (
        SELECT interest ->> 'provider_id' FROM jsonb_array_elements(inputs -> 'interests') AS interest
    )
    GROUP BY kind, size
    ORDER BY kind, size
    """
)


def respondents(session: Session, of: AnalysisRun) -> list[tuple[str, str, int]]:
    """How many of the run's providers answered, by kind and size, as its frozen inputs have them."""
    return [
        (KINDS[ProviderKind(row.kind)], SIZES[ProviderSize(row.size)] if row.size else "Not known", row.providers)
        for row in session.execute(_RESPONDENTS, {"run_id": of.id})
    ]


def values_known(session: Session, of: AnalysisRun) -> bool:
    """Whether each lot had a value by the run's frozen inputs: shares are of the lots alike where one had none."""
    lots = session.scalars(select(AnalysisRun.inputs["lots"]).where(AnalysisRun.id == of.id)).one()
    return all(lot["annual_value"] for lot in lots)


def received_otherwise(session: Session, engagement_id: uuid.UUID) -> int:
    """How many of the responses that count now officers have entered or imported."""
    counted = (
        select(func.count())
        .select_from(Response)
        .join(Submission, Submission.id == Response.current_submission_id)
        .where(Response.engagement_id == engagement_id, Submission.reception_id.is_not(None))
    )
    return session.scalar(counted) or 0


def last_seed(session: Session, engagement_id: uuid.UUID) -> int | None:
    """The seed of the engagement's newest run: with it again, two runs differ only where their inputs do."""
    return session.scalar(
        select(AnalysisRun.seed)
        .where(AnalysisRun.engagement_id == engagement_id)
        .order_by(AnalysisRun.number.desc())
        .limit(1)
    )


def part_to_compute(session: Session, part_id: uuid.UUID) -> AnalysisPart | None:
    return session.scalars(
        select(AnalysisPart)
        .where(AnalysisPart.id == part_id)
        .options(joinedload(AnalysisPart.run).undefer(AnalysisRun.history))
    ).one_or_none()
