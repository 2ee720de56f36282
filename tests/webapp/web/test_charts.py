"""Charts draw exactly what they are given, or refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.web import charts
from webapp.web.charts.svg import LABEL_WIDTH, WIDTH, axis, fit, nice_ceiling, text_width, wrap

steady = settings(max_examples=50, deadline=None)  # a busy machine is no fault of ours

SVG = "{http://www.w3.org/2000/svg}"
SERIES = ("No bids", "1 bid", "2 bids", "3 or more")
THEMES = (("Staff", 20, "50%"), ("TUPE", 5, ""), ("", 0, ""))
amounts = st.floats(min_value=0, max_value=1e9, allow_subnormal=False)
letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
names = st.text(letters, min_size=1, max_size=90)


def parse(drawing: str) -> Any:
    """The drawing as XML; every number in it must be one."""
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"<(text|title|desc|tspan)[^>]*>[^<]*", "", drawing))
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing


def with_class(root: Any, name: str) -> Iterator[Any]:
    return (each for each in root.iter() if name in each.get("class", "").split())


def shares_of(weights: list[float]) -> tuple[float, ...]:
    return tuple(weight / sum(weights) for weight in weights)


@steady
@given(weights=st.lists(st.floats(min_value=0.001, max_value=1), min_size=4, max_size=4), name=names)
def test_shares_fill_their_bar(weights: list[float], name: str) -> None:
    root = parse(charts.stacked_shares("c", "Bids", [charts.ShareRow(label=name, shares=shares_of(weights))], SERIES))
    bars = [bar for bar in with_class(root, "chart__share") if float(bar.get("x")) >= LABEL_WIDTH]
    assert sum(float(bar.get("width")) for bar in bars) == pytest.approx(WIDTH - LABEL_WIDTH, abs=0.05)
    widths = [float(bar.get("width")) / (WIDTH - LABEL_WIDTH) for bar in bars]
    assert widths == pytest.approx(shares_of(weights), abs=1e-4)
    assert not list(root.iter(f"{SVG}pattern"))  # of which Chromium prints a picture for each bar


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5, 0.5), (1.5, -0.5, 0, 0), (float("nan"), 1, 0, 0), ()])
def test_shares_that_are_no_whole_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="do not add up to 1"):
        charts.ShareRow(label="Lot", shares=shares)


def test_a_share_is_written_only_where_it_fits() -> None:
    row = charts.ShareRow(label="Lot", shares=(0.004, 0.016, 0.38, 0.6))
    root = parse(charts.stacked_shares("c", "Bids", [row], SERIES))
    written = [each.text for tone in range(4) for each in with_class(root, f"chart__on-tone-{tone}")]
    assert written == ["38%", "60%"]
    tips = [each.text for each in root.iter(f"{SVG}title")]
    assert "Lot: No bids <1%" in tips


@steady
@given(values=st.tuples(amounts, amounts, amounts).map(sorted), reference=amounts)
def test_intervals_lie_in_order_within_the_axis(values: list[float], reference: float) -> None:
    row = charts.IntervalRow(label="Lot", low=values[0], middle=values[1], high=values[2])
    level = charts.Reference(label="Two", value=reference)
    root = parse(charts.interval_dots("c", "Bids", [row], unit="bids", reference=level))
    (interval,), (dot,) = with_class(root, "chart__interval"), with_class(root, "chart__point")
    places = [float(interval.get("x1")), float(dot.get("cx")), float(interval.get("x2"))]
    assert places == sorted(places)
    assert places[0] >= LABEL_WIDTH
    assert places[2] <= WIDTH


@steady
@given(values=st.tuples(amounts, amounts, amounts).map(sorted), demand=amounts)
def test_capacity_says_what_is_short_or_spare(values: list[float], demand: float) -> None:
    row = charts.CapacityRow(label="Lot", low=values[0], middle=values[1], high=values[2], demand=demand)
    root = parse(charts.capacity_against_demand("c", "Capacity", [row], unit="WTE"))
    said = {each.text for each in with_class(root, "chart__small--short")}
    assert len(said) == (1 if values[1] < demand else 0)


@pytest.mark.parametrize(
    ("middle", "demand", "said"),
    [
        (2.25, 3, ("2.3 of 3 WTE", "short by 0.7")),
        (120, 96.4, ("120 of 96 WTE", "24 to spare")),
        (5, 5, ("5 of 5 WTE", "just enough")),
        (99.97, 100, ("100 of 100 WTE", "just short")),
    ],
)
def test_the_difference_is_that_of_the_figures_shown(middle: float, demand: float, said: tuple[str, str]) -> None:
    row = charts.CapacityRow(label="Lot", low=0, middle=middle, high=200, demand=demand)
    root = parse(charts.capacity_against_demand("c", "Capacity", [row], unit="WTE"))
    words = {each.text for each in root.iter(f"{SVG}text")}
    assert words >= set(said)


def test_each_capacity_is_drawn_against_its_own_demand() -> None:
    large = charts.CapacityRow(label="Large", low=30, middle=50, high=60, demand=100)
    small = charts.CapacityRow(label="Small", low=0.3, middle=0.5, high=0.6, demand=1)
    beyond = charts.CapacityRow(label="Far more", low=30, middle=50, high=60, demand=1)
    none = charts.CapacityRow(label="None needed", low=0, middle=0, high=0, demand=0)
    root = parse(charts.capacity_against_demand("c", "Capacity", [large, small, beyond, none], unit="WTE"))
    widths = [float(bar.attrib["width"]) for bar in with_class(root, "chart__bar")][-4:]
    assert widths == pytest.approx([widths[0], widths[0], 5 * widths[0], 2 * widths[0]], abs=0.02)
    assert len({marker.attrib["x1"] for marker in with_class(root, "chart__demand")} - {"11"}) == 1
    assert "250%" in {each.text for each in root.iter(f"{SVG}text")}


def test_a_note_is_said_after_what_is_short_and_its_row_has_room_for_it() -> None:
    row = charts.CapacityRow(label="Lot", low=0, middle=2, high=3, demand=4, note="35% chance of enough")
    drawn = parse(charts.capacity_against_demand("c", "Capacity", [row], unit="WTE"))
    plain = parse(charts.capacity_against_demand("c", "Capacity", [replace(row, note="")], unit="WTE"))
    said = {each.text: float(each.attrib["y"]) for each in drawn.iter(f"{SVG}text") if each.text}
    assert said["2 of 4 WTE"] < said["short by 2"] < said["35% chance of enough"]
    assert float(drawn.attrib["viewBox"].split()[3]) > float(plain.attrib["viewBox"].split()[3])


def test_rows_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        charts.IntervalRow(label="Lot", low=2, middle=1, high=3)
    with pytest.raises(ValueError, match="out of order"):
        charts.CapacityRow(label="Lot", low=0, middle=float("nan"), high=3, demand=1)
    with pytest.raises(ValueError, match="0 or more"):
        charts.Bar(label="Theme", value=float("nan"))


def test_bars_are_in_proportion_and_end_with_their_value() -> None:
    bars = [charts.Bar(label=label, value=value, note=note) for label, value, note in THEMES]
    root = parse(charts.horizontal_bars("c", "Themes", bars, unit="comments"))
    widths = [float(bar.get("width")) for bar in with_class(root, "chart__bar")]
    assert widths[1] == pytest.approx(widths[0] / 4, abs=0.01)
    assert widths[2] == 0
    assert [each.text for each in with_class(root, "chart__value")] == ["20 (50%)", "5", "0"]


@pytest.mark.parametrize(
    "drawing",
    [
        charts.stacked_shares("c", "None", [], SERIES),
        charts.interval_dots("c", "None", [], unit="bids"),
        charts.capacity_against_demand("c", "None", [], unit="WTE"),
        charts.horizontal_bars("c", "None", [], unit="comments"),
    ],
)
def test_no_rows_make_an_empty_chart(drawing: str) -> None:
    assert parse(drawing).get("role") == "img"


def stage(start: date, days: int, kind: str = "Tender") -> charts.Stage:
    return charts.Stage(label=kind, kind=kind, start=start, end=start + timedelta(days=days))


@steady
@given(
    start=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    lengths=st.lists(st.integers(0, 700), min_size=1, max_size=6),
    board=st.dates(date(2020, 1, 1), date(2045, 1, 1)),
)
def test_a_timeline_keeps_its_order_and_its_scale(start: date, lengths: list[int], board: date) -> None:
    stages, day = [], start
    for length in lengths:
        stages.append(stage(day, length))
        day = stages[-1].end + timedelta(days=1)
    row = charts.TimelineRow(label="Lot", stages=tuple(stages), milestones=(charts.Milestone(label="Award", on=day),))
    marks = [charts.Mark(label="Board", on=board, kind="board")]
    root = parse(charts.timeline("c", "Schedule", [row], kinds=("Tender",), marks=marks))
    drawn = [bar for bar in with_class(root, "chart__stage") if float(bar.get("x")) >= LABEL_WIDTH]
    spans = [(float(bar.get("x")), float(bar.get("x")) + float(bar.get("width"))) for bar in drawn]
    assert all(left == pytest.approx(end, abs=0.02) for (_, end), (left, _) in pairwise(spans))
    assert spans[0][0] >= LABEL_WIDTH
    assert spans[-1][1] <= WIDTH + 0.01
    per_day = [(end - left) / (length + 1) for (left, end), length in zip(spans, lengths, strict=True)]
    assert per_day == pytest.approx([per_day[-1]] * len(per_day), abs=0.05)


def test_marks_that_would_overlap_take_another_line_and_expiries_come_first() -> None:
    boards = [charts.Mark(label=f"Board {day} March", on=date(2027, 3, day), kind="board") for day in range(1, 9)]
    expiry = charts.Mark(label="Contract expires", on=date(2027, 3, 8), kind="expiry")
    row = charts.TimelineRow(label="Lot", stages=(stage(date(2026, 1, 1), 700),))
    root = parse(charts.timeline("c", "Schedule", [row], kinds=("Tender",), marks=[*boards, expiry]))
    labels = [each for each in with_class(root, "chart__small--strong") if each.text not in {"2026", "2027"}]
    assert "Contract expires" in {each.text for each in labels}
    assert len({each.get("y") for each in labels}) == len(labels) == 4
    assert len(list(with_class(root, "chart__mark"))) == 9


def test_marks_of_one_name_are_named_once_beside_the_kinds_of_stages() -> None:
    boards = [charts.Mark(label="Board", on=date(2027, month, 1), kind="board") for month in range(1, 9)]
    row = charts.TimelineRow(label="Lot", stages=(stage(date(2026, 1, 1), 700),))
    root = parse(charts.timeline("c", "Schedule", [row], kinds=("Tender",), marks=boards))
    assert [each.text for each in root.iter(f"{SVG}text")].count("Board") == 1
    assert len(list(with_class(root, "chart__mark"))) == 9, "one is in the legend"


def test_a_timeline_refuses_what_it_cannot_place() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        charts.Stage(label="Tender", kind="Tender", start=date(2027, 1, 2), end=date(2027, 1, 1))
    with pytest.raises(ValueError, match="at least one date"):
        charts.timeline("c", "Schedule", [], kinds=("Tender",))
    with pytest.raises(ValueError, match="kinds"):
        charts.timeline(
            "c", "S", [charts.TimelineRow(label="", stages=(stage(date(2027, 1, 1), 1),))], kinds=("Other",)
        )


def test_names_are_escaped_and_a_long_one_is_whole_in_its_tooltip() -> None:
    name = "<script>alert(1)</script> & " + "very " * 40 + "long"
    drawing = charts.horizontal_bars('c"', "A & B", [charts.Bar(label=name, value=1)], unit="<b>")
    assert "<script>" not in drawing
    root = parse(drawing)
    assert name in [each.text for each in root.iter(f"{SVG}title")]
    lines = [each.text for each in root.iter(f"{SVG}tspan")]
    assert len(lines) == 2
    assert lines[1].endswith("…")


@steady
@given(words=names, width=st.floats(5, 400), lines=st.integers(1, 3))
def test_wrapped_text_stays_within_its_width(words: str, width: float, lines: int) -> None:
    wrapped = wrap(words, 15, width, lines)
    assert len(wrapped) <= lines
    assert all(text_width(part, 15) <= width for part in wrapped)
    assert fit(words, 15, 10_000) == words


@steady
@given(value=st.floats(min_value=0, max_value=1e12, allow_subnormal=False))
def test_an_axis_ends_at_a_round_number_at_or_above_its_values(value: float) -> None:
    end, step = nice_ceiling(value)
    assert end >= value * (1 - 1e-9)
    assert 1 <= round(end / step) <= 9
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", axis(0, 100, 0, 500, end, step))
    assert len(set(labels)) == len(labels) == round(end / step) + 1, "no two ticks say the same"


def test_text_on_a_tone_has_contrast() -> None:
    css = (Path(__file__).parents[3] / "webapp/static/charts.css").read_text()
    plain = css.split("@media")[0]
    fills = dict(re.findall(r"\.chart__((?:tone|stage)-\d) \{ fill: (#\w{6}|#\w{3});", plain))
    assert len(fills) == 12
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", plain):
        for on in re.findall(r"chart__on-((?:tone|stage)-\d)", selectors):
            ink = re.search(r"fill: (#\w+)", body)
            assert contrast(fills[on], ink[1] if ink else "#14212b") >= 4.5, on


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_heat_map_shades_by_strength_and_writes_what_it_shades() -> None:
    cells = tuple(charts.HeatCell(strength=strength, words=f"{strength:.0%}") for strength in (0, 0.5, 1))
    root = parse(
        charts.heat_map("c", "Shared", ("a", "b", "c", "d"), [charts.HeatRow(label="Lot", cells=(*cells, None))])
    )
    assert [rect.get("class").split()[-1] for rect in with_class(root, "chart__heat")] == [
        "chart__heat-0",
        "chart__heat-2",
        "chart__heat-4",
        "chart__heat--none",
    ]
    assert [each.text for each in root.iter(f"{SVG}text") if "on-heat" in each.get("class")] == ["0%", "50%", "100%"]
    many = [f"D{number}" for number in range(19)]
    wide = charts.heat_map("c", "Shared", many, [charts.HeatRow(label="Lot", cells=(cells[2],) + (cells[1],) * 18)])
    written = [each.text for each in parse(wide).iter(f"{SVG}text") if "on-heat" in each.get("class")]
    assert written == ["100"] + ["50"] * 18, "no figure is cut short"
    with pytest.raises(ValueError, match="each column"):
        charts.heat_map("c", "Shared", ("a",), [charts.HeatRow(label="Lot", cells=cells)])
    with pytest.raises(ValueError, match="between 0 and 1"):
        charts.HeatCell(strength=1.1, words="")


@steady
@given(count=st.integers(min_value=1, max_value=60), name=names)
def test_a_network_keeps_its_dots_apart_and_within_the_drawing(count: int, name: str) -> None:
    dots = [charts.NetworkDot(code=name, name=name, marked=place % 2 == 0) for place in range(count)]
    ties = [charts.NetworkLine(first=0, second=place, strength=place / 60, words="") for place in range(1, count)]
    root = parse(charts.network("c", "Shared", dots, ties, legend=""))
    drawn = [each for kind in ("chart__point", "chart__dot-mark") for each in with_class(root, kind)]
    places = {(each.get("cx"), each.get("cy")) for each in drawn}
    width, height = map(float, root.get("viewBox").split()[2:])
    assert len(places) == count
    assert all(0 < float(x) < width and 0 < float(y) < height for x, y in places)
    assert width == float(root.get("width")), "no wider than it is: a phone looks at the left edge first"
    if count > 3:
        assert min(float(x) for x, _ in places) < 280
    widths = [float(each.get("stroke-width")) for each in with_class(root, "chart__tie")]
    assert widths == sorted(widths), "the strongest on top"
    with pytest.raises(ValueError, match="dots that there are"):
        charts.network(
            "c", "Shared", dots, [charts.NetworkLine(first=0, second=count, strength=1, words="")], legend=""
        )


@steady
@given(low=st.floats(0, 50), high=st.floats(0, 50), middle=st.floats(0, 50))
def test_a_tornado_reaches_from_the_figure_to_both_ends(low: float, high: float, middle: float) -> None:
    root = parse(
        charts.tornado("c", "Swing", [charts.Swing(label="x", at_low=low, at_high=high)], middle=middle, unit="lots")
    )
    _, low_bar = with_class(root, "chart__swing--low")
    _, high_bar = with_class(root, "chart__swing--high")
    (reference,) = with_class(root, "chart__reference")
    ends = [{float(bar.get("x")), float(bar.get("x")) + float(bar.get("width"))} for bar in (low_bar, high_bar)]
    at = float(reference.get("x1"))
    assert all(min(abs(end - at) for end in both) < 0.05 for both in ends)
    widths = [float(bar.get("width")) for bar in (low_bar, high_bar)]
    if abs(low - middle) > abs(high - middle) + 0.5:
        assert widths[0] > widths[1]


@steady
@given(said=st.floats(0, 1), ends=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_a_reliability_dot_stands_where_said_and_came_meet(said: float, ends: list[float]) -> None:
    low, came, high = ends
    dot = charts.ReliabilityDot(said=said, came=came, low=low, high=high, count=3)
    panel = charts.ReliabilityPanel(title="No bid", dots=(dot,))
    root = parse(charts.reliability("c", "Right?", [panel], unit="lots"))
    (drawn,), (diagonal,) = with_class(root, "chart__point"), with_class(root, "chart__reference")
    left, bottom = float(diagonal.get("x1")), float(diagonal.get("y1"))
    side = float(diagonal.get("x2")) - left
    assert float(drawn.get("cx")) == pytest.approx(left + said * side, abs=0.02)
    assert float(drawn.get("cy")) == pytest.approx(bottom - came * side, abs=0.02)
    with pytest.raises(ValueError, match="side by side"):
        charts.reliability("c", "Right?", [panel] * 4, unit="lots")


@steady
@given(before=st.floats(0, 1), after=st.floats(0, 1))
def test_an_arrow_of_change_points_from_before_to_after(before: float, after: float) -> None:
    root = parse(charts.changes_of_chance("c", "Change", [charts.ChangeRow(label="Lot", before=before, after=after)]))
    (arrow,) = with_class(root, "chart__change")
    x1, x2 = float(arrow.get("x1")), float(arrow.get("x2"))
    assert (x2 - x1) * (after - before) >= 0
    assert len(list(with_class(root, "chart__change-head"))) == (abs(x2 - x1) > 18)
    with pytest.raises(ValueError, match="between 0 and 1"):
        charts.ChangeRow(label="Lot", before=before, after=after + 1.1)
