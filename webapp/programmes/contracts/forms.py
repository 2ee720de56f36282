"""How contracts are found in a register."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from webapp.models import ServiceLine
from webapp.programmes.contracts.queries import ENDED, Wanted
from webapp.web.fields import SelectField, TextField, choice
from webapp.web.forms import BaseForm
from webapp.web.text import show

MONTHS = (6, 12, 24, 36)
MOST_WORDS = 10


class FindForm(BaseForm):
    """Sent with GET, so that the address keeps what was asked for. What makes no sense is left out."""

    class Meta(BaseForm.Meta):
        csrf = False  # it changes nothing

    q = TextField("Words", description="In its title, supplier or source")
    service = SelectField("Service")
    ends = SelectField(
        "Ends",
        choices=[
            choice("", "At any time"),
            *(choice(str(months), f"Within {months} months") for months in MONTHS),
            choice(ENDED, "Has ended"),
        ],
    )

    def __init__(self, asked: MultiDict[str, str], service_lines: Sequence[ServiceLine]) -> None:
        super().__init__(asked)
        self.service.choices = [
            choice("", "Any service"),
            *(choice(str(line.id), line.name) for line in service_lines),
        ]

    def wanted(self) -> Wanted:
        lines = {value for value, *_ in self.service.iter_choices()}
        ends = {value for value, *_ in self.ends.iter_choices()}
        return Wanted(
            words=tuple(show(self.q.data or "").split()[:MOST_WORDS]),
            service_line_id=uuid.UUID(self.service.data) if self.service.data and self.service.data in lines else None,
            ends=self.ends.data if self.ends.data in ends else None,
        )
