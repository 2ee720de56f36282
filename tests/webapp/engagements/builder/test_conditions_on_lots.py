"""Conditions that are for some lots of the engagement only: said, kept, and mended when the lots change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.engagements.builder.drawing import Desk, sit_down
from webapp.engagements.builder.questionnaires.adapting import for_these_lots
from webapp.engagements.conditions import Comparison, Condition, Conditions, Joining
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import AskedPer, Engagement, EngagementLot, Lot, Measure, Organisation, QuestionKind

LEVELS = (("likely", "Likely"), ("no", "No"))
INTEREST = SectionContent(
    slug="interest",
    title="Interest",
    questions=(
        QuestionContent(key="ready", kind=QuestionKind.YES_NO, wording="Are you ready?"),
        QuestionContent(
            key="interest", kind=QuestionKind.ONE_OF, asked_per=AskedPer.LOT, wording="Interested?", options=LEVELS
        ),
    ),
)
CHAIRS = QuestionContent(
    key="chairs", kind=QuestionKind.WHOLE_NUMBER, asked_per=AskedPer.CHOSEN_LOT, wording="How many chairs?"
)
DENTISTS = QuestionContent(key="dentists", kind=QuestionKind.TEXT, wording="Which dentists?")
DENTAL = SectionContent(slug="dental", title="Dental", questions=(CHAIRS, DENTISTS))


@pytest.fixture
def desk(client: Client, session: Session) -> Desk:
    return sit_down(client, session, sections=(INTEREST, DENTAL))


def ids(desk: Desk, *places: int) -> list[str]:
    """Of the engagement's lots, numbered from 1."""
    lots = make.lots_of(desk.session.get_one(Engagement, desk.engagement.id))
    return [str(lots[place - 1].id) for place in places]


def limit(desk: Desk, *path: object, lots: list[str], status: int = 302, **given: object) -> Page:
    wanted = {"about": "interest", "test": "is", "values": "likely", "limit": "some", "lots": lots, **given}
    return desk.ask_if(*path, status=status, **wanted)


@pytest.mark.parametrize(
    ("key", "test", "said"),
    [
        ("chairs", "is", "Only for lot D2, if you answer “Likely” to “Interested?” for it."),
        (
            "chairs",
            "is_not",
            "Only for lot D2, if it interests you and you do not answer “Likely” to “Interested?” for it.",
        ),
        ("dentists", "is", "Only if you answer “Likely” to “Interested?” for lot D2."),
        ("dentists", "is_not", "Only if lot D2 interests you and you do not answer “Likely” to “Interested?” for it."),
    ],
)
def test_a_question_is_asked_only_of_some_lots(desk: Desk, key: str, test: str, said: str) -> None:
    limit(desk, "questions", desk.question(key).id, lots=ids(desk, 2), test=test)
    kept = {"question": "interest", test: "likely", "lots": ids(desk, 2)}
    assert desk.question(key).asked_if == kept
    assert said in desk.outline().text
    assert said in desk.client.get(desk.address("preview")).text, "to be printed"
    assert said in desk.client.get(desk.address("preview", "dental")).text


def test_several_conditions_name_their_lots_and_one_is_changed_in_its_place(desk: Desk) -> None:
    path = ("questions", desk.question("chairs").id)
    limit(desk, *path, lots=ids(desk, 1, 2))
    desk.ask_if(*path, about="ready", test="is", values="yes")
    assert "so: the lot is D1 or D2 and you answer “Likely” to “Interested?” for it; you answer" in desk.outline().text
    address = desk.address(*path, "conditions", 1)
    page = desk.client.get(address)
    ticked = [box.get("value") for box in page.tree.iter("input") if box.get("checked") is not None]
    assert ticked == ["is", "likely", "some", *ids(desk, 1, 2)]
    desk.client.post(address, {**page.hidden(address), "test": "is_not", "values": "no", "limit": "any"})
    assert desk.question("chairs").asked_if["all"][0] == {"question": "interest", "is_not": "no"}


