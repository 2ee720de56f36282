"""Advice before signing: each rule speaks where it should and is silent where it should not."""

from __future__ import annotations

import pytest

from intelligence.market import Comment
from intelligence.text.quality import advice_on
from intelligence.text.sides import side_of
from intelligence.text.themes import Assignment, Merge, Side, Theme, ThemeParameters, ThemeSet

TEXTS = ("Low pay", "Poor pay", "Pay is bad", "Dear parking", "No parking", "Too far away")
COMMENTS = [Comment(str(n), f"P{n}", "q", text) for n, text in enumerate(TEXTS)]


def themes(*members: tuple[int, ...], merges: tuple[Merge, ...] = (), comments: list[Comment] = COMMENTS) -> ThemeSet:
    found = tuple(
        Theme(f"t{n}", f"T{n}", (), len(rows), len(rows), len(rows) / 20, None, ())
        for n, rows in enumerate(members, start=1)
    )
    assignments = tuple(
        Assignment(str(row), 0, len(comments[row].text), f"t{n}", 1.0)
        for n, rows in enumerate(members, start=1)
        for row in rows
    )
    parameters = ThemeParameters(None, 2, 3, 3, 2)
    return ThemeSet(found, assignments, (), merges, len(comments), len(comments), 0, parameters, ())


def rules(found: ThemeSet, comments: list[Comment] = COMMENTS) -> set[tuple[str, str, str | None]]:
    return {(one.rule, one.theme_id, one.other_id) for one in advice_on(found, comments)}


def test_sound_themes_get_no_advice() -> None:
    assert rules(themes((0, 1, 2), (3, 4), merges=(Merge("m1", "t1", "t2", 0.6),))) == set()


def test_a_theme_that_most_speak_to_is_too_broad() -> None:
    assert rules(themes((0, 1, 2, 3, 4, 5), (0,))) == {("too_broad", "t1", None)}


def test_a_theme_as_large_as_the_others_is_not_too_broad() -> None:
    everybody = tuple(range(6))
    assert "too_broad" not in {rule for rule, *_ in rules(themes(everybody, everybody, everybody))}


def test_themes_of_the_same_people_overlap() -> None:
    assert rules(themes((0, 1, 2, 3), (0, 1, 2))) == {("overlapping", "t1", "t2")}
    assert rules(themes((0, 1, 2, 3), (0, 1, 4))) == set()


def test_themes_in_the_same_place_are_close() -> None:
    assert rules(themes((0, 1), (2, 3), merges=(Merge("m1", "t1", "t2", 0.05),))) == {("close", "t1", "t2")}


def test_one_provider_is_a_single_source() -> None:
    same = [Comment(str(n), "P1" if n < 2 else f"P{n}", "q", text) for n, text in enumerate(TEXTS)]
    assert rules(themes((0, 1), (2, 3)), same) == {("single_source", "t1", None)}


def test_a_text_passed_round_is_boilerplate() -> None:
    copied = [
        Comment(str(n), f"P{n}", "q", "We support the Trust's position fully." if n < 3 else "x") for n in range(6)
    ]
    assert rules(themes((0, 1, 2, 3), comments=copied), copied) == {("boilerplate", "t1", None)}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("We support longer contracts", Side.SUPPORT),
        ("We do not support longer contracts", Side.OBJECTION),
        ("Longer contracts are no problem", Side.SUPPORT),
        ("Longer contracts would be a problem", Side.OBJECTION),
        ("Too few nurses", Side.OBJECTION),
        ("The price is too low", Side.OBJECTION),
        ("Contracts of seven years", Side.NEITHER),
        ("", Side.NEITHER),
    ],
)
def test_sides_are_told_apart(text: str, side: Side) -> None:
    assert side_of(text) is side


@pytest.mark.parametrize("count", [1, 10, 20, 21, 60])
def test_ten_to_twenty_groups_are_read_first(count: int) -> None:
    ids = [f"t{n}" for n in range(1, count + 1)]
    merges = []
    for step in range(1, count):
        merges.append(Merge(f"m{step}", ids[0], ids[1], step / 100 + (step > count - 14) * 0.5))
        ids = [*ids[2:], f"m{step}"]
    found = themes(*[(0,)] * count, merges=tuple(merges))
    assert found.worth_reading() == (count if count <= 20 else 14)
    assert len(found.broader(found.worth_reading())) == found.worth_reading()
