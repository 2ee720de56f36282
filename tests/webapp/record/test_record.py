"""The record that a panel asks for, through the pages."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.models import (
    AuditEvent,
    ConflictAction,
    ConflictDeclaration,
    Decision,
    Disclosure,
    Document,
    Engagement,
    Meeting,
    MembershipRole,
    Organisation,
    Person,
    Programme,
    TeamRole,
)

TOLD = {
    "what": "That the closing time will not move",
    "told_to": "Ann Price of North Care",
    "day-day": "4",
    "day-month": "1",
    "day-year": "2026",
    "time": "10:30",
    "published_where": "",
}
DECIDED = {
    "title": "Five tenders",
    "decided_on-day": "5",
    "decided_on-month": "1",
    "decided_on-year": "2026",
    "decided_by": "Commissioning board",
    "reasons": "More providers would bid for single sites.",
    "conditions": "",
}


def began(client: Client, session: Session) -> tuple[Programme, Person]:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    session.commit()
    client.sign_in(officer)
    return programme, officer


def member(session: Session, programme: Programme, role: TeamRole) -> Person:
    someone = make.person(session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, someone.id, programme.buyer_id, role)
    session.commit()
    return someone


def address(programme: Programme, *path: object) -> str:
    return "/".join((f"/programmes/{programme.id}/record", *map(str, path)))


def exported(client: Client, programme: Programme) -> openpyxl.Workbook:
    log = address(programme)
    answer = client.submit(log, action=f"{log}/file", status=200)
    return openpyxl.load_workbook(io.BytesIO(answer.response.get_data()))


def texts(book: openpyxl.Workbook, sheet: str) -> str:
    return "\n".join(str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row)


def test_what_the_service_tells_enters_the_log_by_itself(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    engagement = make.engagement(session, programme)
    session.commit()
    where = f"/manage/engagements/{engagement.id}"
    later = engagement.closes_at + timedelta(days=9)
    moved = {"reason": "Two providers asked", "time": "5pm"}
    moved |= {f"day-{part}": str(getattr(later, part)) for part in ("day", "month", "year")}
    client.submit(f"{where}/extend", moved)
    client.submit(
        f"{where}/invite",
        {"organisation_name": "North Care", "name": "Ann Price", "email": "ann@north.example", "organisation_id": ""},
    )
    page = client.get(address(programme))
    assert "Two providers asked" in page.text
    assert "by email to all concerned" in page.text
    assert "North Care Told to them alone" in page.text
    assert officer.name in page.text


def happened(session: Session, act: str, subject: Engagement | Document, engagement: Engagement, **given: Any) -> None:
    session.add(
        AuditEvent(
            act=act,
            subject_kind=subject.__tablename__,
            subject_id=subject.id,
            detail={"engagement": str(engagement.id)},
            **given,
        )
    )
    session.flush()


def test_the_log_says_of_each_act_where_it_was_published(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    engagement = make.engagement(session, programme)
    published_where = {
        "summary.published": "The engagement’s page",
        "engagement.opened": "Not told to providers",
        "engagement.invited": "Told to them alone",
        "event.held": "Who came is listed with the event",
        "response.accepted_late": "Not told to other providers",
    }
    for act in published_where:
        happened(session, act, engagement, engagement)
    session.commit()
    rows = exported(client, programme)["Equal treatment"].iter_rows(min_row=2, values_only=True)
    assert [row[4] for row in rows] == list(published_where.values())


def test_a_document_of_a_draft_was_told_to_nobody(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    draft = make.engagement(session, programme, state="draft")
    happened(session, "document.added", make.document(session, draft), draft)
    draft.published_at = datetime.now(UTC)
    happened(session, "document.added", make.document(session, draft, title="Annex"), draft)
    session.commit()
    rows = list(exported(client, programme)["Equal treatment"].iter_rows(min_row=2, values_only=True))
    assert [row[2:5] for row in rows] == [
        (
            "The document Draft specification was put up with the draft",
            "Nobody while the engagement was a draft",
            "Not published at that time",
        ),
        (
            "The document Annex",
            "Everybody, on the public page; by email to all concerned",
            "The engagement’s page",
        ),
    ]


def test_a_correction_leaves_what_was_told_before_it_in_the_log(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    asked = make.clarification(session, make.engagement(session, programme), question="Who pays for escorts?")
    session.commit()
    answering = f"/manage/engagements/{asked.engagement_id}/questions/{asked.id}"
    client.submit(answering, {"question": "Who pays escorts?", "answer": "The provider pays."})
    told = ("Who pays escorts?", "Who pays for escorts?", "Who drives escorts?")
    for corrected in told[1:]:
        client.submit(f"{answering}/correct", {"question": corrected, "answer": f"The prison does. {corrected}"})
    log = client.get(address(programme))
    places = [log.text.index(question) for question in told]
    assert places == sorted(places, reverse=True), "each as it was told, the newest first"
    rows = list(exported(client, programme)["Answered questions"].iter_rows(min_row=2, values_only=True))
    assert [row[3:5] for row in rows] == [
        ("Who pays escorts?", "The provider pays."),
        *((corrected, f"The prison does. {corrected}") for corrected in told[1:]),
    ]
    assert [row[6] for row in rows] == [rows[1][5], rows[2][5], None], "each stood until the next"
    assert asked.organisation.name not in str(rows)
    assert len(log.statements) <= 15


def test_what_was_told_otherwise_is_entered_corrected_and_kept(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    mistaken = {**TOLD, "time": "later", "day-year": "2199"}
    page = client.submit(address(programme, "disclosures", "write"), mistaken, status=422)
    assert "Enter a time of day, like 17:00, 5pm or noon" in page.text
    assert "The day must not be after today" in page.text
    client.submit(address(programme, "disclosures", "write"), TOLD)
    assert "Ann Price of North Care Not said" in client.get(address(programme)).text, "a blank would say nothing"
    row = session.scalars(select(Disclosure)).one()
    assert "10:30am on 4 January 2026" in client.get(address(programme)).text
    correction = address(programme, "disclosures", row.id)
    client.submit(correction, {**TOLD, "told_to": "Bea Long of North Care"})
    page = client.get(address(programme))
    assert "Bea Long" in page.text
    assert "Ann Price" not in page.text
    assert client.get(correction).hidden()["revision"] != str(row.id), "from an old page one corrects what stands"
    book = exported(client, programme)
    replaced = texts(book, "Replaced by corrections")
    assert replaced.index("Ann Price") < replaced.index("Bea Long"), "what it said, and what took its place"
    assert "Bea Long" in texts(book, "Equal treatment")


def test_what_is_sent_twice_from_one_page_is_on_record_once(client: Client, session: Session) -> None:
    programme, lead = began(client, session)
    conflict = make.conflict(session, programme, lead)
    session.commit()
    declared = {"declared_by": "Ann", "has_interest": "no", "interest": ""}
    declared |= {f"declared_on-{part}": TOLD[f"day-{part}"] for part in ("day", "month", "year")}
    for model, path, given in (
        (Decision, ("decisions", "write"), DECIDED),
        (Disclosure, ("disclosures", "write"), TOLD),
        (ConflictDeclaration, ("conflicts", "declare"), declared),
        (ConflictAction, ("conflicts", conflict.id, "act"), {"action": "Takes no part"}),
    ):
        before = len(session.scalars(select(model.id)).all())
        page = client.get(address(programme, *path))
        for _time in range(2):
            client.post(address(programme, *path), {**page.hidden(), **given})
        assert len(session.scalars(select(model.id)).all()) == before + 1
        client.submit(address(programme, *path), given)
        assert len(session.scalars(select(model.id)).all()) == before + 2, "from a page of its own it is meant"
    other_words = {**client.get(address(programme, "decisions", "write")).hidden(), **DECIDED}
    for title in ("Five tenders again", "Six tenders"):
        client.post(address(programme, "decisions", "write"), {**other_words, "title": title})
    assert {"Five tenders again", "Six tenders"} <= set(session.scalars(select(Decision.title)))


def test_who_corrects_what_a_colleague_has_corrected_meanwhile_sees_both(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    row = make.decision(session, programme, officer)
    session.commit()
    where = address(programme, "decisions", row.id)
    opened = client.get(where).hidden()
    client.submit(where, {**DECIDED, "reasons": "Theirs."})
    clash = client.post(where, {**opened, **DECIDED, "reasons": "Mine."}, status=409)
    assert "“Five tenders” was saved after you had opened it" in clash.text
    assert "Theirs. Mine." in clash.text
    mine = {field.get("name"): (field.text or "").strip() for field in clash.tree.iter("textarea")}
    for _time in range(2):
        client.post(where, {**clash.hidden(), **mine}, status=302)
    kept = session.scalars(select(Decision.reasons).order_by(Decision.created_at)).all()
    assert kept == [row.reasons, "Theirs.", "Mine."], "and twice from one page is once"


def test_two_corrections_of_one_entry_cannot_both_stand(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    row = make.decision(session, programme, officer)
    make.decision(session, programme, officer, corrects_id=row.id)
    with pytest.raises(IntegrityError):
        make.decision(session, programme, officer, corrects_id=row.id)


@pytest.mark.parametrize("statement", ["UPDATE decision SET reasons = 'others'", "DELETE FROM conflict_declaration"])
def test_the_database_refuses_to_change_the_record(session: Session, statement: str) -> None:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    make.decision(session, programme, officer)
    make.conflict(session, programme, officer)
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        session.execute(text(statement))


def test_decisions_and_meetings_are_put_on_record(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    client.submit(address(programme, "decisions", "write"), DECIDED)
    assert session.scalars(select(Decision)).one().decided_on == date(2026, 1, 5)
    assert "More providers would bid for single sites." in client.get(address(programme, "decisions")).text
    meeting: dict[str, Any] = {
        "title": "Board of 4 January",
        "time": "2pm",
        "place": "",
        "attended_by": "Ann\nBea",
        "minutes": "All agreed.",
        **{name: value for name, value in TOLD.items() if name.startswith("day")},
    }
    client.submit(address(programme, "meetings", "write"), meeting)
    shown = client.get(address(programme, "meetings")).text
    assert "2pm on 4 January 2026" in shown
    assert "All agreed." in shown


def test_conflicts_are_for_lead_officers_and_those_who_declared(client: Client, session: Session) -> None:
    programme, lead = began(client, session)
    designer = member(session, programme, TeamRole.LOT_DESIGNER)
    other = member(session, programme, TeamRole.OFFICER)
    where = address(programme, "conflicts")
    declared = {"declared_by": designer.name, "has_interest": "yes", "interest": "My brother works for North Care"}
    when = {"declared_on-day": "4", "declared_on-month": "1", "declared_on-year": "2026"}
    client.sign_out()
    client.sign_in(designer)
    page = client.submit(f"{where}/declare", {**declared, **when, "interest": " "}, status=422)
    assert "Enter the interest" in page.text
    client.submit(f"{where}/declare", {**declared, **when})
    assert "My brother works" in client.get(where).text
    client.get(address(programme), status=404)
    client.sign_out()
    client.sign_in(other)
    assert "My brother works" not in client.get(where).text
    book = exported(client, programme)
    assert "Conflicts of interest" not in book.sheetnames
    assert "Not in this copy: Conflicts of interest" in texts(book, "About this file")
    client.sign_out()
    client.sign_in(lead)
    assert "My brother works" in client.get(where).text
    assert "Nothing yet" in texts(exported(client, programme), "Conflicts of interest")
    act = next(href for name, href in client.get(where).links().items() if name.startswith("Enter what is done"))
    client.submit(act, {"action": "Takes no part in lot 3"})
    assert session.scalars(select(ConflictAction)).one().action == "Takes no part in lot 3"
    done = f"Takes no part in lot 3\n{lead.name}"
    assert done in texts(exported(client, programme), "Conflicts of interest"), "who entered it, beside it"
    assert f"Takes no part in lot 3 Entered by {lead.name}" in client.get(where).text


def test_a_lead_officer_decides_about_an_own_interest_only_if_nobody_else_can(client: Client, session: Session) -> None:
    programme, lead = began(client, session)
    own = make.conflict(session, programme, lead, declared_by=f" {lead.name.upper()}")
    session.commit()
    where = address(programme, "conflicts")
    act = address(programme, "conflicts", own.id, "act")
    client.submit(act, {"action": "Nobody else leads: the board was told"})
    other = member(session, programme, TeamRole.LEAD_OFFICER)
    assert act not in client.get(where).links().values()
    assert "another lead officer enters what is done" in client.get(where).text
    refused = client.submit(act, {"action": "Nothing need be done"}, status=422)
    assert "This interest is your own" in refused.text
    assert "Nothing need be done" in refused.html
    client.sign_out()
    client.sign_in(other)
    assert act in client.get(where).links().values()
    client.submit(act, {"action": "Takes no part in lot 3"})
    entered = session.scalars(select(ConflictAction).order_by(ConflictAction.created_at))
    assert [row.recorded_by for row in entered] == [lead.id, other.id]


def test_the_export_vouches_for_the_audit_trail_and_is_itself_on_record(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    about = texts(exported(client, programme), "About this file")
    assert "Unbroken" in about
    assert programme.buyer.name in about
    acts = session.scalars(select(AuditEvent.act)).all()
    assert acts.count("record.exported") == 1


def test_the_file_has_long_minutes_whole_and_the_oldest_first(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    minutes = "".join(f"Point {number} was agreed. " for number in range(1500))
    for title, day in (("Later", 9), ("Earlier", 8)):
        session.add(
            Meeting(
                programme_id=programme.id,
                recorded_by=officer.id,
                title=title,
                held_at=datetime(2026, 1, day, tzinfo=UTC),
                attended_by="Ann",
                minutes=minutes,
            )
        )
    session.commit()
    rows = list(exported(client, programme)["Meetings"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["Earlier", "Earlier", "Later", "Later"]
    assert f"{rows[0][4]}{str(rows[1][4]).removeprefix('(continued) ')}" == minutes


def test_a_new_version_of_the_questionnaire_enters_the_log(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    engagement = make.engagement(session, programme)
    session.add(
        AuditEvent(
            act="questionnaire.replaced",
            subject_kind="engagement",
            subject_id=engagement.id,
            person_id=officer.id,
            detail={"number": 2, "reason": "A lot was added", "moves_drafts": True},
        )
    )
    session.commit()
    log = client.get(address(programme)).text
    assert "Version 2 of the questionnaire took the place of the one before: A lot was added" in log


def test_an_approver_reads_the_record_and_writes_nothing(client: Client, session: Session) -> None:
    programme, lead = began(client, session)
    make.decision(session, programme, lead)
    approver = member(session, programme, TeamRole.APPROVER)
    engagement, draft = (make.engagement(session, programme, state=state) for state in ("open", "draft"))
    for about, title in ((engagement, "Annex"), (draft, "Unpublished draft")):
        happened(session, "document.added", make.document(session, about, title=title), about)
    replaced = engagement.published_at - timedelta(hours=1)
    make.document(session, engagement, title="Replaced before", withdrawn_at=replaced)
    invited = make.provider(session, name="North Care")
    happened(session, "engagement.invited", engagement, engagement, organisation_id=invited.id)
    session.commit()
    book = exported(client, programme)
    assert "Unpublished draft" in texts(book, "Documents"), "for those who run engagements"
    assert "Replaced before" in texts(book, "Documents")
    assert "Unpublished draft" in texts(book, "Equal treatment")
    assert "never published are left out" not in client.get(address(programme)).text
    assert "Documents of drafts" not in texts(book, "About this file")
    client.sign_out()
    client.sign_in(approver)
    book, log = exported(client, programme), client.get(address(programme)).text
    everything = "".join(texts(book, sheet) for sheet in book.sheetnames) + log
    assert "Unpublished draft" not in everything
    assert "Replaced before" not in everything
    assert "Not in this copy: Documents of drafts" in texts(book, "About this file")
    assert "Annex" in texts(book, "Documents")
    assert "Annex" in log
    assert "never published are left out here" in log
    assert "North Care" in log, "whoever signs sees whom it invited"
    links = client.get(f"/manage/engagements/{engagement.id}").links()
    assert links["Read the record: equal treatment, meetings and decisions"] == address(programme)
    for path in ("", "/meetings", "/decisions"):
        page = client.get(f"{address(programme)}{path}")
        assert not [name for name in page.links() if name.startswith(("Enter", "Correct"))], path
    assert "Commissioning board" in texts(exported(client, programme), "Decisions")
    client.get(address(programme, "decisions", "write"), status=404)


def test_a_reader_of_reports_sees_no_record(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    reviewer = member(session, programme, TeamRole.REVIEWER)
    client.sign_out()
    client.sign_in(reviewer)
    for path in ("", "meetings", "decisions", "decisions/write"):
        client.get(address(programme, path).rstrip("/"), status=404)
    assert "Equal treatment" not in client.get(f"/programmes/{programme.id}").text


def test_the_log_stays_within_its_statements(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    engagement = make.engagement(session, programme)
    for _ in range(40):
        session.add(
            AuditEvent(
                act="engagement.invited",
                subject_kind="invitation",
                subject_id=engagement.id,
                person_id=officer.id,
                organisation_id=programme.buyer_id,
                detail={"engagement": str(engagement.id)},
            )
        )
    session.commit()
    page = client.get(address(programme))
    assert len(page.statements) <= 15
    assert "Next page" in page.text
