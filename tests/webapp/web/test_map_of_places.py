"""The map draws every place where it lies, the larger the more, or refuses it."""

from __future__ import annotations

from itertools import combinations
from math import cos, hypot, sin
from xml.etree import ElementTree

import pytest

from webapp.web import charts
from webapp.web.charts.svg import SMALL, WIDTH, text_width

SVG = "{http://www.w3.org/2000/svg}"


def circles(*places: charts.Place) -> dict[str, tuple[float, float, float]]:
    """Where each circle lies and how large it is, by the words that it says."""
    root = ElementTree.fromstring(charts.map_of_places("map", "Map", places, unit="answer"))  # noqa: S314 - our own
    return {
        group.find(f"{SVG}title").text: tuple(float(circle.get(name)) for name in ("cx", "cy", "r"))
        for group in root.iter(f"{SVG}g")
        if (circle := group.find(f"{SVG}circle")) is not None
    }


def names(*places: charts.Place) -> list[str]:
    """What stands beside the circles."""
    root = ElementTree.fromstring(charts.map_of_places("map", "Map", places, unit="answer"))  # noqa: S314 - our own
    return [each.text for each in root.iter(f"{SVG}text") if each.get("class") == "chart__small"]


def test_places_keep_their_distances_and_sizes_within_the_drawing() -> None:
    near = charts.Place(number=1, label="Staff", x=-1, y=1, size=9)
    far = charts.Place(number=2, label="Price <script>", x=1, y=-1, size=1)
    drawn = circles(near, far)
    assert list(drawn) == ["Staff: 9 answers", "Price <script>: 1 answer"]
    (left, top, large), (right, bottom, small) = drawn.values()
    assert left < WIDTH / 2 < right
    assert top < bottom
    assert small < large
    assert min(left - large, WIDTH - right - small, top - large) > 0


def test_a_hundred_alike_are_parted_within_the_drawing_and_named_where_there_is_room() -> None:
    crowd = [
        charts.Place(
            number=number, label=f"Theme number {number}", x=0.3 * sin(number), y=0.3 * cos(number * 2), size=number
        )
        for number in range(1, 100)
    ]
    twins = [charts.Place(number=number, label="Alike", x=0, y=0, size=1) for number in (100, 101)]
    svg = charts.map_of_places("map", "Map", [*crowd, *twins], unit="answer")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    drawn = [tuple(float(each.get(name)) for name in ("cx", "cy", "r")) for each in root.iter(f"{SVG}circle")]
    _, _, width, height = map(float, root.get("viewBox").split())
    assert all(r <= x <= width - r and r <= y <= height - r for x, y, r in drawn)
    assert all(hypot(x - u, y - v) > r + s for (x, y, r), (u, v, s) in combinations(drawn, 2))
    labels = [
        (float(each.get("x")), float(each.get("y")), text_width(each.text, SMALL))
        for each in root.iter(f"{SVG}text")
        if each.get("class") == "chart__small"
    ]
    assert 5 < len(labels) < 100
    for left, base, wide in labels:
        nearest = ((min(max(x, left), left + wide) - x, min(max(y, base - 10), base) - y, r) for x, y, r in drawn)
        assert all(hypot(u, v) >= r for u, v, r in nearest), "a name hides no circle"
    assert all(abs(b - d) >= 10 or a + w <= c or c + x <= a for (a, b, w), (c, d, x) in combinations(labels, 2))


def test_few_places_are_named_in_full_and_shorter_where_another_is_in_the_way() -> None:
    name = "Through-the-gate support in the first twelve weeks"
    alone = charts.Place(number=1, label=name, x=0, y=0, size=4)
    assert names(alone) == [name]
    assert names(charts.Place(number=1, label=name, x=1, y=0, size=4)) == [name], "also at the edge"
    row = [charts.Place(number=number, label=name, x=number / 4 - 1, y=0, size=4) for number in range(1, 8)]
    assert names(*row) == ["Through-the-gate…"] * 7, "a whole name leaves the others theirs"


@pytest.mark.parametrize(("x", "size"), [(1.1, 1), (0, -1)])
def test_what_lies_outside_or_has_no_size_is_refused(x: float, size: float) -> None:
    with pytest.raises(ValueError, match="outside the plane"):
        charts.Place(number=1, label="Staff", x=x, y=0, size=size)
