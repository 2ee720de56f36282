"""Appraisals of options: begun, scored, concluded once and for all, opened again, and read by the team alone."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from intelligence.compute import nobody_told
from intelligence.files import digest, from_json
from intelligence.lots.design import Rules
from tests import factories as make
from tests.webapp.analysis.recommending import Desk, sit_down
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.disposal.test_destroying import carried_out, due
from webapp.analysis.appraisals.content import Appraised
from webapp.analysis.appraisals.evidence import evidence_of
from webapp.analysis.appraisals.usual import USUAL_CRITERIA
from webapp.analysis.runs import stored
from webapp.analysis.structures.comparison import ComparedCut
from webapp.analysis.structures.computing import ground_of, search
from webapp.analysis.structures.search_page import FOUND_BEST
from webapp.disposal.pages import STAYS
from webapp.models import (
    AnalysisRun,
    Appraisal,
    AppraisalConclusion,
    AppraisalCriterion,
    AppraisalOption,
    AppraisalScore,
    AuditEvent,
    ConflictAction,
    EngagementLot,
    MembershipRole,
    Procurement,
    Route,
    RunState,
    TeamRole,
)
from webapp.web.format import percent

OPTION = {
    "name": "By site",
    "lots": "One lot for each site",
    "route": "psr_competitive",
    "term": "5 years",
    "timing": "All at once",
}
START = date(2029, 4, 1)
WHY = {"reasons": "It keeps sites apart"}


@pytest.fixture
def desk(session: Session) -> Desk:
    return sit_down(session)


def of_programme(desk: Desk) -> str:
    return f"/programmes/{desk.about.programme_id}/appraisals"


@pytest.fixture
def row(client: Client, session: Session, desk: Desk) -> Appraisal:
    made = make.appraisal(session, desk.about.programme, desk.officer, desk.procurement)
    session.commit()
    client.sign_in(desk.officer)
    return made


def at(row: Appraisal, *parts: Any) -> str:
    return "/".join(map(str, (f"/programmes/{row.programme_id}/appraisals", row.id, *parts)))


def option_of(row: Appraisal, name: str) -> AppraisalOption:
    return next(each for each in row.options if each.name == name)


def concluding(row: Appraisal, preferred: str = "By site") -> dict[str, str]:
    chosen = option_of(row, preferred)
    why_not = {
        f"why_not_{each.id.hex}": f"{each.name} keeps fewer bidders" for each in row.options if each.id != chosen.id
    }
    return WHY | {"preferred": str(chosen.id)} | why_not


def acts(session: Session) -> list[str]:
    found = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id))
    return [act.removeprefix("appraisal.") for act in found if act.startswith("appraisal.")]


def words(page: Page) -> str:
    return " ".join("".join(page.tree.find(".//main").itertext()).split())


def test_an_appraisal_begins_with_the_key_criteria_and_the_market(client: Client, session: Session, desk: Desk) -> None:
    client.sign_in(desk.officer)
    begin = f"{of_programme(desk)}/begin"
    address = client.submit_twice(begin, {"title": "How to buy dental", "about": str(desk.procurement.id)})
    found = session.scalars(select(Appraisal)).one()
    assert (found.title, found.procurement_id) == ("How to buy dental", desk.procurement.id)
    assert [each.name for each in found.criteria] == [each.name for each in USUAL_CRITERIA]
    assert sum(each.weight for each in USUAL_CRITERIA) == 100
    page = client.get(address)
    assert "Keep two options or more" in words(page)
    assert acts(session) == ["begun"]
    assert client.get(f"{begin}?procurement={desk.procurement.id}").html.count("selected") == 1
    refused = client.submit(begin, {"title": " ", "about": str(uuid.uuid4())}, status=422)
    assert "Enter what is appraised" in refused.html
    assert "choose one of the options shown" in refused.html


def test_options_are_added_once_scored_and_weighed(client: Client, session: Session, desk: Desk) -> None:
    client.sign_in(desk.officer)
    address = client.submit(f"{of_programme(desk)}/begin", {"title": "How to buy", "about": ""}).location
    for name in ("By site", "As now"):
        route = "nothing" if name == "As now" else "psr_competitive"
        client.submit_twice(f"{address}/options/add", OPTION | {"name": name, "route": route})
    found = session.scalars(select(Appraisal)).one()
    assert [(each.name, each.route) for each in found.options][1] == ("As now", None)
    assert len(found.options) == 2
    for place, option in enumerate(found.options):
        given: dict[str, Any] = {}
        for each in found.criteria:
            given |= {f"low_{each.id.hex}": 3 + place, f"high_{each.id.hex}": 6 + place}
            given |= {f"reason_{each.id.hex}": "Bids by site"}
        client.submit_twice(f"{address}/options/{option.id}/scores", given)
    session.expire_all()
    assert {each.revision for each in found.options} == {2}
    page = words(client.get(address))
    assert "“As now” is first by weighted score: 5.5 of 10, from 4 to 7" in page
    assert "Whatever any one criterion weighs, “As now” stays first." in page
    assert acts(session) == ["begun", *["option_added"] * 2, *["option_scored"] * 2]


def test_a_criterion_is_scored_in_full_or_not_at_all_and_what_was_typed_is_kept(
    client: Client, session: Session, row: Appraisal
) -> None:
    option, (quality, value) = option_of(row, "By site"), row.criteria
    scores = at(row, "options", option.id, "scores")
    page = client.submit(
        scores,
        {
            f"low_{quality.id.hex}": "7",
            f"high_{quality.id.hex}": "5",
            f"low_{value.id.hex}": "11",
            f"high_{value.id.hex}": "",
            f"reason_{value.id.hex}": "Typed and kept",
        },
        status=422,
    )
    assert "The highest score of “Quality” must not be below the lowest" in page.html
    assert "Typed and kept" in page.html
    page = client.submit(
        scores,
        {
            f"low_{quality.id.hex}": "7",
            f"reason_{quality.id.hex}": "So",
            f"low_{value.id.hex}": "1",
            f"reason_{value.id.hex}": " ",
        },
        status=422,
    )
    assert "Enter the highest score of “Quality”" in page.html
    assert "Say why it scores so by “Value”" in page.html
    everything = {f"{part}_{each.id.hex}": "" for each in row.criteria for part in ("low", "high", "reason")}
    assert len(session.scalars(select(AppraisalScore)).all()) == 4
    client.submit(scores, everything)
    session.expire_all()
    assert len(session.scalars(select(AppraisalScore)).all()) == 2
    assert "Score By site on each criterion." in words(client.get(at(row)))


def test_two_officers_at_once_see_both_versions(client: Client, session: Session, row: Appraisal) -> None:
    option, criterion = option_of(row, "By site"), row.criteria[0]
    pages = {
        at(row, "options", option.id): {"name": "Mine"},
        at(row, "options", option.id, "scores"): {f"reason_{criterion.id.hex}": "Mine"},
        at(row, "criteria", criterion.id): {"meaning": "Mine"},
    }
    filled = {
        at(row, "options", option.id): OPTION,
        at(row, "options", option.id, "scores"): {
            f"{part}_{score.criterion_id.hex}": getattr(score, part)
            for score in option.scores
            for part in ("low", "high", "reason")
        },
        at(row, "criteria", criterion.id): {"name": "Quality", "meaning": "What it is", "weight": "60"},
    }
    for url, mine in pages.items():
        opened = client.filled(url, filled[url] | mine)
        client.submit(url, {name: str(value) for name, value in filled[url].items()} | dict.fromkeys(mine, "Theirs"))
        clash = client.post(url, opened, status=409)
        assert "Theirs" in clash.html, url
        assert "Mine" in clash.html, url
        client.post(url, {**opened.to_dict(), **clash.hidden().to_dict()})
    session.expire_all()
    assert option.name == "Mine"
    assert criterion.meaning == "Mine"
    assert "Mine" in {score.reason for score in option.scores}


def test_how_sure_a_lead_is_stands_in_sentences_beside_the_chart(client: Client, row: Appraisal) -> None:
    page = client.get(at(row))
    said = words(page)
    assert "“By site” is first by weighted score: 6.2 of 10, from 5.2 to 7.2. The ranges of 1 other option" in said
    assert (
        "“Quality” weighs 60% now: “By site” stays first unless it weighs less than 40%, when “One for all” leads."
        in said
    )
    assert "“Value” weighs 40% now: “By site” stays first unless it weighs more than 60%" in said
    assert "No extension is left" in said
    assert "<svg" in page.html
    assert "By site: 6.2 points of 10, 5.2 to 7.2" in page.html
    assert len(page.statements) <= 15


def test_what_a_search_compared_stands_beside_the_option_that_is_cut_like_it(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    found = make.lot_search(session, run, desk.officer)
    found.state, found.result = RunState.FINISHED, stored(search(ground_of(run, Rules()), [], nobody_told))
    session.commit()
    market = evidence_of(session, row)
    assert market is not None
    cuts = {cut.name: cut for cut in market.cuts}
    assert any(name.startswith("Best by the rules of the search (") for name in cuts)
    assert {"As in the engagement", "By site", "Integrated"} <= cuts.keys()
    assert (cuts["By site"].lots, cuts["Integrated"].lots) == (2, 1)
    option = option_of(row, "By site")
    client.submit(at(row, "options", option.id), OPTION | {"cut": "By site"})
    none, one = percent(cuts["By site"].without_bid), percent(cuts["By site"].with_one_bid)
    said = f"Like “By site”: {none} of the programme’s value is expected without a bid, {one} with one"
    assert said in words(client.get(at(row)))
    found.state, found.result = RunState.WAITING, None
    session.commit()
    assert "Like “By site”: the newest search did not compare it" in words(client.get(at(row)))
    assert 'value="By site" selected' in client.get(at(row, "options", option.id)).html


def test_an_officer_s_structure_called_as_a_usual_one_stands_beside_it(
    session: Session, desk: Desk, row: Appraisal
) -> None:
    run = session.scalars(select(AnalysisRun)).one()
    result = search(ground_of(run, Rules()), [], nobody_told)
    assert result.found.best is not None
    own = replace(result.found.best, name="Integrated")
    found = make.lot_search(session, run, desk.officer)
    found.state = RunState.FINISHED
    found.result = stored(replace(result, found=replace(result.found, drafts=(*result.found.drafts, own))))
    session.commit()
    market = evidence_of(session, row)
    assert market is not None
    names = [cut.name for cut in market.cuts]
    assert {"Integrated", "Integrated (an officer’s own)"} <= set(names)
    assert len({name.casefold() for name in names}) == len(names)


def test_the_best_of_one_search_is_not_that_of_another(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    def best(rules: Rules) -> ComparedCut:
        found = make.lot_search(session, run, desk.officer)
        found.state, found.result = RunState.FINISHED, stored(search(ground_of(run, rules), [], nobody_told))
        session.commit()
        market = evidence_of(session, row)
        assert market is not None
        return next(cut for cut in market.cuts if cut.name.startswith(FOUND_BEST))

    run = session.scalars(select(AnalysisRun)).one()
    first = best(Rules())
    option = option_of(row, "By site")
    client.submit(at(row, "options", option.id), OPTION | {"cut": first.name})
    assert f"Like “{first.name}”: {percent(first.without_bid)}" in words(client.get(at(row)))
    assert best(Rules()) == first, "the same lots have the same name"
    other = best(Rules(lots_at_most=1) if first.lots > 1 else Rules(lots_at_least=2))
    assert other.lots != first.lots
    assert f"Like “{first.name}”: the newest search did not compare it" in words(client.get(at(row)))


def test_a_conclusion_is_kept_as_it_was_and_needs_a_reason_for_every_other_option(
    client: Client, session: Session, row: Appraisal
) -> None:
    conclude = at(row, "conclude")
    refused = client.submit(conclude, WHY | {"preferred": str(option_of(row, "By site").id)}, status=422)
    assert "Say why “One for all” is not preferred" in refused.html
    assert "Say why “By site”" not in refused.html
    assert "It keeps sites apart" in refused.html
    address = client.submit_twice(conclude, concluding(row))
    found = session.scalars(select(AppraisalConclusion)).one()
    content = from_json(Appraised, found.content)
    assert digest(content) == found.digest
    assert content.preferred == str(option_of(row, "By site").id)
    assert {each.name: each.why_not for each in content.options} == {
        "By site": "",
        "One for all": "One for all keeps fewer bidders",
        "Extend": "",
    }
    assert content.evidence is not None
    assert [lot.name for lot in content.evidence.lots]
    assert content.evidence.tenders
    page = words(client.get(address))
    assert "Preferred: “By site”" in page
    assert found.digest in page
    assert "It keeps sites apart" in page
    for statement in ("UPDATE appraisal_conclusion SET number = 9", "DELETE FROM appraisal_conclusion"):
        with pytest.raises(DatabaseError, match="appraisal_conclusion"):
            session.execute(text(statement))
        session.rollback()
    assert acts(session) == ["concluded"]


def test_what_is_concluded_cannot_be_changed_until_it_is_opened_again(
    client: Client, session: Session, row: Appraisal
) -> None:
    option, criterion = option_of(row, "By site"), row.criteria[0]
    client.submit(at(row, "conclude"), concluding(row))
    for url, given in {
        at(row, "options", "add"): OPTION,
        at(row, "options", option.id): OPTION | {"name": "Typed and kept"},
        at(row, "options", option.id, "scores"): {
            f"{part}_{each.id.hex}": "5" for each in row.criteria for part in ("low", "high", "reason")
        },
        at(row, "options", option.id, "remove"): {},
        at(row, "criteria", "add"): {"name": "New", "meaning": "New", "weight": "5"},
        at(row, "criteria", criterion.id): {"name": "New", "meaning": "New", "weight": "5"},
        at(row, "criteria", criterion.id, "remove"): {},
    }.items():
        page = client.submit(url, given, status=409)
        assert "Nothing of yours is saved" in page.html
        assert given.get("name", "") in page.html
    assert client.submit(at(row, "conclude"), concluding(row), status=409)
    session.expire_all()
    assert (len(row.options), len(row.criteria)) == (3, 2)
    client.submit_twice(at(row), action=at(row, "reopen"))
    client.submit(at(row, "options", option.id), OPTION | {"name": "By prison"})
    session.expire_all()
    client.submit(at(row, "conclude"), concluding(row, "By prison"))
    found = session.scalars(select(AppraisalConclusion).order_by(AppraisalConclusion.number)).all()
    names = [{each.name for each in from_json(Appraised, one.content).options} for one in found]
    assert [each.number for each in found] == [1, 2]
    assert "By site" in names[0]
    assert "By prison" in names[1]
    assert acts(session) == ["concluded", "reopened", "option_changed", "concluded"]


def test_an_interest_that_nobody_has_seen_to_stops_the_conclusion_and_one_that_is_managed_is_warned_of(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    conclude = at(row, "conclude")
    opened = client.filled(conclude, concluding(row))
    make.conflict(session, desk.about.programme, desk.approver)
    declared = make.conflict(session, desk.about.programme, desk.officer, declared_by=f" {desk.officer.name.upper()}")
    session.commit()
    hindered = client.get(conclude)
    assert "An interest in your name is on record" in words(hindered)
    assert "My brother" not in hindered.text, "what it is stays with lead officers"
    assert "Conclude" not in hindered.buttons()
    late = client.post(conclude, opened, status=409)
    assert "A lead officer has to put that on record first" in words(late)
    assert "It keeps sites apart" in late.html, "what was typed is kept"
    assert "Conclude" not in late.buttons()
    assert session.scalars(select(AppraisalConclusion)).all() == []
    session.add(ConflictAction(declaration_id=declared.id, action="Leaves", recorded_by=desk.approver.id))
    session.commit()
    assert "Make sure that it lets you do this" in words(client.get(conclude))
    client.submit(conclude, concluding(row))
    assert acts(session) == ["concluded"]


def test_the_page_sent_again_after_it_was_opened_again_does_not_say_concluded(
    client: Client, session: Session, row: Appraisal
) -> None:
    opened = client.filled(at(row, "conclude"), concluding(row))
    said = "The appraisal is concluded."
    assert said in words(client.get(client.post(at(row, "conclude"), opened).location))
    client.submit(at(row), action=at(row, "reopen"))
    page = words(client.get(client.post(at(row, "conclude"), opened).location))
    assert said not in page
    assert "The conclusion is kept, and the appraisal has been opened again since" in page


def test_what_changed_since_the_page_was_opened_is_not_concluded_unread(
    client: Client, session: Session, row: Appraisal
) -> None:
    opened = client.filled(at(row, "conclude"), concluding(row))
    row.options[0].scores[0].high = 10
    session.commit()
    page = client.post(at(row, "conclude"), opened, status=409)
    assert "Nothing is concluded yet" in page.html
    assert "It keeps sites apart" in page.html
    assert session.scalars(select(AppraisalConclusion)).all() == []
    client.post(at(row, "conclude"), {**opened.to_dict(), **page.hidden().to_dict()})
    assert len(session.scalars(select(AppraisalConclusion)).all()) == 1


def test_what_is_removed_takes_its_scores_along(client: Client, session: Session, row: Appraisal) -> None:
    client.submit(at(row, "options", option_of(row, "One for all").id, "remove"))
    client.submit(at(row, "criteria", row.criteria[0].id, "remove"))
    assert [each.name for each in session.scalars(select(AppraisalOption).order_by(AppraisalOption.position))] == [
        "By site",
        "Extend",
    ]
    assert [each.name for each in session.scalars(select(AppraisalCriterion))] == ["Value"]
    assert len(session.scalars(select(AppraisalScore)).all()) == 1
    assert "Keep two options or more" in words(client.get(at(row)))
    client.get(at(row, "conclude"))


def test_the_workbook_holds_the_whole_conclusion(client: Client, row: Appraisal) -> None:
    address = client.submit(at(row, "conclude"), concluding(row)).location
    file = client.get(f"{address}/appraisal.xlsx").response
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert ("Preferred", "By site") in sheets["About this file"]
    assert ("By site", "Quality", 6, 8, "By site scores so by Quality") in sheets["Scores"]
    assert {line[-2:] for line in sheets["Options"][1:]} == {
        ("", ""),
        ("", "One for all keeps fewer bidders"),
        ("No extension is left", ""),
    }
    assert len(sheets["Lots as asked about"]) > 1
    assert len(sheets["Tenders planned"]) > 1


def test_the_fingerprint_of_a_conclusion_can_be_taken_again_from_its_file(
    client: Client, session: Session, row: Appraisal
) -> None:
    page = client.get(client.submit(at(row, "conclude"), concluding(row)).location)
    file = client.get(page.links()["the file of all that was concluded"]).response
    assert sha256(file.data).hexdigest() == session.scalars(select(AppraisalConclusion.digest)).one()
    assert file.headers["Content-Disposition"].endswith('"appraisal-How to buy-1.json"')


def test_the_file_for_a_challenge_has_every_conclusion_in_full(client: Client, row: Appraisal) -> None:
    client.submit(at(row, "conclude"), concluding(row))
    log = f"/programmes/{row.programme_id}/record"
    answer = client.submit(log, action=f"{log}/file", status=200)
    book = openpyxl.load_workbook(io.BytesIO(answer.response.data))
    header, line = book["Appraisals"].iter_rows(values_only=True)
    said = dict(zip(header, line, strict=True))
    assert (said["Appraisal"], said["Conclusion"]) == ("How to buy", 1)
    for part in (
        "Preferred: “By site”. It keeps sites apart",
        "By site, Quality: 6 to 8. By site scores so by Quality",
        "Not preferred: Extend. Ruled out. No extension is left",
        "Not preferred: One for all. Scored. One for all keeps fewer bidders",
        "stays first unless it weighs less than 40%",
    ):
        assert part in said["Options, scores and reasons"]


def test_readers_read_and_nobody_outside_the_team_sees_any_of_it(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    address = client.submit(at(row, "conclude"), concluding(row)).location
    reviewer = make.person(session, desk.about.programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, row.programme_id, reviewer.id, desk.about.programme.buyer_id, TeamRole.REVIEWER)
    stranger = make.officer(session)
    session.commit()
    for reader in (reviewer, desk.approver):
        client.sign_in(reader)
        client.get(address)
        page = client.get(at(row))
        assert "Open it again" not in page.buttons()
        client.get(at(row, "conclude"), status=404)
        client.post(at(row, "reopen"), client.get(at(row)).hidden("/sign-out"), status=404)
    client.sign_in(stranger)
    for url in (of_programme(desk), at(row), address, f"{address}/appraisal.xlsx", f"{address}/as-concluded"):
        client.get(url, status=404)


def test_a_procurement_whose_options_are_appraised_is_not_removed(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    bare = Procurement(
        programme_id=row.programme_id, position=9, title="Later", route=Route.PSR_COMPETITIVE, service_start=START
    )
    session.add(bare)
    session.commit()
    remove = f"/programmes/{row.programme_id}/set-up/procurements/{bare.id}/remove"
    assert "or its options are appraised" not in client.get(remove).html
    make.appraisal(session, desk.about.programme, desk.officer, bare)
    session.commit()
    assert "or its options are appraised" in client.get(remove).html


def typed_scores(row: Appraisal) -> dict[str, str]:
    given: dict[str, str] = {}
    for each in row.criteria:
        given |= {f"low_{each.id.hex}": "5", f"high_{each.id.hex}": "5"}
        given |= {f"reason_{each.id.hex}": f"Typed of {each.name}"}
    return given


def test_what_a_colleague_changed_since_the_page_was_opened_is_not_removed_unread(
    client: Client, session: Session, row: Appraisal
) -> None:
    option, criterion = option_of(row, "By site"), row.criteria[0]
    changes = {
        at(row, "options", option.id): OPTION | {"name": "Rewritten"},
        at(row, "options", option.id, "scores"): typed_scores(row),
        at(row, "criteria", criterion.id): {"name": "Quality", "meaning": "Rewritten", "weight": "60"},
    }
    for url, change in changes.items():
        remove = f"{url.removesuffix('/scores')}/remove"
        opened = client.filled(remove, {})
        client.submit(url, change)
        page = client.post(remove, opened, status=409)
        assert "Nothing is removed yet" in page.html
    session.expire_all()
    assert (len(row.options), len(row.criteria)) == (3, 2)
    client.post(remove, page.hidden(), status=302)
    assert len(session.scalars(select(AppraisalCriterion)).all()) == 1


def test_scores_are_not_saved_by_criteria_that_mean_something_else_by_now(
    client: Client, session: Session, row: Appraisal
) -> None:
    option, (quality, value) = option_of(row, "By site"), row.criteria
    scores = at(row, "options", option.id, "scores")
    opened = client.filled(scores, typed_scores(row))
    client.submit(at(row, "criteria", quality.id), {"name": "Cost", "meaning": "10 is the dearest", "weight": "60"})
    page = client.post(scores, opened, status=409)
    assert "10 is the dearest" in page.html
    assert "Typed of Quality" in page.html
    assert "What you wrote of criteria that are gone" not in page.html
    client.submit(at(row, "criteria", value.id, "remove"))
    page = client.post(scores, {**opened.to_dict(), **page.hidden().to_dict()}, status=409)
    assert "From 5 to 5: Typed of Value" in words(page)
    assert "Typed of Quality" in page.html
    session.expire_all()
    assert {each.reason for each in option.scores} == {"By site scores so by Quality"}
    client.post(scores, {**opened.to_dict(), **page.hidden().to_dict()})
    session.expire_all()
    assert [each.reason for each in option.scores] == ["Typed of Quality"]


def test_whoever_writes_is_told_that_it_stays_and_it_does(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    option = option_of(row, "By site")
    for url in (
        at(row, "options", "add"),
        at(row, "options", option.id),
        at(row, "options", option.id, "scores"),
        at(row, "conclude"),
    ):
        assert "What you write here stays when responses are destroyed" in words(client.get(url))
    address = client.submit(at(row, "conclude"), concluding(row)).location
    assert carried_out(session, due(session, desk.about, desk.officer))
    session.expire_all()
    assert session.scalars(select(AnalysisRun)).all() == []
    page = words(client.get(address))
    assert "By site scores so by Quality" in page
    assert "Two or more" in page, "the chances of bids are in the conclusion"
    assert any("appraisals of options" in each and "chances of bids" in each for each in STAYS)


def test_lots_of_the_programme_that_the_newest_run_was_not_asked_about_are_named(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    row.procurement_id = None
    session.commit()
    silent = "what follows says nothing of that"
    assert silent not in words(client.get(at(row)))
    second = make.engagement(session, desk.about.programme)
    first, *others = session.scalars(select(EngagementLot).where(EngagementLot.engagement_id == second.id))
    for each in others:
        session.delete(each)
    session.flush()
    session.expire_all()
    make.finished_run(session, second, desk.officer)
    session.commit()
    missing = {lot.title for lot in make.lots_of(desk.about) if lot.id != first.lot_id}
    market = evidence_of(session, row)
    assert market is not None
    assert (len(market.lots), set(market.not_asked_about)) == (1, missing)
    page = client.get(at(row))
    assert all(each in words(page) for each in (silent, *missing))
    assert len(page.statements) <= 16
    address = client.submit(at(row, "conclude"), concluding(row)).location
    assert silent in words(client.get(address))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}/appraisal.xlsx").response.data))
    said = set(book["About this file"].iter_rows(values_only=True))
    assert {("Not asked about", each) for each in missing} <= said
