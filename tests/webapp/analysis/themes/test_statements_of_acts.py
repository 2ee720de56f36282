"""What an act asks of the database: no more for a hundred themes than for two."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import insert, select

from tests.webapp.analysis.themes.conftest import Scene
from tests.webapp.analysis.themes.test_pages import box, sort
from tests.webapp.browser_of_pages import Client, Page
from webapp.models import Origin, Side, Theme, ThemeAssignment

MOST = 15
PAIRS = 30


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.sign_in(scene.officer)
    return client


@pytest.fixture
def pairs(scene: Scene) -> None:
    """Sixty more themes, which the tree joins two by two, each with a statement of its own, every other confirmed."""
    session, framework = scene.session, scene.framework
    said = session.scalars(select(ThemeAssignment).where(ThemeAssignment.number == 1)).one()
    numbers = range(10, 10 + 2 * PAIRS)
    themes = [
        Theme(
            framework_id=framework.id,
            position=number,
            found_key=f"t{number}",
            title=f"Theme {number}",
            key_terms=[],
            examples=[],
        )
        for number in numbers
    ]
    session.add_all(themes)
    session.flush()
    like = {"framework_id": framework.id, "answer_id": said.answer_id, "start": 0, "strength": 0.5, "unsure": False}
    rows = [
        {
            **like,
            "number": theme.position,
            "stop": theme.position // 2,
            "theme_id": theme.id,
            "side": Side.NEITHER,
            "origin": Origin.FOUND,
            "confirmed_by": scene.officer.id if theme.position % 2 else None,
        }
        for theme in themes
    ]
    session.execute(insert(ThemeAssignment), rows)
    framework.merges = [
        {"id": f"m{number}", "left": f"t{number}", "right": f"t{number + 1}", "distance": 0.1 + number / 1000}
        for number in numbers[::2]
    ]
    session.commit()


def standing(scene: Scene) -> list[tuple[int, str, str, uuid.UUID | None]]:
    """Everything that an act might change about statements."""
    rows = scene.session.execute(
        select(
            ThemeAssignment.number,
            ThemeAssignment.theme_id,
            ThemeAssignment.pile,
            ThemeAssignment.origin,
            ThemeAssignment.confirmed_by,
        ).order_by(ThemeAssignment.number)
    )
    return [(number, str(theme_id or pile), origin.value, by) for number, theme_id, pile, origin, by in rows]


def test_no_act_asks_the_database_more_than_fifteen_times(officer: Client, scene: Scene, pairs: None) -> None:
    url = scene.url
    staff, price = (f"{url}/theme/{theme.id}" for theme in scene.themes[:2])
    asked: dict[str, Page] = {}

    def act(name: str, page: str, data: dict[str, object], action: str) -> None:
        asked[name] = officer.submit(page, data, action=action)

    def sorts(name: str, number: int, stands_in: str, **data: str) -> None:
        asked[name] = sort(officer, scene, {"chosen": [box(scene, number, stands_in)], **data})

    act("rename", staff, {"title": "Workforce", "description": ""}, staff)
    act("merge", staff, {"into": str(scene.themes[1].id)}, f"{staff}/merge")
    act("split", price, {}, f"{price}/split")
    asked["add"] = officer.submit(f"{url}/add", {"title": "New", "description": "", "examples": "One"})
    sorts("confirm", 1, "Workforce", act="confirm")
    sorts("move", 2, "Price", act="move", to=str(scene.themes[0].id))
    sorts("make a theme", 3, "Escorts", act="new", title="Transport")
    sorts("set aside", 6, "Escorts", act="set_aside")
    act("undo", f"{url}/statements", {}, f"{url}/statements/undo?page=1")
    act("set the theme aside", price, {}, f"{price}/set-aside")
    before = standing(scene)
    act("broaden", f"{url}?groups=1", {}, f"{url}/broaden")
    assert len({place for _, place, _, _ in before} - {place for _, place, _, _ in standing(scene)}) == PAIRS
    act("undo broadening", f"{url}/history", {}, f"{url}/undo")
    assert standing(scene) == before
    act("sign", f"{url}/sign", {"sure": "y"}, f"{url}/sign")
    act("unsign", f"{url}/unsign", {}, f"{url}/unsign")
    assert {name: len(page.statements) for name, page in asked.items() if len(page.statements) > MOST} == {}
