"""Reminders: the right people, once, and nobody for whom it is done. Time is passed in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.world import run_jobs
from webapp.accounts.personal.addresses import change_for
from webapp.db import Database, clock
from webapp.jobs import defer
from webapp.models import (
    AuditEvent,
    DraftSection,
    Engagement,
    Invitation,
    MailMessage,
    MembershipRole,
    Organisation,
    Person,
    Reminder,
    Response,
)
from webapp.responses.reminders.actions import remind, whom_to_remind
from webapp.responses.reminders.jobs import remind_all
from webapp.web.format import day

TEN_DAYS = timedelta(days=10)
HALF_WAY, TWO_DAYS, TWO_HOURS = timedelta(days=5), timedelta(days=2), timedelta(hours=2)
A_MINUTE = timedelta(minutes=1)


class Story:
    """An engagement of ten days, a provider's signatory, and what the reminders say when time passes."""

    def __init__(self, session: Session, database: Database) -> None:
        self.session, self.database = session, database
        self.engagement = factories.engagement(session)
        self.engagement.closes_at = self.engagement.opens_at + TEN_DAYS
        self.person = factories.provider_person(session)
        self.organisation_id = self.person.memberships[0].organisation_id
        session.commit()

    def colleague(self, role: MembershipRole) -> Person:
        someone = factories.person(self.session, self.session.get_one(Organisation, self.organisation_id), role)
        self.session.commit()
        return someone

    def invite(self, person: Person | None = None) -> None:
        invited = person or self.person
        self.session.add(
            Invitation(
                engagement_id=self.engagement.id,
                organisation_id=self.organisation_id,
                person_id=invited.id,
                email=invited.email,
                sent_at=self.engagement.opens_at,
            )
        )
        self.session.commit()

    def begin(self, by: Person | None = None) -> Response:
        response = factories.response(
            self.session, self.engagement, by or self.person, started_at=self.engagement.opens_at
        )
        self.save(response, "Seaside", self.engagement.opens_at)
        return response

    def save(self, response: Response, name: str, at: datetime) -> None:
        self.session.query(DraftSection).delete()
        saved = factories.draft(self.session, response, "organisation", {"legal_name": name})
        saved.saved_at = at
        self.session.commit()

    def submit(self, response: Response) -> None:
        factories.submission(self.session, response, submitted_at=self.engagement.opens_at + timedelta(days=1))
        self.session.commit()

    def passes(self, before_closing: timedelta) -> list[tuple[str, str]]:
        """Who is written to, about what, when the worker looks this long before the engagement closes."""
        self.session.expire_all()
        return self.at(self.session.get_one(Engagement, self.engagement.id).closes_at - before_closing)

    def at(self, now: datetime) -> list[tuple[str, str]]:
        self.session.rollback()
        known = set(self.session.scalars(select(MailMessage.id)))
        self.session.rollback()
        remind_all(self.database, base_url="http://localhost", now=now)
        about = f": {self.session.get_one(Engagement, self.engagement.id).title}"
        every = self.session.scalars(select(MailMessage)).all()
        new = [mail for mail in every if mail.id not in known and mail.subject.endswith(about)]
        return sorted((mail.recipient, mail.subject.partition(":")[0]) for mail in new)


@pytest.fixture
def story(session: Session, database: Database) -> Story:
    return Story(session, database)


def test_the_invited_who_have_not_started_are_reminded_half_way_and_two_days_before(story: Story) -> None:
    story.invite()
    reminder = [(story.person.email, "Reminder")]
    assert story.passes(HALF_WAY + A_MINUTE) == []
    assert story.passes(HALF_WAY) == reminder
    assert story.passes(HALF_WAY - A_MINUTE) == []
    assert story.passes(TWO_DAYS) == reminder
    assert story.passes(TWO_HOURS) == []
    [subject] = set(story.session.scalars(select(MailMessage.subject)))
    assert subject.startswith(f"Reminder: closes {day(story.engagement.closes_at)}: ")


def test_who_has_said_that_it_will_not_respond_is_reminded_no_more_until_it_does_after_all(story: Story) -> None:
    story.invite()
    said = factories.decline(story.session, story.engagement, story.person, declined_at=story.engagement.opens_at)
    story.session.commit()
    assert story.passes(HALF_WAY) == []
    response = factories.response(
        story.session, story.engagement, story.person, started_at=story.engagement.opens_at + A_MINUTE
    )
    story.save(response, "Seaside", story.engagement.opens_at + A_MINUTE)
    assert story.passes(TWO_DAYS) == [(story.person.email, "Your draft is NOT submitted")]
    said.declined_at = story.engagement.opens_at + 2 * A_MINUTE
    story.session.commit()
    assert story.passes(TWO_HOURS) == []
    story.save(response, "Seaside, all filled in", story.engagement.opens_at + 3 * A_MINUTE)
    assert story.passes(TWO_HOURS - A_MINUTE) == [(story.person.email, "Your draft is NOT submitted")]


