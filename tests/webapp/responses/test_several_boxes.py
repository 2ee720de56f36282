"""Rankings, packages, ranges and rows on their pages, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.engagements.contents import ColumnContent, ColumnKind, QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Answer, AskedPer, DraftSection, Measure, Question, QuestionKind, Section

INTEREST = SectionContent(
    slug="interest",
    title="Interest",
    questions=(
        QuestionContent(
            key="interest",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.LOT,
            wording="Interested?",
            options=(("likely", "Likely"), ("no", "No")),
            measure=Measure.INTEREST_LEVEL,
        ),
    ),
)
PRICE = SectionContent(
    slug="price",
    title="Price",
    questions=(
        QuestionContent(
            key="price",
            kind=QuestionKind.ONE_OF,
            asked_per=AskedPer.CHOSEN_LOT,
            wording="Workable?",
            options=(("yes", "Yes"), ("tight", "Tight"), ("no", "No")),
        ),
    ),
)
BOXES = SectionContent(
    slug="boxes",
    title="Boxes",
    questions=(
        QuestionContent(key="rank", kind=QuestionKind.RANKING, wording="Which lots do you prefer?", required=True),
        QuestionContent(key="packs", kind=QuestionKind.PACKAGES, wording="Which lots together?", hint="Up to 5."),
        QuestionContent(key="value", kind=QuestionKind.MONEY_RANGE, wording="Which values?"),
        QuestionContent(key="avoid", kind=QuestionKind.DATE_RANGES, wording="Which dates to avoid?"),
        QuestionContent(
            key="services",
            kind=QuestionKind.ROWS,
            wording="Which services?",
            columns=(
                ColumnContent("site", "Site"),
                ColumnContent("from", "From", ColumnKind.MONTH),
                ColumnContent("value", "Value", ColumnKind.MONEY),
            ),
        ),
    ),
)


@pytest.fixture
def respondent(session: Session) -> Respondent:
    engagement = factories.engagement(session, lots=3, questionnaire=False)
    add_questionnaire(session, engagement, (INTEREST, PRICE, BOXES)).published_at = engagement.opens_at
    session.flush()
    session.refresh(engagement)
    return make_respondent(session, engagement)


@pytest.fixture
def boxes(client: Client, respondent: Respondent) -> str:
    """The page that asks, for somebody interested in all three lots."""
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely", "likely"))
    return respondent.section("boxes")


def kept(session: Session) -> dict[str, Any]:
    session.expire_all()
    drafts = session.scalars(
        select(DraftSection).join(Section, Section.id == DraftSection.section_id).where(Section.slug == "boxes")
    )
    return drafts.one().answers


def test_everything_is_saved_shown_again_submitted_and_copied_to_the_receipt(
    client: Client, session: Session, respondent: Respondent, boxes: str
) -> None:
    first, second, third = (str(lot.id) for lot in respondent.lots)
    typed = {
        f"rank-{third}": "1",
        f"rank-{first}": "2",
        "packs-1": [first, second],
        "value-smallest": "100,000",
        "value-largest": "£2,000,000",
        **{
            f"avoid-1-from-{part}": text
            for part, text in zip(("day", "month", "year"), ["1", "8", "2031"], strict=True)
        },
        **{
            f"avoid-1-to-{part}": text for part, text in zip(("day", "month", "year"), ["31", "8", "2031"], strict=True)
        },
        "services-1-site": "HMP Somewhere",
        "services-1-from": "4 2028",
    }
    assert client.submit(boxes, typed).location == respondent.check
    html = client.get(boxes).html
    for shown in (
        'value="£2,000,000"',
        'value="HMP Somewhere"',
        f'id="packs-1" name="packs-1" type="checkbox" value="{first}" checked',
    ):
        assert shown in html
    receipt = client.get(respondent.submit(client).location).text
    for said in (
        "1. D3: Dental, HMP Site 3 2. D1: Dental, HMP Site 1",
        "Package 1: D1 and D2",
        "£100,000 to £2,000,000",
        "1 August 2031 to 31 August 2031",
        "HMP Somewhere; From: April 2028",
    ):
        assert said in receipt
    keys = dict(session.execute(select(Question.id, Question.key)).all())
    values = {keys[row.question_id]: row.value for row in session.scalars(select(Answer))}
    assert values["rank"] == [third, first]
    assert values["services"] == [{"site": "HMP Somewhere", "from": "2028-04"}]


def test_another_row_is_added_by_a_button_and_nothing_typed_is_lost(
    client: Client, session: Session, boxes: str
) -> None:
    typed = {"services-1-site": "A", "services-1-from": "next spring", "value-largest": "much"}
    assert "services-2-site" not in client.get(boxes).html
    added = client.submit(boxes, {**typed, "add": "services"})
    assert added.location == f"{boxes}?more=services"
    assert (added.response.location or "").endswith("#services-2-site")
    page = client.get(added.location)
    for shown in ('id="services-2-site"', 'value="A"', 'value="next spring"', 'value="much"'):
        assert shown in page.html
    assert 'id="services-3-site"' not in page.html
    assert 'id="avoid-2-from-day"' not in page.html
    assert kept(session) == {"services": [["A", "next spring", ""]], "value": ["", "much"]}


def test_a_row_that_is_emptied_is_removed(client: Client, session: Session, boxes: str) -> None:
    client.submit(boxes, {"services-1-site": "A", "services-2-site": "B", "then": "later"})
    client.submit(boxes, {"services-1-site": "", "services-2-site": "B", "then": "later"})
    assert kept(session) == {"services": [["B", "", ""]]}


def test_a_wrong_answer_is_explained_at_its_box(client: Client, respondent: Respondent, boxes: str) -> None:
    first, second, _ = respondent.lots
    page = client.submit(
        boxes, {f"rank-{first.id}": "1", f"rank-{second.id}": "1", "packs-1": str(first.id)}, status=422
    )
    reason = "“Which lots do you prefer?” gives the place 1 to both D1 and D2. Give each lot its own number"
    assert page.links()[reason] == f"#rank-{second.id}"
    assert (
        page.links()["“Which lots together?” must have 2 lots or more in each package, and package 1 has 1"]
        == "#packs-1"
    )
    assert client.get(respondent.check).links()[reason] == f"{boxes}#rank-{second.id}"


def test_a_clash_about_rows_shows_both_versions_and_can_be_decided(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent, boxes: str
) -> None:
    first, second, _ = (str(lot.id) for lot in respondent.lots)
    mine = client.get(boxes).hidden()
    colleague_client.submit(boxes, {"services-1-site": "Theirs", "then": "later"})
    clash = client.post(boxes, {**mine, "services-1-site": "Mine", "packs-1": [first, second]}, status=409)
    assert "Which services? Theirs Mine" in clash.text
    chosen = clash.hidden()
    for area in clash.tree.iter("textarea"):
        chosen.add(area.get("name"), area.text.removeprefix("\n"))
    client.post(boxes, {**chosen.to_dict(flat=False), "then": "later"})
    assert kept(session) == {"services": [["Mine", "", ""]], "packs": [[first, second]]}


def test_lots_are_put_in_order_only_by_those_who_chose_several(
    client: Client, session: Session, respondent: Respondent, boxes: str
) -> None:
    first = respondent.lots[0].id
    client.submit(boxes, {f"rank-{first}": "1", "then": "later"})
    client.submit(respondent.section("interest"), respondent.levels("likely", "no", "no"))
    page = client.get(boxes)
    assert "Which lots do you prefer?" not in page.text
    client.submit(boxes, {"value-largest": "5", "then": "later"})
    assert kept(session)["rank"] == [[str(first), "1"]], "kept, in case it is asked again"
    assert "Submit" in client.get(respondent.check).buttons()


def test_one_scale_about_many_lots_is_a_matrix(client: Client, respondent: Respondent, boxes: str) -> None:
    page = client.get(respondent.section("price"))
    assert page.html.count('<fieldset class="app-matrix__row') == len(respondent.lots)
    assert page.text.count("Workable?") == 1
    client.submit(respondent.section("price"), {f"price-{respondent.lots[1].id}": "tight"})
    assert "D2: Dental, HMP Site 2 Tight" in client.get(respondent.check).text
