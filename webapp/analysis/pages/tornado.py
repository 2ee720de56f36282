"""What the forecast hangs on: the assumptions that move it the most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence import Tornado
from intelligence.capacity.scenario import AssumptionSwing
from webapp.analysis.names import Names
from webapp.analysis.pages.assumptions import KINDS
from webapp.analysis.pages.meanings import meaning_of
from webapp.web import charts
from webapp.web.cells import tag
from webapp.web.format import chance, estimate

MOST_DRAWN = 8
LEAST_MOVE = 0.05
"""Of a lot: a smaller move of the expected number of lots without a bid is not worth a sentence."""


@dataclass(frozen=True, slots=True)
class TornadoPage:
    sentence: str
    chart: Markup
    rows: Sequence[Sequence[Any]]


def tornado_page(found: Tornado, names: Names) -> TornadoPage:
    return TornadoPage(
        sentence=f"{_sentence(found)} {names.as_forecast()}".strip(),
        chart=charts.tornado(
            "tornado",
            "Expected number of lots without a credible bid at both ends of each assumption's range",
            [
                charts.Swing(
                    label=meaning_of(swing.name).title, at_low=swing.without_bid_low, at_high=swing.without_bid_high
                )
                for swing in found.swings[:MOST_DRAWN]
            ],
            middle=found.without_bid,
            unit="lots without a credible bid",
        ),
        rows=[_row(swing, names) for swing in found.swings],
    )


def _sentence(found: Tornado) -> str:
    expected = f"As assumed, {estimate(found.without_bid)} lots would draw no credible bid."
    widest = found.swings[0] if found.swings else None
    if widest is None or abs(widest.without_bid_high - widest.without_bid_low) < LEAST_MOVE:
        return f"{expected} No single assumption changes that much."
    fewest, most = sorted((widest.without_bid_low, widest.without_bid_high))
    title = meaning_of(widest.name).title
    return (
        f"{expected} What matters most is the assumption “{title}”: within what is likely (8 cases in 10) they "
        f"would be {estimate(fewest)} to {estimate(most)}."
    )


def _row(swing: AssumptionSwing, names: Names) -> Sequence[Any]:
    meaning = meaning_of(swing.name)
    return (
        meaning.title,
        tag(*KINDS[swing.kind]),
        meaning.between(swing.low, swing.high),
        estimate(swing.without_bid_low, 2),
        estimate(swing.without_bid_high, 2),
        f"{names.lot(swing.most_moved_lot)}: {chance(swing.p_none_low)} to {chance(swing.p_none_high)}",
    )
