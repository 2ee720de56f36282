"""Putting a risk on the register, and wording an entry anew. Nothing written is changed: the newest wording stands."""

from __future__ import annotations

import uuid

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.analysis.risks.findings import Finding
from webapp.audit import Actor
from webapp.models import Programme, Risk, RiskFigure, RiskKind, RiskVersion
from webapp.once import add_once

FIGURE_OF = "fk_risk_figure_part_id_analysis_part"


class OnRegisterError(Exception):
    """Somebody has put the same finding on the register."""


class RewordedError(Exception):
    """Somebody has worded the entry anew since it was read."""


class FindingGoneError(Exception):
    """The analysis went meanwhile, as the responses behind it are destroyed."""


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
    _write(session, [risk], OnRegisterError)
    _write_version(session, version, finding, actor)
    audit.record(session, "risk.entered", subject=risk, actor=actor, organisation_id=programme.buyer_id)
    session.flush()


def reword(
    session: Session,
    *,
    entry_id: uuid.UUID,
    programme: Programme,
    standing: RiskVersion,
    version: RiskVersion,
    finding: Finding | None,
    actor: Actor,
) -> None:
    """Raises WrittenAlreadyError, RewordedError and FindingGoneError."""
    risk = standing.risk
    version.id, version.risk_id, version.number = entry_id, risk.id, standing.number + 1
    _write_version(session, version, finding, actor)
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


def _write_version(session: Session, version: RiskVersion, finding: Finding | None, actor: Actor) -> None:
    version.written_by = actor.person_id
    _write(session, [version], RewordedError)
    if finding is not None:
        figure = RiskFigure(version_id=version.id, part_id=finding.part_id, run=finding.run, figure=finding.risk.figure)
        _write(session, [figure], FindingGoneError)


def _write(session: Session, rows: list[Risk | RiskVersion | RiskFigure], otherwise: type[Exception]) -> None:
    """Once. What breaks another of the table's rules than its key is `otherwise`."""
    try:
        add_once(session, *rows)
    except IntegrityError as error:
        session.rollback()
        broken = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
        if broken not in MEANWHILE:
            raise
        raise otherwise from error


MEANWHILE = ("uq_risk_programme_id_found_key", "uq_risk_version_risk_id_number", FIGURE_OF)
"""What others can have done since the page was read."""


def _key(identifier: str | None) -> uuid.UUID | None:
    return uuid.UUID(identifier) if identifier is not None else None
