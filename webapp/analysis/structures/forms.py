"""How to begin a structure, and which services to move where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webapp.web.clashes import RevisedForm
from webapp.web.fields import CheckboxesField, SelectField, TextField, choice
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

NEW_LOT = "new"


class BeginForm(OnceForm):
    name = TextField("Name of your structure", [Answered("Enter a name")], max_length=100)
    start = SelectField("Begin from", [Answered("Choose what to begin from")])

    def offer(self, names: Sequence[str]) -> None:
        self.start.choices = [
            choice("", "Choose a structure"),
            *(choice(str(place), name) for place, name in enumerate(names)),
        ]


class MoveForm(RevisedForm):
    units = CheckboxesField("Services to move", [Answered("Choose the services to move")])
    to_lot = SelectField("Move them to", [Answered("Choose the lot to move them to")], subject="The lot")

    def offer(self, unit_ids: Sequence[str], lot_names: Mapping[int, str]) -> None:
        self.units.choices = [choice(unit_id, unit_id) for unit_id in unit_ids]
        lots = [choice(str(place), name) for place, name in lot_names.items()]
        self.to_lot.choices = [choice("", "Choose a lot"), choice(NEW_LOT, "A new lot of their own"), *lots]

    @property
    def place(self) -> int | None:
        """The lot's place; None for a new lot."""
        return None if self.to_lot.data == NEW_LOT else int(self.to_lot.data)