def test_who_says_no_after_it_was_found_waiting_for_a_reminder_gets_none(story: Story) -> None:
    story.invite()
    now = story.engagement.closes_at - HALF_WAY
    [(engagement_id, organisation_id)] = whom_to_remind(story.session, now)
    about = {"engagement_id": engagement_id, "organisation_id": organisation_id}
    said = factories.decline(story.session, story.engagement, story.person)
    assert remind(story.session, base_url="", now=now, **about) == 0
    story.session.delete(said)
    assert remind(story.session, base_url="", now=now, **about) == 1


def test_a_draft_that_is_not_submitted_is_reminded_of_three_times(story: Story) -> None:
    story.invite()
    response = story.begin()
    reminder = [(story.person.email, "Your draft is NOT submitted")]
    assert story.passes(HALF_WAY + A_MINUTE) == []
    for before in (HALF_WAY, TWO_DAYS, TWO_HOURS):
        assert story.passes(before) == reminder
        assert story.passes(before - A_MINUTE) == []
    mail = story.session.scalars(select(MailMessage).limit(1)).one()
    assert "Your draft is NOT submitted" in mail.body
    assert f"http://localhost/responses/{response.id}\n" in mail.body
    assert f"{story.engagement.programme.buyer.name} closes this engagement at " in mail.body


def test_changes_after_a_submission_are_reminded_of_twice(story: Story) -> None:
    response = story.begin()
    story.submit(response)
    story.save(response, "Seaside Health", story.engagement.opens_at + timedelta(days=2))
    reminder = [(story.person.email, "Your changes are NOT submitted")]
    assert story.passes(HALF_WAY) == []
    assert story.passes(TWO_DAYS) == reminder
    assert story.passes(TWO_DAYS - A_MINUTE) == []
    assert story.passes(TWO_HOURS) == reminder


def test_nobody_is_reminded_of_what_is_submitted_and_unchanged(story: Story) -> None:
    story.invite()
    response = story.begin()
    story.submit(response)
    story.session.execute(text("UPDATE draft_section SET answers = '{}', saved_at = clock_timestamp()"))
    section = story.session.query(DraftSection).one()
    story.session.delete(section)  # what was submitted in this test has no answers: neither has the draft
    story.session.commit()
    assert [story.passes(before) for before in (HALF_WAY, TWO_DAYS, TWO_HOURS)] == [[], [], []]


def test_nobody_is_reminded_after_withdrawing_or_closing_or_before_opening(story: Story) -> None:
    response = story.begin()
    assert story.passes(-A_MINUTE) == []
    assert story.at(story.engagement.opens_at - A_MINUTE) == []
    response.withdrawn_at = story.engagement.opens_at
    story.session.commit()
    assert [story.passes(before) for before in (HALF_WAY, TWO_DAYS, TWO_HOURS)] == [[], [], []]


def test_an_extension_moves_what_has_not_been_sent(story: Story) -> None:
    story.begin()
    assert len(story.passes(HALF_WAY)) == 1
    story.session.get_one(Engagement, story.engagement.id).closes_at += TEN_DAYS
    story.session.commit()
    assert story.passes(TEN_DAYS + TWO_DAYS) == []
    assert story.passes(TEN_DAYS) == []  # half-way, of which everybody knows
    assert len(story.passes(TWO_DAYS)) == 1
    assert len(story.passes(TWO_HOURS)) == 1


def test_whoever_has_just_been_invited_or_has_just_begun_is_left_alone(story: Story) -> None:
    story.invite()
    story.session.execute(text("UPDATE invitation SET sent_at = sent_at + interval '6 days'"))
    story.session.commit()
    assert story.passes(timedelta(days=3)) == []
    response = story.begin()
    response.started_at = story.engagement.opens_at + timedelta(days=6)
    story.session.commit()
    assert story.passes(timedelta(days=3)) == []
    assert len(story.passes(TWO_DAYS)) == 1


def test_a_worker_that_was_away_sends_the_latest_only(story: Story) -> None:
    story.begin()
    assert len(story.passes(timedelta(hours=1))) == 1
    assert [kind.value for kind in story.session.scalars(select(Reminder.kind))] == ["draft_two_hours"]