def test_lots_are_asked_for_only_where_the_answer_varies_with_them(desk: Desk) -> None:
    add = desk.address("questions", desk.question("chairs").id, "conditions", "add")
    assert "For which lots?" not in desk.client.get(f"{add}?question=ready").text
    page = desk.client.get(f"{add}?question=interest")
    assert "For which lots?" in page.text
    [chosen] = [box.get("value") for box in page.tree.iter("input") if box.get("checked") is not None]
    assert chosen == "any"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"limit": "some"}, "Tick the lots that it is for"),
        ({"limit": "any", "lots": "1"}, "You ticked lots. Choose that it is only for these, or untick them"),
        ({"lots": "1"}, "Choose whether it is for any lot or only for some"),
        ({"limit": "some", "lots": "of another programme"}, "choose from the options shown"),
        ({"limit": "some", "lots": "not-an-id"}, "choose from the options shown"),
    ],
)
def test_a_mistake_about_lots_is_said_and_kept(desk: Desk, given: dict[str, str], said: str) -> None:
    foreign = make.programme(desk.session).procurements[0].lots[0].id
    desk.session.commit()
    named = {"1": ids(desk, 1)[0], "of another programme": str(foreign)}
    sent = {"about": "interest", "test": "is", "values": "likely", **given}
    if "lots" in given:
        sent["lots"] = named.get(given["lots"], given["lots"])
    page = desk.ask_if("questions", desk.question("chairs").id, status=422, **sent)
    assert said in page.text
    boxes = page.tree.findall(".//input[@name='lots']")
    assert [box.get("value") for box in boxes] == ids(desk, 1, 2)
    assert (boxes[0].get("checked") is not None) == (given.get("lots") == "1")
    assert desk.question("chairs").asked_if is None


def test_what_could_be_asked_about_no_lot_is_refused(desk: Desk) -> None:
    chairs, section = ("questions", desk.question("chairs").id), ("sections", desk.section("dental").id)
    limit(desk, *chairs, lots=ids(desk, 1))
    refusal = (
        "“How many chairs?” would never be asked: no lot in which an interest is declared can meet its conditions, "
        "its section’s and those of what they depend on"
    )
    assert refusal in limit(desk, *chairs, lots=ids(desk, 2), test="is_not", values="no", status=422).text
    assert refusal in limit(desk, *section, lots=ids(desk, 2), status=422).text
    limit(desk, *section, lots=ids(desk, 1, 2))
    assert desk.section("dental").asked_if is not None


def test_a_condition_that_kept_another_from_leaving_no_lot_is_not_removed(desk: Desk) -> None:
    chairs, section = ("questions", desk.question("chairs").id), ("sections", desk.section("dental").id)
    limit(desk, *section, lots=ids(desk, 1))
    desk.ask_if(*chairs, about="ready", test="is", values="yes")
    limit(desk, *chairs, lots=ids(desk, 1))
    desk.fill(*chairs, "conditions", joining="any")
    page = desk.client.get(desk.address(*chairs, "conditions", 2))
    lots = {"test": "is", "values": "likely", "limit": "some", "lots": ids(desk, 2)}
    desk.client.post(desk.address(*chairs, "conditions", 2), {**page.hidden(), **lots})
    removal = desk.address(*chairs, "conditions", 1, "remove")
    address = desk.address(*chairs, "conditions")
    desk.client.post(removal, desk.client.get(address).hidden(removal))
    assert "Nothing was removed. “How many chairs?” would never be asked" in desk.client.get(address).text
    assert len(desk.question("chairs").asked_if["any"]) == 2


