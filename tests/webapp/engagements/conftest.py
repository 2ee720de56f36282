"""An open engagement and who leads it, who comes to its pages when a test says so: most begin with somebody else."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.models import Engagement, Person


@pytest.fixture
def engagement(session: Session) -> Engagement:
    made = factories.engagement(session)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, engagement: Engagement) -> Person:
    someone = factories.officer(session, engagement.programme.buyer)
    session.commit()
    return someone
