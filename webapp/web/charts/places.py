"""Things on a plane, those that are alike near to each other: numbered circles, whose table says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import cos, hypot, sin

from markupsafe import Markup

from webapp.web.charts.svg import SMALL, WIDTH, chart, element, fit, group, text, text_width, tooltip
from webapp.web.format import plural

_HEIGHT, _MOST_HEIGHT, _EACH = 560, 800, 5
"""The drawing grows by so much for each place, up to a screen."""
_MARGIN = 80
_SMALLEST, _LARGEST = 14, 46
"""Radii: the smallest holds a number; the largest is for a few places, many leave less room to each."""
_CROWDED = 12
"""Places from which the largest radius shrinks."""
_GAP, _EDGE, _ROUNDS = 8, 4, 60
_LABEL_WIDTH, _LABEL_HEIGHT = 130, 16
_WHOLE_LABEL_WIDTH = 400
"""Where few places leave room to say all of it."""


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


@dataclass(slots=True)
class _Circle:
    place: Place
    x: float
    y: float
    radius: float

    def overlap(self, other: _Circle) -> float:
        """By how much the two are nearer than they may be."""
        return self.radius + other.radius + _GAP - hypot(other.x - self.x, other.y - self.y)


@dataclass(frozen=True, slots=True)
class _Label:
    """A line of text in its box, from the left end of its base line."""

    words: str
    x: float
    y: float
    width: float

    @property
    def top(self) -> float:
        return self.y - _LABEL_HEIGHT * 0.8

    def meets(self, other: _Label) -> bool:
        return (
            self.x < other.x + other.width and other.x < self.x + self.width and abs(self.y - other.y) < _LABEL_HEIGHT
        )

    def covers(self, circle: _Circle) -> bool:
        x = min(max(circle.x, self.x), self.x + self.width)
        y = min(max(circle.y, self.top), self.top + _LABEL_HEIGHT)
        return hypot(circle.x - x, circle.y - y) < circle.radius


def map_of_places(chart_id: str, title: str, places: Sequence[Place], *, unit: str) -> Markup:
    """A circle for each place, moved aside where two would overlap, and a label wherever there is room for it."""
    height = min(_HEIGHT + _EACH * max(len(places) - _CROWDED, 0), _MOST_HEIGHT)
    circles = _circles(sorted(places, key=lambda place: (-place.size, place.number)), height)
    _part(circles, height)
    labels = _labels(circles, height)
    return chart(
        chart_id,
        title,
        f"{plural(len(places), 'circle')}; the nearer two lie, the more alike what was said.",
        height,
        [
            *(_drawn(circle, unit) for circle in circles),
            *(text(label.words, round(label.x, 1), round(label.y, 1), "chart__small") for label in labels),
        ],
    )


def _circles(places: Sequence[Place], height: float) -> list[_Circle]:
    most = max((place.size for place in places), default=0) or 1
    largest = max(_LARGEST * min(1, (_CROWDED / max(len(places), 1)) ** 0.5), _SMALLEST * 1.7)
    return [
        _Circle(
            place,
            WIDTH / 2 + place.x * (WIDTH / 2 - _MARGIN),
            height / 2 - place.y * (height / 2 - _MARGIN),
            _SMALLEST + (largest - _SMALLEST) * (place.size / most) ** 0.5,
        )
        for place in places
    ]


def _part(circles: Sequence[_Circle], height: float) -> None:
    """Move circles that overlap apart, each by half of it and no farther: who is near to whom stays."""
    for _ in range(_ROUNDS):
        in_order = sorted(circles, key=lambda circle: (circle.x, circle.place.number))
        worst = 0.0
        for one, other in _neighbours(in_order):
            overlap = one.overlap(other)
            if overlap > 0:
                worst = max(worst, overlap)
                _push(one, other, overlap / 2)
        for circle in circles:
            edge = circle.radius + _EDGE
            circle.x, circle.y = min(max(circle.x, edge), WIDTH - edge), min(max(circle.y, edge), height - edge)
        if worst < 0.5:
            return


def _neighbours(in_order: Sequence[_Circle]) -> Iterator[tuple[_Circle, _Circle]]:
    """Those from left to right that are near enough to overlap."""
    widest = 2 * max((circle.radius for circle in in_order), default=0) + _GAP
    for place, one in enumerate(in_order):
        for after in range(place + 1, len(in_order)):
            other = in_order[after]
            if other.x - one.x > widest:
                break
            yield one, other


def _push(one: _Circle, other: _Circle, by: float) -> None:
    """Away from each other; two in one place part in a direction of their own."""
    apart = hypot(other.x - one.x, other.y - one.y)
    if apart:
        x, y = (other.x - one.x) / apart, (other.y - one.y) / apart
    else:
        x, y = cos(other.place.number), sin(other.place.number)
    one.x, one.y, other.x, other.y = one.x - x * by, one.y - y * by, other.x + x * by, other.y + y * by


def _labels(circles: Sequence[_Circle], height: float) -> list[_Label]:
    """Short ones wherever there is room, and then, of a few places, whole ones where that leaves the others theirs."""
    labels: dict[int, _Label] = {}
    for most in (_LABEL_WIDTH,) if len(circles) > _CROWDED else (_LABEL_WIDTH, _WHOLE_LABEL_WIDTH):
        for circle in circles:
            others = [label for number, label in labels.items() if number != circle.place.number]
            spots = _spots(circle, fit(circle.place.label, SMALL, most))
            free = (spot for spot in spots if _is_free(spot, circles, others, height))
            labels.update((circle.place.number, label) for label in islice(free, 1))
    return list(labels.values())


def _is_free(label: _Label, circles: Sequence[_Circle], others: Sequence[_Label], height: float) -> bool:
    """Whether it is within the drawing and hides nothing."""
    inside = _EDGE <= label.x <= WIDTH - label.width - _EDGE and _EDGE <= label.top <= height - _LABEL_HEIGHT
    return inside and not any(map(label.meets, others)) and not any(map(label.covers, circles))


def _spots(circle: _Circle, words: str) -> list[_Label]:
    """Beneath, above, right or left of the circle; within the drawing where it is long."""
    width = text_width(words, SMALL)
    middle = min(max(circle.x - width / 2, _EDGE), WIDTH - width - _EDGE)
    beside = circle.y + SMALL * 0.35
    return [
        _Label(words, middle, circle.y + circle.radius + _LABEL_HEIGHT - 1, width),
        _Label(words, middle, circle.y - circle.radius - 6, width),
        _Label(words, circle.x + circle.radius + 5, beside, width),
        _Label(words, circle.x - circle.radius - 5 - width, beside, width),
    ]


def _drawn(circle: _Circle, unit: str) -> Markup:
    place, x, y = circle.place, round(circle.x, 1), round(circle.y, 1)
    return group(
        tooltip(f"{place.label}: {plural(round(place.size), unit)}"),
        element("circle", class_="chart__place", cx=x, cy=y, r=round(circle.radius, 1)),
        text(str(place.number), x, round(circle.y + 5, 1), "chart__place-number", "middle"),
    )
