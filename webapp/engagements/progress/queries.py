"""How an engagement advances: counts made by the database, so that no response is loaded to draw them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    SelectBase,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.engagements.declining.queries import may_be_known
from webapp.engagements.provider_kinds import kind_of_row
from webapp.engagements.sealed import opened
from webapp.models import (
    Contract,
    Decline,
    DeclineReason,
    Engagement,
    EngagementLot,
    InterestCount,
    InterestLevel,
    Invitation,
    Lot,
    Organisation,
    Party,
    ProviderKind,
    Response,
    SignInLink,
    Submission,
)
from webapp.models.programme import contract_unit, lot_unit

ENGAGEMENT: BindParameter[uuid.UUID] = bindparam("engagement_id")
PROGRAMME: BindParameter[uuid.UUID] = bindparam("programme_id")
INVITED, CAME_IN, STARTED, SUBMITTED = STAGES = ("Invited", "Used the link", "Started", "Submitted")


@dataclass(frozen=True, slots=True)
class OfKind:
    """Providers of one kind that the programme knows, and how many of them have come how far."""

    kind: ProviderKind | None
    known: int
    invited: int
    started: int
    submitted: int
    declined: int
    submitted_of_invited: int
    declined_of_invited: int
    withdrawn_of_invited: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of the providers that were invited; the others have said nothing that counts."""

    invited: int
    submitted: int
    declined: int
    withdrawn: int
    """Submitted a response and withdrew it, and have said nothing since."""

    @property
    def silent(self) -> int:
        return self.invited - self.submitted - self.declined - self.withdrawn


@dataclass(frozen=True, slots=True)
class OfLot:
    lot: Lot
    interest: Mapping[InterestLevel, int]
    """How many declare each level of interest in it; a level that nobody declares is left out."""
    suppliers: tuple[tuple[str, bool | None], ...]
    """Who provides any of it now, and whether a response of theirs counts; None of one that is only a name."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Nothing of responses while they are sealed."""

    pace: Mapping[str, Mapping[date, int]]
    """By stage, how many came so far on each day in London."""
    kinds: Sequence[OfKind]
    lots: Sequence[OfLot]
    """In their order, by the submissions that count."""
    reasons: Mapping[DeclineReason, int]
    """How many of those that will not respond give each, the most frequent first."""

    @property
    def started(self) -> int:
        """How many responses may be known."""
        return sum(self.pace.get(STARTED, {}).values())

    @property
    def declined(self) -> int:
        """How many have said that they will not respond, as far as that may be known; also who was not invited."""
        return sum(of.declined for of in self.kinds)

    @property
    def answered(self) -> Answered:
        return Answered(
            invited=sum(of.invited for of in self.kinds),
            submitted=sum(of.submitted_of_invited for of in self.kinds),
            declined=sum(of.declined_of_invited for of in self.kinds),
            withdrawn=sum(of.withdrawn_of_invited for of in self.kinds),
        )


def progress(session: Session, engagement: Engagement, *, destination: str, as_answered: bool) -> Progress:
    """All by one statement: after each long wait a web process finds nothing of its own in the processor's caches.

    `destination` is the path to which the links in invitations lead. `as_answered` counts providers whose details say
    no kind as what they answered: a count of one tells the answer.
    """
    about = {
        "engagement_id": engagement.id,
        "programme_id": engagement.programme_id,
        "destination": destination,
    }
    came, kinds, levels, suppliers, reasons = session.execute(_COUNTED[as_answered], about).one()
    pace: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for stage, day, count in came:
        pace[stage][date.fromisoformat(day)] = count
    interest: defaultdict[str, dict[InterestLevel, int]] = defaultdict(dict)
    for lot_id, level, count in levels:
        interest[lot_id][InterestLevel(level)] = count
    present: defaultdict[str, list[tuple[str, bool | None]]] = defaultdict(list)
    for lot_id, name, heard in suppliers:
        present[lot_id].append((name, heard))
    lots = [(entry.lot, str(entry.lot_id)) for entry in engagement.engagement_lots]
    return Progress(
        pace=pace,
        kinds=[OfKind(ProviderKind(kind) if kind else None, *counts) for kind, *counts in kinds],
        lots=[OfLot(lot, interest[key], tuple(present[key])) for lot, key in lots],
        reasons={DeclineReason(reason): count for reason, count in reasons},
    )


def _as_one(counted: SelectBase) -> ScalarSelect[list[list[Any]]]:
    """Its rows in their order, as one value."""
    rows = counted.subquery()
    return select(func.coalesce(func.jsonb_agg(func.jsonb_build_array(*rows.c)), cast([], JSONB))).scalar_subquery()


