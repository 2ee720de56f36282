"""An open engagement, and an officer who leads it, signed in."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.models import Engagement, Person


@pytest.fixture
def about(session: Session) -> Engagement:
    made = make.engagement(session)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, about: Engagement, client: Client) -> Person:
    someone = make.officer(session, about.programme.buyer)
    session.commit()
    client.sign_in(someone)
    return someone
