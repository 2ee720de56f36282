"""What is said of several lots alike is read once, on every page and copy."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent
from webapp.models import MailMessage
from webapp.responses.kinds.lots import title_of

NO = "Would not bid"


def said_of_lots(page: Page, respondent: Respondent) -> list[tuple[str, str]]:
    """The rows about lots: which these are, one on a line, and what is said of them."""
    titles = [title_of(lot) for lot in respondent.lots]
    rows = [["\n".join(cell.itertext()) for cell in row] for row in page.tree.iterfind(".//dl/div")]
    return [(asked, said) for asked, said in rows if any(title in asked for title in titles)]


def test_lots_with_the_same_answer_are_named_together_and_others_apart(
    client: Client, session: Session, respondent: Respondent
) -> None:
    first, second = (title_of(lot) for lot in respondent.lots)
    client.submit(respondent.section("organisation"), {"legal_name": "Seaside Health"})
    client.submit(respondent.section("interest"), respondent.levels("no", "no"))
    assert said_of_lots(client.get(respondent.check), respondent) == [(f"{first}\n{second}", NO)]
    receipt = respondent.submit(client).location
    assert said_of_lots(client.get(receipt), respondent) == [(f"{first}\n{second}", NO)]
    [mail] = session.scalars(select(MailMessage).where(MailMessage.subject.startswith("Receipt"))).all()
    assert f"\n\n{first}\n{second}\n{NO}\n\n" in mail.body
    client.submit(respondent.section("interest"), respondent.levels("possibly", "no"))
    (about_first, _possibly), rest = said_of_lots(client.get(respondent.check), respondent)
    assert (about_first, rest) == (first, (second, NO))


def test_each_lot_with_a_problem_says_so_itself(client: Client, respondent: Respondent) -> None:
    client.submit(respondent.section("interest"), respondent.levels("", ""), status=422)
    found = said_of_lots(client.get(respondent.check), respondent)
    assert [asked for asked, _said in found] == [title_of(lot) for lot in respondent.lots]
    assert all("You must answer this" in said for _asked, said in found)
