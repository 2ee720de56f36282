"""Things on a plane, those that are alike near to each other: numbered circles, whose table says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import SMALL, WIDTH, chart, element, fit, group, text, tooltip
from webapp.web.format import plural

_HEIGHT, _MARGIN = 560, 80
_SMALLEST, _LARGEST = 14, 46
_LABELLED, _LABEL_WIDTH = 12, 150
"""The largest circles have their labels beneath them; more would hide one another."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """`x` and `y` lie between -1 and 1; the circle's area grows with `size`; `number` stands in it and in the table."""

    number: int
    label: str
    x: float
    y: float
    size: float

    def __post_init__(self) -> None:
        if max(abs(self.x), abs(self.y)) > 1 or self.size < 0:
            raise ValueError(f"{self.label!r} lies outside the plane, or has no size")


def map_of_places(chart_id: str, title: str, places: Sequence[Place], *, unit: str) -> Markup:
    """A circle for each place, the largest drawn first so that none hides a smaller one."""
    most = max((place.size for place in places), default=0) or 1
    ordered = sorted(places, key=lambda place: (-place.size, place.number))
    return chart(
        chart_id,
        title,
        f"{plural(len(places), 'circle')}; the nearer two lie, the more alike what was said.",
        _HEIGHT,
        [_circle(place, most, unit, labelled=order < _LABELLED) for order, place in enumerate(ordered)],
    )


def _circle(place: Place, most: float, unit: str, *, labelled: bool) -> Markup:
    x = WIDTH / 2 + place.x * (WIDTH / 2 - _MARGIN)
    y = _HEIGHT / 2 - place.y * (_HEIGHT / 2 - _MARGIN)
    radius = _SMALLEST + (_LARGEST - _SMALLEST) * (place.size / most) ** 0.5
    return group(
        tooltip(f"{place.label}: {plural(round(place.size), unit)}"),
        element("circle", class_="chart__place", cx=round(x, 1), cy=round(y, 1), r=round(radius, 1)),
        text(str(place.number), round(x, 1), round(y + 5, 1), "chart__place-number", "middle"),
        *(
            [
                text(
                    fit(place.label, SMALL, _LABEL_WIDTH),
                    round(x, 1),
                    round(y + radius + 15, 1),
                    "chart__small",
                    "middle",
                )
            ]
            if labelled
            else []
        ),
    )
