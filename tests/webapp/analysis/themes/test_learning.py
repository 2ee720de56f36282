"""Learning from what people have placed: with the real engine, from the request to the acts in the log."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import insert, select, update

from config import Settings
from intelligence.files import from_json, to_json
from intelligence.text.proposals import Learned, Proposal, Question
from tests import factories as make
from tests.webapp.analysis.themes.conftest import Scene, answered
from tests.webapp.analysis.themes.test_pages import MANY_STATEMENTS, colleague_as
from tests.webapp.browser_of_pages import Client, Page
from tests.world import run_jobs
from webapp.analysis.themes import computing, proposed, sorting, teaching
from webapp.analysis.themes.learned import LearnedThemes
from webapp.analysis.themes.lessons import Lesson
from webapp.analysis.themes.sorting import Chosen
from webapp.analysis.themes.words import told
from webapp.db import Database, clock
from webapp.models import (
    Origin,
    Pile,
    Side,
    Submission,
    TeamRole,
    Theme,
    ThemeAct,
    ThemeActKind,
    ThemeAssignment,
    ThemeComment,
    ThemeLearning,
)
from webapp.responses.withdrawing import take_back

ABOUT_STAFF = (
    "nurses cannot be recruited",
    "too few nurses apply",
    "we lack trained nurses",
    "nurses leave for agencies",
)
ABOUT_PRICE = (
    "the tariff is below cost",
    "the tariff does not cover wages",
    "a tariff this low loses money",
    "tariff too low",
)
FIRST_ADDED = 11


@pytest.fixture
def taught_scene(scene: Scene) -> Scene:
    """Sixteen more statements, all found under Staff: the first six of each kind are placed, the last two are not."""
    session = scene.session
    number = FIRST_ADDED
    for texts, title in ((ABOUT_STAFF, "Staff"), (ABOUT_PRICE, "Price")):
        for copy in range(2):
            for text in texts:
                provider = make.provider(session, name=f"Provider {number}")
                (answer,) = answered(session, scene.engagement, [f"{text} in region {copy}"], provider)
                add(scene, number, answer.id, provider.id, len(answer.value))
                number += 1
        placed = range(number - 8, number - 2)
        if title == "Staff":
            chosen = Chosen(dict.fromkeys(placed, scene.theme("Staff").id), scene.framework.revision)
            sorting.confirm(session, framework=scene.framework, chosen=chosen, actor=scene.actor, now=clock(session))
        else:
            place(scene, placed, "Staff", title)
    session.commit()
    return scene


def place(scene: Scene, numbers: Sequence[int], stands_in: str, to: str) -> None:
    """Have somebody move statements from one theme to another."""
    sorting.move(
        scene.session,
        framework=scene.framework,
        chosen=Chosen(dict.fromkeys(numbers, scene.theme(stands_in).id), scene.framework.revision),
        to=scene.theme(to).id,
        actor=scene.actor,
        now=clock(scene.session),
    )


def add(scene: Scene, number: int, answer_id: object, organisation_id: object, stop: int) -> None:
    of, part = scene.framework.id, scene.framework.part_id
    comment = {"framework_id": of, "answer_id": answer_id, "part_id": part}
    scene.session.execute(insert(ThemeComment).values(**comment, organisation_id=organisation_id, may_quote=True))
    scene.session.execute(
        insert(ThemeAssignment).values(
            framework_id=of,
            number=number,
            answer_id=answer_id,
            start=0,
            stop=stop,
            theme_id=scene.theme("Staff").id,
            strength=0.5,
            side=Side.NEITHER,
            unsure=False,
            origin=Origin.FOUND,
        )
    )


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.sign_in(scene.officer)
    return client


@pytest.fixture
def learned(officer: Client, taught_scene: Scene, database: Database, settings: Settings) -> LearnedThemes:
    officer.submit(f"{taught_scene.url}/learned", action=f"{taught_scene.url}/learned")
    assert "Waiting for a worker" in officer.get(f"{taught_scene.url}/learned").text
    run_jobs(database, settings)
    learning = taught_scene.session.scalars(select(ThemeLearning)).one()
    assert learning.result is not None
    return from_json(LearnedThemes, learning.result["value"])


def accept(client: Client, scene: Scene, data: dict[str, object], stale: Page | None = None) -> Page:
    page = stale or client.get(f"{scene.url}/learned")
    (action,) = {form.get("action") for form in page.tree.findall(".//main//form") if "page=" in form.get("action", "")}
    client.post(action, {"csrf_token": page.hidden(action)["csrf_token"], **data})
    return client.get(f"{scene.url}/learned")


def test_what_people_placed_teaches_where_the_rest_belongs(learned: LearnedThemes, taught_scene: Scene) -> None:
    staff, price = str(taught_scene.theme("Staff").id), str(taught_scene.theme("Price").id)
    guessed = {each.number: each.guess for each in learned.proposals}
    assert guessed.keys() == {1, 2, 3, 4, 5, 6, 17, 18, 25, 26}
    assert [guessed[number].theme_id for number in (17, 18, 25, 26)] == [staff, staff, price, price]
    assert "tariff" in guessed[26].words
    assert set(guessed[26].neighbours) <= set(range(19, 25))
    assert learned.taught == 12
    agreeing = [each.agrees for each in learned.proposals]
    assert agreeing == sorted(agreeing)


def test_accepting_makes_ordinary_acts_that_are_undone_like_any(
    officer: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    page = officer.get(f"{taught_scene.url}/learned")
    assert "Move to “Price”" in page.text
    assert "Shared words: " in page.text
    assert "Placed there: “" in page.text
    done = accept(officer, taught_scene, {"chosen": ["17", "25", "26"]})
    assert "Confirmed 1 statement. Moved 2 statements" in done.text
    again = accept(officer, taught_scene, {"chosen": ["17", "25", "26"]}, page)
    assert "3 statements were there already" in again.text
    assert taught_scene.places()[26] == "Price"
    assert 17 in taught_scene.confirmed()
    newest = taught_scene.session.scalars(select(ThemeAct).order_by(ThemeAct.number.desc()).limit(2)).all()
    assert [act.kind for act in newest] == [ThemeActKind.MOVED, ThemeActKind.CONFIRMED]
    officer.submit(f"{taught_scene.url}/history", action=f"{taught_scene.url}/undo")
    assert taught_scene.places()[26] == "Staff"


def test_a_question_is_answered_by_choosing_a_theme_or_none(
    officer: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    first, second = (each.number for each in learned.questions[:2])
    answers = {f"theme-{first}": str(taught_scene.theme("Escorts").id), f"theme-{second}": "set_aside"}
    accept(officer, taught_scene, answers)
    places = taught_scene.places()
    assert (places[first], places[second]) == ("Escorts", "set_aside")


def test_what_is_accepted_at_once_is_an_act_for_each_kind_within_fifteen_statements(
    officer: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    scene = taught_scene
    places = {
        17: scene.theme("Escorts").id,
        18: scene.theme("Price").id,
        25: Pile.SET_ASIDE,
        **dict.fromkeys((1, 4), scene.theme("Staff").id),
    }
    assert places.keys() <= {each.number for each in learned.questions}
    before = scene.places()
    done = officer.submit(
        f"{scene.url}/learned",
        {f"theme-{number}": str(to) for number, to in places.items()},
        action=f"{scene.url}/learned/{scene.session.scalars(select(ThemeLearning.id)).one()}?page=1&asked=1",
    )
    assert len(done.statements) <= 15
    acts = scene.session.scalars(select(ThemeAct).order_by(ThemeAct.number.desc()).limit(3)).all()
    assert [told(act) for act in acts] == [
        "Put 1 statement on the pile “Set aside”",
        "Moved 2 statements to “Escorts” and “Price”",
        "Confirmed 2 statements in “Staff”",
    ]
    for _ in acts:
        officer.submit(f"{scene.url}/history", action=f"{scene.url}/undo")
    assert scene.places() == before


def test_what_changed_or_was_withdrawn_since_is_skipped_and_said(
    officer: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    scene, session = taught_scene, taught_scene.session
    stale = officer.get(f"{scene.url}/learned")
    place(scene, [26], "Staff", "Escorts")
    gone = select(ThemeAssignment.answer_id).where(ThemeAssignment.number == 17).scalar_subquery()
    session.execute(
        update(ThemeComment).where(ThemeComment.answer_id == gone).values(gone_part_id=scene.framework.part_id)
    )
    session.commit()
    done = accept(officer, scene, {"chosen": ["17", "25", "26"]}, stale)
    assert "Moved 1 statement. Skipped 2 statements that changed" in done.text
    assert "3 proposals left out" in done.text
    assert scene.places()[26] == "Escorts"


def test_pages_and_acts_agree_on_what_of_the_learnt_still_stands(learned: LearnedThemes, taught_scene: Scene) -> None:
    """One statement placed, one that a run missed, and one of a response that is withdrawn."""
    scene, session = taught_scene, taught_scene.session
    place(scene, [26], "Staff", "Escorts")
    gone, withdrawn = (session.get_one(ThemeAssignment, (scene.framework.id, number)).comment for number in (17, 1))
    gone.gone_part_id = scene.framework.part_id
    response = session.get_one(Submission, withdrawn.answer.submission_id).response
    take_back(session, response=response, now=clock(session))
    session.commit()
    learning = session.scalars(select(ThemeLearning)).one()
    listed = proposed.listed(session, scene.framework, learning, limit=99, offset=0)
    left = {each.number for each in listed}
    assert left == teaching.still_standing(session, scene.framework, learned.proposals)
    assert {26, 17, 1}.isdisjoint(left)
    assert 25 in left


def test_where_no_theme_is_likelier_than_not_nothing_is_proposed(
    monkeypatch: pytest.MonkeyPatch, officer: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    staff, price = str(taught_scene.theme("Staff").id), str(taught_scene.theme("Price").id)
    sure, unsure = Proposal("17", price, 0.5, (), ()), Proposal("18", price, 0.49, (), ())
    told = Learned((sure, unsure), (Question("18", unsure),), 12, 0.6)
    monkeypatch.setattr(computing, "learn_themes", lambda *_, **__: told)
    again = computing.propose_rest(Lesson((), {}, {"17": {17: staff}, "18": {18: staff}}, 1), 1, lambda _: None)
    assert ([each.number for each in again.proposals], again.unlikely) == ([17], 1)
    taught_scene.session.execute(update(ThemeLearning).values(result={"version": 1, "value": to_json(again)}))
    taught_scene.session.commit()
    page = officer.get(f"{taught_scene.url}/learned")
    assert "For 1 statement no theme is likelier than not" in page.text
    assert "Perhaps “Price”, 49% sure" in page.text
    assert "Move to “Price”, 50% sure" in page.text


def test_with_too_few_placed_it_says_so_and_nothing_runs(officer: Client, scene: Scene) -> None:
    page = officer.get(f"{scene.url}/learned")
    assert "people have confirmed or moved 0 statements in 0 themes" in page.text
    assert "Propose the rest" not in page.buttons()
    officer.post(
        f"{scene.url}/learned",
        {"csrf_token": officer.get(f"{scene.url}/files").hidden(f"{scene.url}/files/xlsx")["csrf_token"]},
    )
    with pytest.raises(teaching.TooFewError):
        teaching.ask(scene.session, framework=scene.framework, actor=scene.actor, now=clock(scene.session))
    assert scene.session.scalars(select(ThemeLearning)).all() == []


def test_an_approver_reads_proposals_and_a_reviewer_finds_no_page(
    client: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    client.sign_in(colleague_as(taught_scene, TeamRole.APPROVER))
    page = client.get(f"{taught_scene.url}/learned")
    assert "Move to “Price”" in page.text
    assert not page.tree.findall(".//main//form")
    client.sign_in(colleague_as(taught_scene, TeamRole.REVIEWER))
    client.get(f"{taught_scene.url}/learned", status=404)


def test_twenty_thousand_proposals_for_a_hundred_themes_are_shown_25_at_a_time_with_three_questions(
    officer: Client, learned: LearnedThemes, taught_scene: Scene
) -> None:
    session = taught_scene.session
    session.connection().connection.driver_connection.execute(MANY_STATEMENTS)
    row = session.scalars(select(ThemeLearning)).one()
    value = row.result["value"]
    more = {"framework_id": taught_scene.framework.id, "key_terms": [], "examples": []}
    session.add_all(Theme(**more, position=number, title=f"Theme {number} of a hundred") for number in range(4, 101))
    like = value["proposals"][0]
    rows = session.execute(
        select(ThemeAssignment.number, ThemeAssignment.theme_id).where(ThemeAssignment.number >= 100)
    )
    many = [{**like, "number": number, "stood": str(theme_id)} for number, theme_id in rows]
    row.result = {**row.result, "value": {**value, "proposals": [*value["proposals"], *many]}}
    session.commit()
    page = officer.get(f"{taught_scene.url}/learned?page=400&asked=2")
    assert "Here are 4 to 6 of 10" in page.text
    assert len(page.tree.findall(".//select")) == 3
    assert page.html.count('name="chosen"') == 25
    assert "20,010 statements" in page.text
    assert len(page.statements) <= 15
    assert len(page.html) < 80_000
