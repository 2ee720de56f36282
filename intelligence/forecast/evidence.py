"""How sure is it that the pool does better than the plain histogram?

On a few past lots a pool may look good by luck. So it counts for its surplus certainty: nothing where it is as likely
to do worse as better, all where it is sure to do better; the histogram takes the rest. A pool's score is never above
the mean of its parts' scores, so what is left to lose is small where little is known.

Where interest is known, a gain is expected beforehand. That expectation and what the past lots showed are weighed by
how sure each is (a normal mean with a normal prior): lots whose gains hardly differ overrule it soon, wild ones late.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erf, sqrt

from intelligence.forecast.timeline import Floats

# What knowing the interest gained over the histogram on 22 Toronto tenders, as a share of the histogram's score, with
# the deviation from tender to tender. It is believed as if so many lots had shown it, and the deviation as if so many
# had (both assumed).
GAIN_OF_INTEREST, DEVIATION_OF_INTEREST = 0.2, 0.5
LOTS_FOR_THE_GAIN, LOTS_FOR_THE_DEVIATION = 4, 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pool's gains over the histogram on past lots: their sum, their squares' sum, and the histogram's own score.

    >>> nothing, interest = Evidence(with_interest=False), Evidence(with_interest=True)
    >>> nothing.share(), 0.5 < interest.share() < 0.6
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
        if self.with_interest:
            return self._share_with_interest()
        return 1.0 if self.squares == 0 else _surplus_certainty(self.gain / sqrt(self.squares))

    def _share_with_interest(self) -> float:
        typical = self.histogram / self.lots if self.lots else 1.0
        if typical == 0:  # the histogram was right every time
            return 1.0
        expected, usual = GAIN_OF_INTEREST * typical, (DEVIATION_OF_INTEREST * typical) ** 2
        variance = (self.squares + LOTS_FOR_THE_DEVIATION * usual) / (self.lots + LOTS_FOR_THE_DEVIATION)
        before = LOTS_FOR_THE_GAIN / usual
        precision = before + self.lots / variance
        return _surplus_certainty((before * expected + self.gain / variance) / sqrt(precision))


def _surplus_certainty(deviations: float) -> float:
    """Twice the chance that a gain so many standard deviations above zero is one, less one; never below nothing."""
    return max(0.0, erf(deviations / sqrt(2)))