def _pace() -> SelectBase:
    used = (
        select(func.min(SignInLink.used_at))
        .join(Invitation, Invitation.person_id == SignInLink.person_id)
        .where(Invitation.engagement_id == ENGAGEMENT, SignInLink.destination == bindparam("destination"))
        .group_by(Invitation.id)
    )
    first_submitted = (
        _responded(Submission.submitted_at)
        .join(Submission, Submission.response_id == Response.id)
        .where(Response.current_submission_id.is_not(None), Submission.number == 1)
    )
    hours = union_all(
        _by_hour(INVITED, select(Invitation.created_at).where(Invitation.engagement_id == ENGAGEMENT)),
        _by_hour(CAME_IN, used),
        _by_hour(STARTED, _responded(Response.started_at)),
        _by_hour(SUBMITTED, first_submitted),
    ).subquery()
    stage, hour, came = hours.c
    day = func.date(func.timezone("Europe/London", hour))  # of few hours: each moment by itself takes longer
    return select(stage, day, func.sum(came)).group_by(stage, day).order_by(day)


def _by_hour(stage: str, moments: Select[datetime] | Select[datetime | None]) -> Select[str, datetime, int]:
    """How many came in each hour; a day of London begins with one."""
    (at,) = moments.subquery().c
    hour = func.date_bin(timedelta(hours=1), at, datetime(2000, 1, 1, tzinfo=UTC)).label("hour")
    return select(literal(stage).label("stage"), hour, func.count().label("came")).where(at.is_not(None)).group_by(hour)


def _by_kind(*, as_answered: bool) -> SelectBase:
    """The known market: the programme's present suppliers, those invited, and those that responded or said that they
    will not, as far as that may be known."""
    suppliers = select(Contract.supplier_id).where(Contract.programme_id == PROGRAMME)
    invited = select(Invitation.organisation_id).where(Invitation.engagement_id == ENGAGEMENT).distinct().subquery()
    responded = _responded(Response.organisation_id, Response.current_submission_id, Response.withdrawn_at).subquery()
    declined = _declined(Decline.organisation_id).subquery()
    was_invited = invited.c.organisation_id.is_not(None)
    kind = kind_of_row() if as_answered else Organisation.provider_kind
    return (
        select(
            kind,
            func.count(),
            func.count(invited.c.organisation_id),
            func.count(responded.c.organisation_id),
            func.count(responded.c.current_submission_id),
            func.count(declined.c.organisation_id),
            func.count(responded.c.current_submission_id).filter(was_invited),
            func.count(declined.c.organisation_id).filter(was_invited),
            func.count(responded.c.withdrawn_at).filter(was_invited, declined.c.organisation_id.is_(None)),
        )
        .outerjoin(invited, invited.c.organisation_id == Organisation.id)
        .outerjoin(responded, responded.c.organisation_id == Organisation.id)
        .outerjoin(declined, declined.c.organisation_id == Organisation.id)
        .outerjoin(Submission, Submission.id == responded.c.current_submission_id)
        .where(
            Organisation.party == Party.PROVIDER,
            or_(
                responded.c.organisation_id.is_not(None),
                was_invited,
                declined.c.organisation_id.is_not(None),
                Organisation.id.in_(suppliers),
            ),
        )
        .group_by(kind)
        .order_by(kind.asc().nulls_last())
    )


def _interest() -> SelectBase:
    return (
        select(InterestCount.lot_id, InterestCount.level, InterestCount.responses)
        .join(Engagement, Engagement.id == InterestCount.engagement_id)
        .where(InterestCount.engagement_id == ENGAGEMENT, InterestCount.responses > 0, opened())
    )


def _reasons() -> SelectBase:
    each = _declined(func.unnest(Decline.reasons).label("reason")).subquery()
    return select(each.c.reason, func.count()).group_by(each.c.reason).order_by(func.count().desc(), each.c.reason)


def _suppliers() -> SelectBase:
    submitted = _responded(Response.id).where(Response.current_submission_id.is_not(None))
    heard = submitted.where(Response.organisation_id == Organisation.id).exists()
    name = func.coalesce(Organisation.name, Contract.supplier_name)
    return (
        select(EngagementLot.lot_id, name, case((Organisation.id.is_not(None), heard)))
        .distinct()
        .join(lot_unit, lot_unit.c.lot_id == EngagementLot.lot_id)
        .join(contract_unit, contract_unit.c.unit_id == lot_unit.c.unit_id)
        .join(Contract, Contract.id == contract_unit.c.contract_id)
        .outerjoin(Organisation, Organisation.id == Contract.supplier_id)
        .where(EngagementLot.engagement_id == ENGAGEMENT, Contract.programme_id == PROGRAMME)
        .order_by(EngagementLot.lot_id, name)
    )


def _responded(*columns: InstrumentedAttribute[Any]) -> Select[Any]:
    """Of each response that may be known."""
    return (
        select(*columns)
        .select_from(Response)
        .join(Response.engagement)
        .where(Response.engagement_id == ENGAGEMENT, opened())
    )


def _declined(*columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[Any]:
    """Of each provider that has said that it will not respond, and that may be known."""
    return select(*columns).where(may_be_known(ENGAGEMENT))


def _counted(*, as_answered: bool) -> Select[Any]:
    counted = (_pace(), _by_kind(as_answered=as_answered), _interest(), _suppliers(), _reasons())
    return select(*map(_as_one, counted))


_COUNTED = {as_answered: _counted(as_answered=as_answered) for as_answered in (False, True)}
