"""The charts of plans: two hundred procurements on one drawing, and loads against limits."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from webapp.web import charts
from webapp.web.charts.svg import LABEL_WIDTH, SMALL, WIDTH, text_width

SVG = "{http://www.w3.org/2000/svg}"
START = date(2027, 1, 4)


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in root.iter() if name in (each.get("class") or "").split()]


def row(number: int) -> charts.TimelineRow:
    start = START + timedelta(days=number)
    stages = (
        charts.Stage(label="Tender", kind="Tender", start=start, end=start + timedelta(days=30)),
        charts.Stage(label="Evaluate", kind="Evaluate", start=start + timedelta(days=31), end=start + timedelta(60)),
    )
    return charts.TimelineRow(label=f"Procurement {number}", stages=stages)


def test_two_hundred_procurements_are_each_drawn_once_and_apart() -> None:
    groups = [
        charts.TimelineGroup(label=f"Officer {n}", rows=tuple(row(n * 40 + place) for place in range(40)))
        for n in range(5)
    ]
    board = charts.Mark(label="Board", on=date(2027, 6, 16), kind="board")
    drawing = charts.timeline_overview("c", "All", groups, kinds=("Tender", "Evaluate"), marks=[board])
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
    bars = [bar for bar in with_class(root, "chart__stage") if float(bar.get("x") or 0) >= LABEL_WIDTH]
    assert len(bars) == 400
    assert len({bar.get("y") for bar in bars}) == 200
    assert all(float(bar.get("x") or 0) + float(bar.get("width") or 0) <= WIDTH + 0.01 for bar in bars)
    height = float((root.get("viewBox") or "").split()[3])
    assert height < 3_000
    assert {f"Procurement {n}" for n in range(200)} <= {each.text for each in root.iter(f"{SVG}title")}
    assert len(drawing) < 150_000


def test_a_small_group_has_room_for_its_name() -> None:
    groups = [charts.TimelineGroup(label="One", rows=(row(0),)), charts.TimelineGroup(label="Two", rows=(row(1),))]
    root = ElementTree.fromstring(charts.timeline_overview("c", "All", groups, kinds=("Tender", "Evaluate")))  # noqa: S314
    names = [float(span.get("y") or 0) for span in root.iter(f"{SVG}tspan")]
    assert names[1] - names[0] >= 40


def test_days_of_a_kind_lie_under_all_rows_as_far_as_the_calendar_goes() -> None:
    shades = [
        charts.Shade(kind="No publication", label="Election", first=date(2026, 12, 20), last=date(2027, 1, 9)),
        charts.Shade(kind="No publication", label="Easter", first=date(2027, 2, 1), last=date(2027, 2, 7)),
        charts.Shade(kind="Never", label="Gone by", first=date(2025, 1, 1), last=date(2025, 2, 1)),
    ]
    kinds = ("Tender", "Evaluate")
    root = ElementTree.fromstring(charts.timeline("c", "All", [row(0), row(1)], kinds=kinds, shades=shades))  # noqa: S314
    drawn = [shade for shade in with_class(root, "chart__shade") if float(shade.get("x") or 0) >= LABEL_WIDTH]
    assert [float(shade.get("x") or 0) == LABEL_WIDTH for shade in drawn] == [True, False]
    assert all(float(shade.get("width") or 0) > 0 for shade in drawn)
    assert "No publication, Easter: 1 Feb 2027 to 7 Feb 2027" in {each.text for each in root.iter(f"{SVG}title")}
    assert [each.text for each in root.iter(f"{SVG}text")].count("No publication") == 1
    assert "Never" not in ElementTree.tostring(root, encoding="unicode")


def load(first: int, days: int, amount: int) -> charts.LoadSpan:
    start = START + timedelta(days=first)
    return charts.LoadSpan(first=start, last=start + timedelta(days=days - 1), load=amount)


def test_no_year_is_cut_by_the_end_of_the_drawing() -> None:
    held = charts.Stage(label="Dental", kind="Contract", start=date(2022, 4, 1), end=date(2029, 1, 31))
    rows = [charts.TimelineRow(label="HMP North", stages=(held,))]
    root = ElementTree.fromstring(charts.timeline("c", "Contracts", rows, kinds=("Contract",)))  # noqa: S314
    years = {each.text: float(each.get("x") or 0) for each in root.iter(f"{SVG}text") if (each.text or "").isdecimal()}
    assert "2028" in years
    assert all(x + text_width(year, SMALL) <= WIDTH for year, x in years.items() if year != "1")


def test_what_is_above_a_limit_is_drawn_apart_on_one_scale() -> None:
    lanes = [
        charts.LoadLane(label="Ann", spans=(load(0, 10, 50), load(10, 10, 150)), capacity=100),
        charts.LoadLane(label="Bob", spans=(load(5, 10, 75),)),
    ]
    root = ElementTree.fromstring(charts.load_lanes("c", "Load", lanes, unit="percent"))  # noqa: S314
    heights = [float(each.get("height") or 0) for each in with_class(root, "chart__load")][1:]
    (over,) = [float(each.get("height") or 0) for each in with_class(root, "chart__load-over")][1:]
    assert heights == pytest.approx([heights[0], heights[0] * 2, heights[0] * 1.5], abs=0.02)
    assert over == pytest.approx(heights[0], abs=0.02)
    assert "150 percent: 14 Jan 2027 to 23 Jan 2027" in {each.text for each in root.iter(f"{SVG}title")}


def test_loads_of_nobody_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="at least one load"):
        charts.load_lanes("c", "Load", [charts.LoadLane(label="Ann", spans=())], unit="percent")
