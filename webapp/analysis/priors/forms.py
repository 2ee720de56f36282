"""What changing an assumption asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from intelligence import DEFAULT_PRIORS, Prior
from intelligence.capacity.priors import PriorError
from webapp.analysis.changed import ChangedPrior, priors_with
from webapp.analysis.pages.meanings import LARGEST, meaning_of
from webapp.models import ChangedAssumption
from webapp.web.clashes import RevisedForm
from webapp.web.fields import NumberField, RadioField, TextAreaField, choice
from webapp.web.format import number
from webapp.web.validators import Answered

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
    value = NumberField("Value", places=4, minimum=-LARGEST, maximum=LARGEST, render_kw={"width": "10"})
    spread = NumberField(
        "Spread",
        places=4,
        maximum=LARGEST,
        description="How unsure we are: in two of three cases it is off by no more than this. 0 takes it as known",
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
            return revision | {"what": STANDARD, "value": standard.value, "spread": standard.spread}
        what = MEASURED if row.measured else ASSUMED
        return revision | {"what": what, "value": row.value, "spread": row.spread, "reason": row.reason}

    @property
    def puts_back(self) -> bool:
        return bool(self.what.data == STANDARD)

    def is_behind(self, row: object) -> bool:
        sent = self.revision.raw_data or [""]
        return bool(sent[0] != str(getattr(row, "number", None) or ""))

    def fits(self, name: str, others: Iterable[ChangedPrior]) -> bool:
        """Whether the value is there and in its range, all other assumptions as they are."""
        if self.puts_back:
            return True
        for field, message in ((self.value, "Enter the value"), (self.spread, "Enter the spread, 0 for none")):
            if field.data is None:
                self.add_error(field, message)
        if self.errors or not self._makes_sense(name):
            return False
        changed = ChangedPrior(
            name,
            float(self.value.data or 0),
            float(self.spread.data or 0),
            self.what.data == MEASURED,
            "",
            "",
            date.min,
        )
        try:
            priors_with([*(each for each in others if each.name != name), changed])
        except PriorError as error:
            self.add_error(self.value, f"The value {error.reason}")
            return False
        return True

    def _makes_sense(self, name: str) -> bool:
        """A value that no market has would make the forecast nonsense without anybody seeing why."""
        meaning = meaning_of(getattr(DEFAULT_PRIORS, name).name)
        if not meaning.least <= (self.value.data or 0) <= meaning.most:
            least, most = number(meaning.least), number(meaning.most)
            self.add_error(self.value, f"The value must be between {least} and {most} ({meaning.unit})")
        widest = meaning.most - meaning.least
        if (self.spread.data or 0) > widest:
            self.add_error(self.spread, f"The spread must be {number(widest)} or less")
        return not self.errors
