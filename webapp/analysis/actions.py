"""Asking for a run, and keeping what its parts compute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intelligence import Market
from intelligence.files import digest, to_json
from webapp import audit, jobs
from webapp.analysis import history, market
from webapp.analysis.forecasts.queries import forecast_both_ways
from webapp.analysis.past import Evidence, History
from webapp.analysis.priors.queries import standing
from webapp.analysis.queries import received_otherwise
from webapp.analysis.runs import RunParameters, code_version
from webapp.analysis.standing_terms import load as load_terms
from webapp.analysis.watching import STOPPED
from webapp.audit import Actor
from webapp.models import AnalysisPart, AnalysisRun, Engagement, PartKind, RunState

RUN_PART = "analysis.run_part"
TAKE_UP = "themes.take_up"
UNFINISHED = (RunState.WAITING, RunState.RUNNING)


class CodeChangedError(Exception):
    """The code is no longer what the run recorded; a new run is needed."""


class NothingToAnalyseError(Exception):
    """No response has been submitted yet."""


class SealedError(Exception):
    """The responses are sealed, and nobody learns whether there is anything to analyse."""


def request_run(
    session: Session, *, engagement: Engagement, parameters: RunParameters, seed: int, actor: Actor, now: datetime
) -> AnalysisRun:
    """Freeze the inputs and the set-up's terms, and queue every part. While a run is under way, asking again gives it.

    Raises:
        NothingToAnalyseError: no response has been submitted, or none says anything that is analysed.
        SealedError: the responses have not been opened.
    """
    if engagement.waits_for_opening:
        raise SealedError
    session.execute(select(Engagement.id).where(Engagement.id == engagement.id).with_for_update())
    under_way = _under_way(session, engagement)
    if under_way is not None:
        return under_way
    run = _frozen(session, engagement, parameters, seed, actor, now)
    session.add(run)
    session.flush()
    for part in run.parts:
        jobs.defer(session, RUN_PART, queue="analysis", part_id=str(part.id))
    audit.record(session, "analysis.requested", subject=run, actor=actor, engagement_id=str(engagement.id), seed=seed)
    return run


def _under_way(session: Session, engagement: Engagement) -> AnalysisRun | None:
    return session.scalars(
        select(AnalysisRun)
        .where(AnalysisRun.engagement_id == engagement.id, AnalysisRun.parts.any(AnalysisPart.state.in_(UNFINISHED)))
        .order_by(AnalysisRun.number.desc())
        .limit(1)
    ).one_or_none()


def _frozen(
    session: Session, engagement: Engagement, parameters: RunParameters, seed: int, actor: Actor, now: datetime
) -> AnalysisRun:
    """A run with everything that its figures will come from, as it is now."""
    inputs, past = _evidence(session, engagement, parameters.as_of)
    parts = _parts(session, engagement, inputs, past)
    if not parts:
        raise NothingToAnalyseError
    return AnalysisRun(
        engagement_id=engagement.id,
        number=_next_number(session, engagement),
        requested_at=now,
        requested_by=actor.person_id,
        seed=seed,
        parameters=to_json(_as_set_up(session, engagement, parameters)),
        inputs=to_json(inputs),
        history=to_json(past) if past.past else None,
        inputs_digest=digest(Evidence(inputs, past)),
        code_version=code_version(),
        received_otherwise=received_otherwise(session, engagement.id),
        parts=parts,
    )


def _as_set_up(session: Session, engagement: Engagement, parameters: RunParameters) -> RunParameters:
    """With what the programme's officers have set for planning, and the assumptions that they have changed."""
    programme_id = engagement.programme_id
    terms, changed = load_terms(session, programme_id=programme_id), standing(session, programme_id)
    return replace(parameters, terms=terms, changed=changed)


def _evidence(session: Session, engagement: Engagement, as_of: date) -> tuple[Market, History]:
    inputs = market.load(session, engagement=engagement, as_of=as_of)
    if not (inputs.interests if inputs.lots else inputs.comments):
        raise NothingToAnalyseError
    if not inputs.lots:
        return inputs, History()
    both_ways = forecast_both_ways(session, engagement.programme_id)
    return history.load(session, engagement=engagement, market=inputs, as_of=as_of, past=both_ways)


