"""Saving in the background: the same rules as with the button, told in JSON."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent
from webapp.models import DraftSection
from webapp.web.format import clock

SLUG = "organisation"


def autosave(client: Client, respondent: Respondent, page: Page, status: int = 200, **typed: str) -> dict[str, Any]:
    fields = page.hidden()
    for name, value in typed.items():
        fields[name] = value
    answer = client.post(f"{respondent.section(SLUG)}/autosave", fields, status=status)
    assert len(answer.statements) <= 8
    told: dict[str, Any] = answer.response.get_json()
    return told


def drafts(session: Session) -> list[DraftSection]:
    session.expire_all()
    return session.query(DraftSection).all()


def test_in_the_last_hour_it_says_what_is_left(client: Client, session: Session, respondent: Respondent) -> None:
    page = client.get(respondent.section(SLUG))
    respondent.engagement.closes_at = datetime.now(UTC) + timedelta(minutes=40)
    session.commit()
    told = autosave(client, respondent, page, legal_name="Sea")
    assert re.fullmatch(r"Saved at \S+\. Closes at .+ \(in \d+ minutes and \d+ seconds?\)\.", told["text"])


def test_it_says_what_is_saved_and_from_which_revision_to_go_on(
    client: Client, session: Session, respondent: Respondent
) -> None:
    page = client.get(respondent.section(SLUG))
    first = autosave(client, respondent, page, legal_name="Sea")
    [saved] = drafts(session)
    opened_now = client.get(respondent.section(SLUG)).hidden()["revision"]
    assert first == {"text": f"Saved at {clock(saved.saved_at)}", "revision": opened_now, "is_over": False}
    again = autosave(client, respondent, page, legal_name="Sea")
    assert again["revision"] == opened_now
    second = autosave(client, respondent, page, legal_name="Seaside 🦩", revision=opened_now)
    assert second["revision"].startswith("2 ")
    [saved] = drafts(session)
    assert saved.answers["legal_name"] == "Seaside 🦩"


def test_a_colleagues_version_is_not_overwritten(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    page = client.get(respondent.section(SLUG))
    colleague_client.submit(respondent.section(SLUG), {"legal_name": "Theirs"})
    told = autosave(client, respondent, page, 409, legal_name="Mine")
    assert told["text"].startswith("Not saved: Ben Okoro saved this section on another page at ")
    assert told["is_over"] is True
    assert told["revision"] is None
    assert [row.answers["legal_name"] for row in drafts(session)] == ["Theirs"]


def test_ones_own_other_page_is_told_apart(client: Client, respondent: Respondent) -> None:
    page = client.get(respondent.section(SLUG))
    autosave(client, respondent, page, legal_name="On the laptop")
    assert autosave(client, respondent, page, 409, legal_name="On the phone")["text"].startswith("Not saved: you saved")


def test_nothing_is_saved_after_the_deadline(client: Client, session: Session, respondent: Respondent) -> None:
    page = client.get(respondent.section(SLUG))
    respondent.engagement.closes_at -= timedelta(days=14, seconds=1)
    session.merge(respondent.engagement)
    session.commit()
    told = autosave(client, respondent, page, 409, legal_name="Late")
    assert told == {"text": "Not saved: this engagement has closed.", "revision": None, "is_over": True}
    assert drafts(session) == []


@pytest.mark.parametrize("text", ["a\0b", "x" * 100_001])
def test_what_cannot_be_kept_is_refused_until_it_is_corrected(
    client: Client, session: Session, respondent: Respondent, text: str
) -> None:
    page = client.get(respondent.section(SLUG))
    told = autosave(client, respondent, page, 422, legal_name=text)
    assert told["text"].startswith("Not saved: “What about legal_name?” ")
    assert told["is_over"] is False
    assert drafts(session) == []


def test_another_organisations_section_is_not_there(client: Client, session: Session, respondent: Respondent) -> None:
    token = client.get(respondent.section(SLUG)).hidden()
    client.post(f"{respondent.section('nothing')}/autosave", token, status=404)
