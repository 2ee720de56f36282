"""Reading the responses of an engagement, and taking them along."""

from __future__ import annotations

import io
import uuid
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client, Page
from tests.world import World
from webapp.models import (
    Answer,
    AskedPer,
    AuditEvent,
    Engagement,
    Lot,
    MembershipRole,
    Organisation,
    Person,
    Programme,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    Response,
    ResponseNote,
    Section,
    Submission,
    TeamRole,
)
from webapp.reading import pages
from webapp.reading.comparing import compared
from webapp.reading.queries import Given


@pytest.fixture
def world(world_of: WorldOf, client: Client) -> World:
    world = world_of(analysed=False)
    client.sign_in(world.officer)
    return world


def address(world: World, *path: object) -> str:
    return "/".join((f"/manage/engagements/{world.ids['engagement_id']}/responses", *map(str, path)))


def organisation_of(session: Session, world: World) -> Organisation:
    return session.get_one(Response, world.ids["response_id"]).organisation


def file_of(client: Client, world: World, kind: str) -> bytes:
    return client.submit(address(world), action=address(world, "file", kind), status=200).response.get_data()


def test_responses_are_found_by_words_lot_kind_and_flag(client: Client, session: Session, world: World) -> None:
    page = client.get(address(world))
    assert "3 responses" in page.text
    assert "1 response" in client.get(address(world) + "?q=vetting").text
    assert "No response fits" in client.get(address(world) + "?q=%25").text, "a wildcard is a word like any other"
    lot = world.ids["lot_id"]
    assert "3 responses" in client.get(address(world) + f"?lot={lot}&kind=charity").text
    of_lot = client.get(address(world) + f"?lot={lot}").text
    assert "Lots of interest" in page.text
    assert "Lots of interest" not in of_lot
    assert "Interest in D1" in of_lot
    assert "Likely to bid" in of_lot
    assert "No response fits" in client.get(address(world) + "?q=a%00b").text, (
        "what no answer can hold is no fault of ours"
    )
    assert "No response fits" in client.get(address(world) + "?kind=nhs_trust").text
    assert "No response fits" in client.get(address(world) + "?flagged=y").text
    assert "3 responses" in client.get(address(world) + "?lot=nonsense&kind=nonsense&page=nonsense").text
    empty = make.engagement(session, session.get_one(Programme, world.ids["programme_id"]))
    session.commit()
    found = client.get(f"/manage/engagements/{empty.id}/responses?engagement_id=1")
    assert "Nobody has submitted" in found.text, "the form asked for nothing"


def test_every_answer_to_a_question_with_how_often_each_option_was_chosen(client: Client, world: World) -> None:
    page = client.get(address(world, "questions", "barriers"))
    assert "3 answers" in page.text
    assert "Vetting takes four months" in page.text
    assert "Provider Answer" in page.text
    by_lot, _rows = pages.answer_table(Question(asked_per=AskedPer.CHOSEN_LOT), [], {}, Engagement())
    assert [column["text"] for column in by_lot] == ["Provider", "Lot", "Answer"]
    page = client.get(address(world, "questions", "cqc"))
    assert "How often each option was chosen" in page.text
    client.get(address(world, "questions", "nothing"), status=404)


def test_responses_stand_side_by_side(client: Client, session: Session, world: World) -> None:
    ids = session.scalars(select(Response.id).where(Response.engagement_id == world.ids["engagement_id"])).all()
    page = client.get(address(world, "compare") + "?" + "&".join(f"r={each}" for each in ids))
    assert "Vetting takes four months" in page.text
    assert "Two tenders at once are too many" in page.text
    assert "Choose two responses" in client.get(address(world, "compare") + "?r=nonsense").text
    many = "&".join(f"r={ids[0]}" for _ in range(5))
    assert "Four at most" in client.get(address(world, "compare") + f"?{many}").text


