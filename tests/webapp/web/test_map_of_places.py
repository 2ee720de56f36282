"""The map draws every place where it lies, the larger the more, or refuses it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from webapp.web import charts
from webapp.web.charts.svg import WIDTH

SVG = "{http://www.w3.org/2000/svg}"


def circles(*places: charts.Place) -> dict[str, tuple[float, float, float]]:
    """Where each circle lies and how large it is, by the words that it says."""
    root = ElementTree.fromstring(charts.map_of_places("map", "Map", places, unit="answer"))  # noqa: S314 - our own
    return {
        group.find(f"{SVG}title").text: tuple(float(circle.get(name)) for name in ("cx", "cy", "r"))
        for group in root.iter(f"{SVG}g")
        if (circle := group.find(f"{SVG}circle")) is not None
    }


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


@pytest.mark.parametrize(("x", "size"), [(1.1, 1), (0, -1)])
def test_what_lies_outside_or_has_no_size_is_refused(x: float, size: float) -> None:
    with pytest.raises(ValueError, match="outside the plane"):
        charts.Place(number=1, label="Staff", x=x, y=0, size=size)