def test_two_answers_for_one_lot_exclude_each_other_and_for_two_lots_do_not(desk: Desk) -> None:
    path = ("questions", desk.question("dentists").id)
    limit(desk, *path, lots=ids(desk, 1))
    refused = limit(desk, *path, lots=ids(desk, 1), values="no", status=422)
    assert "no answer to “Interested?” satisfies all its conditions" in refused.text
    limit(desk, *path, lots=ids(desk, 2), values="no")
    assert [each["is"] for each in desk.question("dentists").asked_if["all"]] == ["likely", "no"]


def test_a_question_whose_lots_others_name_is_not_asked_once(desk: Desk) -> None:
    limit(desk, "sections", desk.section("dental").id, lots=ids(desk, 1))
    given = {"wording": "Interested?", "options": "Likely\nNo"}
    page = desk.fill("questions", desk.question("interest").id, status=422, asked_per="response", **given)
    assert "the section “Dental” depends on the answers for some lots only" in page.text
    desk.fill("questions", desk.question("interest").id, asked_per="chosen_lot", **given)
    assert desk.question("interest").asked_per is AskedPer.CHOSEN_LOT


def stop_asking_about(desk: Desk, lot_id: str) -> None:
    desk.session.execute(
        delete(EngagementLot).where(EngagementLot.engagement_id == desk.engagement.id, EngagementLot.lot_id == lot_id)
    )
    desk.session.commit()


def test_a_lot_that_is_asked_about_no_more_is_told_and_stands_in_the_way(desk: Desk) -> None:
    path = ("questions", desk.question("chairs").id)
    first, second = ids(desk, 1, 2)
    limit(desk, *path, lots=[first, second])
    assert "does not fit the lots" not in desk.outline().text
    stop_asking_about(desk, second)
    said = "“How many chairs?” depends on an answer about a lot that the engagement does not ask about."
    outline = desk.outline().text
    assert said in outline
    assert "it cannot be published. Change it under “When it is asked”" in outline
    assert "Only for lot D1 or one that is not asked about, if you answer" in outline
    manage = desk.client.get(f"/manage/engagements/{desk.engagement.id}/publish")
    assert said in manage.text
    address = desk.address(*path, "conditions", 1)
    form = desk.client.get(address)
    assert "It names 1 lot that this question is not asked about" in form.text
    sent = form.hidden(address)
    for name, value in {"test": "is", "values": "likely", "limit": "some", "lots": first}.items():
        sent.setlist(name, [value])
    desk.client.post(address, sent)
    assert desk.question("chairs").asked_if["lots"] == [first]
    assert said not in desk.outline().text


def test_a_limit_of_which_no_lot_is_left_is_lifted_only_by_somebody_who_says_so(desk: Desk) -> None:
    path = ("questions", desk.question("dentists").id)
    limit(desk, *path, lots=ids(desk, 1))
    first, second = ids(desk, 1, 2)
    for lot_id in (first, second):
        stop_asking_about(desk, lot_id)
    address = desk.address(*path, "conditions", 1)
    form = desk.client.get(address)
    sent = {**form.hidden(address), "test": "is", "values": "likely"}
    assert "Tick the lots that it is for" in desk.client.post(address, {**sent, "limit": "some"}, status=422).text
    desk.client.post(address, {**sent, "limit": "any"})
    assert desk.question("dentists").asked_if == {"question": "interest", "is": "likely"}


def test_what_depends_on_lots_of_which_the_other_question_is_not_asked_is_told(desk: Desk) -> None:
    """It cannot be chosen, but the other question can be limited afterwards, or moved into such a section."""
    limit(desk, "sections", desk.section("dental").id, lots=ids(desk, 2))
    desk.ask_if("questions", desk.question("interest").id, about="ready", test="is", values="yes")
    assert "does not fit the lots" not in desk.outline().text
    desk.question("interest").asked_if = {"question": "ready", "is": "yes", "lots": ids(desk, 1)}
    desk.session.commit()
    told = "The section “Dental” depends on an answer to “Interested?” about lots of which that is not asked."
    assert told in desk.outline().text
    offered = desk.client.get(
        desk.address("sections", desk.section("dental").id, "conditions", "add?question=interest")
    )
    assert [box.get("value") for box in offered.tree.findall(".//input[@name='lots']")] == ids(desk, 1)