def test_those_at_work_on_a_draft_and_the_signatories_are_reminded(story: Story) -> None:
    contributor = story.colleague(MembershipRole.CONTRIBUTOR)
    story.colleague(MembershipRole.CONTRIBUTOR)  # has nothing to do with it
    factories.provider_person(story.session)  # neither has another organisation
    saved_before = story.colleague(MembershipRole.CONTRIBUTOR)
    draft = story.begin(by=contributor).drafts[0]
    draft.saved_by, draft.earlier_writers = story.person.id, [saved_before.id]
    story.session.commit()
    at_work = {contributor.email, story.person.email, saved_before.email}
    assert {who for who, _ in story.passes(HALF_WAY)} == at_work


def test_an_invitation_to_somebody_else_is_a_reminder_for_those_who_act_for_the_organisation(story: Story) -> None:
    outsider = factories.provider_person(story.session)
    story.invite(outsider)
    assert {who for who, _ in story.passes(HALF_WAY)} == {story.person.email}


def test_invented_responses_are_nobodys_to_be_reminded_of(story: Story) -> None:
    story.begin().synthetic = True
    story.session.commit()
    assert story.passes(HALF_WAY) == []


def test_a_reminder_is_an_event_without_address_or_text(story: Story) -> None:
    story.begin()
    story.passes(HALF_WAY)
    event = story.session.scalars(select(AuditEvent).where(AuditEvent.act == "reminder.sent")).one()
    assert event.detail == {"engagement": str(story.engagement.id), "kind": "draft_half_way"}
    assert event.organisation_id == story.organisation_id


def test_the_worker_sends_them_by_the_databases_clock(story: Story, settings: Settings) -> None:
    story.begin()
    about = story.session.get_one(Engagement, story.engagement.id)
    about.closes_at = clock(story.session) + timedelta(minutes=30)
    defer(story.session, "reminders.send")
    story.session.commit()
    run_jobs(story.database, settings)
    mail = story.session.scalars(select(MailMessage)).one()
    assert mail.recipient == story.person.email
    assert mail.sent_at is not None


class TestStopping:
    @pytest.fixture
    def link(self, story: Story) -> str:
        story.begin()
        story.passes(HALF_WAY)
        mail = story.session.scalars(select(MailMessage)).one()
        found = re.search(r"http://localhost(/reminders/\S+)", mail.body)
        assert found is not None
        return found[1]

    def test_looking_at_the_page_stops_nothing(self, client: Client, story: Story, link: str) -> None:
        client.sign_out()
        assert story.engagement.title in client.get(link).text
        assert len(story.passes(TWO_DAYS)) == 1

    def test_confirming_stops_them_for_this_person_and_engagement(
        self, client: Client, story: Story, link: str
    ) -> None:
        colleague = story.colleague(MembershipRole.SIGNATORY)
        client.sign_out()
        page = client.get(client.submit(link).location)
        assert "You get no more reminders of this engagement." in page.text
        client.submit(link)  # once more does no harm
        assert [who for who, _ in story.passes(TWO_DAYS)] == [colleague.email]
        events = story.session.scalars(select(AuditEvent).where(AuditEvent.act == "reminder.stopped")).all()
        assert len(events) == 1

    def test_a_former_address_of_the_person_stops_nothing(self, client: Client, story: Story, link: str) -> None:
        client.sign_out()
        page = client.get(link)
        change_for(story.session, person=story.person, email="now@another.example", base_url="http://localhost")
        story.session.commit()
        client.get(link, status=404)
        client.post(link, page.hidden(), status=404)
        assert [who for who, _ in story.passes(TWO_DAYS)] == ["now@another.example"]

    @pytest.mark.parametrize("guessed", ["guessed", "{id}", "{id}guessed", f"{0:032}guessed"])
    def test_a_link_that_is_none_leads_nowhere(self, client: Client, story: Story, link: str, guessed: str) -> None:
        client.sign_out()
        reminder = story.session.scalars(select(Reminder)).one()
        client.get(f"/reminders/{guessed.format(id=reminder.id.hex)}/stop", status=404)


def test_the_links_of_the_mail_open(client: Client, story: Story, settings: Settings) -> None:
    response = story.begin()
    story.passes(HALF_WAY)
    body = story.session.scalars(select(MailMessage.body)).one()
    client.sign_in(story.person)
    for path in re.findall(r"http://localhost(/\S+)", body):
        client.get(path)
    assert str(response.id) in body
