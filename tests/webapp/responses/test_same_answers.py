"""What is said of several lots alike is read once, on every page and copy."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.engagements.files import PDF
from tests.webapp.exports.pdf_text import text_of
from tests.webapp.responses.conftest import Respondent, make_respondent
from tests.webapp.responses.test_files import send
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import AskedPer, MailMessage, QuestionKind
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
    check = client.get(respondent.check)
    assert said_of_lots(check, respondent) == [(f"{first}\n{second}", NO)]
    assert [item.text for item in check.tree.iterfind(".//dt/ul/li")] == [first, second]
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


def test_files_of_one_name_stand_apart_in_every_copy(client: Client, session: Session) -> None:
    """Nothing in an email or a PDF tells whether they are the same."""
    engagement = factories.engagement(session, questionnaire=False)
    policy = QuestionContent(
        key="policy", kind=QuestionKind.FILE_UPLOAD, wording="Your policy", hint="A PDF.", asked_per=AskedPer.LOT
    )
    section = SectionContent(slug="evidence", title="Evidence", questions=(policy,))
    add_questionnaire(session, engagement, (section,)).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    respondent = make_respondent(session, engagement)
    client.sign_in(respondent.person)
    sent = [(f"policy-{lot.id}-file", PDF, "plan.pdf") for lot in respondent.lots]
    send(client, respondent, *sent)
    receipt = respondent.submit(client).location
    assert client.get(receipt).text.count("plan.pdf") == len(sent)
    [mail] = session.scalars(select(MailMessage).where(MailMessage.subject.startswith("Receipt"))).all()
    assert mail.body.count("plan.pdf") == len(sent)
    assert text_of(client.get(f"{receipt}/copy.pdf").response.data).count("plan.pdf") == len(sent)
