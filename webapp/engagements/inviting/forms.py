"""The forms that invite many."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.inviting.lines import MOST_LINES, PastedList, read
from webapp.engagements.inviting.queries import Known
from webapp.web.fields import CheckboxesField, TextAreaField, choice
from webapp.web.format import number
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

MOST_CHARACTERS = 100_000


class ListForm(BaseForm):
    pasted = TextAreaField(
        "People to invite",
        [Answered("Paste or type the people to invite")],
        subject="The list",
        description="One a line: name, email address, organisation. You can paste columns of a "
        "spreadsheet, in any order if their headings come first, like Organisation, Contact, Email",
        max_length=MOST_CHARACTERS,
        render_kw={"rows": 12, "spellcheck": False},
    )

    def validate_pasted(self, field: Field) -> None:
        if len((field.data or "").splitlines()) > MOST_LINES:
            raise ValidationError(f"The list must be {number(MOST_LINES)} lines or fewer. Send it in parts")

    def listed(self, invited: Mapping[str, str]) -> PastedList:
        """What the lines say; the first faults stand at the box, each with its line."""
        found = read(self.pasted.data, invited=invited)
        if found.faults and not found.good:
            self.add_error(self.pasted, "No line can be used. Correct the list and send it again")
        elif found.faults:
            self.add_error(self.pasted, "Some lines cannot be used. Nothing has been sent yet")
        return found


class KnownForm(BaseForm):
    providers = CheckboxesField("Providers to invite", [Answered("Choose at least one provider")])

    def offer(self, known: Sequence[Known]) -> None:
        self.providers.choices = [
            choice(str(each.organisation.id), each.organisation.name, _hint(each)) for each in known if each.person
        ]

    def chosen(self) -> list[uuid.UUID]:
        return [uuid.UUID(each) for each in self.providers.data or ()]


def _hint(known: Known) -> str:
    held = f"Present supplier of {', '.join(known.lots_held)}. " if known.lots_held else ""
    return f"{held}{', '.join(filter(None, (known.name, known.email.lower())))}"
