"""Which contracts of a register provide a service on a day, as one takes over from another."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from webapp.models import Contract

LONGEST_MOBILISATION = 200
"""Calendar days, about 140 working days: the longest that public notices of these services tell of."""


def taken_over(contract: Contract, others: Iterable[Contract], *, by: date) -> bool:
    """Whether by that day one of the others, which are for the same service, has taken it over from the contract.

    The next contract begins later and ends later. It begins in the contract's last months, while its supplier
    mobilises, on the day it ends, the day after, or later where the contract can be extended to meet it. Until its own
    end has passed the contract provides the service as well.

    One that begins sooner runs beside it, as two suppliers of one service do. One that begins after a gap takes nothing
    over, since nobody is on record in between: see :func:`after_a_gap`. One without a start says nothing.
    """
    return contract.end_date < by and any(
        other.start_date is not None
        and (contract.start_date is None or contract.start_date < other.start_date)
        and contract.end_date < other.end_date
        and (contract.end_date - other.start_date).days <= LONGEST_MOBILISATION
        and (other.start_date - _latest_end(contract)).days <= 1
        and other.start_date <= by
        for other in others
    )


def after_a_gap(contract: Contract, others: Iterable[Contract], *, by: date) -> bool:
    """Whether by that day one of the others has begun, but only after the contract could run no longer."""
    return any(
        other.start_date is not None and (other.start_date - _latest_end(contract)).days > 1 and other.start_date <= by
        for other in others
    )


def by_service(contracts: Iterable[Contract]) -> dict[uuid.UUID, list[Contract]]:
    """Those for each service at a site, in their order."""
    found: dict[uuid.UUID, list[Contract]] = {}
    for contract in contracts:
        for unit in contract.units:
            found.setdefault(unit.id, []).append(contract)
    return found


def may_run(contract: Contract, on: date) -> bool:
    """Whether its last day is yet to come, every extension counted."""
    return _latest_end(contract) >= on


def providing(contracts: Iterable[Contract], *, on: date) -> dict[uuid.UUID, list[Contract]]:
    """Those that provide each service on a day: begun, as far as is known, perhaps not over, and not taken over."""
    return {
        unit_id: [
            contract
            for contract in covering
            if (contract.start_date is None or contract.start_date <= on)
            and may_run(contract, on)
            and not taken_over(contract, covering, by=on)
        ]
        for unit_id, covering in by_service(contracts).items()
    }


def _latest_end(contract: Contract) -> date:
    return contract.latest_end_date or contract.end_date
