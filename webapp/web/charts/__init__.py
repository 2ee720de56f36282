"""Charts drawn on the server: numbers in, SVG out.

Each is a pure function of frozen rows. Colours, patterns and type sizes belong to static/charts.css; a chart says its
numbers in words beside its marks, so that nothing hangs on colour alone, and goes with a table of the same numbers.
"""

from webapp.web.charts.bars import Bar, horizontal_bars
from webapp.web.charts.capacity import CapacityRow, capacity_against_demand
from webapp.web.charts.changes import ChangeRow, changes_of_chance
from webapp.web.charts.heat import HeatCell, HeatRow, heat_map
from webapp.web.charts.intervals import IntervalRow, Reference, interval_dots
from webapp.web.charts.load import LoadLane, LoadSpan, load_lanes
from webapp.web.charts.marks import Mark, Shade
from webapp.web.charts.network import NetworkDot, NetworkLine, network
from webapp.web.charts.overview import TimelineGroup, timeline_overview
from webapp.web.charts.places import Place, map_of_places
from webapp.web.charts.reliability import ReliabilityDot, ReliabilityPanel, reliability
from webapp.web.charts.shares import ShareRow, stacked_shares
from webapp.web.charts.steps import StepLine, growing_counts
from webapp.web.charts.swings import Swing, tornado
from webapp.web.charts.timeline import Milestone, Stage, TimelineRow, timeline

__all__ = [
    "Bar",
    "CapacityRow",
    "ChangeRow",
    "HeatCell",
    "HeatRow",
    "IntervalRow",
    "LoadLane",
    "LoadSpan",
    "Mark",
    "Milestone",
    "NetworkDot",
    "NetworkLine",
    "Place",
    "Reference",
    "ReliabilityDot",
    "ReliabilityPanel",
    "Shade",
    "ShareRow",
    "Stage",
    "StepLine",
    "Swing",
    "TimelineGroup",
    "TimelineRow",
    "capacity_against_demand",
    "changes_of_chance",
    "growing_counts",
    "heat_map",
    "horizontal_bars",
    "interval_dots",
    "load_lanes",
    "map_of_places",
    "network",
    "reliability",
    "stacked_shares",
    "timeline",
    "timeline_overview",
    "tornado",
]
