"""How sure is it that the pool does better than the plain histogram?

On a few past lots a pool may look good by luck. So it counts for its surplus certainty: nothing where it is as likely
to do worse as better, all where it is sure to do better; the histogram takes the rest. A pool's score is never above
the mean of its parts' scores, so what is left to lose is small where little is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erf, sqrt

from intelligence.forecast.timeline import Floats

# What knowing the interest gained over the histogram on 22 Toronto tenders, as a share of the histogram's score, with
# the deviation from tender to tender; it counts as so many lots (assumed).
GAIN_OF_INTEREST, DEVIATION_OF_INTEREST, LOTS_OF_INTEREST = 0.2, 0.5, 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pool's gains over the histogram on past lots: their sum, their squares' sum, and the histogram's own score.

    >>> nothing, interest = Evidence(with_interest=False), Evidence(with_interest=True)
    >>> nothing.share(), 0.8 < interest.share() < 0.9
    (1.0, True)
    """

    with_interest: bool
    lots: int = 0
    gain: float = 0.0
    squares: float = 0.0
    histogram: float = 0.0

    def and_also(self, histogram: Floats, pool: Floats) -> Evidence:
        """With the scores of more lots."""
        gains = histogram - pool
        return replace(
            self,
            lots=self.lots + len(gains),
            gain=self.gain + float(gains.sum()),
            squares=self.squares + float((gains**2).sum()),
            histogram=self.histogram + float(histogram.sum()),
        )

    def share(self) -> float:
        """How much the pool counts, from 0 to 1. Before any evidence its own prior weights are all that is known."""
        typical = self.histogram / self.lots if self.lots else 1.0
        before = LOTS_OF_INTEREST if self.with_interest else 0
        gain = self.gain + before * GAIN_OF_INTEREST * typical
        variance = self.squares + before * (DEVIATION_OF_INTEREST * typical) ** 2
        if variance == 0:
            return 1.0
        return max(0.0, erf(gain / sqrt(2 * variance)))  # twice the chance of doing better, less one
