"""Themes are learnt from statements where people say several things, and from whole comments where each says one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from intelligence.compute import SERIAL, nobody_told, parse_workers
from intelligence.text.find import find_themes
from intelligence.text.neighbours import nearest_among, sharpened
from intelligence.text.points import points_of
from intelligence.text.semantic import RememberingEncoder, minilm
from intelligence.text.statements import statements_of
from intelligence.text.views import Views
from tests.intelligence.text.answers import comments_of

THINGS = ("nurse", "parking", "pension", "price", "vetting", "escort", "dental", "record")
WAYS = ("is late", "costs a lot", "worries us", "has no end", "is hard to plan", "was never explained", "takes weeks")


SEVERAL = [f"The {one} {way}. The {other} {way}." for way in WAYS for one in THINGS for other in THINGS if one != other]
ONE_EACH = [
    f"The {thing} {way} on day {day}. Please help, {thing}." for day in range(6) for way in WAYS for thing in THINGS
] + [f"Hello {day}, you there. Please tell me {way}." for day in range(6) for way in WAYS]


def test_people_who_say_several_things_are_read_by_statements() -> None:
    assert find_themes(comments_of(SEVERAL), seed=1, encode=None).parameters.learnt_from == "statements"


def test_who_says_one_thing_with_its_context_is_read_as_a_whole() -> None:
    assert find_themes(comments_of(ONE_EACH), seed=1, encode=None).parameters.learnt_from == "comments"


def test_wholes_that_are_hardly_clearer_are_not_read_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intelligence.text.grouping.CLEARER", 1.0)  # nothing can be clearer by that much
    assert find_themes(comments_of(ONE_EACH), seed=1, encode=None).parameters.learnt_from == "statements"


@pytest.mark.parametrize(("answers", "whole"), [(SEVERAL, False), (ONE_EACH, True)])
def test_whole_comments_are_encoded_only_where_themes_are_learnt_from_them(answers: list[str], whole: bool) -> None:
    told: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        told.extend(texts)
        return minilm(texts)

    find_themes(comments_of(answers), seed=1, encode=encode)
    assert (answers[0].removesuffix(".") in {text.removesuffix(".") for text in told}) is whole


def test_no_text_is_encoded_twice_also_for_the_names_of_themes() -> None:
    told: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        told.extend(texts)
        return minilm(texts)

    find_themes(comments_of(SEVERAL), seed=1, encode=encode)
    assert len(told) == len(set(told))


@pytest.mark.parametrize(("most", "encoded"), [(0, False), (25_000, True)])
def test_no_more_texts_are_encoded_than_there_is_time_for(
    monkeypatch: pytest.MonkeyPatch, most: int, encoded: bool
) -> None:
    points = points_of((comments := comments_of(["Low pay. Late pay."])), statements_of(0, comments[0].text))
    views = Views(points, RememberingEncoder(minilm), SERIAL)
    by_statements = views.by_statements(nobody_told)
    monkeypatch.setattr("intelligence.text.views.LARGEST_ENCODED", most)
    by_comments = views.by_comments(by_statements, nobody_told)
    assert np.array_equal(by_comments, by_statements) is not encoded


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
    assert after[own].mean() - after[~own].mean() > before[own].mean() - before[~own].mean() + 0.02
    np.testing.assert_allclose(np.linalg.norm(clear, axis=1), 1, rtol=1e-5)


def test_what_no_neighbours_differ_in_is_left_as_it_is() -> None:
    view = np.eye(4, dtype=np.float32)
    assert np.array_equal(sharpened(view[:1], 0), view[:1])
    same = np.ones((6, 2), dtype=np.float32) / np.float32(2**0.5)
    assert np.array_equal(sharpened(same, 2), same)
