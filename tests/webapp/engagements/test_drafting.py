"""Setting an engagement up by pages: a draft that changes until it is published, and what may change afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.models import AuditEvent, Engagement, Person, Programme, Section, TeamMember, TeamRole
from webapp.web.format import LONDON, day

OPENS = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=10)
CLOSES = OPENS + timedelta(days=20)


def day_of(name: str, at: datetime) -> dict[str, str]:
    return {f"{name}-day": str(at.day), f"{name}-month": str(at.month), f"{name}-year": str(at.year)}


def filled(**given: Any) -> dict[str, Any]:
    return {
        "title": "Dental services",
        "reference": "ME-07",
        "summary": "We may buy dental services.",
        "procedure": "Answer the questionnaire.",
        "contact_email": "team@buyer.example",
        **day_of("opens_on", OPENS),
        "opens_time": "9am",
        **day_of("closes_on", CLOSES),
        "closes_time": "5.30pm",
        **given,
    }


@pytest.fixture
def programme(session: Session) -> Programme:
    made = factories.programme(session, factories.buyer(session), lots=3)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, programme: Programme, client: Client) -> Person:
    someone = factories.officer(session, programme.buyer)
    session.commit()
    client.sign_in(someone)
    return someone


def lot_ids(programme: Programme) -> list[str]:
    return [str(lot.id) for procurement in programme.procurements for lot in procurement.lots]


def new(programme: Programme) -> str:
    return f"/programmes/{programme.id}/engagements/new"


def saved(session: Session) -> Engagement:
    session.expire_all()
    return session.scalars(select(Engagement)).one()


def test_an_officer_sets_an_engagement_up_from_the_programmes_page(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    assert client.get(f"/programmes/{programme.id}").links()["Set up an engagement"] == new(programme)
    lots = lot_ids(programme)
    page = client.submit(new(programme), filled(lots=[lots[2], lots[0]], **day_of("questions_on", CLOSES)))
    engagement = saved(session)
    assert page.location == f"/manage/engagements/{engagement.id}"
    draft = client.get(page.location)
    assert "This is a draft" in draft.text
    entered = {
        "Reference": "ME-07",
        "What it is about": "We may buy dental services.",
        "How it works": "Answer the questionnaire.",
        "Email address for questions": "team@buyer.example",
        "It opens": f"9am on {day(OPENS)}",
        "Questions can be asked until": f"5:30pm on {day(CLOSES)}",
        "It closes": f"5:30pm on {day(CLOSES)}",
        "Responses": "Read as they come",
    }
    for said in (f"{key} {value}" for key, value in entered.items()):
        assert said in draft.text
    first, _second, third = (lot for procurement in programme.procurements for lot in procurement.lots)
    assert f"Lots {first.code}: {first.title} {third.code}: {third.title}" in draft.text
    assert len(draft.statements) <= 15
    assert "Run analysis" not in draft.buttons()
    assert [str(entry.lot_id) for entry in engagement.engagement_lots] == [lots[0], lots[2]], "the programme's order"
    assert engagement.closes_at.astimezone(ZoneInfo("Europe/London")).strftime("%H:%M") == "17:30"
    assert engagement.questions_close_at == engagement.closes_at, "the end of the day, but none after it closes"
    assert not engagement.sealed
    assert session.scalars(select(AuditEvent.act)).all() == ["engagement.created"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": " "}, "Enter a title"),
        ({"opens_time": "midnight"}, "Enter a time of day, like 17:00, 5pm or noon"),
        (day_of("closes_on", OPENS - timedelta(days=1)), "It must close later than it opens"),
        (day_of("closes_on", OPENS + timedelta(days=9_000)), "It must close within a year of opening"),
        (day_of("questions_on", CLOSES + timedelta(days=1)), "must not be after the closing day"),
        ({"lots": ["5b1f9f3e-0000-4000-8000-000000000000"]}, "Lots: choose from the options shown"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_what_was_typed_is_kept(
    session: Session, programme: Programme, officer: Person, client: Client, given: dict[str, Any], said: str
) -> None:
    page = client.submit(new(programme), filled(**given), status=422)
    assert said in page.text
    assert "We may buy dental services." in page.html
    assert factories.count_of(session, Engagement) == 0


def test_a_reference_is_used_once_in_a_programme(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    client.submit(new(programme), filled())
    page = client.submit(new(programme), filled(title="Another", reference="me-07"), status=422)
    assert "An engagement of this programme has this reference already" in page.text


def test_two_officers_on_one_draft_see_both_versions(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    lots = lot_ids(programme)
    client.submit(new(programme), filled(lots=lots[:1]))
    edit = f"/manage/engagements/{saved(session).id}/edit"
    opened = client.get(edit).hidden()
    client.submit_twice(edit, filled(title="Saved first", lots=lots[:1]))
    mine = filled(title="Mine", lots=lots, sealed="y")
    opened.update(mine)
    page = client.post(edit, opened, status=409)
    for said in ("Title Saved first Mine", "D3: Dental, HMP Site 3", "Seal the responses until they are opened No Yes"):
        assert said in page.text
    assert saved(session).title == "Saved first"
    sent = page.hidden()
    for field in page.tree.iter("textarea"):
        sent.add(field.get("name"), "".join(field.itertext()).removeprefix("\n"))
    client.post_twice(edit, sent)
    engagement = saved(session)
    assert (engagement.title, engagement.sealed, len(engagement.engagement_lots)) == ("Mine", True, 3)
    assert engagement.revision == 3, "a second press saves nothing more"


def test_publishing_says_what_is_missing_and_what_becomes_public(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    client.submit(new(programme), filled())
    engagement = saved(session)
    publish = f"/manage/engagements/{engagement.id}/publish"
    page = client.get(publish)
    assert "Lots For engagement before lots are cut." in page.text
    assert "Questionnaire Missing Opening time" in page.text
    assert "Publish the engagement" not in page.buttons()
    factories.add_questionnaire(session, engagement, published=False)
    session.commit()
    client.submit(f"/manage/engagements/{engagement.id}/edit", filled(lots=lot_ids(programme)))
    page = client.get(publish)
    for said in ("Lots 3 lots Questionnaire 9 questions", "team@buyer.example", "D2: Dental, HMP Site 2", "5:30pm"):
        assert said in page.text
    assert "Confirm that you want to publish" in client.submit(publish, status=422).text
    client.submit(publish, {"sure": "y"})
    assert saved(session).published_at is not None
    client.sign_out()
    assert "We may buy dental services." in client.get(f"/engagements/{engagement.id}").text


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (date(2097, 3, 4), date(2097, 3, 4), "Open for less than a day 5pm"),
        (date(2097, 3, 4), date(2097, 3, 5), "Open for 1 day, 1 of them Monday to Friday 5pm"),
        (date(2097, 3, 8), date(2097, 3, 24), "Open for 16 days, 10 of them Monday to Friday 5pm"),
        (date(2096, 12, 26), date(2097, 12, 24), "Open for 363 days, 259 of them Monday to Friday 5pm"),
        (date(2096, 12, 14), date(2097, 1, 4), "Open for 21 days, 15 of them Monday to Friday, and over Christmas 5pm"),
    ],
)
def test_whoever_publishes_reads_how_long_providers_have(
    session: Session, programme: Programme, officer: Person, client: Client, opens: date, closes: date, said: str
) -> None:
    client.submit(new(programme), filled())
    engagement = saved(session)
    engagement.opens_at = datetime.combine(opens, time(9), UTC)
    engagement.closes_at = engagement.questions_close_at = datetime.combine(closes, time(17), UTC)
    session.commit()
    assert said in client.get(f"/manage/engagements/{engagement.id}/publish").text


def test_whoever_publishes_reads_how_long_responses_are_kept_and_who_says_it(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    client.submit(new(programme), filled())
    publish = f"/manage/engagements/{saved(session).id}/publish"
    page = client.get(publish)
    assert page.links()["How long responses are kept"] == f"/programmes/{programme.id}/retention"
    assert "Providers would read it on the public page Not said" in page.text
    programme.keep_until, programme.retention_policy = date(2035, 3, 31), "Records policy"
    session.query(TeamMember).filter_by(person_id=officer.id).update({"role": TeamRole.OFFICER})
    session.commit()
    page = client.get(publish)
    assert "A lead officer says it Until 31 March 2035" in page.text
    assert "How long responses are kept" not in page.links()
    last_day = saved(session).closes_at.astimezone(LONDON).date()
    for until, is_told in ((last_day, False), (last_day - timedelta(days=1), True)):
        programme.keep_until = until
        session.commit()
        page = client.get(publish)
        assert f"Until {day(until)}" in page.text
        assert ("That is before the engagement closes. Providers read it" in page.text) == is_told
        assert (f'govuk-tag--red">Until {day(until)}' in page.response.text) == is_told


def test_an_engagement_that_is_set_up_sealed_is_sealed(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    client.submit(new(programme), filled(lots=lot_ids(programme), sealed="y"))
    engagement = saved(session)
    assert engagement.sealed
    assert "will be sealed until" in client.get(f"/manage/engagements/{engagement.id}").text
    assert "since the responses are sealed" in client.get(f"/manage/engagements/{engagement.id}/publish").text


def test_what_was_to_open_before_it_is_published_opens_then(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    past = day_of("opens_on", OPENS - timedelta(days=100))
    client.submit(new(programme), filled(lots=lot_ids(programme), **past))
    engagement = saved(session)
    version = factories.add_questionnaire(session, engagement, published=False)
    empty = Section(version_id=version.id, position=99, slug="empty", title="Nothing yet")
    session.add(empty)
    session.commit()
    publish = f"/manage/engagements/{engagement.id}/publish"
    page = client.get(publish)
    assert "The section “Nothing yet” asks nothing. Add a question to it or remove it. Not ready" in page.text
    assert "has passed" in page.text
    assert "The engagement opens As soon as it is published" in page.text
    assert "Opens as soon as it is published" in client.get(f"/manage/engagements/{engagement.id}").text
    notice = client.get(f"/manage/engagements/{engagement.id}/notices/uk2").text
    assert "Expressions of interest and information: from publication to" in notice
    assert "Publish the engagement" not in page.buttons()
    session.delete(empty)
    session.commit()
    client.submit(publish, {"sure": "y"})
    published = saved(session)
    assert published.opens_at == published.published_at


def test_a_closing_time_that_has_passed_is_to_be_changed(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    past = {**day_of("opens_on", OPENS - timedelta(days=100)), **day_of("closes_on", OPENS - timedelta(days=50))}
    client.submit(new(programme), filled(lots=lot_ids(programme), **past))
    page = client.get(f"/manage/engagements/{saved(session).id}/publish")
    assert "Closing time The time that you entered has passed" in page.text
    assert "To be changed" in page.text


def test_nobody_publishes_what_a_colleague_has_changed_meanwhile(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    client.submit(new(programme), filled(lots=lot_ids(programme)))
    engagement = saved(session)
    factories.add_questionnaire(session, engagement, published=False)
    session.commit()
    publish = f"/manage/engagements/{engagement.id}/publish"
    read = client.get(publish).hidden()
    client.submit(f"/manage/engagements/{engagement.id}/edit", filled(title="New", lots=lot_ids(programme)))
    read["sure"] = "y"
    assert "a colleague has changed the draft" in client.post(publish, read, status=409).text
    assert saved(session).published_at is None
    client.submit(publish, {"sure": "y"})


def test_a_published_engagement_is_not_written_anew(
    session: Session, programme: Programme, officer: Person, client: Client
) -> None:
    engagement = factories.engagement(session, programme)
    session.commit()
    edit = f"/manage/engagements/{engagement.id}/edit"
    assert "What you can still change" in client.get(edit).text
    title = engagement.title
    client.post(edit, client.get(f"/manage/engagements/{engagement.id}/extend").hidden() | filled(), status=200)
    assert saved(session).title == title


@pytest.mark.parametrize("role", [TeamRole.LOT_DESIGNER, TeamRole.APPROVER, TeamRole.REVIEWER])
def test_only_those_who_run_engagements_set_them_up(
    session: Session, programme: Programme, client: Client, role: TeamRole
) -> None:
    draft = factories.engagement(session, programme, state="draft")
    someone = factories.officer(session)
    factories.team_member(session, programme.id, someone.id, someone.memberships[0].organisation_id, role)
    session.commit()
    client.sign_in(someone)
    assert "Set up an engagement" not in client.get(f"/programmes/{programme.id}").links()
    for path in (new(programme), f"/manage/engagements/{draft.id}/edit", f"/manage/engagements/{draft.id}/publish"):
        client.get(path, status=404)
