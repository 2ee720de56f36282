"""What changing an assumption asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from intelligence import Prior
from intelligence.capacity.priors import PriorError
from webapp.analysis.changed import ChangedPrior, priors_with
from webapp.analysis.pages.meanings import LARGEST, Meaning, Scale, ends_of, meaning_of, spread_between
from webapp.models import ChangedAssumption
from webapp.web.clashes import RevisedForm, is_saved
from webapp.web.fields import NumberField, RadioField, TextAreaField, choice
from webapp.web.validators import Answered

PLACES = 4
MOST_OFF = 0.05
"""How far the value may lie from the middle of what is likely, as a part of all that is likely."""
MEASURED, ASSUMED, STANDARD = "measured", "assumed", "standard"


class FigureField(NumberField):
    """A number, also as "82%": where the value is in something else, the form refuses that."""

    def read(self, raw: str) -> Decimal | int:
        return super().read(raw.strip().removesuffix("%"))

    @property
    def is_in_percent(self) -> bool:
        return self.data is not None and "%" in "".join(self.raw_data or ())


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
    value = FigureField("Value", places=PLACES, minimum=-LARGEST, maximum=LARGEST, render_kw={"width": "10"})
    low = FigureField(
        "Lowest likely value (optional)",
        places=PLACES,
        minimum=-LARGEST,
        maximum=LARGEST,
        subject="The lowest likely value",
        description="Below it in one case of ten. Leave both blank where the value is known",
        render_kw={"width": "10"},
    )
    high = FigureField(
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
    def stored(cls, row: ChangedAssumption | None, held: Prior) -> dict[str, Any]:
        shown = {"revision": str(row.number) if row is not None else ""} | _all_written(held)
        if row is None or row.value is None:
            # Nothing is chosen, so that nobody writes a value and leaves the choice that takes none.
            return shown
        return shown | {"what": MEASURED if row.measured else ASSUMED, "reason": row.reason}

    @property
    def puts_back(self) -> bool:
        return bool(self.what.data == STANDARD)

    def is_behind(self, row: object) -> bool:
        sent = self.revision.raw_data or [""]
        return bool(sent[0] != str(getattr(row, "number", None) or ""))

    def says(self, row: ChangedAssumption | None, held: Prior) -> bool:
        """Whether the row came of the same words: of a form that is sent twice the second finds it there."""
        if self.puts_back:
            return row is not None and row.value is None and row.reason == self.reason.data
        return is_saved(AssumptionForm(formdata=None, data=AssumptionForm.stored(row, held)), self)

    @property
    def is_as_shown(self) -> bool:
        """Whether its figures are those that the page came with, which say `held` as well as they can be written."""
        return all(field.data == field.object_data for field in (self.value, self.low, self.high))

    def read(self, held: Prior) -> tuple[float, float]:
        """The value and its spread as they are computed with."""
        if self.is_as_shown:
            return held.value, held.spread
        read = meaning_of(held.name).scale.read
        if self.low.data is None or self.high.data is None:
            return read(float(self.value.data)), 0.0
        return read(float(self.value.data)), spread_between(read(float(self.low.data)), read(float(self.high.data)))

    def fits(self, name: str, held: Prior, others: Iterable[ChangedPrior]) -> bool:
        """Whether the value is there and in its range, all other assumptions as they are."""
        if self.puts_back:
            return True
        if self.value.data is None:
            self.add_error(self.value, "Enter the value")
        if (self.low.data is None) != (self.high.data is None):
            missing = self.low if self.low.data is None else self.high
            self.add_error(missing, "Enter both ends of what is likely, or none")
        if self.errors or not self._makes_sense(meaning_of(held.name)):
            return False
        value, spread = self.read(held)
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
            if field.is_in_percent and not meaning.in_percent:
                self.add_error(field, f"{field.subject} must be without a percent sign ({meaning.unit})")
            elif field.data is not None and not least <= field.data <= most:
                self.add_error(
                    field, f"{field.subject} must be between {_shown(least)} and {_shown(most)} ({meaning.unit})"
                )
        if self.errors or self.low.data is None or self.is_as_shown:
            return not self.errors
        if not self.low.data <= self.value.data <= self.high.data:
            self.add_error(self.low, "The value must lie between the lowest and the highest that are likely")
        elif problem := _lopsided(meaning, self.value.data, self.low.data, self.high.data):
            self.add_error(self.low, problem)
        return not self.errors


def _lopsided(meaning: Meaning, value: Decimal, low: Decimal, high: Decimal) -> str:
    """What would do where the ends are not about equally far from the value: only their distance is computed with."""
    middle, lowest, highest = (meaning.scale.read(float(each)) for each in (value, low, high))
    other_high, other_low = (_written(meaning.scale, 2 * middle - end) for end in (lowest, highest))
    off = abs((lowest + highest) / 2 - middle)
    if off <= MOST_OFF * (highest - lowest) or high == other_high or low == other_low:
        return ""
    least, most = (_written(meaning.scale, end) for end in (meaning.least, meaning.most))
    would_do = [
        f". With {_shown(typed)} as the {end}, the {other_end} would be {_shown(other)}"
        for typed, end, other_end, other in (
            (low, "lowest", "highest", other_high),
            (high, "highest", "lowest", other_low),
        )
        if other != value and least <= other <= most
    ]
    return (
        "The lowest and the highest must be about equally far from the value, as the forecast computes with it"
        f"{''.join(would_do)}"
    )


def _all_written(held: Prior) -> dict[str, Decimal | None]:
    """Ends no further than what makes sense, as whoever only gives another reason does not answer for them."""
    meaning = meaning_of(held.name)
    low, high = (
        _written(meaning.scale, min(max(end, meaning.least), meaning.most)) if held.spread else None
        for end in ends_of(held.value, held.spread)
    )
    return {"value": _written(meaning.scale, held.value), "low": low, "high": high}


def _written(scale: Scale, value: float) -> Decimal:
    """As people write it, without noughts at its end."""
    return Decimal(str(round(scale.written(value), scale.places))).normalize() + 0


def _shown(value: Decimal) -> str:
    return f"{value.normalize():,f}"
