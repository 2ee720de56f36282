"""The plan of communication and the events, through the pages."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.audit import Actor
from webapp.communications import actions
from webapp.models import (
    Attendance,
    AuditEvent,
    EngagementEvent,
    MembershipRole,
    Organisation,
    Person,
    PlannedActivity,
    Programme,
    TeamMember,
    TeamRole,
)
from webapp.web.format import moment


def began(client: Client, session: Session) -> tuple[Programme, Person]:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    session.commit()
    client.sign_in(officer)
    return programme, officer


def reviewer(session: Session, programme: Programme) -> Person:
    someone = make.person(session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, someone.id, programme.buyer_id, TeamRole.REVIEWER)
    session.commit()
    return someone


def address(programme: Programme, *path: object) -> str:
    return "/".join((f"/programmes/{programme.id}/communications", *map(str, path)))


def typed_day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def activity_of(session: Session, programme: Programme, **given: str) -> dict[str, Any]:
    owner = session.scalars(select(TeamMember).where(TeamMember.programme_id == programme.id)).first()
    assert owner is not None
    plain = {"what": "Publish the notice", "audience": "Everybody", "channel": "notice", "owner_id": str(owner.id)}
    return {**plain, **typed_day("due_on", date(2020, 3, 2)), "note": "", **given}


def test_an_activity_is_planned_shown_as_overdue_and_done(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    page = client.submit(address(programme, "activities", "add"), activity_of(session, programme, what=""), status=422)
    assert "Enter what is to be done" in page.text
    client.submit(address(programme, "activities", "add"), activity_of(session, programme))
    page = client.get(address(programme))
    assert "1 activity on this page is overdue" in page.text
    assert officer.name in page.text
    assert "<svg" in page.html
    change = page.links()["Publish the notice"]
    to_come = {**activity_of(session, programme), **typed_day("done_on", date(2098, 3, 1))}
    assert "The day it was done must be today or earlier" in client.submit(change, to_come, status=422).text
    client.submit(change, {**activity_of(session, programme), **typed_day("done_on", date(2020, 3, 1))})
    page = client.get(address(programme))
    assert "Done on 1 Mar 2020" in page.text
    assert "overdue" not in page.text
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert [act for act in acts if act.startswith("activity.")] == ["activity.added", "activity.changed"]


def test_an_activity_can_be_removed(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    row = make.activity(session, programme)
    session.commit()
    where = address(programme, "activities", row.id)
    client.submit(where, action=f"{where}/remove")
    assert session.scalars(select(PlannedActivity)).all() == []


def test_two_officers_on_one_activity_see_both_versions(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    row = make.activity(session, programme)
    session.commit()
    where = address(programme, "activities", row.id)
    old = client.get(where).hidden()
    sent = activity_of(session, programme, what="Mine")
    client.submit_twice(where, activity_of(session, programme, what="Theirs"))
    page = client.post(where, {**old, **sent}, status=409)
    assert "Mine" in page.text
    assert "Theirs" in page.text
    session.expire_all()
    assert session.get_one(PlannedActivity, row.id).what == "Theirs"
    client.post_twice(where, {**page.hidden(), **sent})
    session.expire_all()
    row = session.get_one(PlannedActivity, row.id)
    assert (row.what, row.revision) == ("Mine", 3), "a second press is no clash, and saves nothing more"


def test_who_left_the_team_owns_nothing(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    someone = reviewer(session, programme)
    member = session.scalars(select(TeamMember).where(TeamMember.person_id == someone.id)).one()
    make.activity(session, programme, owner_id=member.id)
    session.commit()
    assert someone.name in client.get(address(programme)).text
    session.delete(member)
    session.commit()
    assert "Nobody" in client.get(address(programme)).text


def test_the_calendar_has_what_is_to_be_done_and_the_events(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    make.activity(session, programme, what="Send invitations")
    make.activity(session, programme, what="Long done", done_on=date(2027, 1, 4))
    make.event(session, make.engagement(session, programme), title="Webinar")
    session.commit()
    file = client.get(address(programme, "calendar.ics")).html
    assert "SUMMARY:Due: Send invitations" in file
    assert "DTSTART:20270105T090000Z" in file
    assert "SUMMARY:Webinar" in file
    assert "Long done" not in file


def test_who_came_to_an_event_goes_on_record(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    engagement = make.engagement(session, programme)
    row = make.event(session, engagement, title="Market day")
    session.commit()
    where = address(programme, "events", row.id, "attendance")
    page = client.submit(where, {"people": "Ann Price, North Care\nBea Long\nCem Ay"}, status=422)
    reason = "must be a name, a comma and an organisation"
    assert f"Line 2 {reason}. Line 3 {reason}" in page.text
    page = client.submit(where, {"people": "Bea Long\n" * 13}, status=422)
    assert f"Line 10 {reason}. 3 more lines are amiss" in page.text
    page = client.submit(where, {"people": "Ann Price, North Care\n\nann price, NORTH CARE"}, status=422)
    assert "Line 3 names ann price of NORTH CARE a second time" in page.text
    client.submit(where, {"people": "Ann Price, North Care\n\nBea Long, South Care, Ltd"})
    client.submit(where, {"people": "Cem Ay, North Care"})
    client.submit(where, {"people": "CEM AY, North Care\nAnn Price, North Care"})
    found = session.scalars(select(Attendance).order_by(Attendance.position)).all()
    assert [(each.name, each.organisation_name) for each in found] == [
        ("Ann Price", "North Care"),
        ("Bea Long", "South Care, Ltd"),
        ("Cem Ay", "North Care"),
    ]
    log = client.get(f"/programmes/{programme.id}/record").text
    assert f"The event Market day was held at {moment(row.begins_at)}" in log
    assert "2 people of 2 organisations" in log
    assert "At the event Market day, held at" in log
    where = f"/programmes/{programme.id}/record"
    file = client.submit(where, action=f"{where}/file", status=200).response.get_data()
    listed = openpyxl.load_workbook(io.BytesIO(file))["Events"].iter_rows(values_only=True)
    assert [people[4:] for people in listed if "Cem Ay" in people] == [("Cem Ay", "North Care")]
    event_page = client.get(address(programme, "events", row.id))
    assert event_page.links()["equal-treatment log"] == f"/programmes/{programme.id}/record"
    assert "Cem Ay" in event_page.text
    assert "Change the event" not in event_page.text
    assert client.get(address(programme, "events", row.id, "change"), status=302).location.endswith(str(row.id))
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        session.execute(text("DELETE FROM attendance"))


def test_nobody_came_to_an_event_that_has_not_begun(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    begins = datetime.now(UTC) + timedelta(days=2)
    engagement = make.engagement(session, programme)
    row = make.event(session, engagement, begins_at=begins, ends_at=begins + timedelta(hours=1))
    session.commit()
    where = address(programme, "events", row.id, "attendance")
    page = client.submit(where, {"people": "Ann Price, North Care"}, status=422)
    assert "The event has not begun" in page.text
    assert make.count_of(session, Attendance) == 0


def test_an_event_is_planned_and_moved(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    about = make.engagement(session, programme)
    session.commit()
    event = {
        "engagement_id": str(about.id),
        "title": "Webinar",
        **typed_day("day", date(2027, 7, 1)),
        "begins": "2pm",
        "ends": "1pm",
        "place": "https://meet.example/1",
        "capacity": "",
    }
    page = client.submit(address(programme, "events", "add"), event, status=422)
    assert "must end after it begins" in page.text
    moved = client.submit(address(programme, "events", "add"), {**event, "ends": "3pm"}).location
    assert "2pm on 1 July 2027, until 3pm" in client.get(moved).text
    client.submit(f"{moved}/change", {**event, "begins": "10:30", "ends": "11:30"})
    session.expire_all()
    assert session.scalars(select(EngagementEvent)).one().begins_at == datetime(2027, 7, 1, 9, 30, tzinfo=UTC)


def test_an_event_is_removed_until_somebody_came(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    engagement = make.engagement(session, programme)
    row, held = (make.event(session, engagement) for _ in range(2))
    session.commit()
    where, other = address(programme, "events", row.id), address(programme, "events", held.id)
    form = client.get(f"{other}/change").hidden()
    assert client.submit(f"{where}/change", action=f"{where}/remove").location.endswith("/events")
    client.get(where, status=404)
    client.submit(f"{other}/attendance", {"people": "Ann Price, North Care"})
    client.post(f"{other}/remove", form)
    assert "so it stays" in client.get(other).text
    acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act.startswith("event."))).all()
    assert sorted(acts) == ["event.held", "event.removed"]


def test_who_came_to_an_event_that_is_removed_at_that_moment_is_not_kept(client: Client, session: Session) -> None:
    programme, officer = began(client, session)
    row = make.event(session, make.engagement(session, programme))
    session.commit()
    stale = row.begins_at
    session.execute(delete(EngagementEvent))
    actor = Actor(officer.id, officer.name, officer.email, officer.id, True, True, ())
    with pytest.raises(actions.RemovedError):
        actions.hold(session, event=row, attendees=[], programme=programme, actor=actor, now=stale)


def test_what_is_sent_twice_is_planned_once(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    about = make.engagement(session, programme)
    session.commit()
    event = {
        "engagement_id": str(about.id),
        "title": "Webinar",
        **typed_day("day", date(2027, 7, 1)),
        "begins": "2pm",
        "ends": "3pm",
        "place": "Online",
    }
    for part, given, model in (
        ("activities", activity_of(session, programme), PlannedActivity),
        ("events", event, EngagementEvent),
    ):
        where = address(programme, part, "add")
        form = client.get(where).hidden()
        for name, value in given.items():
            form[name] = value
        assert client.post(where, form).location == client.post(where, form).location
        assert make.count_of(session, model) == 1
        client.submit(where, given)
        assert make.count_of(session, model) == 2, "the same words from a page of their own are meant anew"


def test_an_engagement_of_another_programme_takes_no_event(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    make.engagement(session, programme)
    other = make.engagement(session)
    row = make.event(session, other)
    session.commit()
    sent = {
        "engagement_id": str(other.id),
        "title": "Webinar",
        **typed_day("day", date(2027, 7, 1)),
        "begins": "2pm",
        "ends": "3pm",
        "place": "Here",
    }
    assert "choose one" in client.submit(address(programme, "events", "add"), sent, status=422).text
    client.get(address(programme, "events", row.id), status=404)


def test_a_reviewer_looks_and_changes_nothing(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    row = make.activity(session, programme, what="Send invitations")
    event = make.event(session, make.engagement(session, programme))
    someone = reviewer(session, programme)
    client.sign_out()
    client.sign_in(someone)
    page = client.get(address(programme))
    assert "Send invitations" in page.text
    assert "Plan an activity" not in page.text
    client.get(address(programme, "events", event.id))
    for path in (("activities", "add"), ("activities", row.id), ("events", event.id, "attendance")):
        client.get(address(programme, *path), status=404)


def test_pages_stay_within_their_statements_however_long_the_plan(client: Client, session: Session) -> None:
    programme, _officer = began(client, session)
    engagement = make.engagement(session, programme)
    for _ in range(30):
        make.activity(session, programme)
        make.event(session, engagement)
    session.commit()
    for path in ((), ("events",)):
        page = client.get(address(programme, *path))
        assert len(page.statements) <= 15
        assert "Next page" in page.text