def test_what_all_answered_alike_can_be_left_out_of_a_comparison(
    client: Client, session: Session, world: World
) -> None:
    one, other = session.scalars(
        select(Response.id)
        .where(Response.engagement_id == world.ids["engagement_id"], Response.current_submission_id.is_not(None))
        .order_by(Response.id)
        .limit(2)
    )
    both = client.get(address(world, "compare") + f"?r={one}&r={other}")
    whose = {(cell.get("data-column") or "").removesuffix(" (entered by an officer)") for cell in both.tree.iter("td")}
    both_of = session.scalars(select(Response).where(Response.id.in_((one, other))))
    assert whose == {response.organisation.name for response in both_of}, "on phones each answer says whose it is"
    different = client.get(both.links()["Show only where they differ"])
    alike = [row for row in cells(both) if row[1] == row[2]]
    assert alike, "else there is nothing to leave out"
    assert cells(different) == [row for row in cells(both) if row[1] != row[2]]
    assert different.links()["Show every answer"]


def cells(page: Page) -> list[list[str]]:
    rows = [row for body in page.tree.iter("tbody") for row in body.iter("tr")]
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_lots_stand_below_their_question_in_a_table_of_their_own() -> None:
    section = Section(position=1, title="About you")
    name = Question(key="name", kind=QuestionKind.TEXT, wording="Who?", position=2, section=section)
    bid = Question(key="bid", kind=QuestionKind.TEXT, wording="Would you bid?", position=1, section=section)
    places = Question(key="places", kind=QuestionKind.LONG_TEXT, wording="Where?", position=3, section=section)
    reworded = Question(key="name", kind=QuestionKind.TEXT, wording="For whom?", position=2, section=section)
    lots = [Lot(id=uuid.UUID(int=n), code=f"D{n}", title="Dental") for n in (1, 2)]
    second_first = {str(lot.id): lot for lot in reversed(lots)}
    acorn, oak = (Response(id=uuid.UUID(int=n)) for n in (3, 4))
    given = [
        Given(Organisation(), oak.id, lots[1], bid, "yes", None),
        Given(Organisation(), acorn.id, None, name, "Acorn", None),
        Given(Organisation(), acorn.id, lots[0], bid, "no", None),
        Given(Organisation(), acorn.id, None, places, "here\nthere", None),
        Given(Organisation(), oak.id, None, reworded, "Oak", None),
    ]
    found = compared([acorn, oak], given, second_first, only_different=False)
    assert [(each.title, each.about, each.rows) for each in found] == [
        ("About you", "Question", [["Who?", "Acorn", "Oak<br>Asked as: For whom?"], ["Where?", "here<br>there", ""]]),
        ("Would you bid?", "Lot", [["D2: Dental", "", "yes"], ["D1: Dental", "no", ""]]),
    ]
    alike = [Given(Organisation(), who.id, None, asked, "Oak", None) for who, asked in ((acorn, name), (oak, reworded))]
    assert compared([acorn, oak], alike, {}, only_different=True) == [], "the answers are the same, whatever the words"
    assert compared([acorn, oak], alike, {}, only_different=False)[0].rows == [
        ["Who?", "Oak", "Oak<br>Asked as: For whom?"]
    ]


def test_notes_and_flags_are_the_team_s(client: Client, session: Session, world: World) -> None:
    where = address(world, world.ids["response_id"], "notes")
    page = client.submit(where, {"text": " "}, status=422)
    assert "Enter the note" in page.text
    opened = client.get(where)
    sent = {"once": opened.tree.find(".//input[@name='once']").get("value"), "text": "Ask about <escorts>"}
    pressed_twice = {**opened.hidden(), **sent}
    for _press in range(2):
        client.post(where, pressed_twice)
    assert session.scalars(select(ResponseNote)).one().text == "Ask about <escorts>"
    assert "Ask about <escorts>" in client.get(where).text
    flag = address(world, world.ids["response_id"], "flag")
    client.submit(where, action=flag)
    assert "Take the flag down" in client.get(where).buttons()
    assert "1 response" in client.get(address(world) + "?flagged=y").text
    client.submit(where, action=flag)
    assert "Raise a flag" in client.get(where).buttons()
    acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act.like("response.%"))).all()
    assert acts.count("response.flagged") == 2


