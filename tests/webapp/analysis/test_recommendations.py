"""Recommendations: put up with the figures of the day, signed by somebody else or sent back, and never changed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from intelligence.compute import nobody_told
from intelligence.files import from_json, to_json
from intelligence.lots.design import Rules
from tests import factories as make
from tests.today import today
from tests.webapp.analysis.recommending import OTHERS, REASONS, TO_COMPETITION, Desk, acts, answer_route, sit_down
from webapp.analysis.interests import InterestError
from webapp.analysis.recommendations import actions, queries
from webapp.analysis.recommendations.actions import NoLongerWaitsError, OwnRecommendationError
from webapp.analysis.recommendations.content import Recommended, fingerprint
from webapp.analysis.recommendations.gathering import Gathered, Missing, gather
from webapp.analysis.recommendations.queries import Standing
from webapp.analysis.runs import stored
from webapp.analysis.structures.computing import ground_of, search
from webapp.audit import Actor
from webapp.db import clock
from webapp.models import (
    AnalysisRun,
    AuditEvent,
    ConflictAction,
    FrozenForecast,
    Recommendation,
    Route,
    RunState,
    Verdict,
)


@pytest.fixture
def desk(session: Session) -> Desk:
    return sit_down(session)


def gathered(session: Session, desk: Desk) -> Gathered:
    session.flush()
    session.expire_all()
    found = queries.procurement(session, desk.about.programme_id, desk.procurement.id)
    assert found is not None
    return gather(session, found, today=today())


def put_up(session: Session, desk: Desk, *, by: Actor | None = None) -> Recommendation:
    now = gathered(session, desk)
    assert now.content is not None
    assert now.run is not None
    return actions.put_up(
        session,
        entry_id=uuid.uuid4(),
        procurement=desk.procurement,
        run=now.run,
        replanning=now.replanning,
        content=now.content,
        reasons=REASONS,
        alternatives=OTHERS,
        base_url="https://soundings.example",
        actor=by or desk.writer,
        now=clock(session),
    )


def rule(session: Session, row: Recommendation, by: Actor, verdict: Verdict = Verdict.SIGNED) -> None:
    actions.rule(
        session,
        entry_id=uuid.uuid4(),
        recommendation=row,
        verdict=verdict,
        reason="The board agreed",
        base_url="https://soundings.example",
        actor=by,
        now=clock(session),
    )
    session.refresh(row)


def standing_of(session: Session, row: Recommendation) -> Standing:
    return queries.standing(row, queries.places(session, row.procurement.programme_id))


def test_what_is_put_up_holds_lots_chances_route_and_dates_and_stays_as_it_is(session: Session, desk: Desk) -> None:
    row = put_up(session, desk)
    content = from_json(Recommended, row.content)
    assert [lot.code for lot in content.lots] == ["D1", "D2"]
    assert all(lot.none + lot.one + lot.two_or_more == pytest.approx(1) for lot in content.lots)
    assert content.ground.conclusion == "The competitive process is the one to use."
    assert [step.reason for step in content.ground.steps] == [
        f"Because of {each.split()[0]}" for each in TO_COMPETITION
    ]
    assert content.stages[0].first.isoformat() == "2027-01-04"
    assert (content.run, content.inputs_digest) == (f"{desk.about.reference}/R1", row.run.inputs_digest)
    session.refresh(row)
    assert row.digest == fingerprint(row.content, REASONS, OTHERS) != fingerprint(row.content, REASONS, "Nothing")
    older = {name: value for name, value in row.content.items() if not name.startswith("most_lots")}
    read = to_json(from_json(Recommended, older))
    assert fingerprint(older, REASONS, OTHERS) != fingerprint(read, REASONS, OTHERS), "so it is taken of what is stored"
    make.finished_run(session, desk.about, desk.officer, number=2)
    assert gathered(session, desk).content != content, "newer figures"
    session.refresh(row)
    assert from_json(Recommended, row.content) == content
    row.reasons = "Others"
    with pytest.raises(DBAPIError, match="never changed"):
        session.flush()


def test_what_a_search_compared_is_put_up_with_it_less_its_next_best(session: Session, desk: Desk) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    found = search(ground_of(run, Rules()), [], nobody_told)
    row = make.lot_search(session, run, desk.officer)
    row.state, row.result = RunState.FINISHED, stored(found)
    content = gathered(session, desk).content
    assert content is not None
    assert content.search_id == str(row.id)
    named = {cut.name: cut for cut in content.other_cuts}
    assert named.keys() == {"Best by the rules of the search", "As in the engagement"}, "the usual ones are the same"
    assert {(each.name, each.same_as) for each in content.equal_cuts} == {
        ("Each service at each site", "As in the engagement"),
        ("By site", "As in the engagement"),
        ("By service line", "Best by the rules of the search"),
        ("Integrated", "Best by the rules of the search"),
    }, "and are said to be"
    older = {name: value for name, value in cast(dict[str, Any], to_json(content)).items() if name != "equal_cuts"}
    assert from_json(Recommended, older).equal_cuts == ()
    assert [named["Best by the rules of the search"].lots, named["As in the engagement"].lots] == [1, 2]
    assert found.found.alternatives
    assert not {each.name for each in found.found.alternatives} & named.keys()
    shares = [cut.without_bid for cut in content.other_cuts]
    assert shares == sorted(shares)


def test_no_two_cuts_are_called_alike_and_no_equality_is_stated_twice(session: Session, desk: Desk) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    found = search(ground_of(run, Rules()), [], nobody_told)
    best, engaged = found.found.best, found.found.drafts[0]
    assert best is not None
    own = [replace(best, name=name) for name in ("Integrated", "integrated", "as in the engagement", "One lot")]
    row = make.lot_search(session, run, desk.officer)
    row.state, row.result = (
        RunState.FINISHED,
        stored(replace(found, found=replace(found.found, drafts=(engaged, *own)))),
    )
    content = gathered(session, desk).content
    assert content is not None
    assert {cut.name for cut in content.other_cuts} == {
        "Best by the rules of the search",
        "As in the engagement",
        "Integrated (an officer’s own)",
        "Integrated (an officer’s own) (2)",
        "As in the engagement (an officer’s own)",
        "One lot",
    }
    assert len(content.other_cuts) == 6
    pairs = [(each.name, each.same_as) for each in content.equal_cuts]
    assert ("Integrated", "Best by the rules of the search") in pairs
    assert ("Integrated (an officer’s own)", "Best by the rules of the search") in pairs
    assert len(set(pairs)) == len(pairs)


def test_a_signature_freezes_the_forecast_and_supersedes_the_one_before(session: Session, desk: Desk) -> None:
    first = put_up(session, desk)
    rule(session, first, desk.signer)
    assert standing_of(session, first) is Standing.SIGNED
    frozen = session.scalars(select(FrozenForecast)).one()
    assert (frozen.run_id, frozen.reason) == (first.run_id, "Recommendation 1 for Dental services was signed")
    second = put_up(session, desk)
    assert [standing_of(session, each) for each in (first, second)] == [Standing.SIGNED, Standing.WAITS]
    rule(session, second, desk.signer)
    assert [standing_of(session, each) for each in (first, second)] == [Standing.SUPERSEDED, Standing.SIGNED]
    assert acts(session) == [
        "recommendation.put_up",
        "recommendation.signed",
        "forecast.frozen",
        "recommendation.put_up",
        "recommendation.signed",
    ], "one run is frozen once"
    assert all(
        event.detail["digest"] == first.digest and event.person_id in (desk.officer.id, desk.approver.id)
        for event in session.scalars(select(AuditEvent).where(AuditEvent.subject_id == first.id))
    )


def test_nobody_rules_twice_on_what_is_replaced_or_on_their_own_words(session: Session, desk: Desk) -> None:
    first = put_up(session, desk)
    with pytest.raises(OwnRecommendationError):
        rule(session, first, desk.writer)
    rule(session, first, desk.signer, Verdict.SENT_BACK)
    assert standing_of(session, first) is Standing.SENT_BACK
    with pytest.raises(NoLongerWaitsError):
        rule(session, first, desk.signer)
    second = put_up(session, desk)
    put_up(session, desk)
    assert standing_of(session, second) is Standing.REPLACED
    with pytest.raises(NoLongerWaitsError):
        rule(session, second, desk.signer)
    assert session.query(FrozenForecast).count() == 0, "nothing was signed"


def test_whoever_declared_an_interest_neither_writes_nor_rules_until_something_is_done_about_it(
    session: Session, desk: Desk
) -> None:
    programme = desk.about.programme
    named = f" {desk.approver.name.upper()}"
    make.conflict(session, programme, desk.officer, declared_by="Somebody else")
    make.conflict(session, programme, desk.officer, declared_by=desk.approver.name, interest=None)
    row = put_up(session, desk)
    declared = make.conflict(session, programme, desk.officer, declared_by=named)
    with pytest.raises(InterestError):
        rule(session, row, desk.signer)
    own = make.conflict(session, programme, desk.officer)
    with pytest.raises(InterestError):
        put_up(session, desk)
    session.add_all(
        ConflictAction(declaration_id=each.id, action="Leaves the room", recorded_by=desk.officer.id)
        for each in (declared, own)
    )
    session.flush()
    rule(session, row, desk.signer)
    assert put_up(session, desk).number == 2


def test_what_is_missing_is_said_and_nothing_is_put_up(session: Session, desk: Desk) -> None:
    assert gathered(session, desk).missing == ()
    desk.procurement.route = Route.PSR_MOST_SUITABLE
    session.flush()
    assert gathered(session, desk).missing == (Missing.ROUTE_NOT_TAKEN, Missing.RUN_OUTDATED)
    answer_route(session, desk, "suitable yes")
    assert gathered(session, desk).missing == (Missing.RUN_OUTDATED,), "planned with another route"
    newer = make.finished_run(session, desk.about, desk.officer, number=2)
    assert gathered(session, desk).missing == ()
    desk.procurement.lots[0].units[0].annual_value = 9
    session.flush()
    assert gathered(session, desk).missing == (Missing.RUN_OUTDATED,), "another value"
    desk.procurement.lots[0].units[0].annual_value = 250_000
    own = ({"most_lots_awarded": 1}, {"service_start": date(2029, 4, 1)}, {"mobilisation_days": 200}, {"officer": "Jo"})
    for changed in own:
        before = {name: getattr(desk.procurement, name) for name in changed}
        for values, missing in ((changed, (Missing.RUN_OUTDATED,)), (before, ())):
            for name, value in values.items():
                setattr(desk.procurement, name, value)
            session.flush()
            assert gathered(session, desk).missing == missing, changed
    newer.parts[0].state, newer.parts[0].result = RunState.RUNNING, None
    session.flush()
    assert gathered(session, desk).run != newer, "the newest that is finished"
    answer_route(session, desk, "began yes", "health no")
    assert Missing.ROUTE_OPEN in gathered(session, desk).missing


def test_nothing_is_put_up_on_an_answer_that_the_contract_register_denies(session: Session, desk: Desk) -> None:
    answer_route(session, desk, "existing no", "choice_anew no", "suitable no")
    assert gathered(session, desk).missing == (Missing.PROVIDER_DENIED,)
    (contract,) = desk.about.programme.contracts
    contract.end_date = today() - timedelta(days=1)
    session.flush()
    assert gathered(session, desk).missing == (), "it has ended"


def test_without_a_run_about_its_lots_there_is_nothing_to_put_up(session: Session) -> None:
    programme = make.programme(session)
    found = queries.procurement(session, programme.id, programme.procurements[0].id)
    assert found is not None
    assert gather(session, found, today=today()).missing == (Missing.ROUTE_OPEN, Missing.LOT_NOT_ASKED)
    about = make.engagement(session, programme_row=programme)
    assert gather(session, found, today=today()).missing == (Missing.ROUTE_OPEN, Missing.RUN)
    session.delete(about.engagement_lots[0])
    session.flush()
    assert gather(session, found, today=today()).missing == (Missing.ROUTE_OPEN, Missing.LOT_NOT_ASKED), (
        "about one of two"
    )


def test_a_later_run_about_one_of_its_lots_leaves_what_was_found_of_all(session: Session, desk: Desk) -> None:
    first = gathered(session, desk).run
    follow_up = make.engagement(session, programme_row=desk.about.programme)
    session.delete(follow_up.engagement_lots[1])
    session.flush()
    session.expire_all()
    make.finished_run(session, follow_up, desk.officer)
    now = gathered(session, desk)
    assert (now.run, now.missing) == (first, ())
    assert queries.newest_run_key(session, desk.procurement.id) == put_up(session, desk).run_id
