"""Saying how long responses are kept, and asking, agreeing and taking back that they are destroyed."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from config import Settings
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.webapp.locks import wait_until_blocked
from tests.world import World, actor_of, run_jobs
from webapp.accounts.personal.held import everything
from webapp.db import Database
from webapp.disposal import actions
from webapp.disposal.destroying import destroy
from webapp.disposal.waiting import end_of_wait
from webapp.engagements.disposed import last_day
from webapp.models import (
    AuditEvent,
    Disposal,
    Engagement,
    LotSearch,
    MailMessage,
    Membership,
    MembershipRole,
    Organisation,
    Person,
    Programme,
    RunState,
    StructureStep,
    TeamMember,
    TeamRole,
    ThemeLearning,
)
from webapp.web.format import day

POLICY = "Records policy 7"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SURE = {"not_needed": "y"}


@pytest.fixture
def world(world_of: WorldOf, session: Session) -> World:
    """Closed long ago, and not to be kept any more."""
    world = world_of()
    about = engagement_of(session, world)
    about.opens_at, about.closes_at, about.questions_close_at = LONG_AGO, LONG_AGO + timedelta(days=20), None
    about.programme.keep_until, about.programme.retention_policy = date(2024, 3, 31), POLICY
    for table in (LotSearch, StructureStep, ThemeLearning):  # as if the worker had given them up
        session.execute(update(table).where(table.state == RunState.WAITING).values(state=RunState.FAILED))
    session.commit()
    return world


@pytest.fixture
def colleague(session: Session, world: World) -> Person:
    """Another who leads the programme."""
    return member(session, world, TeamRole.LEAD_OFFICER)


def member(session: Session, world: World, role: TeamRole) -> Person:
    programme = session.get_one(Programme, world.ids["programme_id"])
    someone = make.person(session, session.get_one(Organisation, programme.buyer_id), MembershipRole.OFFICER)
    make.team_member(session, programme.id, someone.id, programme.buyer_id, role)
    session.commit()
    return someone


def engagement_of(session: Session, world: World) -> Engagement:
    return session.get_one(Engagement, world.ids["engagement_id"])


def address(world: World, *path: str) -> str:
    return "/".join((f"/manage/engagements/{world.ids['engagement_id']}/disposal", *path))


def retention(world: World) -> str:
    return f"/programmes/{world.ids['programme_id']}/retention"


def typed(day: date, policy: str = POLICY) -> dict[str, str]:
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {f"keep_until-{part}": str(value) for part, value in parts.items()} | {"policy": policy}


def standing(session: Session) -> Disposal:
    session.expire_all()
    return session.scalars(select(Disposal).where(Disposal.stopped_at.is_(None))).one()


def agreed(client: Client, session: Session, world: World, colleague: Person) -> Disposal:
    client.sign_in(world.officer)
    client.submit(address(world, "ask"), {"note": "The report is on the shared drive", **SURE})
    client.sign_in(colleague)
    client.submit(address(world, "agree"), SURE)
    return standing(session)


def done(client: Client, session: Session, world: World, colleague: Person) -> Disposal:
    """As the worker does it once the time has come."""
    disposal = agreed(client, session, world, colleague)
    session.execute(text("SET LOCAL session_replication_role = replica"))  # a trigger lets nobody else move it
    disposal.asked_at, disposal.agreed_at, disposal.due_at = (LONG_AGO + timedelta(days=each) for each in (30, 31, 60))
    disposal.told_at = disposal.agreed_at
    session.commit()
    assert destroy(session, disposal_id=disposal.id, now=datetime.now(UTC))
    session.commit()
    session.expire_all()
    return disposal


def mails_to(session: Session, person: Person) -> list[str]:
    mails = select(MailMessage).where(MailMessage.recipient == person.email).order_by(MailMessage.created_at)
    return [f"{mail.subject}\n{mail.body}" for mail in session.scalars(mails)]


def test_what_is_stated_stands_on_the_public_page(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    client.submit(retention(world), typed(date(2033, 3, 31), "Records policy 8"))
    assert "31 March 2033" in client.get(retention(world)).text
    said = client.get(f"/engagements/{world.ids['engagement_id']}").text
    assert "At least until the end of 31 March 2033, by this policy: Records policy 8." in said
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "programme.retention_stated")).one()
    assert event.detail == {
        "keep_until": "2033-03-31",
        "policy": "Records policy 8",
        "was_until": "2024-03-31",
        "was_policy": POLICY,
    }


def test_what_is_stated_needs_a_day_and_a_policy(client: Client, world: World) -> None:
    client.sign_in(world.officer)
    page = client.submit(retention(world), {"keep_until-day": "31", "policy": ""}, status=422)
    assert "must include a month and year" in page.text
    assert "Enter by which policy" in page.text


def test_of_two_who_state_something_at_once_the_second_sees_it(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    sent = client.filled(retention(world), typed(date(2040, 1, 1)))
    session.get_one(Programme, world.ids["programme_id"]).keep_until = date(2035, 1, 1)
    session.commit()
    page = client.post(retention(world), sent, status=409)
    assert "A colleague has stated something else" in page.text
    again = {**typed(date(2040, 1, 1)), **dict(page.hidden().items())}
    client.post(retention(world), again)
    session.expire_all()
    assert session.get_one(Programme, world.ids["programme_id"]).keep_until == date(2040, 1, 1)


def test_two_people_and_a_wait(client: Client, session: Session, world: World, colleague: Person) -> None:
    client.sign_in(world.officer)
    assert client.submit_twice(address(world, "ask"), {"note": "", **SURE}) == address(world)
    disposal = standing(session)
    assert (disposal.policy, disposal.kept_until, disposal.agreed_at) == (POLICY, date(2024, 3, 31), None)
    assert "Agree" not in str(client.get(address(world)).links())
    assert client.get(address(world, "agree"), status=302).location == address(world)
    client.sign_in(colleague)
    assert "Agree, or read what goes" in client.get(address(world)).links()
    page = client.submit(address(world, "agree"), status=422)
    assert "Confirm that nothing under way needs the responses" in page.text
    client.submit(address(world, "agree"), SURE)
    disposal = standing(session)
    assert disposal.agreed_at is not None
    assert disposal.due_at == end_of_wait(disposal.agreed_at)
    assert "Until then nothing is gone" in client.get(address(world)).text


def test_what_was_taken_back_is_not_asked_for_by_the_same_form(client: Client, session: Session, world: World) -> None:
    """As by going back, or opening the page of the browser's history again."""
    client.sign_in(world.officer)
    sent = client.filled(address(world, "ask"), {"note": "", **SURE})
    client.post(address(world, "ask"), sent)
    client.submit(address(world, "stop"), {"reason": "Too early"})
    again = client.post(address(world, "ask"), sent)
    assert "That was taken back" in client.get(again.location).text
    session.expire_all()
    assert session.scalars(select(Disposal.stop_reason)).all() == ["Too early"]
    client.submit(address(world, "ask"), {"note": "", **SURE})
    assert standing(session).is_only_asked


