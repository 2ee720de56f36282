"""Entering responses to a sealed engagement: what is recorded is sealed with all others, and no answer tells of any."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.engagements.test_sealed import Pair, answer, officers_paths, pair
from tests.webapp.received import test_entering as entering
from tests.webapp.received.sent_files import mapped, record
from tests.webapp.received.sent_files import send as send_file
from tests.world import actor_of
from webapp.models import Engagement, Membership, Organisation, Person, Response, ResponseImport, Submission
from webapp.received import actions
from webapp.received.drafts import draft_of
from webapp.responses.items import Item
from webapp.web.format import LONDON

__all__ = ["pair"]


@pytest.fixture
def sealed(session: Session) -> Engagement:
    made = make.engagement(session)
    made.sealed = True
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, sealed: Engagement, client: Client) -> Person:
    someone = make.officer(session, sealed.programme.buyer)
    session.commit()
    client.sign_in(someone)
    return someone


def invited(session: Session, about: Engagement) -> Organisation:
    provider = make.provider_person(session)
    make.invitation(session, about, provider)
    return session.get_one(Organisation, provider.memberships[0].organisation_id)


def test_what_is_recorded_cannot_be_read_back(
    client: Client, session: Session, sealed: Engagement, officer: Person
) -> None:
    entry = entering.begin(client, sealed)
    assert "Acorn Care" in client.get(entering.where(sealed)).text
    entering.fill(client, session, sealed, entry)
    page = client.get(entering.record(client, entry).location)
    assert "The response of Acorn Care is recorded as SND-" in page.text
    assert "It is sealed with all others" in page.text
    assert "Acorn Care" not in client.get(entering.where(sealed)).text, "said once"
    made = session.scalars(select(Submission)).one()
    for path in ("", "/sections/views", "/check", "/how"):
        client.get(entry + path, status=404)
    for path in ("correct", "set-aside", "original"):
        assert client.look(entering.where(sealed, made.response_id, path)).status in (404, 405)
    assert "Acorn Care" not in client.get(f"/manage/engagements/{sealed.id}").text
    client.get(f"/manage/engagements/{sealed.id}/responses", status=404)


def test_a_colleague_learns_nothing_of_an_entry_not_even_while_it_is_made(
    client: Client, session: Session, sealed: Engagement, officer: Person
) -> None:
    entry = entering.begin(client, sealed)
    sent = send_file(client, sealed, make.RESPONSES_CSV).location
    colleague = make.officer(session, sealed.programme.buyer)
    session.commit()
    client.sign_in(colleague)
    page = client.get(entering.where(sealed)).text
    assert "Acorn Care" not in page
    assert "Not recorded yet" not in page
    client.get(entry, status=404)
    client.get(sent, status=404)
    assert "Used before" not in client.get(entering.where(sealed, "import")).text


def test_an_own_response_wins_without_a_word(
    client: Client, session: Session, sealed: Engagement, officer: Person
) -> None:
    silent, answered = invited(session, sealed), invited(session, sealed)
    someone = session.scalars(select(Person).join(Membership).where(Membership.organisation_id == answered.id)).one()
    own = make.submission(session, make.response(session, sealed, someone))
    session.commit()
    said = []
    for organisation in (silent, answered):
        entry = entering.begin(client, sealed, organisation_name="", organisation_id=str(organisation.id))
        entering.fill(client, session, sealed, entry)
        done = client.get(entering.record(client, entry).location)
        reference = session.scalars(select(Submission).where(Submission.reception_id == uuid.UUID(entry[-36:]))).one()
        said.append(done.text.replace(organisation.name, "X").replace(reference.reference, "R"))
    assert said[0] == said[1]
    session.expire_all()
    assert own.response.current_submission_id == own.id, "what it submitted itself counts"
    other = session.scalars(select(Response).where(Response.organisation_id == silent.id)).one()
    assert other.current_submission is not None


def test_an_import_says_nothing_of_own_or_entered_responses_either(
    client: Client, session: Session, sealed: Engagement, officer: Person
) -> None:
    said = []
    at = (datetime.now(UTC) - timedelta(hours=1)).astimezone(LONDON)
    at = at.replace(minute=at.minute | 1)  # midnight is no time of day that one enters
    when = {"day-day": str(at.day), "day-month": str(at.month), "day-year": str(at.year), "time": f"{at:%H:%M}"}
    for _ in range(2):
        page = mapped(client, send_file(client, sealed, make.RESPONSES_CSV, **when).location)
        done = record(client, page)
        file = session.scalars(select(ResponseImport).order_by(ResponseImport.created_at.desc()).limit(1)).one()
        said.append((page.text.replace(str(file.id), ""), done.text))
    assert said[0] == said[1], "the second time there is a response from the first, and nothing tells"
    response = session.scalars(select(Response)).one()
    assert [made.number for made in response.submissions] == [1, 2]
    assert session.scalars(select(Organisation.name).where(Organisation.party == "provider")).all() == ["Oak Health"]


def test_one_entered_response_more_changes_no_page(pair: Pair) -> None:
    with pair.with_one_more.database.session() as session:
        _enter(session, session.get_one(Engagement, pair.world.ids["engagement_id"]), pair.world.other_officer)
    seen = 0
    for path in dict.fromkeys(officers_paths(pair)):
        answers = [answer(response) for response in pair.both(path)]
        assert answers[0] == answers[1], path
        assert "Entered Ltd" not in str(answers[1])
        seen += answers[0][0] == 200
    assert seen > 25


def _enter(session: Session, about: Engagement, by: Person) -> None:
    """Record a response as the page does."""
    organisation = session.scalars(select(Organisation).join(Membership).where(Membership.person_id == by.id)).one()
    version = next(each.id for each in about.versions if each.published_at)
    reception = make.reception(session, about, by, organisation_name="Entered Ltd", version_id=version)
    section = next(each for each in draft_of(session, reception).sections if each.slug == "organisation")
    typed = {Item(section.questions[0]): "Entered Ltd"}
    actor = actor_of(by, organisation)
    actions.save_section(session, reception=reception, section=section, typed=typed, revision=0, actor=actor)
    actions.record_entry(session, reception=reception, link_of=str, actor=actor)
    session.commit()
