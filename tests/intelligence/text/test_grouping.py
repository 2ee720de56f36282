"""Themes are learnt from statements where people say several things, and from whole comments where each says one."""

from __future__ import annotations

import numpy as np
import pytest

from intelligence.compute import parse_workers
from intelligence.text.find import find_themes
from intelligence.text.neighbours import nearest_among, sharpened
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


def test_threads_find_the_same_themes() -> None:
    comments = comments_of([f"The {thing} {way}." for way in WAYS for thing in THINGS])
    threads = parse_workers("threads:2")
    assert find_themes(comments, seed=1, workers=threads) == find_themes(comments, seed=1)


@pytest.mark.parametrize("workers", ["serial", "threads:2"])
def test_nearest_are_found_as_by_comparing_all(workers: str) -> None:
    generator = np.random.default_rng(1)
    view = generator.normal(size=(1_203, 6)).astype(np.float32)
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    graph = nearest_among(view, view, 7, leave_out=np.arange(len(view)), workers=parse_workers(workers))
    cosines = view @ view.T
    np.fill_diagonal(cosines, -2)
    for row in range(0, len(view), 50):
        assert set(graph[row].indices) == set(np.argsort(-cosines[row])[:7])


def test_what_differs_between_neighbours_counts_for_less() -> None:
    """Two subjects, and beside them a direction in which every statement differs from those nearest to it."""
    generator = np.random.default_rng(4)
    subject = np.repeat(np.eye(2), 60, axis=0)
    aside = generator.normal(scale=0.8, size=(120, 1))
    view = np.hstack([subject, aside])
    view = (view / np.linalg.norm(view, axis=1, keepdims=True)).astype(np.float32)
    before, after = view @ view.T, (clear := sharpened(view, 10)) @ clear.T
    own = subject @ subject.T > 0
    assert after[own].mean() - after[~own].mean() > before[own].mean() - before[~own].mean() + 0.05
    np.testing.assert_allclose(np.linalg.norm(clear, axis=1), 1, rtol=1e-5)


def test_what_no_neighbours_differ_in_is_left_as_it_is() -> None:
    view = np.eye(4, dtype=np.float32)
    assert np.array_equal(sharpened(view[:1], 0), view[:1])
    same = np.ones((6, 2), dtype=np.float32) / np.float32(2**0.5)
    assert np.array_equal(sharpened(same, 2), same)
