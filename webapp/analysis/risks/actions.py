"""Putting a risk on the register, and wording an entry anew. Nothing written is changed: the newest wording stands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.analysis.risks.findings import Finding, Seen
from webapp.audit import Actor
from webapp.models import Programme, Risk, RiskFigure, RiskKind, RiskVersion
from webapp.once import add_once


class OnRegisterError(Exception):
    """Somebody has put the same finding on the register."""


class RewordedError(Exception):
    """Somebody has worded the entry anew since it was read."""


class FindingGoneError(Exception):
    """The analysis went meanwhile, as the responses behind it are destroyed, or what the risk is about."""


def risk_of(finding: Finding) -> Risk:
    """What an entry about a finding is about."""
    found = finding.risk
    return Risk(
        kind=RiskKind(found.kind.value),
        lot_id=_key(found.lot_id),
        provider_id=_key(found.provider_id),
        procurement_id=_key(found.procurement_id),
        found_key=found.key,
        engagement_id=finding.engagement_id,
    )


def enter(
    session: Session,
    *,
    entry_id: uuid.UUID,
    programme: Programme,
    risk: Risk,
    version: RiskVersion,
    finding: Finding | None,
    actor: Actor,
) -> None:
    """Raises WrittenAlreadyError, OnRegisterError and FindingGoneError."""
    risk.id, risk.programme_id = entry_id, programme.id
    version.id = version.risk_id = entry_id
    version.number = 1
    _write(session, risk)
    _write_version(session, version, finding.seen if finding is not None else None, actor)
    audit.record(session, "risk.entered", subject=risk, actor=actor, organisation_id=programme.buyer_id)
    session.flush()


def reword(
    session: Session,
    *,
    entry_id: uuid.UUID,
    programme: Programme,
    standing: RiskVersion,
    version: RiskVersion,
    seen: Seen | None,
    actor: Actor,
) -> None:
    """Raises WrittenAlreadyError, RewordedError and FindingGoneError."""
    risk = standing.risk
    version.id, version.risk_id, version.number = entry_id, risk.id, standing.number + 1
    _write_version(session, version, seen, actor)
    audit.record(
        session,
        "risk.reworded",
        subject=risk,
        actor=actor,
        organisation_id=programme.buyer_id,
        number=version.number,
        state=version.state.value,
    )
    session.flush()


def exported(session: Session, *, programme: Programme, actor: Actor) -> None:
    """That the register left the service."""
    audit.record(session, "risk.exported", subject=programme, actor=actor, organisation_id=programme.buyer_id)
    session.flush()


def _write_version(session: Session, version: RiskVersion, seen: Seen | None, actor: Actor) -> None:
    version.written_by = actor.person_id
    _write(session, version)
    if seen is not None:
        _write(session, RiskFigure(version_id=version.id, part_id=seen.part_id, run=seen.run, figure=seen.figure))


def _write(session: Session, row: Risk | RiskVersion | RiskFigure) -> None:
    """Once."""
    try:
        add_once(session, row)
    except IntegrityError as error:
        session.rollback()
        broken = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
        if broken is None or broken not in MEANWHILE:
            raise
        raise MEANWHILE[broken] from error


MEANWHILE: Mapping[str, type[Exception]] = {
    "uq_risk_programme_id_found_key": OnRegisterError,
    "uq_risk_version_risk_id_number": RewordedError,
    "fk_risk_lot_id_lot": FindingGoneError,
    "fk_risk_procurement_id_procurement": FindingGoneError,
    "fk_risk_figure_part_id_analysis_part": FindingGoneError,
}
"""What others can have done since the page was read."""


def _key(identifier: str | None) -> uuid.UUID | None:
    return uuid.UUID(identifier) if identifier is not None else None
