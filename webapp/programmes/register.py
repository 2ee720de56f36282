"""The contract register as a programme's page shows it: what ends together, and what is off the standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from markupsafe import Markup

from webapp.models import Contract, ContractForm, Programme
from webapp.programmes.unit_names import NOT_KNOWN, UnitNames
from webapp.web.cells import Cell, Row, labelled, lines, tag
from webapp.web.charts import Mark, Milestone, Stage, TimelineRow, timeline
from webapp.web.format import day, money, plural, short_day

MOST_IN_FULL = 60
"""Contracts that a page draws and lists one by one; of more, those of one day stand for each other."""
_STANDARD = frozenset({ContractForm.NHS_STANDARD, ContractForm.NHS_SHORTER_FORM})


@dataclass(frozen=True, slots=True)
class Expiry:
    """The contracts that end on one day, and so have to be replaced together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Register:
    contracts: int
    expiries: tuple[Expiry, ...]
    chart: Markup | None
    drawn: tuple[Row, ...]
    """What the chart shows, in words."""

    @property
    def is_long(self) -> bool:
        return self.contracts > MOST_IN_FULL


def register(programme: Programme, names: UnitNames, today: date) -> Register:
    contracts = programme.contracts
    ends = [list(together) for _end, together in groupby(contracts, key=lambda contract: contract.end_date)]
    terms = [_term_of_all(together) for together in ends] if len(contracts) > MOST_IN_FULL else map(_term, contracts)
    drawn = list(terms)
    return Register(
        contracts=len(contracts),
        expiries=tuple(_expiry(together, names, today) for together in ends),
        chart=_chart(drawn, today),
        drawn=tuple((each.name, _day(each.start), short_day(each.end), _latest(each.latest)) for each in drawn),
    )


def off_standard(contract: Contract) -> list[Markup]:
    """What an officer should see at once of its terms."""
    found = []
    if contract.inherited:
        found.append(tag("Taken over", "purple"))
    if contract.form is not None and contract.form not in _STANDARD:
        found.append(tag("Off the standard contract", "orange"))
    return found


def provider_behind(contract: Contract) -> list[str]:
    """The provider that the register calls otherwise, if it does, or that none stands behind the name."""
    if contract.supplier is None:
        return ["Only a name"]
    return [] if contract.supplier.name == contract.supplier_name else [f"Provider: {contract.supplier.name}"]


@dataclass(frozen=True, slots=True)
class _Term:
    """When one contract runs, or those that end on one day."""

    name: str
    start: date | None
    end: date
    latest: date | None


def _term(contract: Contract) -> _Term:
    return _Term(contract.title, contract.start_date, contract.end_date, contract.latest_end_date)


def _term_of_all(contracts: Sequence[Contract]) -> _Term:
    """From the first start to the last possible end."""
    end = contracts[0].end_date
    return _Term(
        f"{short_day(end)}: {plural(len(contracts), 'contract')}",
        min((each.start_date for each in contracts if each.start_date), default=None),
        end,
        max((each.latest_end_date for each in contracts if each.latest_end_date), default=None),
    )


def _chart(terms: Sequence[_Term], today: date) -> Markup | None:
    if not terms:
        return None
    return timeline(
        "expiries",
        "When each contract ends, and how far it can be extended",
        [_drawn(term) for term in terms],
        kinds=("Contract", "Possible extension"),
        marks=[Mark(label="Today", on=today, kind="today")],
    )


def _drawn(term: _Term) -> TimelineRow:
    stages = []
    if term.start is not None:
        stages.append(Stage(label="Contract", kind="Contract", start=term.start, end=term.end))
    if term.latest is not None and term.latest > term.end:
        extension = "Possible extension"
        stages.append(Stage(label=extension, kind=extension, start=term.end + timedelta(days=1), end=term.latest))
    ends = () if term.start is not None else (Milestone(label="Ends", on=term.end),)
    return TimelineRow(label=term.name, stages=tuple(stages), milestones=ends)


def _expiry(contracts: Sequence[Contract], names: UnitNames, today: date) -> Expiry:
    values = [contract.annual_value for contract in contracts]
    known = [value for value in values if value is not None]
    worth = f", {money(sum(known))} a year" if known else ""
    partly = " for those whose value is known" if known and len(known) < len(values) else ""
    end = contracts[0].end_date
    ends = "Ends" if end >= today else "Ended"
    return Expiry(
        title=f"{ends} on {day(end)}: {plural(len(contracts), 'contract')}{worth}{partly}",
        rows=tuple(contract_row(contract, names, contract.title) for contract in contracts),
    )


def contract_row(contract: Contract, names: UnitNames, title: Cell) -> Row:
    """All but when it ends. `title` is what it is called, or a link of that name."""
    synthetic = contract.supplier is not None and contract.supplier.synthetic
    return (
        lines((title, *off_standard(contract))),
        lines((labelled(contract.supplier_name, synthetic=synthetic), *provider_behind(contract))),
        names.of(contract.units),
        NOT_KNOWN if contract.annual_value is None else money(contract.annual_value),
        _day(contract.start_date),
        _latest(contract.latest_end_date),
        NOT_KNOWN if contract.notice_months is None else plural(contract.notice_months, "month"),
        contract.source or "",
    )


def _day(value: date | None) -> str:
    return short_day(value) if value else NOT_KNOWN


def _latest(value: date | None) -> str:
    return short_day(value) if value else "None given"
