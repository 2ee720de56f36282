"""Which things hang together: dots on a ring, joined by lines that are thicker the more two of them share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.web.charts.svg import TEXT, chart, element, fit, group, text, text_width, tooltip
from webapp.web.format import plural

_LABELS = 190
_GAP, _EDGE = 16, 8
_FEW = 20
"""More dots than that on a ring as narrow as a phone could not be told apart."""
_RADIUS_STEP = 8
_LEAST_RADIUS, _MOST_RADIUS = 110, 280
_THINNEST, _THICKEST = 1.0, 9.0


@dataclass(frozen=True, kw_only=True)
class NetworkDot:
    """`code` is written beside the dot and `name` told on pointing at it; a `marked` dot is drawn as a warning."""

    code: str
    name: str
    marked: bool = False


@dataclass(frozen=True, kw_only=True)
class NetworkLine:
    """Joins the dots at two places of the list, with a `strength` above 0 and up to 1."""

    first: int
    second: int
    strength: float
    words: str

    def __post_init__(self) -> None:
        if not 0 < self.strength <= 1 or self.first == self.second:
            raise ValueError("a line joins two dots with a strength above 0 and up to 1")


def network(
    chart_id: str, title: str, dots: Sequence[NetworkDot], lines: Sequence[NetworkLine], *, legend: str
) -> Markup:
    """Dots in their order clockwise from the top; the strongest lines are drawn last, over the others."""
    if any(not (0 <= each.first < len(dots) and 0 <= each.second < len(dots)) for each in lines):
        raise ValueError("a line joins dots that there are")
    radius = min(max(_RADIUS_STEP * len(dots), _LEAST_RADIUS), _MOST_RADIUS)
    widest = max((text_width(fit(dot.code, TEXT, _LABELS), TEXT, bold=True) for dot in dots), default=0)
    centre, middle = radius + _GAP + widest + _EDGE, radius + 40
    places = [_place(turn / max(len(dots), 1), radius, centre, middle) for turn in range(len(dots))]
    return chart(
        chart_id,
        title,
        f"{plural(len(dots), 'dot')} on a ring and {plural(len(lines), 'line')} between them. {legend}",
        2 * middle,
        [
            *(_join(each, places, dots) for each in sorted(lines, key=lambda each: each.strength)),
            *(_dot(dot, *place, centre, middle) for dot, place in zip(dots, places, strict=True)),
        ],
        own_width=2 * centre,
        class_="chart chart--ring" if len(dots) <= _FEW else "chart chart--ring chart--crowded",
    )


def _place(turn: float, radius: float, centre: float, middle: float) -> tuple[float, float]:
    angle = 2 * math.pi * turn - math.pi / 2
    return centre + radius * math.cos(angle), middle + radius * math.sin(angle)


def _join(joined: NetworkLine, places: Sequence[tuple[float, float]], dots: Sequence[NetworkDot]) -> Markup:
    (x1, y1), (x2, y2) = places[joined.first], places[joined.second]
    width = _THINNEST + joined.strength * (_THICKEST - _THINNEST)
    return group(
        tooltip(f"{dots[joined.first].name} and {dots[joined.second].name}: {joined.words}"),
        element("line", class_="chart__tie", x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=width),
    )


def _dot(dot: NetworkDot, x: float, y: float, centre: float, middle: float) -> Markup:
    """A ring around a marked dot tells it from the others without its colour."""
    right = x >= centre
    above = abs(x - centre) < 1
    words = fit(dot.code, TEXT, _LABELS)
    label = (
        text(words, x, y - _GAP if y < middle else y + 26, "chart__dot-name", "middle")
        if above
        else text(words, x + (_GAP if right else -_GAP), y + 5, "chart__dot-name", "start" if right else "end")
    )
    marks = [element("circle", cx=x, cy=y, r=7, class_="chart__dot-mark" if dot.marked else "chart__point")]
    if dot.marked:
        marks.append(element("circle", cx=x, cy=y, r=11, class_="chart__dot-ring"))
    return group(tooltip(dot.name), *marks, label)
