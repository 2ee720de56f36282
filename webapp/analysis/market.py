"""From rows to the frozen inputs of the intelligence package: the only place where the two vocabularies meet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

import intelligence as engine
from webapp.analysis.consortia import consortium_key
from webapp.analysis.market_rows import (
    OF_PROVIDERS,
    MeasuredAnswers,
    declared_in,
    invited_to,
    lots_of,
    measured_answers,
    register_of,
    submissions_to,
)
from webapp.analysis.succession import after_a_gap, by_service, may_run, providing, taken_over
from webapp.engagements.provider_kinds import described
from webapp.models import (
    READ_FOR_THEMES,
    Contract,
    Engagement,
    Lot,
    Measure,
    Organisation,
    Procurement,
    Question,
    Section,
    Submission,
)

DAYS_A_YEAR = 365.25


def load(session: Session, *, engagement: Engagement, as_of: date) -> engine.Market:
    """The market as the current submissions of an engagement describe it, in an order that depends on ids alone.

    Of the contract register it has what may still run on the day `as_of`.
    """
    lots = lots_of(session, engagement.id)
    register = register_of(session, engagement.programme_id)
    replaced = tuple(_replaced(register, lots, as_of))
    present = providing(register, on=as_of)
    submissions = submissions_to(session, engagement.id)
    answers = measured_answers(session, engagement.id)
    return engine.Market(
        sites=_sites(lots),
        service_lines=_service_lines(lots),
        lots=tuple(_lot(lot, present) for lot in lots),
        procurements=_procurements(lots),
        contracts=replaced,
        providers=_providers(
            submissions, _suppliers(register, replaced, present), answers, invited_to(session, engagement.id)
        ),
        interests=tuple(map(_interest, declared_in(session, engagement.id))),
        comments=tuple(_comments(submissions, answers)),
        terms=tuple(_terms(submissions, answers, lots)),
    )


def theme_questions(session: Session, *, engagement: Engagement) -> Sequence[Question]:
    """The questions whose answers are read for themes, of the newest published version, in the order asked."""
    newest = max((each for each in engagement.versions if each.published_at), key=lambda each: each.number).id
    return session.scalars(
        select(Question)
        .join(Question.section)
        .where(Section.version_id == newest, Question.measure.in_(READ_FOR_THEMES))
        .order_by(Section.position, Question.position)
    ).all()


def _sites(lots: Sequence[Lot]) -> tuple[engine.Site, ...]:
    sites = {unit.site.id: unit.site for lot in lots for unit in lot.units}
    ordered = sorted(sites.values(), key=lambda site: (site.position, site.code))
    return tuple(engine.Site(str(site.id), site.name, site.places, site.kind.value) for site in ordered)


def _service_lines(lots: Sequence[Lot]) -> tuple[engine.ServiceLine, ...]:
    lines = {unit.service_line.id: unit.service_line for lot in lots for unit in lot.units}
    ordered = sorted(lines.values(), key=lambda line: (line.position, line.code))
    return tuple(engine.ServiceLine(str(line.id), line.name) for line in ordered)


def _lot(lot: Lot, present: Mapping[uuid.UUID, Sequence[Contract]]) -> engine.Lot:
    incumbents = {
        str(contract.supplier_id)
        for unit in lot.units
        for contract in present.get(unit.id, ())
        if contract.supplier_id is not None
    }
    return engine.Lot(
        id=str(lot.id),
        title=lot.title,
        units=tuple(
            engine.Unit(str(unit.site_id), str(unit.service_line_id), unit.annual_value, unit.demand_wte)
            for unit in lot.units
        ),
        annual_value=lot.annual_value,
        demand_wte=lot.demand_wte,
        incumbent_ids=tuple(sorted(incumbents)),
        term_years=lot.term_months / 12 if lot.term_months else None,
    )


def _procurements(lots: Sequence[Lot]) -> tuple[engine.Procurement, ...]:
    procurements: dict[uuid.UUID, Procurement] = {lot.procurement_id: lot.procurement for lot in lots}
    ordered = sorted(procurements.values(), key=lambda procurement: procurement.position)
    return tuple(
        engine.Procurement(
            id=str(procurement.id),
            title=procurement.title,
            route=engine.Route(procurement.route.value),
            lot_ids=tuple(str(lot.id) for lot in lots if lot.procurement_id == procurement.id),
            service_start=procurement.service_start,
            mobilisation_days=procurement.mobilisation_days,
            officer=procurement.officer,
            most_lots_bid=procurement.most_lots_bid,
            most_lots_awarded=procurement.most_lots_awarded,
        )
        for procurement in ordered
    )


def _replaced(register: Sequence[Contract], lots: Sequence[Lot], as_of: date) -> Iterable[engine.Contract]:
    """Those that the lots would replace, and those whose end is to be known because nothing on record takes over.

    A lot replaces what runs when its services start: not what another contract has taken over by then, nor what ended
    before a gap after which another began.
    """
    covering = by_service(register)
    starts = {unit.id: lot.procurement.service_start for lot in lots for unit in lot.units}
    for contract in register:
        left = {
            unit.id
            for unit in contract.units
            if not taken_over(contract, covering[unit.id], by=starts.get(unit.id, date.max))
        }
        running = {
            unit_id
            for unit_id in left & starts.keys()
            if not after_a_gap(contract, covering[unit_id], by=starts[unit_id])
        }
        if may_run(contract, as_of) and (left or not contract.units):
            yield _contract(contract, [lot for lot in lots if running & {unit.id for unit in lot.units}])


def _contract(contract: Contract, replaced_by: Iterable[Lot]) -> engine.Contract:
    return engine.Contract(
        id=str(contract.id),
        title=contract.title,
        lot_ids=tuple(str(lot.id) for lot in replaced_by),
        end=contract.end_date,
        latest_end=contract.latest_end_date,
        supplier_id=str(contract.supplier_id) if contract.supplier_id else None,
        extension_day=_extension_day(contract),
    )


def _extension_day(contract: Contract) -> int | None:
    """What a day costs more that the contract runs on, of its yearly value and how much dearer it then is."""
    if contract.annual_value is None or contract.extension_uplift is None:
        return None
    return max(1, round(contract.annual_value * contract.extension_uplift / 100 / DAYS_A_YEAR))


def _suppliers(
    register: Sequence[Contract],
    replaced: Sequence[engine.Contract],
    present: Mapping[uuid.UUID, Sequence[Contract]],
) -> list[Organisation]:
    """Who provides services now, and whose contracts are to be replaced."""
    counting = {contract.id for contract in replaced} | {str(each.id) for found in present.values() for each in found}
    return [each.supplier for each in register if each.supplier is not None and str(each.id) in counting]


def _providers(
    submissions: Sequence[Submission],
    suppliers: Sequence[Organisation],
    answers: MeasuredAnswers,
    invited: Sequence[Organisation],
) -> tuple[engine.Provider, ...]:
    """Everyone who answered, and those invited and the present suppliers, whose silence is a fact too."""
    providers = {organisation.id: _provider(organisation) for organisation in (*suppliers, *invited)}
    for submission in submissions:
        organisation = submission.response.organisation
        said = {measure: answers.value(submission, measure) for measure in OF_PROVIDERS}
        providers[organisation.id] = _provider(organisation, submission, said)
    return tuple(providers[key] for key in sorted(providers))


def _provider(
    organisation: Organisation, submission: Submission | None = None, said: dict[Measure, Any] | None = None
) -> engine.Provider:
    said = said or {}
    about = described(organisation, submission)
    return engine.Provider(
        id=str(organisation.id),
        name=organisation.name,
        kind=engine.ProviderKind(about.kind.value) if about.kind else engine.ProviderKind.OTHER,
        size=engine.ProviderSize(about.size.value) if about.size else None,
        vcse=about.vcse,
        cqc_registered=said.get(Measure.CQC_REGISTERED),
        secure_setting_experience=said.get(Measure.SECURE_SETTING_EXPERIENCE),
        startable_together=said.get(Measure.STARTABLE_TOGETHER),
        held_at_most=said.get(Measure.HELD_AT_MOST),
        tenders_at_once=said.get(Measure.TENDERS_AT_ONCE),
        shortest_bid_days=_days(said.get(Measure.SHORTEST_BID_DAYS)),
        avoid=tuple(
            engine.AvoidedDates(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))
            for period in said.get(Measure.DATES_TO_AVOID) or ()
        ),
        largest_annual_value=_largest(said.get(Measure.LARGEST_ANNUAL_VALUE)),
    )


def _terms(
    submissions: Sequence[Submission], answers: MeasuredAnswers, lots: Sequence[Lot]
) -> Iterable[engine.LotTerms]:
    """Of those who said any. A lot that the engagement has no longer is in no package, and one lot alone is none."""
    asked = {str(lot.id) for lot in lots}
    for submission in submissions:
        amount = answers.value(submission, Measure.LARGEST_ANNUAL_VALUE)
        smallest = amount.get("smallest") if isinstance(amount, dict) else None
        wanted = answers.value(submission, Measure.WANTED_TOGETHER) or ()
        left = ({lot_id for lot_id in package if lot_id in asked} for package in wanted)
        packages = tuple(sorted({tuple(sorted(package)) for package in left if len(package) > 1}))
        if smallest is not None or packages:
            yield engine.LotTerms(str(submission.response.organisation_id), smallest, packages)


def _days(value: str | None) -> int | None:
    """The working days of the option taken; none where a questionnaire offers other words than numbers of days."""
    return int(value) if value and value.isdecimal() else None


def _largest(value: Any) -> float | None:
    """An amount, or the upper end of a range."""
    return value.get("largest") if isinstance(value, dict) else value


def _interest(interest: Row[*tuple[Any, ...]]) -> engine.Interest:
    return engine.Interest(
        provider_id=str(interest.organisation_id),
        lot_id=str(interest.lot_id),
        level=engine.InterestLevel(interest.level.value),
        role=engine.BiddingRole(interest.role.value) if interest.role else engine.BiddingRole.LEAD,
        wte_at_start=interest.wte_at_start,
        wte_month_6=interest.wte_month_6,
        mobilisation_months=interest.mobilisation_months,
        consortium=consortium_key(interest.consortium) if interest.consortium else None,
    )


def _comments(submissions: Sequence[Submission], answers: MeasuredAnswers) -> Iterable[engine.Comment]:
    for submission in submissions:
        may_quote = answers.value(submission, Measure.MAY_QUOTE) is True
        for answer in (each for measure in READ_FOR_THEMES for each in answers.every(submission, measure)):
            yield engine.Comment(
                id=str(answer.id),
                provider_id=str(submission.response.organisation_id),
                question=answer.key,
                text=answer.value,
                may_quote=may_quote,
            )
