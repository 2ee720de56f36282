"""Themes are learnt from statements where people say several things, and from whole comments where each says one."""

from __future__ import annotations

import numpy as np

from intelligence.text.find import find_themes
from intelligence.text.neighbours import nearest_among
from tests.intelligence.text.answers import comments_of

THINGS = ("nurse", "parking", "pension", "price", "vetting", "escort", "dental", "record")
WAYS = ("is late", "costs a lot", "worries us", "has no end", "is hard to plan", "was never explained", "takes weeks")


def test_people_who_say_several_things_are_read_by_statements() -> None:
    said = [
        f"The {one} {way}. The {other} {way}." for way in WAYS for one in THINGS for other in THINGS if one != other
    ]
    assert find_themes(comments_of(said), seed=1, encode=None).parameters.learnt_from == "statements"


def test_who_says_one_thing_with_its_context_is_read_as_a_whole() -> None:
    said = [
        f"The {thing} {way} on day {day}. Please help, {thing}." for day in range(6) for way in WAYS for thing in THINGS
    ]
    extra = [f"Hello {day}, you there. Please tell me {way}." for day in range(6) for way in WAYS]
    assert find_themes(comments_of(said + extra), seed=1, encode=None).parameters.learnt_from == "comments"


def test_nearest_are_found_as_by_comparing_all() -> None:
    generator = np.random.default_rng(1)
    view = generator.normal(size=(1_203, 6)).astype(np.float32)
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    graph = nearest_among(view, view, 7, leave_out=np.arange(len(view)))
    cosines = view @ view.T
    np.fill_diagonal(cosines, -2)
    for row in range(0, len(view), 50):
        assert set(graph[row].indices) == set(np.argsort(-cosines[row])[:7])
