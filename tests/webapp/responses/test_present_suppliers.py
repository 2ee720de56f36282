"""Who reads the response of a present supplier that holds no contract, as it says, is told what the register says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.today import today
from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.engagements.health_and_justice.about_provider import EXPERIENCE, HOLDS_CONTRACT
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Contract, MembershipRole, TeamRole

TOLD = "The contract register names it as the supplier of “Dental services” (until 31 March 2099)"


@pytest.fixture
def is_restricted() -> bool:
    return False


@pytest.fixture
def respondent(session: Session, is_restricted: bool) -> Respondent:
    about = factories.engagement(session, questionnaire=False)
    asked = tuple(
        replace(each, restricted=each.key == HOLDS_CONTRACT and is_restricted) for each in EXPERIENCE.questions
    )
    add_questionnaire(session, about, (replace(EXPERIENCE, questions=asked),)).published_at = about.opens_at
    session.flush()
    session.refresh(about)
    return make_respondent(session, about)


@pytest.fixture
def contract(session: Session, respondent: Respondent) -> Contract:
    """Of the respondent's organisation, for both lots."""
    (found,) = respondent.engagement.programme.contracts
    found.supplier_id, found.end_date = respondent.response.organisation_id, date(2099, 3, 31)
    session.commit()
    return found


def read(client: Client, session: Session, respondent: Respondent, holds: str) -> str:
    """The response with this answer, as an officer reads it."""
    nothing_else = {"cqc_registered": "no", "secure_setting_experience": "no"}
    client.submit(respondent.section("experience"), {**nothing_else, HOLDS_CONTRACT: holds, "then": "later"})
    assert "/receipts/" in respondent.submit(client).location
    return read_again(client, session, respondent)


def read_again(client: Client, session: Session, respondent: Respondent) -> str:
    officer = factories.officer(session, respondent.engagement.programme.buyer)
    session.commit()
    client.sign_in(officer)
    page = client.get(f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}")
    assert len(page.statements) <= 15
    return page.text


def test_a_present_supplier_that_says_it_is_none_is_pointed_out(
    client: Client, session: Session, respondent: Respondent, contract: Contract
) -> None:
    assert TOLD in read(client, session, respondent, "no")
    contract.end_date = today() - timedelta(days=1)
    session.commit()
    assert "contract register" not in read_again(client, session, respondent), "it may have ended"
    contract.end_date, contract.start_date = date(2099, 3, 31), today() + timedelta(days=1)
    session.commit()
    assert "contract register" not in read_again(client, session, respondent), "it has not begun"
    contract.start_date, contract.units = None, []
    session.commit()
    assert "contract register" not in read_again(client, session, respondent), "it covers no lot that is asked about"


@pytest.mark.parametrize("holds", ["yes", ""])
def test_one_that_says_so_or_does_not_answer_is_not(
    client: Client, session: Session, respondent: Respondent, contract: Contract, holds: str
) -> None:
    assert "contract register" not in read(client, session, respondent, holds)


@pytest.mark.parametrize("is_restricted", [True])
def test_who_may_not_read_the_answer_is_not_told_of_it(
    client: Client, session: Session, respondent: Respondent, contract: Contract
) -> None:
    assert TOLD in read(client, session, respondent, "no")
    programme = respondent.engagement.programme
    colleague = factories.person(session, programme.buyer, MembershipRole.OFFICER)
    factories.team_member(session, programme.id, colleague.id, programme.buyer_id, TeamRole.OFFICER)
    session.commit()
    client.sign_in(colleague)
    page = client.get(f"/manage/engagements/{respondent.engagement.id}/responses/{respondent.response.id}")
    assert "Experience and registration" in page.text
    assert "contract register" not in page.text