def test_files_hold_everything_and_no_cell_runs(client: Client, session: Session, world: World) -> None:
    submission = session.get_one(Submission, world.ids["submission_id"])
    response = session.get_one(Response, submission.response_id)
    question = session.scalars(
        select(Question).join(Section).where(Section.version_id == response.version_id, Question.key == "improve")
    ).first()
    if question is not None:
        session.add(Answer(submission_id=submission.id, question_id=question.id, value="=1+1"))
    organisation_of(session, world).name = "=cmd|' /C calc'!A0"
    engagement = session.get_one(Engagement, world.ids["engagement_id"])
    said = make.decline(session, engagement, world.other_provider, comment="=2+2", may_quote=True)
    name = said.organisation.name
    session.commit()
    book = openpyxl.load_workbook(io.BytesIO(file_of(client, world, "xlsx")))
    assert book.sheetnames == ["Responses", "Interest by lot", "Answers", "Will not respond"]
    declined = next(book["Will not respond"].iter_rows(min_row=2))
    reason = "No capacity, or our bid team is busy then"
    assert [declined[place].value for place in (0, 3, 5, 6, 7)] == [name, "No", reason, "=2+2", "Yes"]
    assert declined[6].data_type == "s"
    names = [row[0] for row in book["Responses"].iter_rows(min_row=2)]
    assert "=cmd|' /C calc'!A0" in [cell.value for cell in names]
    assert {cell.data_type for cell in names} == {"s"}
    lines = file_of(client, world, "csv").decode("utf-8-sig")
    assert "Vetting takes four months" in lines
    assert not [line for line in lines.splitlines() if line.startswith(("=", "+", "-", "@"))]
    exported = session.scalars(select(AuditEvent).where(AuditEvent.act == "responses.exported")).all()
    assert sorted(event.detail["kind"] for event in exported) == ["csv", "xlsx"]


def test_restricted_answers_are_for_lead_officers_in_lists_searches_and_files(
    client: Client, session: Session, world: World
) -> None:
    engagement = session.get_one(Engagement, world.ids["engagement_id"])
    section = engagement.versions[-1].sections[0]
    session.execute(text("SET LOCAL session_replication_role = replica"))  # the questionnaire is published
    secret = Question(
        section_id=section.id, position=99, key="conflict", kind="text", wording="What conflicts?", restricted=True
    )
    session.add(secret)
    session.flush()
    session.add(Answer(submission_id=world.ids["submission_id"], question_id=secret.id, value="My uncle Hector"))
    designer = designer_of(session, world)
    session.commit()
    assert "1 response" in client.get(address(world) + "?q=Hector").text
    assert b"Hector" in file_of(client, world, "csv")
    client.sign_out()
    client.sign_in(designer)
    assert "No response fits" in client.get(address(world) + "?q=Hector").text
    assert b"Hector" not in file_of(client, world, "csv")
    assert "Hector" not in client.get(address(world, "compare") + f"?r={world.ids['response_id']}").text
    client.get(address(world, "questions", "conflict"), status=404)
    publish_anew(session, engagement, kind="text", key="conflict", wording="Any conflicts?")
    assert "Hector" not in client.get(address(world, "questions", "conflict")).text, "it was given to the lead officer"
    client.sign_out()
    client.sign_in(world.officer)
    assert "My uncle Hector Asked as: What conflicts?" in client.get(address(world, "questions", "conflict")).text