def test_limits_are_followed_through_a_question_between(desk: Desk) -> None:
    """What depends on the answer for the same lot is about no other lots than the question that is answered."""
    dental, fields = ("sections", desk.section("dental").id), {"asked_per": "lot"}
    for wording in ("Is it open?", "Is it clean?", "Is it warm?"):
        desk.fill(*dental, "questions", "add", "yes_no", wording=wording, **fields)
    two, three, four = desk.section("dental").questions[-3:]
    paths = [("questions", each.id) for each in (two, three, four)]
    keys = [each.key for each in (two, three, four)]
    limit(desk, *paths[0], lots=ids(desk, 1))
    desk.ask_if(*paths[1], about=keys[0], test="is", values="yes", limit="any")
    page = desk.client.get(desk.address("preview"))
    assert page.text.count("For each of these lots: D1.") == 2
    add = desk.address(*paths[2], "conditions", f"add?question={keys[1]}")
    offered = desk.client.get(add).tree.findall(".//input[@name='lots']")
    assert [box.get("value") for box in offered] == ids(desk, 1)
    limit(desk, *paths[2], lots=ids(desk, 2))
    refused = desk.ask_if(*paths[2], about=keys[1], test="is", values="yes", limit="any", status=422)
    assert "“Is it warm?” would never be asked" in refused.text
    desk.ask_if(*paths[2], about=keys[1], test="is_not", values="yes", limit="any")
    assert "does not fit the lots" not in desk.outline().text, "a question that is not asked has no such answer"
    desk.question(keys[2]).asked_if = {
        "all": [{"question": "interest", "is": "likely", "lots": ids(desk, 2)}, {"question": keys[1], "is": "yes"}]
    }
    desk.session.commit()
    never = "“Is it warm?” is never asked: its conditions, its section’s and those of what they depend on"
    assert never in desk.outline().text
    assert never in desk.client.get(f"/manage/engagements/{desk.engagement.id}/publish").text


def test_what_is_asked_about_lots_of_interest_does_not_depend_on_there_being_none(desk: Desk) -> None:
    desk.question("interest").measure = Measure.INTEREST_LEVEL
    desk.session.commit()
    chairs, section = ("questions", desk.question("chairs").id), ("sections", desk.section("dental").id)
    given = {"about": "interest", "test": "is", "values": "no", "limit": "any"}
    refusal = "“How many chairs?” would never be asked: no lot in which an interest is declared can meet its conditions"
    assert refusal in desk.ask_if(*chairs, status=422, **given).text
    assert refusal in desk.ask_if(*section, status=422, **given).text
    desk.ask_if("questions", desk.question("dentists").id, **given)
    desk.ask_if(*chairs, **{**given, "values": ["no", "likely"]})
    wording = {"wording": "How many chairs?"}
    desk.fill(*chairs, asked_per="lot", **wording)
    path = desk.address(*chairs, "conditions", 1)
    page = desk.client.get(path)
    sent = page.hidden(path)
    for name, value in {"test": "is", "values": "no", "limit": "any"}.items():
        sent.setlist(name, [value])
    desk.client.post(path, sent)
    assert "is never asked" not in desk.outline().text
    desk.fill(*chairs, asked_per="chosen_lot", **wording)
    assert "“How many chairs?” is never asked: no lot in which an interest is declared" in desk.outline().text


