"""What keeps two providers from being joined, and who may not join them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from tests.webapp.providers.joins import BECAUSE, entered, index, join
from webapp.models import (
    Engagement,
    Invitation,
    JoinedProvider,
    Organisation,
    Person,
    TeamRole,
)


def test_one_that_signs_in_or_answered_itself_is_never_joined_to_another(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    joining = f"{index(about)}/{invited.id}/join"
    page = client.get(joining)
    assert "“Harbour Health CIC” has people who can sign in" in page.text
    assert "Join them" not in page.buttons()
    fields = {**client.get(f"{index(about)}/{supplier.id}/join").hidden(), "into": str(supplier.id), "reason": BECAUSE}
    refused = client.post(joining, fields, status=409)
    assert "“Harbour Health CIC” has people who can sign in" in refused.text
    assert BECAUSE in refused.html, "somebody may have begun to sign in after the page was opened"
    make.submission(session, make.response(session, about, officer, organisation_id=supplier.id))
    session.commit()
    assert "has answered itself" in client.get(f"{index(about)}/{supplier.id}/join").text


def test_one_that_said_that_it_will_not_respond_is_not_joined_to_another_unless_that_would_tell_it(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    make.decline(session, about, officer, organisation_id=supplier.id)
    session.commit()
    refused = join(client, about, supplier, invited, status=409)
    assert "“Harbor Health” has answered itself" in refused.text
    about.sealed, about.opens_at = True, datetime.now(UTC) + timedelta(days=1)
    session.commit()
    assert "has answered itself" not in client.get(f"{index(about)}/{supplier.id}/join").text, "a sealed no"
    assert session.scalars(select(JoinedProvider)).all() == []


def test_where_both_have_a_response_one_is_set_aside_first(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    made = entered(session, about, supplier, officer)
    own = make.response(session, about, session.scalars(select(Invitation)).one().person)
    session.commit()
    page = join(client, about, supplier, invited, status=422)
    said = f"Both have a response to “{about.title}”, and a firm has one. First set aside the one that was entered for"
    assert f"{said} “Harbor Health”" in page.text
    assert BECAUSE in page.html, "what was typed is kept"
    set_aside = f"/manage/engagements/{about.id}/received/{made.response_id}/set-aside"
    client.submit(set_aside, {"reason": "It answers itself"})
    join(client, about, supplier, invited)
    session.expire_all()
    assert made.response.organisation_id == supplier.id, "on record as it was"
    assert own.organisation_id == invited.id
    assert "Join Harbor Health" not in client.get(index(about)).text


def test_two_that_were_joined_to_a_third_are_not_joined_on(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    third = make.provider(session, name="Harbour H.")
    entered(session, about, third, officer)
    join(client, about, third, supplier)
    page = client.get(f"{index(about)}/{supplier.id}/join")
    assert "“Harbour H.” is joined to “Harbor Health”. Undo that first" in page.text


@pytest.mark.parametrize("has_answered", [False, True])
def test_before_sealed_responses_are_opened_nothing_is_joined_whoever_has_answered(
    client: Client,
    session: Session,
    about: Engagement,
    officer: Person,
    supplier: Organisation,
    invited: Organisation,
    has_answered: bool,
) -> None:
    about.sealed = True
    third = make.provider(session, name="Harbour Answered")
    if has_answered:
        entered(session, about, supplier, officer)
        entered(session, about, third, officer)
    session.commit()
    page = client.get(f"{index(about)}/{supplier.id}/join")
    assert f"The responses to “{about.title}” are sealed" in page.text
    assert "Harbour Answered" not in client.get(index(about)).text
    client.get(f"{index(about)}/{third.id}/join", status=404)
    assert "Join them" not in page.buttons()


def test_only_those_who_run_engagements_join_providers_of_their_programme(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    elsewhere = make.engagement(session)
    stranger = make.provider(session, name="Unknown here")
    make.invitation(session, elsewhere, make.provider_person(session, stranger))
    session.commit()
    client.get(f"{index(about)}/{stranger.id}/join", status=404)
    page = client.get(f"{index(about)}/{supplier.id}/join")
    assert "Unknown here" not in page.html
    assert "choose one of the options shown" in join(client, about, supplier, stranger, status=422).text
    join(client, about, supplier, invited)
    made = session.scalars(select(JoinedProvider)).one()
    client.get(f"{index(elsewhere)}/joins/{made.id}/undo", status=404)
    designer = make.person(session, about.programme.buyer, officer.memberships[0].role)
    make.team_member(session, about.programme_id, designer.id, about.programme.buyer_id, TeamRole.LOT_DESIGNER)
    session.commit()
    client.sign_in(designer)
    for path in (index(about), f"{index(about)}/{supplier.id}/join", f"{index(about)}/joins/{made.id}/undo"):
        client.get(path, status=404)
