"""Two names of one firm: a supplier of the register, and a provider that signs in."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.models import (
    Contract,
    Engagement,
    Organisation,
)


@pytest.fixture
def supplier(session: Session, about: Engagement) -> Organisation:
    """Made of a name in the contract register: nobody signs in for it."""
    made = make.provider(session, name="Harbor Health")
    session.scalars(select(Contract).where(Contract.programme_id == about.programme_id)).one().supplier_id = made.id
    session.commit()
    return made


@pytest.fixture
def invited(session: Session, about: Engagement) -> Organisation:
    """It signs in."""
    person = make.provider_person(session, make.provider(session, name="Harbour Health CIC"))
    make.invitation(session, about, person)
    session.commit()
    return session.get_one(Organisation, person.memberships[0].organisation_id)