def test_nor_does_it_by_way_of_a_question_between(desk: Desk) -> None:
    desk.question("interest").measure = Measure.INTEREST_LEVEL
    desk.session.commit()
    fields = {"wording": "Ever?", "asked_per": "lot"}
    desk.fill("sections", desk.section("interest").id, "questions", "add", "yes_no", **fields)
    ever, chairs = desk.section("interest").questions[-1], ("questions", desk.question("chairs").id)
    about = ever.key
    desk.ask_if("questions", ever.id, about="interest", test="is", values="no", limit="any")
    page = desk.ask_if(*chairs, status=422, about=about, test="is", values="yes", limit="any")
    assert "“How many chairs?” would never be asked: no lot in which an interest is declared" in page.text
    desk.ask_if(*chairs, about=about, test="is_not", values="yes", limit="any")


def test_interest_does_not_depend_on_what_is_asked_about_lots_of_interest(client: Client, session: Session) -> None:
    """Nobody could ever begin."""
    is_open = QuestionContent(
        key="open", kind=QuestionKind.YES_NO, asked_per=AskedPer.CHOSEN_LOT, wording="Is it open?"
    )
    before = SectionContent(slug="before", title="Before", questions=(is_open,))
    desk = sit_down(client, session, sections=(before, INTEREST))
    interest, given = ("questions", desk.question("interest").id), {"test": "is", "values": "yes", "limit": "any"}
    desk.ask_if(*interest, about="open", **given)
    desk.question("interest").measure = Measure.INTEREST_LEVEL
    desk.session.commit()
    told = (
        "“Interested?” is never asked: no lot can meet its conditions, its section’s and those of what they depend on "
        "before an interest is declared."
    )
    assert told in desk.outline().text
    assert told in desk.client.get(f"/manage/engagements/{desk.engagement.id}/publish").text
    desk.question("interest").asked_if = None
    desk.session.commit()
    assert told not in desk.outline().text
    refused = desk.ask_if(*interest, status=422, about="open", **given)
    assert "“Interested?” would never be asked: no lot can meet its conditions" in refused.text


def test_what_is_never_asked_is_told_once_and_mended_step_by_step(desk: Desk) -> None:
    fields = {"wording": "Chairs open?", "asked_per": "lot"}
    desk.fill("sections", desk.section("interest").id, "questions", "add", "yes_no", **fields)
    opened = desk.section("interest").questions[-1]
    interest = {"question": "interest", "is": "likely"}
    opened.asked_if = {"all": [interest | {"lots": ids(desk, place)} for place in (1, 2)]}
    desk.session.commit()
    desk.question("dentists").asked_if = {
        "all": [{"question": "ready", "is": "yes"}, {"question": opened.key, "is": "yes"}]
    }
    desk.session.commit()
    outline = desk.outline().text
    assert "“Which dentists?” depends on an answer to “Chairs open?”, which is never asked." in outline
    assert "“Which dentists?” is never asked" not in outline
    conditions = desk.address("questions", desk.question("dentists").id, "conditions")
    for place in (1, 1):
        removal = f"{conditions}/{place}/remove"
        desk.client.post(removal, desk.client.get(conditions).hidden(removal))
    assert desk.question("dentists").asked_if is None


def test_interest_is_asked_about_all_lots(desk: Desk) -> None:
    """A lot that nobody was asked about would count as one that nobody wants."""
    interest = desk.question("interest")
    interest.measure, interest.asked_if = Measure.INTEREST_LEVEL, {"question": "ready", "is": "yes"}
    desk.session.commit()
    limit(desk, "sections", desk.section("dental").id, lots=ids(desk, 2))
    told = "“Interested?” measures interest, and would be asked about some lots only: ask it about all."
    assert told not in desk.outline().text
    desk.question("interest").asked_if = {"question": "ready", "is": "yes", "lots": ids(desk, 2)}
    desk.session.commit()
    assert told in desk.outline().text
    assert told in desk.client.get(f"/manage/engagements/{desk.engagement.id}/publish").text


