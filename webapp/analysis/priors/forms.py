"""What changing an assumption asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from intelligence import DEFAULT_PRIORS, Prior
from intelligence.capacity.priors import PriorError
from webapp.analysis.changed import ChangedPrior, priors_with
from webapp.analysis.pages.meanings import LARGEST, Meaning, Scale, ends_of, meaning_of, spread_between
from webapp.models import ChangedAssumption
from webapp.web.clashes import RevisedForm
from webapp.web.fields import NumberField, RadioField, TextAreaField, choice
from webapp.web.validators import Answered

PLACES = 4
MEASURED, ASSUMED, STANDARD = "measured", "assumed", "standard"


class AssumptionForm(RevisedForm):
    what = RadioField(
        "What shall hold for this programme?",
        [Answered("Choose what shall hold")],
        choices=[
            choice(ASSUMED, "A value that we assume", "Judgement, whoever's it is"),
            choice(MEASURED, "A value that was measured", "From data, named in the reason"),
            choice(STANDARD, "What everybody starts from", "Takes back what was changed"),
        ],
    )
    value = NumberField("Value", places=PLACES, minimum=-LARGEST, maximum=LARGEST, render_kw={"width": "10"})
    low = NumberField(
        "Lowest likely value (optional)",
        places=PLACES,
        minimum=-LARGEST,
        maximum=LARGEST,
        subject="The lowest likely value",
        description="Below it in one case of ten. Leave both blank where the value is known",
        render_kw={"width": "10"},
    )
    high = NumberField(
        "Highest likely value (optional)",
        places=PLACES,
        minimum=-LARGEST,
        maximum=LARGEST,
        subject="The highest likely value",
        description="Above it in one case of ten",
        render_kw={"width": "10"},
    )
    reason = TextAreaField(
        "Why?",
        [Answered("Enter why")],
        subject="The reason",
        max_length=2000,
        description="With where the value comes from. It stands beside the value in every report",
    )

    @classmethod
    def stored(cls, row: ChangedAssumption | None, standard: Prior) -> dict[str, Any]:
        revision = {"revision": str(row.number) if row is not None else ""}
        if row is None or row.value is None:
            # Nothing is chosen, so that nobody writes a value and leaves the choice that takes none.
            return revision | _all_written(standard, standard.value, standard.spread)
        what = MEASURED if row.measured else ASSUMED
        return revision | {"what": what, "reason": row.reason} | _all_written(standard, row.value, row.spread or 0.0)

    @property
    def puts_back(self) -> bool:
        return bool(self.what.data == STANDARD)

    def is_behind(self, row: object) -> bool:
        sent = self.revision.raw_data or [""]
        return bool(sent[0] != str(getattr(row, "number", None) or ""))

    def read(self, standard: Prior) -> tuple[float, float]:
        """The value and its spread as they are computed with."""
        read = meaning_of(standard.name).scale.read
        if self.low.data is None or self.high.data is None:
            return read(float(self.value.data)), 0.0
        return read(float(self.value.data)), spread_between(read(float(self.low.data)), read(float(self.high.data)))

    def fits(self, name: str, others: Iterable[ChangedPrior]) -> bool:
        """Whether the value is there and in its range, all other assumptions as they are."""
        if self.puts_back:
            return True
        if self.value.data is None:
            self.add_error(self.value, "Enter the value")
        if (self.low.data is None) != (self.high.data is None):
            missing = self.low if self.low.data is None else self.high
            self.add_error(missing, "Enter both ends of what is likely, or none")
        standard: Prior = getattr(DEFAULT_PRIORS, name)
        if self.errors or not self._makes_sense(meaning_of(standard.name)):
            return False
        value, spread = self.read(standard)
        changed = ChangedPrior(name, value, spread, self.what.data == MEASURED, "", "", date.min)
        try:
            priors_with([*(each for each in others if each.name != name), changed])
        except PriorError as error:
            self.add_error(self.value, f"The value {error.reason}")
            return False
        return True

    def _makes_sense(self, meaning: Meaning) -> bool:
        """A value that no market has would make the forecast nonsense without anybody seeing why."""
        least, most = (_written(meaning.scale, end) for end in (meaning.least, meaning.most))
        for field in (self.value, self.low, self.high):
            if field.data is not None and not least <= field.data <= most:
                self.add_error(
                    field, f"{field.subject} must be between {_shown(least)} and {_shown(most)} ({meaning.unit})"
                )
        if not self.errors and self.low.data is not None and not self.low.data <= self.value.data <= self.high.data:
            self.add_error(self.low, "The value must lie between the lowest and the highest that are likely")
        return not self.errors


def _all_written(standard: Prior, value: float, spread: float) -> dict[str, Decimal | None]:
    scale = meaning_of(standard.name).scale
    low, high = (_written(scale, end) if spread else None for end in ends_of(value, spread))
    return {"value": _written(scale, value), "low": low, "high": high}


def _written(scale: Scale, value: float) -> Decimal:
    """As people write it, without noughts at its end."""
    return Decimal(str(round(scale.written(value), scale.places))).normalize() + 0


def _shown(value: Decimal) -> str:
    return f"{value:,f}"
