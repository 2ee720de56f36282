"""What officers see of a running engagement."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.engagements.monitoring import page_of_responses
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    DraftSection,
    Engagement,
    InterestLevel,
    Invitation,
    PartKind,
    Person,
    RunState,
    TeamMember,
    TeamRole,
)
from webapp.responses.withdrawing import take_back

HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }}"


def address(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}"


def submit(session: Session, engagement: Engagement, level: InterestLevel, **organisation: object) -> None:
    person = factories.provider_person(session, factories.provider(session, **organisation))
    response = factories.response(session, engagement, person)
    factories.submission(session, response, {factories.lots_of(engagement)[0].id: level})


def test_responses_are_counted_by_what_became_of_them(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    submit(session, engagement, InterestLevel.WOULD_BID, name="The submitter")
    factories.response(
        session, engagement, factories.provider_person(session, factories.provider(session, name="The drafter"))
    )
    withdrawn = factories.response(session, engagement)
    withdrawn.withdrawn_at = datetime.now(UTC)
    session.commit()
    client.sign_in(officer)
    page = client.get(address(engagement))
    for said in (
        "In draft 1",
        "Submitted 1",
        "Withdrawn 1",
        "The drafter",
        "Charity Small: 10 to 49 staff Draft",
        "Charity Small: 10 to 49 staff Submitted",
    ):
        assert said in page.text
    assert "The submitter" in page.links()
    assert "The drafter" not in page.links()


def test_the_latest_come_first_by_what_last_became_of_them(session: Session, engagement: Engagement) -> None:
    moments = [datetime(2026, 6, day, tzinfo=UTC) for day in range(1, 8)]
    submitted, withdrawn, again, drafted = (factories.response(session, engagement) for _ in range(4))
    for response, started_at in zip((submitted, withdrawn, again, drafted), moments, strict=False):
        response.started_at = started_at
    made = {
        response: factories.submission(session, response, submitted_at=at)
        for response, at in ((again, moments[4]), (withdrawn, moments[4]), (submitted, moments[5]))
    }
    take_back(session, response=withdrawn, now=moments[6])
    take_back(session, response=again, now=moments[6])
    again.current_submission_id, again.withdrawn_at = made[again].id, None
    session.flush()
    listed = page_of_responses(session, engagement.id, None, total=4).items
    assert [(line.response_id, line.since) for line in listed] == [
        (withdrawn.id, moments[6]),
        (submitted.id, moments[5]),
        (again.id, moments[4]),
        (drafted.id, moments[3]),
    ]


def test_nothing_written_in_a_draft_reaches_the_officer(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    draft = factories.response(session, engagement)
    section = engagement.versions[0].sections[0]
    answers = {"legal_name": "Our secret plan"}
    session.add(
        DraftSection(
            response_id=draft.id, section_id=section.id, revision=1, answers=answers, saved_by=draft.started_by
        )
    )
    session.commit()
    client.sign_in(officer)
    page = client.get(address(engagement))
    assert "Our secret plan" not in page.html
    assert not [statement for statement in page.statements if "draft_section.answers" in statement]


def test_the_page_costs_as_much_with_24_responses_as_with_three(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)

    def add(count: int) -> tuple[int, int]:
        for _ in range(count):
            submit(session, engagement, InterestLevel.LIKELY)
        session.commit()
        page = client.get(address(engagement))
        assert not [
            statement for statement in page.statements if "FROM interest" in statement and "GROUP BY" in statement
        ]
        return len(page.statements), page.html.count("</tr>")

    statements, rows = add(0)
    assert add(3) == (statements, rows + 4), "with the headings"
    assert add(21) == (statements, rows + 4)
    assert statements <= 15
    assert "See the interest in each lot and all responses: 24 submitted" in client.get(address(engagement)).text


def test_the_link_to_all_responses_counts_those_that_count_as_their_list_does(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    for _ in range(3):
        submit(session, engagement, InterestLevel.LIKELY)
    factories.response(session, engagement)
    withdrawn = factories.response(session, engagement)
    factories.submission(session, withdrawn)
    take_back(session, response=withdrawn, now=datetime.now(UTC))
    session.commit()
    client.sign_in(officer)
    page = client.get(address(engagement))
    assert "See the interest in each lot and all responses: 3 submitted, 1 draft, 1 withdrawn" in page.links()
    assert "3 responses" in client.get(f"{address(engagement)}/responses").text


REASON = "Our bid team is busy until June"


@pytest.mark.parametrize(("role", "is_sealed"), [(TeamRole.OFFICER, False), (TeamRole.REVIEWER, False), (None, True)])
def test_why_a_provider_withdrew_is_for_those_who_may_read_responses_once_they_may_be_known(
    session: Session, engagement: Engagement, officer: Person, client: Client, role: TeamRole | None, is_sealed: bool
) -> None:
    withdrawn = factories.response(session, engagement)
    factories.submission(session, withdrawn)
    factories.submission(session, withdrawn, number=2)
    take_back(session, response=withdrawn, now=datetime.now(UTC), reason=REASON)
    engagement.sealed = is_sealed
    if role is not None:
        session.scalars(select(TeamMember).where(TeamMember.person_id == officer.id)).one().role = role
    session.commit()
    client.sign_in(officer)
    for path in (address(engagement), f"{address(engagement)}/progress"):
        assert (f"Withdrawn {REASON}" in client.get(path).text) is (role is TeamRole.OFFICER)
    again = factories.submission(session, withdrawn, number=3)
    withdrawn.current_submission_id, withdrawn.withdrawn_at = again.id, None
    session.commit()
    assert REASON not in client.get(address(engagement)).html, "it has submitted since"


def test_runs_are_listed_without_loading_their_results(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    run = AnalysisRun(
        engagement_id=engagement.id,
        number=7,
        requested_by=officer.id,
        seed=1,
        parameters={},
        inputs={"large": "x"},
        inputs_digest="d",
        code_version="1",
        parts=[
            AnalysisPart(
                position=1, kind=PartKind.CAPACITY, title="Capacity", state=RunState.FINISHED, progress=1, result={}
            ),
            AnalysisPart(position=2, kind=PartKind.THEMES, title="Themes", state=RunState.WAITING),
        ],
    )
    session.add(run)
    session.commit()
    client.sign_in(officer)
    page = client.get(address(engagement))
    assert page.links()["Run 7"] == f"/runs/{run.id}"
    assert "Running 50%" in page.text
    assert not [statement for statement in page.statements if "analysis_part.result" in statement]
    assert not [statement for statement in page.statements if "analysis_run.inputs " in statement]
    assert "Run analysis" in page.buttons()


def test_somebody_elses_engagement_answers_like_a_missing_one(
    session: Session, engagement: Engagement, client: Client
) -> None:
    stranger, provider = factories.officer(session), factories.provider_person(session)
    session.commit()
    for suffix in ("", "/invite", "/extend"):
        client.sign_in(stranger)
        theirs = client.get(address(engagement) + suffix, status=404)
        missing = client.get(f"/manage/engagements/{uuid.uuid4()}{suffix}", status=404)
        assert theirs.text == missing.text
        client.sign_in(provider)
        client.get(address(engagement) + suffix, status=404)
        client.sign_out()
        assert client.get(address(engagement) + suffix, status=302).location.startswith("/sign-in")


def test_an_officer_without_a_second_factor_is_asked_for_it(
    engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer, second_factor=False)
    assert client.get(address(engagement), status=302).location.startswith("/sign-in/code")


@pytest.mark.parametrize(("state", "invites"), [("draft", False), ("coming", True), ("open", True), ("closed", False)])
def test_only_a_published_engagement_that_has_not_closed_invites(
    session: Session, client: Client, state: str, invites: bool
) -> None:
    engagement = factories.engagement(session, state=state)
    officer = factories.officer(session, engagement.programme.buyer)
    session.commit()
    client.sign_in(officer)
    links = client.get(address(engagement)).links()
    assert ("Invite a provider" in links) is invites
    assert ("Invite providers, and see what each was sent" in links) is invites
    assert f"/programmes/{engagement.programme_id}/record" in links.values()
    form = client.get(f"{address(engagement)}/invite")
    assert ("Send invitation" in form.buttons()) is invites


def test_hostile_text_is_shown_as_text(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    submit(session, engagement, InterestLevel.LIKELY, name=HOSTILE)
    invited = factories.provider_person(session, factories.provider(session, name=HOSTILE), name=HOSTILE)
    invitation = Invitation(
        engagement_id=engagement.id,
        organisation_id=invited.memberships[0].organisation_id,
        person_id=invited.id,
        email=invited.email,
    )
    session.add(invitation)
    engagement.title = engagement.programme.title = engagement.programme.synthetic_note = HOSTILE
    factories.lots_of(engagement)[0].title = factories.lots_of(engagement)[0].code = HOSTILE
    session.commit()
    client.sign_in(officer)
    for suffix in ("", "/invite", "/extend"):
        html = client.get(address(engagement) + suffix).html
        assert "<script>alert" not in html
        assert "{{ 7 * 7 }}" in html
