"""Recommendations: put up with the figures of the day, signed by somebody else or sent back, and never changed."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from intelligence.compute import nobody_told
from intelligence.files import from_json
from intelligence.lots.design import Rules
from intelligence.schedule.route_choice import QUESTIONS
from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from tests.world import actor_of
from webapp.analysis.procurements import actions as planning
from webapp.analysis.recommendations import actions, queries
from webapp.analysis.recommendations.actions import InterestError, NoLongerWaitsError, OwnRecommendationError
from webapp.analysis.recommendations.content import Recommended, fingerprint
from webapp.analysis.recommendations.gathering import Gathered, Missing, gather
from webapp.analysis.recommendations.pages import as_text
from webapp.analysis.recommendations.queries import Standing
from webapp.analysis.runs import stored
from webapp.analysis.structures.computing import ground_of, search
from webapp.audit import Actor
from webapp.db import clock
from webapp.models import (
    AnalysisRun,
    AuditEvent,
    ConflictAction,
    Engagement,
    FrozenForecast,
    InterestLevel,
    MailMessage,
    MembershipRole,
    Person,
    Procurement,
    Recommendation,
    Route,
    RunState,
    TeamRole,
    Verdict,
)
from webapp.responses.withdrawing import take_back

REASONS = "Single sites draw more providers."
OTHERS = "One lot for the region: too large for two of three."
TO_COMPETITION = ("health yes", "began no", "framework no", "existing no", "choice_anew no", "suitable no")


@dataclass(frozen=True)
class Desk:
    """A procurement whose route is answered and whose run is finished, with who writes and who signs."""

    about: Engagement
    procurement: Procurement
    officer: Person
    approver: Person

    @property
    def writer(self) -> Actor:
        return actor_of(self.officer, self.about.programme.buyer)

    @property
    def signer(self) -> Actor:
        return actor_of(self.approver, self.about.programme.buyer)


@pytest.fixture
def desk(session: Session) -> Desk:
    officer = make.officer(session, make.buyer(session))
    about = make.engagement(session, make.programme(session, officer.memberships[0].organisation))
    approver = make.person(session, about.programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, about.programme_id, approver.id, about.programme.buyer_id, TeamRole.APPROVER)
    made = Desk(about, about.programme.procurements[0], officer, approver)
    answer_route(session, made)
    make.finished_run(session, about, officer)
    session.commit()
    return made


def answer_route(session: Session, desk: Desk, *answers: str) -> None:
    for question, option in (each.split() for each in answers or TO_COMPETITION):
        planning.answer(
            session,
            procurement=desk.procurement,
            question=QUESTIONS[question],
            option=option,
            reason=f"Because of {question}",
            actor=desk.writer,
            now=clock(session),
        )


def gathered(session: Session, desk: Desk) -> Gathered:
    session.flush()
    session.expire_all()
    found = queries.procurement(session, desk.about.programme_id, desk.procurement.id)
    assert found is not None
    return gather(session, found)


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


def acts(session: Session) -> list[str]:
    found = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id))
    return [act for act in found if act.startswith(("recommendation.", "forecast."))]


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
    assert row.digest == fingerprint(content, REASONS, OTHERS) != fingerprint(content, REASONS, "Nothing")
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
    assert [named["Best by the rules of the search"].lots, named["As in the engagement"].lots] == [1, 2]
    assert found.found.alternatives
    assert not {each.name for each in found.found.alternatives} & named.keys()
    shares = [cut.without_bid for cut in content.other_cuts]
    assert shares == sorted(shares)


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


def test_without_a_run_about_its_lots_there_is_nothing_to_put_up(session: Session) -> None:
    programme = make.programme(session)
    found = queries.procurement(session, programme.id, programme.procurements[0].id)
    assert found is not None
    assert gather(session, found).missing == (Missing.ROUTE_OPEN, Missing.LOT_NOT_ASKED)
    about = make.engagement(session, programme_row=programme)
    assert gather(session, found).missing == (Missing.ROUTE_OPEN, Missing.RUN)
    session.delete(about.engagement_lots[0])
    session.flush()
    assert gather(session, found).missing == (Missing.ROUTE_OPEN, Missing.LOT_NOT_ASKED), "about one of two"


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


WORDS = {"reasons": REASONS, "alternatives": OTHERS}
SIGNED = {"verdict": "signed", "reason": "The board agreed", "sure": "y"}
SENT_BACK = SIGNED | {"verdict": "sent_back", "reason": "Say more about price"}


def of_programme(desk: Desk) -> str:
    return f"/programmes/{desk.about.programme_id}"


def writing(desk: Desk) -> str:
    return f"{of_programme(desk)}/planning/procurements/{desk.procurement.id}/recommendation"


def put_up_on_page(client: Client, desk: Desk, **given: Any) -> str:
    """The address of what is put up."""
    client.sign_in(desk.officer)
    return client.submit(writing(desk), WORDS | given).location


def error(page: Page, field: str) -> str:
    found = page.tree.find(f".//p[@id='{field}-error']")
    return "" if found is None else "".join(found.itertext())


def test_an_officer_puts_up_what_the_page_shows_and_an_approver_signs_it(
    client: Client, session: Session, desk: Desk
) -> None:
    client.sign_in(desk.officer)
    assert "Put up a recommendation for signature" in client.get(writing(desk).removesuffix("/recommendation")).links()
    blank = client.submit(writing(desk), WORDS | {"alternatives": " "}, status=422)
    assert "Enter what else was looked at" in error(blank, "alternatives")
    assert REASONS in blank.text
    shown = put_up_on_page(client, desk)
    row = session.scalars(select(Recommendation)).one()
    page = client.get(shown)
    for said in (REASONS, OTHERS, "Because of framework", row.run.inputs_digest, row.digest, "Not signed yet"):
        assert said in page.text
    assert "Buy “Dental services” as 2 lots worth £500k a year" in page.text
    assert not {"Keep my decision"} & set(page.buttons()), "whoever writes does not rule"
    assert len(page.statements) <= 15
    client.sign_in(desk.approver)
    undecided = client.submit(shown, SIGNED | {"verdict": "", "sure": ""}, status=422)
    assert "Choose whether you sign it" in error(undecided, "verdict")
    assert "no such interest" in error(undecided, "sure")
    client.submit(shown, SIGNED)
    session.expire_all()
    assert row.ruling is not None
    assert (row.ruling.verdict, row.ruling.ruled_by) == (Verdict.SIGNED, desk.approver.id)
    signed = client.get(shown)
    assert f"Signed {desk.approver.name}" in signed.text
    assert "The board agreed" in signed.text
    assert "Keep my decision" not in signed.buttons()
    assert "Signed" in client.get(f"{of_programme(desk)}/recommendations").text


def test_what_is_sent_back_is_written_anew_from_the_same_words(client: Client, desk: Desk) -> None:
    shown = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    client.submit(shown, SENT_BACK)
    client.sign_in(desk.officer)
    again = client.get(writing(desk))
    assert "Recommendation 1 was sent back" in again.text
    assert "Say more about price" in again.text
    assert REASONS in again.text
    assert len(again.statements) <= 15
    second = client.submit(writing(desk)).location
    assert "recommendation 2" in client.get(second).text
    assert "Sent back" in client.get(shown).text


def test_what_is_sent_twice_is_put_up_and_ruled_once(client: Client, session: Session, desk: Desk) -> None:
    client.sign_in(desk.officer)
    sent = client.get(writing(desk)).hidden().to_dict() | WORDS
    shown, again = (client.post(writing(desk), sent).location for _ in range(2))
    assert shown == again
    client.sign_in(desk.approver)
    ruled = client.get(shown).hidden().to_dict() | SIGNED
    for _ in range(2):
        client.post(shown, ruled)
    assert acts(session) == ["recommendation.put_up", "recommendation.signed", "forecast.frozen"]


def test_what_changed_since_the_page_was_opened_is_read_again_first(
    client: Client, session: Session, desk: Desk
) -> None:
    client.sign_in(desk.officer)
    opened = client.get(writing(desk)).hidden().to_dict() | WORDS
    make.finished_run(session, desk.about, desk.officer, number=2)
    session.commit()
    page = client.post(writing(desk), opened, status=409)
    assert "Nothing is put up yet" in page.text
    assert REASONS in page.text
    shown = client.post(writing(desk), page.hidden().to_dict() | WORDS).location
    assert session.scalars(select(Recommendation)).one().run.number == 2
    late = client.post(writing(desk), opened, status=409)
    assert "Recommendation 1 waits for a signature" in late.text
    make.finished_run(session, desk.about, desk.officer, number=3)
    desk.procurement.route = Route.PSR_MOST_SUITABLE
    session.commit()
    stands = client.get(shown)
    assert "A newer analysis is finished" in stands.links()
    assert "The figures here are those that were put up." in stands.text
    assert "planned with another route now: PSR most suitable provider" in stands.text


def test_limits_on_one_supplier_are_part_of_what_is_signed(client: Client, session: Session, desk: Desk) -> None:
    assert "One supplier may" not in client.get(put_up_on_page(client, desk)).text
    desk.procurement.most_lots_bid, desk.procurement.most_lots_awarded = 2, 1
    make.finished_run(session, desk.about, desk.officer, number=2)
    session.commit()
    shown = put_up_on_page(client, desk)
    said = "One supplier may bid for at most 2 lots and be awarded at most 1 lot."
    stands = client.get(shown).text
    assert said in stands
    assert "set-up" not in stands
    newest = session.scalars(select(Recommendation).order_by(Recommendation.number.desc()).limit(1)).one()
    assert said in as_text(newest)
    desk.procurement.most_lots_bid, desk.procurement.service_start = None, date(2029, 4, 1)
    session.commit()
    otherwise = client.get(shown).text
    assert "By the procurement’s set-up its services are to start on 1 April 2029." in otherwise
    assert "By the procurement’s set-up one supplier may be awarded at most 1 lot." in otherwise
    desk.procurement.most_lots_awarded = None
    session.commit()
    assert "one supplier may bid for and be awarded all its lots." in client.get(shown).text


def test_of_two_rulings_the_second_is_refused_and_its_words_are_given_back(
    client: Client, session: Session, desk: Desk
) -> None:
    shown = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    opened = client.get(shown).hidden().to_dict()
    client.submit(shown, SENT_BACK)
    late = client.post(shown, opened | SIGNED | {"reason": "It is all we asked for"}, status=409)
    assert "Nothing of yours was kept" in late.text
    assert "It is all we asked for" in late.text
    incomplete = client.post(shown, opened | SIGNED | {"reason": "The board agreed at last", "sure": ""}, status=422)
    assert "Nothing of yours was kept" in incomplete.text
    assert "The board agreed at last" in incomplete.text
    assert "There is a problem" not in incomplete.text, "no field is left to put right"
    assert acts(session) == ["recommendation.put_up", "recommendation.sent_back"]


def test_an_interest_that_nobody_has_seen_to_stops_both_and_one_that_is_managed_is_warned_of(
    client: Client, session: Session, desk: Desk
) -> None:
    shown = put_up_on_page(client, desk)
    both = [make.conflict(session, desk.about.programme, each) for each in (desk.officer, desk.approver)]
    session.commit()
    client.sign_in(desk.officer)
    refused = client.get(writing(desk))
    assert "An interest in your name is on record" in refused.text
    assert "Put it up for signature" not in refused.buttons()
    client.sign_in(desk.approver)
    page = client.get(shown)
    assert "Keep my decision" not in page.buttons()
    assert "My brother" not in page.text, "what it is stays with lead officers"
    session.add_all(
        ConflictAction(declaration_id=each.id, action="Leaves", recorded_by=desk.officer.id) for each in both
    )
    session.commit()
    warned = client.get(shown)
    assert "Make sure that it lets you do this" in warned.text
    client.submit(shown, SIGNED)


def test_what_is_missing_is_listed_with_the_way_to_it(client: Client, session: Session, desk: Desk) -> None:
    client.sign_in(desk.officer)
    opened = client.get(writing(desk)).hidden().to_dict() | WORDS
    answer_route(session, desk, "suitable yes")
    session.commit()
    page = client.get(writing(desk))
    assert "Take the route to which the answers lead, or answer again" in page.links()
    late = client.post(writing(desk), opened, status=409)
    assert REASONS in late.text, "what was typed is given back"
    assert session.query(Recommendation).count() == 0


def test_responses_that_were_withdrawn_since_are_told_before_the_figures_are_put_up(
    client: Client, session: Session, desk: Desk
) -> None:
    response = make.response(session, desk.about)
    make.submission(session, response, {make.lots_of(desk.about)[0].id: InterestLevel.LIKELY})
    make.finished_run(session, desk.about, desk.officer, number=2)
    session.commit()
    client.sign_in(desk.officer)
    assert "withdrawn since" not in client.get(writing(desk)).text
    take_back(session, response=response, now=clock(session))
    session.commit()
    page = client.get(writing(desk))
    assert "1 response behind these figures has been withdrawn since. Run the analysis again." in page.text
    assert len(page.statements) <= 15


def test_responses_that_came_or_were_amended_since_are_told_before_the_figures_are_put_up_and_signed(
    client: Client, session: Session, desk: Desk
) -> None:
    lot = make.lots_of(desk.about)[0]
    response = make.response(session, desk.about)
    make.submission(session, response, {lot.id: InterestLevel.WOULD_BID})
    run = make.finished_run(session, desk.about, desk.officer, number=2)
    run.requested_at = clock(session)
    session.commit()
    shown = put_up_on_page(client, desk)
    assert "since and" not in client.get(shown).text
    session.refresh(response)
    make.submission(session, response, {lot.id: InterestLevel.NO}, submitted_at=clock(session))
    session.commit()
    assert (
        "1 response has been submitted or amended since and is not behind these figures. Run the analysis again."
        in client.get(writing(desk)).text
    )
    client.sign_in(desk.approver)
    assert "1 response has been submitted or amended since and is not behind this run." in client.get(shown).text
    make.submission(session, make.response(session, desk.about), submitted_at=clock(session))
    session.commit()
    page = client.get(shown)
    assert "2 responses have been submitted or amended since and are not behind this run." in page.text
    assert len(page.statements) <= 15


def test_what_waits_is_told_to_whoever_can_do_something_about_it(client: Client, session: Session, desk: Desk) -> None:
    shown = put_up_on_page(client, desk)
    pages = ("/programmes", of_programme(desk))
    for person, waits in ((desk.officer, False), (desk.approver, True)):
        client.sign_in(person)
        assert [shown in client.get(page).links().values() for page in pages] == [waits, waits], person.name
    client.submit(shown, SENT_BACK)
    for person, waits in ((desk.officer, True), (desk.approver, False)):
        client.sign_in(person)
        assert [shown in client.get(page).links().values() for page in pages] == [waits, waits], person.name
    client.sign_in(desk.officer)
    assert "To be written anew: it was sent back" in client.get("/programmes").text
    client.submit(writing(desk), WORDS)
    assert "Waits for you" not in client.get("/programmes").text, "another took its place"


def test_approvers_are_told_what_waits_and_the_writer_what_was_ruled_at_addresses_that_are_theirs(
    client: Client, session: Session, desk: Desk
) -> None:
    programme, buyer = desk.about.programme, desk.about.programme.buyer
    never_came_in = make.person(session, buyer, MembershipRole.OFFICER)
    of_another = make.person(session, make.buyer(session), MembershipRole.OFFICER, password_hash="x")
    reviewer = make.person(session, buyer, MembershipRole.OFFICER, password_hash="x")
    for person, role in (
        (never_came_in, TeamRole.APPROVER),
        (of_another, TeamRole.APPROVER),
        (reviewer, TeamRole.REVIEWER),
    ):
        make.team_member(session, programme.id, person.id, buyer.id, role)
    desk.officer.password_hash, desk.approver.totp_secret = "x", "y"
    session.commit()
    shown = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    client.submit(shown, SENT_BACK)
    mails = session.scalars(select(MailMessage).order_by(MailMessage.created_at)).all()
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        (desk.approver.email, "Recommendation 1 waits for your signature: Dental services"),
        (desk.officer.email, "Recommendation 1 is sent back, with a remark: Dental services"),
    ]
    for mail in mails:
        assert mail.body.endswith(f".\n\nRead it here:\nhttp://localhost{shown}\n")
        assert SENT_BACK["reason"] not in mail.body


def test_the_record_and_the_file_for_a_challenge_have_what_was_signed(
    client: Client, session: Session, desk: Desk
) -> None:
    first = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    client.submit(first, SENT_BACK)
    second = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    decisions = f"{of_programme(desk)}/record/decisions"
    assert "Signed recommendations that stand" not in client.get(decisions).text
    client.submit(second, SIGNED)
    page = client.get(decisions)
    assert [each in page.links().values() for each in (first, second)] == [False, True]
    assert "No other decision is on record yet" in page.text
    log = f"{of_programme(desk)}/record"
    answer = client.submit(log, action=f"{log}/file", status=200)
    book = openpyxl.load_workbook(io.BytesIO(answer.response.get_data()))
    _titles, sent_back, signed = book["Recommendations"].iter_rows(values_only=True)
    assert (sent_back[2], sent_back[8], sent_back[9], sent_back[11]) == (
        1,
        "Sent back",
        desk.approver.name,
        "Say more about price",
    )
    row = session.scalars(select(Recommendation).where(Recommendation.number == 2)).one()
    assert (signed[1], signed[5], signed[6], signed[7]) == ("Dental services", REASONS, OTHERS, row.digest)
    content = from_json(Recommended, row.content)
    for said in (
        "D1 Dental, HMP Site 1, £250,000 a year: no credible bid",
        "Because of suitable",
        row.run.inputs_digest,
        f"Mostly assumed: {content.caution}",
        "code test, seed 7, 100 draws, search for other lots none",
    ):
        assert said in signed[4]


def test_a_procurement_about_which_something_was_put_up_stays(client: Client, session: Session, desk: Desk) -> None:
    put_up_on_page(client, desk)
    other = Procurement(
        programme_id=desk.about.programme_id,
        position=2,
        title="Elsewhere",
        route=Route.PSR_COMPETITIVE,
        service_start=desk.procurement.service_start,
    )
    session.add(other)
    session.flush()
    for lot in list(desk.procurement.lots):
        lot.procurement_id = other.id
    session.commit()
    page = client.get(f"{of_programme(desk)}/set-up/procurements/{desk.procurement.id}/remove")
    assert "a recommendation about it was put up" in page.text