@pytest.mark.parametrize(
    ("agreed_at", "due_at", "said"),
    [
        (datetime(2026, 6, 1, 9, 30, tzinfo=UTC), datetime(2026, 6, 29, 23, tzinfo=UTC), date(2026, 6, 29)),
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 3, 20, 23, 59, tzinfo=UTC), datetime(2026, 4, 17, 23, tzinfo=UTC), date(2026, 4, 17)),
    ],
    ids=["by day", "already the next day in London", "over the beginning of summer time"],
)
def test_responses_stay_until_the_end_of_the_day_that_is_named(
    session: Session, world: World, agreed_at: datetime, due_at: datetime, said: date
) -> None:
    assert end_of_wait(agreed_at) == due_at
    assert last_day(due_at) == said
    engagement, officer = engagement_of(session, world), make.officer(session)
    given = {"kept_until": date(2024, 3, 31), "policy": POLICY, "note": "", "asked_by": world.officer.id}
    agreement = {"agreed_at": agreed_at, "agreed_by": officer.id, "due_at": due_at}
    session.add(Disposal(engagement_id=engagement.id, **given, **agreement))
    session.flush()  # the database finds it long enough


def test_nobody_agrees_to_what_they_asked_for(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    client.sign_in(world.officer)
    client.submit(address(world, "ask"), SURE)
    client.sign_in(colleague)
    sent = client.filled(address(world, "agree"), SURE)
    client.submit(address(world, "stop"), {"reason": "To ask for it myself"})
    client.submit(address(world, "ask"), SURE)
    client.post(address(world, "agree"), sent)
    assert "so somebody else has to agree" in client.get(address(world)).text
    assert standing(session).agreed_at is None


def test_an_earlier_day_stands_where_providers_read_it_before_it_is_used(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    client.sign_in(world.officer)
    sent = client.filled(address(world, "ask"), SURE)
    client.submit(retention(world), typed(date(2020, 2, 1)))
    assert "Responses can be destroyed once it has stood on the public page" in client.get(address(world)).text
    client.post(address(world, "ask"), sent)
    assert session.scalars(select(Disposal)).all() == []
    session.execute(text("SET LOCAL session_replication_role = replica"))
    stated = AuditEvent.act == "programme.retention_stated"
    session.execute(update(AuditEvent).where(stated).values(at=AuditEvent.at - timedelta(days=30)))
    session.commit()
    client.submit(address(world, "ask"), SURE)
    client.sign_in(colleague)
    page = client.get(address(world, "agree")).text
    for words in ("1 February 2020", "31 March 2024", POLICY, f"By {world.officer.name} at"):
        assert words in page


def test_a_later_day_can_be_stated_without_a_wait(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    client.submit(retention(world), typed(date(2024, 4, 30)))
    client.submit(address(world, "ask"), SURE)
    assert standing(session).kept_until == date(2024, 4, 30)


@pytest.mark.parametrize("how", ["another role", "not in the team", "not of the buyer"])
def test_whoever_asked_still_leads_when_another_agrees(
    client: Client, session: Session, world: World, colleague: Person, how: str
) -> None:
    client.sign_in(world.officer)
    client.submit(address(world, "ask"), SURE)
    client.sign_in(colleague)
    assert "Agree, or read what goes" in client.get(address(world)).links()
    sent = client.filled(address(world, "agree"), SURE)
    if how == "another role":
        left = update(TeamMember).where(TeamMember.person_id == world.officer.id).values(role=TeamRole.OFFICER)
    elif how == "not in the team":
        left = delete(TeamMember).where(TeamMember.person_id == world.officer.id)
    else:
        left = delete(Membership).where(Membership.person_id == world.officer.id)
    session.execute(left)
    session.commit()
    page = client.get(address(world))
    assert f"{world.officer.name} no longer leads the programme, so nobody can agree to it" in page.text
    assert "Agree, or read what goes" not in page.links()
    assert "Take it back" in page.links()
    assert client.get(address(world, "agree"), status=302).location == address(world)
    client.post(address(world, "agree"), sent)
    assert "Whoever asked for it no longer leads the programme" in client.get(address(world)).text
    assert standing(session).agreed_at is None
    client.submit(address(world, "stop"), {"reason": "They have left"})
    client.submit(address(world, "ask"), SURE)
    assert standing(session).asked_by == colleague.id


def test_what_is_agreed_stands_when_whoever_asked_leaves(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    agreed(client, session, world, colleague)
    session.execute(delete(TeamMember).where(TeamMember.person_id == world.officer.id))
    session.commit()
    page = client.get(address(world)).text
    assert "The responses will be destroyed after" in page
    assert "no longer leads" not in page


def test_asking_waits_for_what_is_being_stated(
    client: Client, session: Session, world: World, database: Database
) -> None:
    """So that nobody asks by a day or a policy that stands no more."""
    client.sign_in(world.officer)
    sent = client.filled(address(world, "ask"), SURE)
    with ThreadPoolExecutor() as pool, database.session() as other:
        programme = other.get_one(Programme, world.ids["programme_id"])
        actions.state_retention(
            other,
            programme=programme,
            keep_until=date(2024, 4, 30),
            policy="Records policy 8",
            seen=actions.stated_now(programme),
            actor=actor_of(world.officer, programme.buyer),
        )
        asked = pool.submit(client.post, address(world, "ask"), sent)
        wait_until_blocked(session, asked)
        other.commit()
        asked.result()
    disposal = standing(session)
    assert (disposal.kept_until, disposal.policy) == (date(2024, 4, 30), "Records policy 8")


def test_those_who_declined_are_told_too(
    client: Client, session: Session, database: Database, settings: Settings, world: World, colleague: Person
) -> None:
    person = make.provider_person(session)
    make.decline(session, engagement_of(session, world), person)
    session.commit()
    agreed(client, session, world, colleague)
    run_jobs(database, settings)
    (told,) = mails_to(session, person)
    assert told.startswith("Responses are destroyed after ")
    assert "why it would not respond" in " ".join(told.split())
    client.submit(address(world, "stop"), {"reason": "A challenge has come in"})
    run_jobs(database, settings)
    assert mails_to(session, person)[-1].startswith("Responses are kept after all")
    assert not any(mail.startswith("Responses are destroyed") for mail in mails_to(session, world.provider))


def test_who_had_only_a_draft_reads_nothing_false(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    person = make.provider_person(session)
    make.response(session, engagement_of(session, world), person)
    session.commit()
    done(client, session, world, colleague)
    client.sign_in(person)
    page = client.get("/responses").text
    assert "Your organisation has no responses." in page
    assert "not begun" not in page


def test_an_approver_can_agree_and_take_it_back(client: Client, session: Session, world: World) -> None:
    disposal = agreed(client, session, world, member(session, world, TeamRole.APPROVER))
    assert disposal.agreed_by is not None
    client.submit(address(world, "stop"), {"reason": ""}, status=422)
    client.submit(address(world, "stop"), {"reason": "A challenge has come in"})
    session.refresh(disposal)
    assert disposal.stop_reason == "A challenge has come in"
    page = client.get(address(world)).text
    assert "The responses are kept." in page
    assert "A challenge has come in" in page


def test_providers_are_told_in_time_and_when_it_is_taken_back(
    client: Client, session: Session, database: Database, settings: Settings, world: World, colleague: Person
) -> None:
    disposal = agreed(client, session, world, colleague)
    run_jobs(database, settings)
    session.refresh(disposal)
    told = mails_to(session, world.provider)[-1]
    assert told.startswith("Download your response before ")
    assert POLICY in told
    assert disposal.due_at is not None
    assert f"After {day(disposal.due_at - timedelta(seconds=1))} they are destroyed" in " ".join(told.split())
    client.sign_in(world.provider)
    assert "This is destroyed after" in client.get("/responses").text
    client.sign_in(colleague)
    client.submit(address(world, "stop"), {"reason": "A challenge has come in"})
    run_jobs(database, settings)
    session.refresh(disposal)
    assert mails_to(session, world.provider)[-1].startswith("Responses are kept after all")
    client.sign_in(world.provider)
    assert "This is destroyed after" not in client.get("/responses").text


def test_colleagues_are_told_of_what_was_asked(client: Client, session: Session, world: World) -> None:
    approver = member(session, world, TeamRole.APPROVER)
    approver.password_hash = "set"  # so that the address is known to be the person's
    session.commit()
    client.sign_in(world.officer)
    client.submit(address(world, "ask"), SURE)
    assert mails_to(session, approver)[-1].startswith("You are asked to agree that responses be destroyed")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("open", "only after the engagement has closed"),
        ("sealed", "The responses are sealed"),
        ("unstated", "does not say yet until when"),
        ("kept", "Responses are kept until the end of"),
        ("today", "Responses are kept until the end of"),
    ],
)
def test_it_cannot_be_asked_for_before_its_time(
    client: Client, session: Session, world: World, why: str, said: str
) -> None:
    about = engagement_of(session, world)
    client.sign_in(world.officer)
    sent = client.filled(address(world, "ask"), SURE)
    if why == "open":
        about.closes_at = datetime.now(UTC) + timedelta(days=1)
    elif why == "sealed":
        about.sealed = True
    elif why == "unstated":
        about.programme.keep_until = about.programme.retention_policy = None
    else:
        days = 400 if why == "kept" else 0
        about.programme.keep_until = datetime.now(UTC).date() + timedelta(days=days)
    session.commit()
    assert said in client.get(address(world)).text
    assert client.get(address(world, "ask"), status=302).location == address(world)
    client.post(address(world, "ask"), sent)
    assert session.scalars(select(Disposal)).all() == []


def test_what_is_about_to_go_keeps_its_date_and_stays_closed(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    agreed(client, session, world, colleague)
    page = client.submit(retention(world), typed(date(2050, 1, 1)), status=422)
    assert "Take that back first" in page.text
    later = datetime.now(UTC) + timedelta(days=30)
    day = {f"day-{part}": str(getattr(later, part)) for part in ("day", "month", "year")}
    client.submit(
        f"/manage/engagements/{world.ids['engagement_id']}/extend", {**day, "time": "noon", "reason": "More time"}
    )
    session.expire_all()
    assert engagement_of(session, world).closes_at < datetime.now(UTC)


def test_afterwards_pages_say_so_and_lead_to_the_certificate(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    disposal = done(client, session, world, colleague)
    about = f"/manage/engagements/{world.ids['engagement_id']}"
    page = client.get(address(world))
    for words in ("Certificate of disposal", POLICY, str(disposal.id), "The report is on the shared drive"):
        assert words in page.text
    assert disposal.responses[0].reference in page.text
    managed = client.get(about)
    assert "The responses were destroyed at" in managed.text
    assert "Nobody has started a response" not in managed.text
    assert "Enter a question that came by email, telephone or at an event" not in managed.links()
    run = f"/runs/{world.ids['run_id']}"
    for path in (
        f"{about}/progress",
        f"{about}/responses",
        f"{about}/received",
        f"{about}/summary",
        f"{about}/replies",
        f"{about}/questions/enter",
        run,
        f"{run}/report",
        f"{run}/report/schedule",
        f"{run}/forecast",
    ):
        assert client.get(path, status=302).location == address(world), path
    assert "They were destroyed on" in client.get(f"/engagements/{world.ids['engagement_id']}").text


def test_afterwards_what_was_put_up_for_signature_can_be_read(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    done(client, session, world, colleague)
    programme = f"/programmes/{world.ids['programme_id']}"
    signed = client.get(f"{programme}/recommendations/{world.ids['recommendation_id']}").text
    assert "Seed " in signed
    assert ", finished" not in signed  # its parts are gone, which alone knew when
    client.get(f"{programme}/forecasts")
    client.get(programme)
    client.get(f"/engagements/{world.ids['engagement_id']}/you-said-we-did")
    client.get(f"{programme}/planning")
    client.get(f"{programme}/providers")


def test_afterwards_a_provider_reads_what_it_had_sent_and_that_it_is_gone(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    organisation_id = session.scalars(
        select(Membership.organisation_id).where(Membership.person_id == world.provider.id)
    ).one()
    disposal = done(client, session, world, colleague)
    reference = next(each.reference for each in disposal.responses if each.organisation_id == organisation_id)
    client.sign_in(world.provider)
    page = client.get("/responses")
    assert f"your response {reference}" in page.text
    assert "has no responses" not in page.text
    client.get(f"/responses/{world.ids['response_id']}", status=404)
    actor = actor_of(world.provider, session.get_one(Organisation, organisation_id))
    (held,) = everything(session, actor=actor, now=datetime.now(UTC))["responses_destroyed"]
    assert (held["reference"], held["policy"], held["destroyed_at"]) == (reference, POLICY, disposal.done_at)


def test_the_record_says_who_was_told_and_what_was_destroyed(
    client: Client, session: Session, world: World, colleague: Person
) -> None:
    done(client, session, world, colleague)
    record = f"/programmes/{world.ids['programme_id']}/record"
    assert "That the responses will be destroyed after" in client.get(record).text
    book = openpyxl.load_workbook(io.BytesIO(client.submit(record, action=f"{record}/file", status=200).response.data))
    (row,) = list(book["Disposals"].iter_rows(min_row=2, values_only=True))
    assert POLICY in row
    assert "Responses that were submitted: 3" in row[-1]
