"""Finding an engagement: by state and by words, with an address that keeps what was asked for."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from webapp.models import Engagement

STATES = ("open", "coming", "closed")


@pytest.fixture
def made(session: Session) -> dict[str, Engagement]:
    """One engagement of each state, all of different buyers."""
    engagements = {state: factories.engagement(session, state=state) for state in STATES}
    for state, engagement in engagements.items():
        engagement.title = f"Dental care, {state}"
        engagement.programme.buyer.name = f"Board of {state.upper()}"
    engagements["open"].summary = "For 100% of the wings_and a_b places."
    session.commit()
    return engagements


def titles(page: Page) -> list[str]:
    return ["".join(heading.itertext()) for heading in page.tree.find(".//main").iter("h3")]


@pytest.mark.parametrize("state", STATES)
def test_one_state_alone(made: dict[str, Engagement], client: Client, state: str) -> None:
    page = client.get(f"/?state={state}&q=")
    assert titles(page) == [made[state].title]
    assert "1 engagement found." in page.text
    chosen = [box.get("value") for box in page.tree.iter("input") if box.get("checked") is not None]
    assert chosen == [state]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=dental", ["open", "coming", "closed"]),
        ("q=DENTAL+open", ["open"]),
        ("q=board+of+closed", ["closed"]),
        ("q=wings", ["open"]),
        ("q=dental&state=any", ["open", "coming", "closed"]),
        ("q=100%25", ["open"]),
        ("q=%25", ["open"]),
        ("q=_", ["open"]),
        ("q=axb", []),
        ("q=care&state=closed", ["closed"]),
        ("q=wings&state=closed", []),
    ],
)
def test_every_word_must_stand_somewhere_and_none_is_a_pattern(
    made: dict[str, Engagement], client: Client, query: str, found: list[str]
) -> None:
    page = client.get(f"/?{query}")
    assert titles(page) == [made[state].title for state in found]
    assert len(page.statements) <= 8


def test_an_empty_result_says_so_and_leads_back(made: dict[str, Engagement], client: Client) -> None:
    page = client.get("/?q=optometry")
    assert "0 engagements found." in page.text
    assert "No engagement matches what you asked for." in page.text
    assert "No engagement is open at the moment." not in page.text
    assert [box.get("value") for box in page.tree.iter("input") if box.get("name") == "q"] == ["optometry"]
    assert len(titles(client.get(page.links()["Show all engagements"]))) == 3


def test_a_draft_is_not_found(session: Session, client: Client) -> None:
    draft = factories.engagement(session, state="draft")
    session.commit()
    for query in (f"q={draft.title}", "state=coming", "state=open", "state=closed", "state=draft"):
        assert draft.title not in [*titles(client.look(f"/?{query}"))]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=a%00b", "Search contains a character that cannot be kept"),
        ("q=" + "x" * 201, "Search must be 200 characters or fewer"),
        ("state=secret", "Show: choose one of the options shown"),
    ],
)
def test_what_cannot_be_asked_is_said_next_to_the_field(
    made: dict[str, Engagement], client: Client, query: str, message: str
) -> None:
    page = client.get(f"/?{query}", status=422)
    assert message in page.text
    assert titles(page) == []


def test_hostile_words_are_shown_as_text(made: dict[str, Engagement], client: Client) -> None:
    page = client.get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E{{7*7}}'--")
    assert "<script>alert" not in page.html
    assert "{{7*7}}" in page.html
