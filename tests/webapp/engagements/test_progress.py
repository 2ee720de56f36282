"""How an engagement advances: drawn from counts, against the known market and the present suppliers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.engagements.progress.queries import STARTED, progress
from webapp.models import (
    Contract,
    Engagement,
    InterestLevel,
    Invitation,
    MembershipRole,
    Person,
    ProviderKind,
    ProviderSize,
    SignInLink,
    TeamRole,
)
from webapp.web.charts import StepLine, growing_counts


@pytest.fixture
def officer(officer: Person, client: Client) -> Person:
    client.sign_in(officer)
    return officer


def address(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/progress"


def invite(session: Session, engagement: Engagement, person: Person, *, used: bool = False) -> None:
    organisation_id = person.memberships[0].organisation_id
    session.add(
        Invitation(
            engagement_id=engagement.id, organisation_id=organisation_id, person_id=person.id, email=person.email
        )
    )
    if used:
        session.add(
            SignInLink(
                person_id=person.id,
                email=person.email,
                token_digest=str(person.id),
                destination=f"/engagements/{engagement.id}",
                expires_at=datetime.now(UTC) + timedelta(days=1),
                used_at=datetime.now(UTC),
            )
        )
    session.flush()


def test_each_stage_is_counted_and_set_against_the_known_market(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    people = [factories.provider_person(session) for _ in range(3)]
    invite(session, engagement, people[0], used=True)
    invite(session, engagement, people[1])
    first, second = factories.lots_of(engagement)
    answered = factories.response(session, engagement, people[0])
    factories.submission(session, answered, {first.id: InterestLevel.LIKELY, second.id: InterestLevel.NO})
    factories.submission(session, answered, {first.id: InterestLevel.LIKELY}, number=2)
    factories.response(session, engagement, people[2])
    session.commit()
    named = "D1: Dental, HMP Site 1 Incumbent Ltd: only a name in the contract register"
    assert named in client.get(address(engagement)).text
    silent = factories.provider(session, name="The silent incumbent")
    session.scalars(select(Contract)).one().supplier_id = silent.id
    session.commit()
    page = client.get(address(engagement))
    for said in ("Invited 2", "Used the link 1", "Started 2", "Submitted 1"):
        assert said in page.text
    assert "Charity 4 2 2 1 0 25%" in page.text
    assert "D1: Dental, HMP Site 1 The silent incumbent: not heard yet" in page.text
    assert "D1: Dental, HMP Site 1 0 1 0 0 0 D2" in page.text, "the submission that counts, by level"
    assert "D2: Dental, HMP Site 2 0 0 0 0 0" in page.text
    assert client.get(f"{address(engagement)}/now").response.json["html"].split() == _live(page.html).split()


def test_whose_kind_is_not_known_is_of_the_kind_that_it_answered(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    organisation = factories.provider(session, name="Invited by name", provider_kind=None, size=None)
    person = factories.provider_person(session, organisation)
    invite(session, engagement, person)
    session.commit()
    assert "Not known 1 1 0 0" in client.get(address(engagement)).text
    lot = factories.lots_of(engagement)[0]
    factories.submission(
        session,
        factories.response(session, engagement, person),
        {lot.id: InterestLevel.LIKELY},
        answered_kind=ProviderKind.GP_FEDERATION,
        answered_size=ProviderSize.MEDIUM,
    )
    session.commit()
    assert "GP federation or primary care network 1 1 1 1" in client.get(address(engagement)).text
    named = "Invited by name GP federation or primary care network"
    sized = f"{named} Medium"
    assert sized in client.get(f"/manage/engagements/{engagement.id}").text
    assert sized in client.get(address(engagement)).text
    responses = f"/manage/engagements/{engagement.id}/responses?kind=gp_federation"
    assert named in client.get(responses).text
    board = factories.person(session, engagement.programme.buyer, MembershipRole.OFFICER)
    factories.team_member(session, engagement.programme_id, board.id, engagement.programme.buyer_id, TeamRole.REVIEWER)
    session.commit()
    client.sign_in(board)
    assert "Invited by name Not known Not known" in client.get(f"/manage/engagements/{engagement.id}").text
    assert named not in client.get(address(engagement)).text
    assert "Not known 1 1 1 1" in client.get(address(engagement)).text, "a count of one would tell the answer"
    client.sign_in(officer)
    engagement.sealed = True
    session.commit()
    assert "GP federation" not in client.get(address(engagement)).text


def _live(html: str) -> str:
    """What stands in the part of the page that is fetched again."""
    inside = html.split('/progress/now?page=1">', 1)[1]
    return inside.split('</div>\n  <p class="govuk-body"><a', 1)[0]


def test_before_anything_has_happened_nothing_is_drawn(engagement: Engagement, officer: Person, client: Client) -> None:
    assert "Nobody has been invited" in client.get(address(engagement)).text


def test_a_sealed_engagement_shows_invitations_alone(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    engagement.sealed = True
    person = factories.provider_person(session, factories.provider(session, name="The first"))
    invite(session, engagement, person)
    factories.submission(session, factories.response(session, engagement, person))
    session.commit()
    text = client.get(address(engagement)).text
    assert "Invited 1" in text
    for hidden in (
        "Started",
        "Submitted",
        "Against the known market",
        "Interest by lot",
        "the latest first",
        "The first",
    ):
        assert hidden not in text


def test_the_page_costs_as_many_statements_and_bytes_with_60_responses_as_with_ten(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    def measured(count: int) -> tuple[int, int]:
        for number in range(count):
            provider = factories.provider(session, name=f"Provider-{count}-{number}")
            response = factories.response(session, engagement, factories.provider_person(session, provider))
            factories.submission(session, response, {factories.lots_of(engagement)[0].id: InterestLevel.LIKELY})
        session.commit()
        page = client.get(address(engagement))
        return len(page.statements), len(page.html)

    def names(text: str) -> list[str]:
        return [word for word in text.split() if word.startswith("Provider-")]

    few, many = measured(10), measured(50)
    assert few[0] == many[0] <= 6, "all that is counted comes by one"
    assert many[1] < few[1] * 1.1, "ten are listed, and where the others are"
    first, last = (client.get(f"{address(engagement)}{page}") for page in ("", "?page=6"))
    assert "Page 6" in first.html
    assert len(names(first.text)) == len(names(last.text)) == 10
    assert 'progress/now?page=6"' in last.html, "what is fetched again is the same page"
    assert not set(names(first.text)) & set(names(last.text))


def test_what_comes_late_in_the_evening_counts_for_its_day_in_london(session: Session, engagement: Engagement) -> None:
    for started_at in ("2026-06-01T22:59:59+00:00", "2026-06-01T23:00:00+00:00", "2026-06-02T10:30:00+00:00"):
        response = factories.response(session, engagement)
        response.started_at = datetime.fromisoformat(started_at)
    session.execute(text("SET TIME ZONE 'Asia/Kolkata'"))  # where no hour begins with one of London
    counted = progress(session, engagement, destination="", as_answered=False)
    assert counted.pace == {STARTED: {date(2026, 6, 1): 1, date(2026, 6, 2): 2}}
    assert counted.started == 3
    session.rollback()


def test_names_at_the_ends_of_lines_stay_apart_and_counts_never_fall() -> None:
    days = [date(2027, 1, day) for day in (4, 5, 6)]
    lines = [StepLine(label=name, counts=(0, 1, 1)) for name in ("One", "Two", "Three", "Four")]
    svg = growing_counts("c", "Providers", days, lines, unit="providers")
    places = sorted(float(part.split('y="')[1].split('"')[0]) for part in svg.split("<text") if "step-name" in part)
    assert all(later - earlier >= 15 for earlier, later in pairwise(places))
    with pytest.raises(ValueError, match="fall"):
        StepLine(label="One", counts=(2, 1))