def test_a_question_that_moves_to_a_section_for_other_lots_is_told(desk: Desk) -> None:
    limit(desk, "sections", desk.section("dental").id, lots=ids(desk, 2))
    fields = {"wording": "Is it open?", "asked_per": "lot"}
    desk.fill("sections", desk.section("interest").id, "questions", "add", "yes_no", **fields)
    added = desk.section("interest").questions[-1].id
    limit(desk, "questions", added, lots=ids(desk, 1))
    desk.press("questions", added, "move", to="down")
    never = (
        "“Is it open?” is never asked: its conditions, its section’s and those of what they depend on have no lot in "
        "common."
    )
    assert never in desk.outline().text
    assert never in desk.client.get(f"/manage/engagements/{desk.engagement.id}/publish").text


def test_conditions_that_differed_in_their_lots_alone_become_one() -> None:
    likely = Condition("interest", Comparison.IS, ("likely",))
    both = Conditions((replace(likely, lots=frozenset({"gone"})), likely), Joining.ANY)
    section = SectionContent(slug="dental", title="Dental", questions=(CHAIRS,), asked_if=both)
    [kept], names = for_these_lots((section,), {"here"})
    assert (kept.asked_if, names) == (Conditions((likely,), Joining.ANY), ("Dental",))


def of(lots: list[Lot], *places: int) -> Conditions:
    chosen = frozenset(str(lots[place - 1].id) for place in places)
    return Conditions((Condition("interest", Comparison.IS, ("likely",), chosen),))


@pytest.mark.parametrize("same_programme", [True, False])
def test_another_engagements_lots_are_not_carried_over_unless_they_are_asked_about_here(
    client: Client, session: Session, same_programme: bool
) -> None:
    desk = sit_down(client, session)
    buyer = session.get_one(Organisation, desk.officer.memberships[0].organisation_id)
    about = desk.engagement.programme if same_programme else make.programme(session, buyer)
    other = make.engagement(session, about, state="draft", questionnaire=False)
    lots = make.lots_of(other)
    section = SectionContent(slug="dental", title="Dental", questions=(CHAIRS, DENTISTS), asked_if=of(lots, 1))
    add_questionnaire(session, other, (INTEREST, section))
    session.commit()
    begun = desk.fill("begin", source="engagement", engagement=str(other.id))
    told = "depends on any lot now: “Dental”. Look at when it is asked"
    assert (told in client.get(begun.location).text) is not same_programme
    kept = {"question": "interest", "is": "likely"}
    assert desk.section("dental").asked_if == (kept | {"lots": [str(lots[0].id)]} if same_programme else kept)


def test_a_new_version_keeps_its_lots_and_says_when_they_change(client: Client, session: Session) -> None:
    desk = sit_down(client, session, state="open")
    desk.fill("begin", source="published")
    limit(desk, "questions", desk.question("start_wte").id, lots=ids(desk, 1), values="would_bid")
    assert "start_wte? when it is asked" in desk.client.get(desk.address("publish")).text
    desk.fill("publish", reason="Only for the first lot.")
    desk.fill("begin", source="published")
    assert desk.question("start_wte").asked_if["lots"] == ids(desk, 1)
    assert "It is the same as the version that is published" in desk.client.get(desk.address("publish")).text


def test_the_table_to_print_has_the_lots_that_are_asked_about(desk: Desk) -> None:
    limit(desk, "sections", desk.section("dental").id, lots=ids(desk, 2))
    text = desk.client.get(desk.address("preview")).text
    assert "For each of these lots that interests you: D2. A whole number." in text
    fields = {"wording": "Is it open?", "asked_per": "lot"}
    desk.fill("sections", desk.section("dental").id, "questions", "add", "yes_no", **fields)
    page = desk.client.get(desk.address("preview"))
    assert "For each of these lots: D2." in page.text
    heads = ["".join(head.itertext()) for head in page.tree.iter("th") if head.get("scope") == "row"]
    titles = [f"{lot.code}: {lot.title}" for lot in make.lots_of(desk.session.get_one(Engagement, desk.engagement.id))]
    assert heads == [*titles, titles[1]], "the first are those of the interest"