def test_what_the_whole_team_was_told_stays_theirs_where_a_later_version_restricts_the_question(
    client: Client, session: Session, world: World
) -> None:
    engagement = session.get_one(Engagement, world.ids["engagement_id"])
    options = [{"value": "hector", "label": "Hector"}]
    publish_anew(
        session, engagement, kind="one_of", key="barriers", wording="In confidence?", options=options, restricted=True
    )
    in_confidence = session.scalars(select(Question.id).where(Question.wording == "In confidence?")).one()
    session.execute(text("SET LOCAL session_replication_role = replica"))  # the response is submitted
    answer = session.scalars(
        select(Answer)
        .join(Answer.question)
        .where(Answer.submission_id == world.ids["submission_id"], Question.key == "barriers")
    ).one()
    before, answer.question_id, answer.value = answer.value, in_confidence, "hector"
    designer = designer_of(session, world)
    session.commit()
    responses = session.scalars(select(Response.id).where(Response.engagement_id == engagement.id)).all()
    side_by_side = address(world, "compare?") + "&".join(f"r={each}" for each in responses)
    confidential = client.get(address(world, "questions", "barriers"))
    assert "Hector 1 " in confidential.text
    assert "Options of earlier versions" not in confidential.text, "what was typed was no option"
    assert "3 answers" in confidential.text
    assert "Hector" in client.get(side_by_side).text
    client.sign_in(designer)
    (barriers,) = (href for href in client.get(address(world)).links().values() if href.endswith("/questions/barriers"))
    told = client.get(barriers).text
    assert "2 answers" in told
    assert "Hector" not in told
    assert "In confidence?" not in told
    assert "How often" not in told
    assert "No response fits" in client.get(address(world) + "?q=hector").text
    assert "Hector" not in client.get(side_by_side).text
    assert before not in told


def designer_of(session: Session, world: World) -> Person:
    """Somebody of the team who does not lead."""
    programme = session.get_one(Programme, world.ids["programme_id"])
    designer = make.person(session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, designer.id, programme.buyer_id, TeamRole.LOT_DESIGNER)
    return designer


def test_answers_to_what_a_new_version_asks_no_more_are_read_by_question(
    client: Client, session: Session, world: World
) -> None:
    assert "(asked in an earlier version)" not in client.get(address(world)).text
    engagement = session.get_one(Engagement, world.ids["engagement_id"])
    kinds = [{"value": "new", "label": "Something new"}]
    publish_anew(session, engagement, kind="one_of", key="organisation_kind", wording="Which kind?", options=kinds)
    links = client.get(address(world)).links()
    assert links["Which kind?"].endswith("/questions/organisation_kind")
    (barriers,) = (href for text, href in links.items() if href.endswith("/questions/barriers"))
    assert "Vetting takes four months" in client.get(barriers).text
    assert [text.endswith("(asked in an earlier version)") for text, href in links.items() if href == barriers] == [
        True
    ]
    drawn = pages.chart(Question(key="kind", kind="one_of", wording="Which kind?", options=kinds), {"old": 2, "new": 1})
    assert drawn is not None
    assert drawn[1] == [("Something new", "1"), ("Options of earlier versions", "2")]
    drawn = pages.chart(Question(key="sure", kind=QuestionKind.YES_NO, wording="Sure?"), {"true": 2, "perhaps": 1})
    assert drawn is not None
    assert drawn[1] == [("Yes", "2"), ("No", "0"), ("Options of earlier versions", "1")]


def publish_anew(session: Session, engagement: Engagement, **asked: Any) -> None:
    """A version that asks one question alone."""
    version = QuestionnaireVersion(
        engagement_id=engagement.id, number=len(engagement.versions) + 1, published_at=engagement.published_at
    )
    section = Section(version=version, position=1, slug="all", title="All")
    session.execute(text("SET LOCAL session_replication_role = replica"))  # it is published as it is made
    session.add_all([version, Question(section=section, position=1, **asked)])
    session.commit()


def test_sealed_responses_and_other_roles_see_nothing(client: Client, session: Session, world: World) -> None:
    programme = session.get_one(Programme, world.ids["programme_id"])
    reviewer = make.person(session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, reviewer.id, programme.buyer_id, TeamRole.REVIEWER)
    session.get_one(Engagement, world.ids["engagement_id"]).sealed = True
    session.commit()
    paths = ("", "compare", "questions/barriers", f"{world.ids['response_id']}/notes")
    for path in paths:
        client.get(address(world, path).rstrip("/"), status=404)
    session.get_one(Engagement, world.ids["engagement_id"]).sealed = False
    session.commit()
    client.sign_out()
    client.sign_in(reviewer)
    for path in paths:
        client.get(address(world, path).rstrip("/"), status=404)
