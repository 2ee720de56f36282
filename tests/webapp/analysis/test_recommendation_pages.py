"""The pages of recommendations: written, read, ruled on, and told of wherever they matter."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import intelligence as engine
from intelligence import Market
from intelligence.capacity.limits import weigh_limits
from intelligence.files import from_json, to_json
from tests import factories as make
from tests.today import today
from tests.webapp.analysis.recommending import OTHERS, REASONS, Desk, acts, answer_route, sit_down
from tests.webapp.browser_of_pages import Client, Page
from webapp.analysis.changed import ChangedPrior
from webapp.analysis.recommendations import queries
from webapp.analysis.recommendations.content import EqualCut, Recommended
from webapp.analysis.recommendations.gathering import gather
from webapp.analysis.recommendations.pages import as_text, recommendation_page
from webapp.analysis.runs import RunParameters, stored
from webapp.db import clock
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    AppraisalConclusion,
    ConflictAction,
    InterestLevel,
    MailMessage,
    MembershipRole,
    PartKind,
    Procurement,
    Recommendation,
    Route,
    RunState,
    TeamRole,
    Verdict,
)
from webapp.responses.withdrawing import take_back
from webapp.web.format import day, moment

WORDS = {"reasons": REASONS, "alternatives": OTHERS}
SIGNED = {"verdict": "signed", "reason": "The board agreed", "sure": "y"}
SENT_BACK = SIGNED | {"verdict": "sent_back", "reason": "Say more about price"}


@pytest.fixture
def desk(session: Session) -> Desk:
    return sit_down(session)


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
    assert "may come to 99% or 101% together" in page.text
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


def test_what_is_signed_says_whether_the_lots_could_be_staffed(app: Flask, session: Session, desk: Desk) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    older = from_json(Recommended, make.recommendation(session, desk.procurement, run, desk.officer).content)
    lots = zip(older.lots, (0.62, 0.2), strict=True)
    content = replace(older, lots=tuple(replace(lot, enough_staff=share) for lot, share in lots))
    with app.test_request_context():
        of_each = [
            recommendation_page(each, run_id=run.id, procurement_id=desk.procurement.id, plan_id=None)
            for each in (older, content)
        ]
    second = f"{older.lots[1].code} {older.lots[1].title}"
    assert [page.staff for page in of_each] == [
        "",
        f"1 lot has less than an even chance of a credible bid with enough staff by month 6, least {second} (20%).",
    ]
    assert [[row[-1] for row in page.lot_rows] for page in of_each] == [["Not known"] * 2, ["62%", "20%"]]
    assert "one with enough staff by month 6 20%" in as_text(Recommendation(content=to_json(content)))
    assert "enough staff" not in as_text(Recommendation(content=to_json(older)))


def test_what_is_signed_can_be_fetched_as_the_very_bytes_that_its_fingerprint_is_of(
    client: Client, session: Session, desk: Desk
) -> None:
    shown = put_up_on_page(client, desk)
    row = session.scalars(select(Recommendation)).one()
    link = client.get(shown).links()["the file of all that was put up"]
    octets = client.get(link).response.get_data()
    assert sha256(octets).hexdigest() == row.digest
    assert json.loads(octets) == {"content": row.content, "reasons": REASONS, "alternatives": OTHERS}
    stranger = make.officer(session)
    session.commit()
    client.sign_in(stranger)
    client.get(link, status=404)


def test_what_is_signed_says_who_had_answered_and_what_was_assumed_when_the_responses_are_gone(
    client: Client, session: Session, desk: Desk
) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    lot = desk.procurement.lots[0]
    interests = [engine.Interest(f"P{n}", str(lot.id), engine.InterestLevel.LIKELY) for n in range(2)]
    market = from_json(Market, run.inputs)
    providers = tuple(engine.Provider(f"P{n}", f"Provider {n}", engine.ProviderKind.OTHER) for n in range(3))
    run.inputs = to_json(replace(market, providers=providers, interests=tuple(interests)))
    changed = ChangedPrior("likely", 0.5, 0.1, False, "Seen in 2025", "Ann Price", date(2026, 5, 4))
    run.parameters = to_json(replace(from_json(RunParameters, run.parameters), changed=(changed,)))
    run.received_otherwise = 1
    session.commit()
    page = client.get(put_up_on_page(client, desk))
    row = session.scalars(select(Recommendation)).one()
    said = (
        f"2 providers had answered at {moment(run.requested_at)}; 1 response entered by officers",
        "1 changed from what everybody starts from",
        "Seen in 2025 (changed by Ann Price on 04.05.2026)",
    )
    for words in said:
        assert words in page.text
        assert words in as_text(row)
    older = {name: value for name, value in row.content.items() if name != "evidence"}
    assert "had answered" not in as_text(Recommendation(content=older))


def test_dates_of_a_run_s_own_plan_have_a_fingerprint_of_boards_and_lengths_too(session: Session, desk: Desk) -> None:
    def digests() -> tuple[str, str]:
        session.commit()
        procurement = queries.procurement(session, desk.about.programme_id, desk.procurement.id)
        assert procurement is not None
        content = gather(session, procurement, today=today()).content
        assert content is not None
        return content.inputs_digest, content.plan_digest

    run = session.scalars(select(AnalysisRun)).one()
    before = digests()
    parameters = from_json(RunParameters, run.parameters)
    run.parameters = to_json(replace(parameters, terms=replace(parameters.terms, board_dates=(date(2027, 2, 1),))))
    after = digests()
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_cuts_that_come_to_the_same_lots_are_named(app: Flask, session: Session, desk: Desk) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    row = make.recommendation(session, desk.procurement, run, desk.officer)
    content = replace(from_json(Recommended, row.content), equal_cuts=(EqualCut("Integrated", "By site"),))
    with app.test_request_context():
        page = recommendation_page(content, run_id=run.id, procurement_id=desk.procurement.id, plan_id=None)
    assert page.equal_cuts == ["“Integrated” has the same lots as “By site”."]
    assert page.equal_cuts[0] in as_text(Recommendation(content=to_json(content)))


def test_what_is_signed_says_whether_all_its_lots_can_be_awarded_together(
    client: Client, session: Session, desk: Desk
) -> None:
    """As the page of limits has it for this procurement, under the limits that are set."""
    client.sign_in(desk.officer)
    said = "Chance that both lots can be awarded, within what providers can hold: {}.".format
    assert said("Not known") in client.get(writing(desk)).text, "the run did not weigh limits"
    run = session.scalars(select(AnalysisRun)).one()
    found = weigh_limits(from_json(Market, run.inputs), seed=7, draws=100)
    (effect,) = found.tenders
    without, within = replace(effect.without, p_all_awardable=0.41), replace(effect.within, p_all_awardable=0.12)
    part = AnalysisPart(position=9, kind=PartKind.LIMITS, title="Limits", state=RunState.FINISHED, progress=1)
    run.parts.append(part)
    for as_set, share in ((False, "41%"), (True, "12%")):
        weighed = replace(effect, as_set=as_set, without=without, within=within)
        part.result = stored(replace(found, tenders=(weighed,)))
        session.commit()
        assert said(share) in client.get(writing(desk)).text

    shown = put_up_on_page(client, desk)

    row = session.scalars(select(Recommendation)).one()
    assert said("12%") in client.get(shown).text
    assert said("12%") in f"{as_text(row)}.".replace("\n", ".")
    older = replace(from_json(Recommended, row.content), all_awardable=None)
    assert said("Not known") in as_text(Recommendation(content=to_json(older))).replace("\n", ".")
    alone = replace(older, lots=older.lots[:1])
    assert "can be awarded" not in as_text(Recommendation(content=to_json(alone)))


def test_what_is_sent_back_is_written_anew_from_the_same_words(client: Client, desk: Desk) -> None:
    shown = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    client.submit(shown, SENT_BACK)
    client.sign_in(desk.officer)
    again = client.get(writing(desk))
    assert "Recommendation 1 was sent back" in again.text
    assert "Say more about price" in again.text
    assert REASONS in again.text
    assert len(again.statements) <= 16
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


def test_whoever_rules_reads_that_the_contract_register_denies_an_answer_by_then(
    client: Client, session: Session, desk: Desk
) -> None:
    denied = "rests on the answer that nobody provides these services now"
    answer_route(session, desk, "existing no", "choice_anew no", "suitable no")
    (contract,) = desk.about.programme.contracts
    runs_until, contract.end_date = contract.end_date, today() - timedelta(days=1)
    session.commit()
    shown = put_up_on_page(client, desk)
    client.sign_in(desk.approver)
    assert denied not in client.get(shown).text
    contract.end_date = runs_until
    session.commit()
    page = client.get(shown)
    assert f"{denied}, and the contract register says who does: “{contract.title}” until {day(runs_until)}" in page.text
    assert len(page.statements) <= 15
    client.submit(shown, SENT_BACK)
    assert denied not in client.get(shown).text, "nobody can sign it any more"


def test_what_is_missing_is_listed_with_the_way_to_it(client: Client, session: Session, desk: Desk) -> None:
    client.sign_in(desk.officer)
    opened = client.get(writing(desk)).hidden().to_dict() | WORDS
    answer_route(session, desk, "suitable yes")
    session.commit()
    page = client.get(writing(desk))
    assert "Take the route to which the answers lead, or answer again" in page.links()
    answer_route(session, desk, "suitable no", "existing no", "choice_anew no")
    session.commit()
    denied = client.get(writing(desk))
    assert any(text.startswith("Answer again whether somebody provides") for text in denied.links())
    assert len(denied.statements) <= 15
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
    assert len(page.statements) <= 16


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


def concluded(session: Session, desk: Desk, *, about_all: bool) -> AppraisalConclusion:
    made = make.appraisal(session, desk.about.programme, desk.officer, None if about_all else desk.procurement)
    found = make.conclusion(session, made, desk.officer)
    session.commit()
    return found


def test_it_rests_on_the_newest_conclusion_about_it_as_it_was_then(
    client: Client, session: Session, desk: Desk
) -> None:
    client.sign_in(desk.officer)
    assert "No appraisal of options is concluded yet" in client.get(writing(desk)).html
    own, _newer = concluded(session, desk, about_all=False), concluded(session, desk, about_all=True)
    address = client.submit(writing(desk), WORDS | {"rests_on_appraisal": "y"}).location
    row = session.scalars(select(Recommendation)).one()
    held = from_json(Recommended, row.content).appraisal
    assert held is not None
    assert (held.conclusion_id, held.digest) == (str(own.id), own.digest)
    assert held.content.options[2].ruled_out == "No extension is left"
    client.sign_in(desk.approver)
    page = client.get(address)
    for part in ("How to buy, conclusion 1", own.digest, "6 to 8", "No extension is left", "“By site” was preferred"):
        assert part in page.html
    assert f"SHA-256 {own.digest}" in as_text(row)


def test_it_may_rest_on_no_appraisal(client: Client, session: Session, desk: Desk) -> None:
    concluded(session, desk, about_all=True)
    client.sign_in(desk.officer)
    page = client.get(client.submit(writing(desk), WORDS).location)
    assert "The appraisal of options that this rests on" not in page.html
    assert from_json(Recommended, session.scalars(select(Recommendation)).one().content).appraisal is None


def test_a_conclusion_since_the_page_was_opened_is_read_before_it_is_put_up(
    client: Client, session: Session, desk: Desk
) -> None:
    client.sign_in(desk.officer)
    opened = client.filled(writing(desk), WORDS)
    concluded(session, desk, about_all=True)
    assert "The figures have changed since you opened the page" in client.post(writing(desk), opened, status=409).html
    assert session.scalars(select(Recommendation)).all() == []
