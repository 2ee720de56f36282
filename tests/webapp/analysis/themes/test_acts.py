"""What is done to themes: each act is kept with who and when, and is undone exactly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.webapp.analysis.themes.conftest import Scene
from webapp.analysis.themes import actions, log, sorting
from webapp.models import Pile, Theme, ThemeAct, ThemeState

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FOUND = {1: "Staff", 2: "Price", 3: "Escorts", 4: "Staff", 5: "Price", 6: "Escorts"}


def merge(scene: Scene, *titles: str, into: str) -> ThemeAct:
    return actions.merge(
        scene.session,
        framework=scene.framework,
        into=scene.theme(into).id,
        others=[scene.theme(title).id for title in titles],
        revision=scene.framework.revision,
        actor=scene.actor,
        now=NOW,
    )


def split(scene: Scene, title: str) -> ThemeAct:
    return actions.split(
        scene.session,
        framework=scene.framework,
        theme_id=scene.theme(title).id,
        revision=scene.framework.revision,
        actor=scene.actor,
        now=NOW,
    )


def undo(scene: Scene) -> ThemeAct:
    newest = log.next_to_undo(scene.session, scene.framework)
    assert newest is not None
    return log.undo(scene.session, framework=scene.framework, number=newest.number, actor=scene.actor, now=NOW)


def chosen(scene: Scene, *numbers: int) -> sorting.Chosen:
    places = sorting.places(scene.session, scene.framework, numbers)
    return sorting.Chosen(places, scene.framework.revision)


def move(scene: Scene, *numbers: int, to: str | Pile) -> ThemeAct:
    return sorting.move(
        scene.session,
        framework=scene.framework,
        chosen=chosen(scene, *numbers),
        to=to if isinstance(to, Pile) else scene.theme(to).id,
        actor=scene.actor,
        now=NOW,
    )


def test_merging_moves_the_statements_and_splitting_parts_them_again(scene: Scene) -> None:
    merge(scene, "Price", into="Staff")
    assert scene.places() == FOUND | {2: "Staff", 5: "Staff"}
    assert scene.theme("Price").state is ThemeState.MERGED
    move(scene, 3, to="Staff")
    split(scene, "Staff")
    assert scene.places() == FOUND | {3: "Staff"}, "what somebody moved stays"


def test_what_was_merged_in_two_steps_is_split_in_two(scene: Scene) -> None:
    merge(scene, "Price", into="Staff")
    merge(scene, "Staff", into="Escorts")
    split(scene, "Escorts")
    assert scene.places() == FOUND | {2: "Staff", 5: "Staff"}


def test_splitting_gives_each_part_what_people_had_put_there_before_it_was_merged(scene: Scene) -> None:
    """Wherever the analysis had found it: as if nobody had merged."""
    move(scene, 2, to="Staff")
    sorting.make_theme(
        scene.session, framework=scene.framework, chosen=chosen(scene, 3), title="Vans", actor=scene.actor, now=NOW
    )
    placed = FOUND | {2: "Staff", 3: "Vans"}
    assert scene.places() == placed
    merge(scene, "Price", "Vans", into="Staff")
    assert set(scene.places().values()) == {"Staff", "Escorts"}
    split(scene, "Staff")
    assert scene.places() == placed
    merge(scene, "Price", into="Vans")
    undo(scene)
    merge(scene, "Price", into="Staff")
    move(scene, 5, to="Escorts")
    move(scene, 5, to="Staff")
    split(scene, "Staff")
    assert scene.places() == placed | {5: "Staff"}, "what somebody placed since stays"


def test_what_somebody_moved_since_it_was_merged_stays_whoever_had_put_it_there_before(scene: Scene) -> None:
    move(scene, 2, to="Staff")
    merge(scene, "Staff", into="Escorts")
    move(scene, 2, to="Price")
    move(scene, 2, to="Escorts")
    split(scene, "Escorts")
    assert scene.places() == FOUND | {2: "Escorts"}
    merge(scene, "Price", into="Staff")
    merge(scene, "Staff", into="Escorts")
    split(scene, "Escorts")
    split(scene, "Staff")
    assert scene.places() == FOUND | {2: "Escorts"}, "to be parted is not to be placed"


def test_what_a_move_dropped_since_it_was_merged_stays_dropped(scene: Scene) -> None:
    scene.session.execute(text("UPDATE theme_assignment SET answer_id = (SELECT answer_id FROM theme_assignment "
                               "WHERE number = 1), start = 0, stop = 5 WHERE number IN (1, 2)"))  # fmt: skip
    merge(scene, "Escorts", into="Staff")
    move(scene, 1, 3, to="Price")
    split(scene, "Staff")
    assert scene.places() == FOUND | {1: Pile.DROPPED, 3: "Price"}
    undo(scene)
    undo(scene)
    move(scene, 3, to="Price")
    move(scene, 3, to="Staff")
    merge(scene, "Staff", into="Price")
    split(scene, "Price")
    assert scene.places()[3] == "Staff", "placed before the second merge"


def test_a_part_that_is_split_off_takes_no_title_that_another_theme_has_since(scene: Scene) -> None:
    price = scene.theme("Price").id
    merge(scene, "Price", into="Staff")
    scene.theme("Escorts").title = "price"
    split(scene, "Staff")
    assert scene.session.get_one(Theme, price).title == "Price (2)"
    undo(scene)
    assert scene.session.get_one(Theme, price).title == "Price"


def test_every_act_is_undone_exactly_in_the_opposite_order(scene: Scene) -> None:
    merge(scene, "Price", into="Staff")
    move(scene, 1, 6, to=Pile.SET_ASIDE)
    sorting.make_theme(
        scene.session,
        framework=scene.framework,
        chosen=chosen(scene, 3),
        title="Transport",
        actor=scene.actor,
        now=NOW,
    )
    sorting.confirm(scene.session, framework=scene.framework, chosen=chosen(scene, 2), actor=scene.actor, now=NOW)
    actions.set_theme_aside(
        scene.session,
        framework=scene.framework,
        theme_id=scene.theme("Staff").id,
        revision=4,
        actor=scene.actor,
        now=NOW,
    )
    assert set(scene.places().values()) == {Pile.SET_ASIDE, "Transport"}
    undo(scene)
    assert scene.confirmed() == [2]
    for _ in range(4):
        undo(scene)
    assert scene.places() == FOUND
    assert scene.confirmed() == []
    assert {scene.theme(title).state for title in ("Staff", "Price", "Escorts")} == {ThemeState.KEPT}
    assert scene.theme("Transport").state is ThemeState.UNDONE
    assert log.next_to_undo(scene.session, scene.framework) is None
    assert scene.framework.revision == 10, "an undoing is an act too"


def test_a_statement_that_stands_twice_in_a_merged_theme_counts_once_until_that_is_undone(scene: Scene) -> None:
    scene.session.execute(text("UPDATE theme_assignment SET answer_id = (SELECT answer_id FROM theme_assignment "
                               "WHERE number = 1), start = 0, stop = 5 WHERE number IN (1, 2)"))  # fmt: skip
    merge(scene, "Price", into="Staff")
    assert scene.places() == FOUND | {2: Pile.DROPPED, 5: "Staff"}
    undo(scene)
    assert scene.places() == FOUND
    merge(scene, "Price", into="Staff")
    split(scene, "Staff")
    assert scene.places() == FOUND, "or parted again"


def test_broader_groups_become_the_themes_in_one_act(scene: Scene) -> None:
    staff, price, escorts = (scene.theme(title).id for title in ("Staff", "Price", "Escorts"))
    actions.broaden(
        scene.session,
        framework=scene.framework,
        branches=[[staff, price], [escorts]],
        revision=0,
        actor=scene.actor,
        now=NOW,
    )
    assert scene.places() == FOUND | {2: "Staff", 5: "Staff"}
    assert scene.framework.revision == 1


def test_two_who_change_one_theme_clash_and_two_who_change_two_do_not(scene: Scene) -> None:
    merge(scene, "Price", into="Staff")
    given = {"framework": scene.framework, "description": "", "revision": 0, "actor": scene.colleague, "now": NOW}
    with pytest.raises(log.ClashError) as clash:
        actions.rename(scene.session, theme_id=scene.theme("Staff").id, title="Workforce", **given)
    assert [act.number for act in clash.value.acts] == [1]
    actions.rename(scene.session, theme_id=scene.theme("Escorts").id, title="Escorts and transport", **given)
    with pytest.raises(log.GoneError):
        actions.rename(scene.session, theme_id=scene.theme("Price").id, title="Cost", **given | {"revision": 2})


def test_statements_that_a_colleague_moved_are_not_moved_again_unseen(scene: Scene) -> None:
    seen = chosen(scene, 1, 2)
    move(scene, 1, to="Escorts")
    given = {"framework": scene.framework, "actor": scene.colleague, "now": NOW}
    with pytest.raises(log.ClashError):
        sorting.move(scene.session, chosen=seen, to=Pile.SET_ASIDE, **given)
    sorting.confirm(scene.session, chosen=chosen(scene, 1), **given)
    sorting.confirm(scene.session, chosen=sorting.Chosen({2: scene.theme("Price").id}, 0), **given)
    assert scene.confirmed() == [1, 2]


def test_an_act_that_is_no_longer_the_newest_is_not_undone(scene: Scene) -> None:
    merge(scene, "Price", into="Staff")
    move(scene, 3, to="Staff")
    with pytest.raises(log.ClashError):
        log.undo(scene.session, framework=scene.framework, number=1, actor=scene.actor, now=NOW)


def test_the_log_is_only_added_to(scene: Scene) -> None:
    merge(scene, "Price", into="Staff")
    act = scene.session.scalars(select(ThemeAct)).one()
    assert (act.done_by, act.done_at, act.number) == (scene.actor.person_id, NOW, 1)
    with pytest.raises(DBAPIError, match="never changed"):
        scene.session.execute(text("UPDATE theme_act SET number = 7"))
