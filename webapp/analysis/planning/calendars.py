"""A plan as a calendar file, for one officer or all, which takes the place of what plans before put into calendars."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from intelligence.schedule.routes import Stage
from webapp.analysis.planning.earlier import NOTICE, SERVICE, Signature, Stood
from webapp.analysis.planning.pages.words import NOBODY, ROUTES
from webapp.analysis.planning.queries import Plan
from webapp.exports.ics import Moment, Status, calendar
from webapp.web.format import LONDON, day, plural

BEGINNING_OF_WORK = time(9)
COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
"""Seconds since then fit the number that a calendar may have until 2088."""
# The days on which somebody must act, by stage; the ends of the other stages are the beginnings of these.
_BEGINS: Mapping[str, str] = {
    Stage.PREPARE: "Begin to prepare",
    Stage.INTENDED_APPROACH: "Publish the notice of intended approach",
    Stage.PARTICIPATION: "Publish, and ask for requests to participate",
    Stage.DIALOGUE: "Dialogue begins",
    Stage.TENDER: "Publish the tender",
    Stage.EVALUATE: "Evaluation begins",
    Stage.STANDSTILL: "Publish the award notice; standstill begins",
    Stage.AWARD: "Let the contract",
    Stage.MOBILISE: "Mobilisation begins",
}
_ENDS: Mapping[str, str] = {
    Stage.APPROVE_TO_PROCEED: "Board: approve to proceed",
    Stage.PARTICIPATION: "Requests to participate close",
    Stage.TENDER: "Tender closes",
    Stage.APPROVE_AWARD: "Board: approve the award",
    Stage.STANDSTILL: "Last day of the standstill",
}
_ONCE = {SERVICE: "Services start", NOTICE: "Last day for notice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What stands in calendars under one name, whichever plan put it there."""

    subject_id: str
    """Of a procurement, or of a contract whose supplier is owed notice."""
    what: str
    on: date
    title: str
    said: str
    status: Status | None = None


def calendar_file(
    plan: Plan,
    earlier: Sequence[Stood],
    signatures: Mapping[str, Signature],
    *,
    officer: str,
    name: str,
    address: str,
    now: datetime,
) -> bytes:
    """At nine on each day: of one officer's procurements, or of all with the notices due to present suppliers.

    `earlier` is what calendars may hold by the plans over which this one goes, `signatures` are those of procurements.
    """
    signed = {subject_id: each.at for subject_id, each in signatures.items() if each.is_of_plan}
    entries = [*_planned(plan, signed), *_notices(plan)]
    entries += _cancelled(plan, earlier, signatures, {(each.subject_id, each.what) for each in entries})
    if officer:
        had = _officers(plan, earlier)
        entries = [each for each in entries if officer in had.get(each.subject_id, ())]
    host = urlsplit(address).hostname
    return calendar(
        (
            Moment(
                uid=f"{each.subject_id}-{each.what}@{host}",
                at=datetime.combine(each.on, BEGINNING_OF_WORK, LONDON),
                title=each.title,
                description=each.said,
                address=address,
                revision=_revision(max(plan.asked_at, signed.get(each.subject_id, plan.asked_at))),
                status=each.status,
            )
            for each in sorted(entries, key=lambda each: (each.on, each.subject_id, each.what))
        ),
        name=name,
        written_at=now,
    )


def _revision(held_from: datetime) -> int:
    """The same whoever downloads it and when: of two plans of a programme that counts which was asked for or signed
    later, so that no older one moves back what a newer one has put into a calendar."""
    return int((held_from - COUNTED_FROM).total_seconds())


def _planned(plan: Plan, signed: Mapping[str, datetime]) -> Iterator[_Entry]:
    for item in plan.digest.schedule.procurements:
        at = signed.get(item.procurement_id)
        status = Status.CONFIRMED if at else Status.TENTATIVE
        held = f"Signed on {day(at)}." if at else f"By the plan of {day(plan.asked_at)}, which is not signed."
        said = f"{ROUTES[item.route]}. Officer: {item.officer or NOBODY}. {held}"
        edges = [edge for each in item.stages for edge in _edges(each.stage.value, each.start, each.end)]
        for what, on, words in [*edges, *_edges(SERVICE, item.service_start, item.service_start)]:
            in_hand = f"{plural(item.slack_days, 'working day')} in hand when this was planned. "
            yield _Entry(
                subject_id=item.procurement_id,
                what=what,
                on=on,
                title=f"{words}: {item.title}",
                said=f"{in_hand if what == SERVICE else ''}{said}",
                status=status,
            )


def _edges(stage: str, first: date, last: date) -> Iterator[tuple[str, date, str]]:
    """The days of a stage on which somebody must act: under which name, when, and what to do."""
    if stage in _ONCE:
        yield stage, first, _ONCE[stage]
    if stage in _BEGINS:
        yield f"{stage}-begins", first, _BEGINS[stage]
    if stage in _ENDS:
        yield f"{stage}-ends", last, _ENDS[stage]


def _notices(plan: Plan) -> Iterator[_Entry]:
    contracts = {contract.id: contract for contract in plan.digest.schedule.problem.contracts}
    for notice in plan.terms.notices:
        if contract := contracts.get(notice.contract_id):
            yield _Entry(
                subject_id=notice.contract_id,
                what=NOTICE,
                on=notice.by,
                title=f"{_ONCE[NOTICE]}: {contract.title}",
                said=f"The contract asks for {notice.months} months.",
            )


def _cancelled(
    plan: Plan, earlier: Sequence[Stood], signatures: Mapping[str, Signature], kept: Collection[tuple[str, str]]
) -> Iterator[_Entry]:
    """What those plans had on the day of this plan or later and it has not: other stages of its procurements, and
    procurements that its own engagement was the last to plan and no other's signature holds. A plan without any
    procurement has found nothing, and takes nothing out."""
    planned = {item.procurement_id for item in plan.digest.schedule.procurements}
    last = {each.subject_id: each.engagement_id for each in sorted(earlier, key=lambda each: each.asked_at)}
    for stood in earlier if planned else ():
        signature = signatures.get(stood.subject_id)
        concerned = {last[stood.subject_id], *([signature.engagement_id] if signature else ())}
        if stood.subject_id not in planned and concerned != {plan.run.engagement_id}:
            continue
        by = f"The plan of {day(plan.asked_at)}"
        if signature is not None and signature.is_of_plan:
            by = f"What was signed on {day(signature.at)}"
        for what, on, words in _edges(stood.stage, stood.first, stood.last):
            if (stood.subject_id, what) not in kept and on >= plan.asked_at.astimezone(LONDON).date():
                yield _Entry(
                    subject_id=stood.subject_id,
                    what=what,
                    on=on,
                    title=f"No longer planned: {words}: {stood.title}",
                    said=f"{by} does not have it any more.",
                    status=Status.CANCELLED,
                )


def _officers(plan: Plan, earlier: Iterable[Stood]) -> Mapping[str, set[str]]:
    """Who has a procurement, and who had it by one of those plans and may have it in a calendar still. Nobody has the
    notices: they are in the file of all."""
    had = {item.procurement_id: {item.officer or NOBODY} for item in plan.digest.schedule.procurements}
    for stood in earlier:
        if stood.stage == NOTICE:
            continue
        had.setdefault(stood.subject_id, set()).update(name or NOBODY for name in stood.officers)
    return had
