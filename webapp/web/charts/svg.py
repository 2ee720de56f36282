"""Writing SVG safely, and fitting text without a browser to measure it."""

import math
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

WIDTH = 960
LABEL_WIDTH = 270
TEXT = 15
SMALL = 13

_NARROW = frozenset("ijltfrI.,:;!|'()[]/- ")
_WIDE = frozenset("mwMW%@—…")
_ELLIPSIS = "…"


def element(tag: str, *content: str, **attributes: str | float | None) -> Markup:
    """An element with escaped content and attributes; `class_` is written class, `text_anchor` text-anchor."""
    written = "".join(
        f' {_attribute_name(name)}="{_attribute(value)}"' for name, value in attributes.items() if value is not None
    )
    inner = "".join(escape(part) for part in content)
    return Markup(f"<{tag}{written}>{inner}</{tag}>")  # noqa: S704 - names are ours, the rest is escaped


def group(*content: str, **attributes: str | float | None) -> Markup:
    return element("g", *content, **attributes)


def rect(x: float, y: float, width: float, height: float, class_: str, *, rx: float | None = None) -> Markup:
    return element("rect", class_=class_, x=x, y=y, width=width, height=height, rx=rx)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("line", class_=class_, x1=x1, y1=y1, x2=x2, y2=y2)


def text(content: str, x: float, y: float, class_: str = "chart__text", anchor: str | None = None) -> Markup:
    return element("text", content, class_=class_, x=x, y=y, text_anchor=anchor)


def tooltip(content: str) -> Markup:
    return element("title", content)


def chart(
    chart_id: str,
    title: str,
    description: str,
    height: float,
    content: Iterable[str],
    *,
    own_width: float | None = None,
    class_: str = "chart",
) -> Markup:
    """The drawing, named and described for those who do not see it; as wide as its page unless it has its own width."""
    return element(
        "svg",
        element("title", title, id=f"{chart_id}-title"),
        element("desc", f"{description} The table beneath holds the same.", id=f"{chart_id}-desc"),
        *content,
        class_=class_,
        id=chart_id,
        viewBox=f"0 0 {_number(own_width or WIDTH)} {_number(height)}",
        width=own_width,
        role="img",
        aria_labelledby=f"{chart_id}-title {chart_id}-desc",
        xmlns="http://www.w3.org/2000/svg",
    )


def text_width(content: str, size: float, *, bold: bool = False) -> float:
    """A generous estimate for any plain sans-serif typeface, in units of the drawing."""
    return size * sum(map(_em, content)) * (1.12 if bold else 1)


@lru_cache(maxsize=1024)
def _em(character: str) -> float:
    if character in _NARROW:
        return 0.4
    if character in _WIDE:
        return 0.95
    return 0.74 if character.isupper() else 0.63


def fit(content: str, size: float, width: float) -> str:
    """The text, cut short with an ellipsis if it is wider than `width`."""
    if text_width(content, size) <= width:
        return content
    kept = content
    while kept and text_width(kept + _ELLIPSIS, size) > width:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS if kept else ""


def wrap(content: str, size: float, width: float, lines: int) -> list[str]:
    """The text over at most so many lines, the last one cut short if need be."""
    wrapped: list[str] = []
    rest = content.split()
    while rest and len(wrapped) < lines - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size) <= width:
            taken += 1
        wrapped.append(fit(" ".join(rest[:taken]), size, width))
        rest = rest[taken:]
    return [*wrapped, fit(" ".join(rest), size, width)] if rest else wrapped


def row_label(content: str, middle: float, width: float = LABEL_WIDTH - 20) -> Markup:
    """The name of a row, on one or two lines about its middle, with the whole of it as a tooltip."""
    lines = wrap(content, TEXT, width, 2)
    top = middle + TEXT * 0.35 - (len(lines) - 1) * TEXT * 0.6
    spans = [element("tspan", part, x=0, y=top + index * TEXT * 1.2) for index, part in enumerate(lines)]
    return element("text", tooltip(content), *spans, class_="chart__text")


def nice_ceiling(value: float) -> tuple[float, float]:
    """A round upper end for an axis at or above the value, and the step of its ticks."""
    if not math.isfinite(value) or value < 0:
        raise ValueError("an axis needs a finite value of 0 or more")
    size = max(value, 1e-6)
    power = 10.0 ** math.floor(math.log10(size))
    step = next(factor * power for factor in (0.2, 0.5, 1.0, 2.0) if size / (factor * power) <= 8)
    return math.ceil(round(size / step, 9)) * step, step


def axis(top: float, bottom: float, left: float, width: float, end: float, step: float, unit: str = "") -> Markup:
    """Light grid lines with their numbers beneath, and after each the unit, such as %."""
    marks = []
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    for index in range(round(end / step) + 1):
        x = left + width * index * step / end
        marks += [
            line(x, top, x, bottom, "chart__grid" if index else "chart__base"),
            text(f"{round(index * step, decimals):.10g}{unit}", x, bottom + 18, "chart__small", "middle"),
        ]
    return group(*marks)


def legend(items: Iterable[tuple[str, Markup]], left: float = LABEL_WIDTH) -> Markup:
    """Swatches, drawn in a box of 22 by 14, each with its words, in one line at the top."""
    drawn, x = [], left
    for words, swatch in items:
        drawn.append(group(swatch, text(words, 30, 12, "chart__small"), transform=f"translate({_number(x)} 6)"))
        x += 30 + text_width(words, SMALL) + 22
    return group(*drawn)


@lru_cache(maxsize=64)
def _attribute_name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """At most two decimals; a chart never draws what is not a number."""
    if not math.isfinite(value):
        raise ValueError("a chart cannot draw a number that is not finite")
    return f"{round(value, 2) + 0:.10g}"
