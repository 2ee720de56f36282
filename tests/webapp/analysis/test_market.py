"""From rows to the frozen market: what is read, what is left out, and in an order of ids alone."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence import estimate_capacity
from intelligence.lots.design import Rules
from tests import factories as make
from tests.webapp.browser_of_pages import statements_of
from webapp.analysis import market
from webapp.analysis.structures.design import design_of
from webapp.db import Database
from webapp.models import (
    Answer,
    BiddingRole,
    Contract,
    Engagement,
    InterestLevel,
    Measure,
    ProviderKind,
    ProviderSize,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    Response,
    Section,
)

TODAY = date(2027, 1, 15)
"""Before the contract of the usual programme ends."""


@pytest.fixture
def engagement(session: Session) -> Engagement:
    return make.engagement(session)


def answer(session: Session, response: Response, **values: object) -> None:
    questions = {question.key: question for question in session.scalars(select(Question))}
    session.add_all(
        Answer(submission_id=response.current_submission_id, question_id=questions[key].id, value=value)
        for key, value in values.items()
    )
    session.flush()


def test_a_submission_gives_a_provider_its_interests_limits_and_comments(
    session: Session, engagement: Engagement
) -> None:
    response = make.response(session, engagement)
    lot = make.lots_of(engagement)[0]
    said_of_lot = {"role": BiddingRole.CONSORTIUM, "wte_at_start": 2.5}
    make.submission(session, response, {lot.id: InterestLevel.LIKELY}, each=said_of_lot)
    answer(session, response, cqc=False, held=2, barriers="The price is too low.", quote=True)

    loaded = market.load(session, engagement=engagement, as_of=TODAY)

    (provider,) = loaded.providers
    assert (provider.cqc_registered, provider.held_at_most, provider.tenders_at_once) == (False, 2, None)
    (interest,) = loaded.interests
    assert (interest.lot_id, interest.level, interest.role) == (str(lot.id), "likely", "consortium")
    assert (interest.wte_at_start, interest.wte_month_6) == (2.5, None)
    (comment,) = loaded.comments
    assert (comment.text, comment.question, comment.may_quote) == ("The price is too low.", "barriers", True)


def test_the_award_limits_of_a_procurement_reach_the_forecast(session: Session, engagement: Engagement) -> None:
    lots = make.lots_of(engagement)
    make.submission(session, make.response(session, engagement), {lot.id: InterestLevel.WOULD_BID for lot in lots})
    free = estimate_capacity(market.load(session, engagement=engagement, as_of=TODAY), seed=1, draws=500)
    procurement = lots[0].procurement
    assert {lot.procurement_id for lot in lots} == {procurement.id}
    assert len(lots) > 1

    procurement.most_lots_bid, procurement.most_lots_awarded = len(lots), 1
    session.flush()
    limited = estimate_capacity(market.load(session, engagement=engagement, as_of=TODAY), seed=1, draws=500)
    assert limited.awards.expected_awardable < free.awards.expected_awardable
    assert [lot.expected_bids for lot in limited.lots] == [lot.expected_bids for lot in free.lots]

    procurement.most_lots_bid = 1
    session.flush()
    fewer = estimate_capacity(market.load(session, engagement=engagement, as_of=TODAY), seed=1, draws=500)
    assert sum(lot.expected_bids for lot in fewer.lots) < sum(lot.expected_bids for lot in free.lots)


@pytest.mark.parametrize("consent", [{}, {"quote": False}])
def test_without_consent_no_comment_may_be_quoted(
    session: Session, engagement: Engagement, consent: dict[str, bool]
) -> None:
    response = make.response(session, engagement)
    make.submission(session, response)
    answer(session, response, barriers="Ours alone.", **consent)
    (comment,) = market.load(session, engagement=engagement, as_of=TODAY).comments
    assert not comment.may_quote


def test_drafts_withdrawn_and_superseded_submissions_are_left_out(session: Session, engagement: Engagement) -> None:
    lot = make.lots_of(engagement)[0]
    make.response(session, engagement)
    withdrawn = make.response(session, engagement)
    make.submission(session, withdrawn, {lot.id: InterestLevel.WOULD_BID})
    withdrawn.current_submission_id = None
    amended = make.response(session, engagement)
    make.submission(session, amended, {lot.id: InterestLevel.WOULD_BID})
    session.refresh(amended)
    make.submission(session, amended, {lot.id: InterestLevel.POSSIBLY})
    assert [interest.level for interest in market.load(session, engagement=engagement, as_of=TODAY).interests] == [
        "possibly"
    ]


def test_a_present_supplier_is_an_incumbent_even_if_it_is_silent(session: Session, engagement: Engagement) -> None:
    supplier = make.provider(session)
    contract = session.scalars(select(Contract).where(Contract.programme_id == engagement.programme_id)).one()
    contract.supplier_id = supplier.id
    session.flush()
    loaded = market.load(session, engagement=engagement, as_of=TODAY)
    assert [provider.id for provider in loaded.providers] == [str(supplier.id)]
    assert all(lot.incumbent_ids == (str(supplier.id),) for lot in loaded.lots)
    assert loaded.contracts[0].lot_ids == tuple(lot.id for lot in loaded.lots)


def test_a_contract_that_has_ended_makes_no_incumbent_and_is_not_replaced(
    session: Session, engagement: Engagement
) -> None:
    supplier = make.provider(session)
    contract = session.scalars(select(Contract).where(Contract.programme_id == engagement.programme_id)).one()
    contract.supplier_id, contract.end_date = supplier.id, TODAY - timedelta(days=1)
    session.flush()
    loaded = market.load(session, engagement=engagement, as_of=TODAY)
    assert (loaded.contracts, loaded.providers) == ((), ())
    assert {lot.incumbent_ids for lot in loaded.lots} == {()}

    contract.latest_end_date = TODAY
    session.flush()
    loaded = market.load(session, engagement=engagement, as_of=TODAY)
    assert [each.id for each in loaded.contracts] == [str(contract.id)], "it may have been extended"
    assert {lot.incumbent_ids for lot in loaded.lots} == {(str(supplier.id),)}


def test_what_another_contract_takes_over_is_not_for_the_lots_to_replace(
    session: Session, engagement: Engagement
) -> None:
    contract = session.scalars(select(Contract).where(Contract.programme_id == engagement.programme_id)).one()
    following = Contract(
        programme_id=contract.programme_id,
        title="The next one",
        supplier_name="",
        start_date=contract.end_date + timedelta(days=1),
        end_date=contract.end_date + timedelta(days=700),
        units=contract.units[:1],
    )
    session.add(following)
    session.flush()
    first, *others = market.load(session, engagement=engagement, as_of=TODAY).lots
    replaced = {each.id: each.lot_ids for each in market.load(session, engagement=engagement, as_of=TODAY).contracts}
    (taken_over,) = replaced[str(following.id)]
    left = {lot.id for lot in (first, *others)} - {taken_over}
    assert set(replaced[str(contract.id)]) == left

    following.units = contract.units
    session.flush()
    assert [each.id for each in market.load(session, engagement=engagement, as_of=TODAY).contracts] == [
        str(following.id)
    ]


def another(session: Session, contract: Contract, start: date, **details: object) -> Contract:
    """A contract for all the services of this one."""
    made = Contract(
        programme_id=contract.programme_id,
        title="The next one",
        supplier_name="",
        start_date=start,
        end_date=start + timedelta(days=900),
        units=list(contract.units),
        **details,
    )
    session.add(made)
    session.flush()
    return made


def test_incumbents_are_those_whose_contracts_have_begun_and_were_not_taken_over(
    session: Session, engagement: Engagement
) -> None:
    former, present, to_come = (make.provider(session) for _ in range(3))
    contract = session.scalars(select(Contract).where(Contract.programme_id == engagement.programme_id)).one()
    contract.supplier_id, contract.end_date = former.id, TODAY - timedelta(days=30)
    contract.latest_end_date = TODAY + timedelta(days=300)
    following = another(session, contract, TODAY - timedelta(days=20), supplier_id=present.id)
    another(session, contract, following.end_date + timedelta(days=1), supplier_id=to_come.id)

    loaded = market.load(session, engagement=engagement, as_of=TODAY)
    assert {lot.incumbent_ids for lot in loaded.lots} == {(str(present.id),)}
    assert {each.id for each in loaded.providers} == {str(present.id), str(to_come.id)}

    following.end_date = TODAY - timedelta(days=1)
    session.flush()
    ended = market.load(session, engagement=engagement, as_of=TODAY)
    assert {lot.incumbent_ids for lot in ended.lots} == {()}, "the former one was not extended"


def test_a_contract_that_another_follows_only_after_a_gap_stays_in_the_plan(
    session: Session, engagement: Engagement
) -> None:
    contract = session.scalars(select(Contract).where(Contract.programme_id == engagement.programme_id)).one()
    (starts,) = {lot.procurement.service_start for lot in make.lots_of(engagement)}
    contract.end_date = contract.latest_end_date = starts - timedelta(days=200)
    following = another(session, contract, starts + timedelta(days=30))

    def replaced() -> dict[str, int]:
        loaded = market.load(session, engagement=engagement, as_of=TODAY)
        return {each.id: len(each.lot_ids) for each in loaded.contracts}

    lots = len(make.lots_of(engagement))
    assert replaced() == {str(contract.id): lots, str(following.id): lots}, "the lots start before the other contract"
    following.start_date = starts - timedelta(days=30)
    session.flush()
    assert replaced() == {str(contract.id): 0, str(following.id): lots}, "its end is to be known, and holds no lot up"


def test_the_number_of_statements_does_not_grow_with_the_responses(
    session: Session, database: Database, engagement: Engagement
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            make.submission(session, make.response(session, engagement), {})
        session.commit()
        with database.session() as fresh, statements_of(database) as statements:
            market.load(fresh, engagement=fresh.get_one(Engagement, engagement.id), as_of=TODAY)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_what_a_provider_wants_of_lots_cut_anew_reaches_their_design(session: Session) -> None:
    engagement = make.engagement(session, make.programme(session), questionnaire=False)
    version = QuestionnaireVersion(engagement_id=engagement.id, number=1)
    section = Section(version=version, position=1, slug="lots", title="Lots")
    values = make.question(QuestionKind.MONEY_RANGE, "values", measure=Measure.LARGEST_ANNUAL_VALUE)
    together = make.question(QuestionKind.PACKAGES, "together", measure=Measure.WANTED_TOGETHER)
    questions = [Question(section=section, position=place, **given) for place, given in enumerate((values, together))]
    session.add_all([version, *questions])
    session.flush()
    session.refresh(engagement)
    submission = make.submission(session, make.response(session, engagement))
    first, second, *_ = (str(lot.id) for lot in make.lots_of(engagement))
    gone = str(uuid.uuid4())
    said = ({"smallest": 250_000, "largest": None}, [[second, gone, first], [first, gone]])
    session.add_all(
        Answer(submission_id=submission.id, question_id=question.id, value=value)
        for question, value in zip(questions, said, strict=True)
    )
    session.flush()

    design = design_of(market.load(session, engagement=engagement, as_of=TODAY), Rules())

    (terms,) = design.terms
    assert terms.smallest_annual_value == 250_000
    (package,) = terms.packages
    both = {unit.id for unit in design.units if (unit.site_id, unit.service_line_id) in cells(engagement)}
    assert set(package) == both


def test_what_was_invited_by_name_is_of_the_kind_and_size_that_it_answered(
    session: Session, engagement: Engagement
) -> None:
    said = {
        "answered_kind": ProviderKind.GP_FEDERATION,
        "answered_size": ProviderSize.MEDIUM,
        "answered_vcse": False,
    }

    def loaded(**details: object) -> tuple[object, object, object]:
        organisation = make.provider(session, **details)
        response = make.response(session, engagement, make.provider_person(session, organisation))
        make.submission(session, response, **said)
        (found,) = (
            each
            for each in market.load(session, engagement=engagement, as_of=TODAY).providers
            if each.id == str(organisation.id)
        )
        return found.kind, found.size, found.vcse

    assert loaded(provider_kind=None, size=None, vcse=None) == ("gp_federation", "medium", False)
    assert loaded() == ("charity", "small", True), "what its own people keep of it goes before"
    said.clear()
    assert loaded(provider_kind=None, size=None, vcse=None) == ("other", None, None)


def cells(engagement: Engagement) -> set[tuple[str, str]]:
    """The services of its first two lots."""
    return {
        (str(unit.site_id), str(unit.service_line_id)) for lot in make.lots_of(engagement)[:2] for unit in lot.units
    }
