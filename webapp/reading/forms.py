"""How responses are found, and what is noted about one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from webapp.accounts.organisations.details import KINDS
from webapp.models import Lot, ProviderKind
from webapp.reading.queries import Wanted
from webapp.web.fields import CheckboxField, SelectField, TextAreaField, TextField, choice
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.text import show
from webapp.web.validators import Answered


class FindForm(BaseForm):
    """Sent with GET, so that the address keeps what was asked for. What makes no sense is left out."""

    class Meta(BaseForm.Meta):
        csrf = False  # it changes nothing

    q = TextField("Words", description="In the provider’s name or anywhere in its answers")
    lot = SelectField("Interested in")
    kind = SelectField(
        "Kind of provider", choices=[choice("", "Any kind"), *(choice(k.value, label) for k, label in KINDS.items())]
    )
    flagged = CheckboxField("Only those with a flag")

    def __init__(self, asked: MultiDict[str, str], lots: Sequence[Lot]) -> None:
        super().__init__(asked)
        self.lot.choices = [choice("", "Any lot"), *(choice(str(lot.id), f"{lot.code}: {lot.title}") for lot in lots)]

    def wanted(self) -> Wanted:
        lots = {value for value, *_ in self.lot.iter_choices()}
        return Wanted(
            words=show(self.q.data or "").split()[:10],
            lot_id=uuid.UUID(self.lot.data) if self.lot.data and self.lot.data in lots else None,
            kind=ProviderKind(self.kind.data) if self.kind.data in set(ProviderKind) else None,
            flagged=bool(self.flagged.data),
        )


class NoteForm(OnceForm):
    text = TextAreaField(
        "Add a note",
        [Answered("Enter the note")],
        subject="The note",
        max_length=5000,
        description="The team alone reads it. It stays on record, and cannot be changed",
    )