def _next_number(session: Session, engagement: Engagement) -> int:
    newest = select(func.max(AnalysisRun.number)).where(AnalysisRun.engagement_id == engagement.id)
    return (session.scalar(newest) or 0) + 1


def _parts(session: Session, engagement: Engagement, inputs: Market, past: History) -> list[AnalysisPart]:
    """Of a market without lots only themes can be found."""
    parts = _about_lots(past) if inputs.lots else []
    parts += [
        AnalysisPart(kind=PartKind.THEMES, subject=question.key, title=question.wording)
        for question in market.theme_questions(session, engagement=engagement)
    ]
    if inputs.lots:
        parts.append(AnalysisPart(kind=PartKind.SCHEDULE, title="Procurement schedule"))
    for position, part in enumerate(parts, 1):
        part.position = position
    return parts


def _about_lots(past: History) -> list[AnalysisPart]:
    parts = [
        AnalysisPart(kind=PartKind.CAPACITY, title="Market capacity by lot"),
        AnalysisPart(kind=PartKind.TORNADO, title="What each assumption does to the forecast"),
        AnalysisPart(kind=PartKind.LIMITS, title="What limits on one supplier do"),
        AnalysisPart(kind=PartKind.SEGMENTS, title="Segments of providers"),
    ]
    if past.past:
        parts.append(AnalysisPart(kind=PartKind.HISTORY, title="Forecast from past lots alone"))
    return parts


def begin_part(session: Session, *, part: AnalysisPart, now: datetime) -> None:
    part.state, part.progress, part.started_at, part.failure = RunState.RUNNING, 0, now, None
    session.flush()


def finish_part(
    session: Session,
    *,
    part: AnalysisPart,
    result: dict[str, object],
    summary: dict[str, object] | None,
    now: datetime,
) -> None:
    part.state, part.progress, part.finished_at = RunState.FINISHED, 1, now
    part.result, part.summary = result, summary
    session.flush()
    if part.kind is PartKind.THEMES:
        jobs.defer(session, TAKE_UP, queue="analysis", part_id=str(part.id))


def fail_part(session: Session, *, part: AnalysisPart, failure: str, now: datetime) -> None:
    part.state, part.finished_at, part.failure = RunState.FAILED, now, failure
    session.flush()


def stop_run(session: Session, *, run: AnalysisRun, actor: Actor, now: datetime) -> None:
    """End a run: what waits is not begun, a schedule takes the best found so far, all else under way is given up."""
    of_run = select(AnalysisPart).where(AnalysisPart.run_id == run.id, AnalysisPart.state.in_(UNFINISHED))
    under_way = session.scalars(of_run.order_by(AnalysisPart.position).with_for_update()).all()
    for part in under_way:
        part.stop_asked_at = part.stop_asked_at or now
        if part.state is RunState.WAITING:
            fail_part(session, part=part, failure=STOPPED, now=now)
    if under_way:
        audit.record(session, "analysis.stopped", subject=run, actor=actor, parts=len(under_way))
    session.flush()


def retry_failed(session: Session, *, run: AnalysisRun, actor: Actor) -> int:
    """Queue the failed parts of a run again, and those not taken up; the others stay as they are. Returns how many.

    Raises:
        CodeChangedError: other code would compute them than the finished ones.
    """
    session.execute(select(AnalysisRun.id).where(AnalysisRun.id == run.id).with_for_update())
    session.expire(run, ["parts"])  # somebody else may have asked for the same at this moment
    failed = [part for part in run.parts if part.state is RunState.FAILED]
    found = [part for part in run.parts if part.was_not_taken_up]
    if failed and run.code_version != code_version():
        raise CodeChangedError
    for part in failed:
        part.state, part.progress, part.finished_at, part.failure = RunState.WAITING, 0, None, None
        part.stop_asked_at = None
        jobs.defer(session, RUN_PART, queue="analysis", part_id=str(part.id))
    for part in found:
        part.failure = None
        jobs.defer(session, TAKE_UP, queue="analysis", part_id=str(part.id))
    again = len(failed) + len(found)
    if again:
        audit.record(session, "analysis.retried", subject=run, actor=actor, parts=again)
    session.flush()
    return again
