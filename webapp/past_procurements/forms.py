"""The forms that find past procurements, take a file of them, and say whom a published name is."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from webapp.imports.tables import UnreadableError
from webapp.models import MOST_IMPORT_BYTES, PublishedName, RecordFormat
from webapp.past_procurements.actions import Match
from webapp.past_procurements.queries import Wanted
from webapp.past_procurements.reading import format_of
from webapp.programmes.like_names import Known, Proposal
from webapp.web.fields import CheckboxField, FileField, RadioField, TextField, choice
from webapp.web.format import file_size
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

MOST_WORDS = 10
NONE_OF_THESE = "none"


class FindForm(BaseForm):
    """Sent with GET, so that the address keeps what was asked for."""

    class Meta(BaseForm.Meta):
        csrf = False  # it changes nothing

    q = TextField("Words", description="In its title, reference, buyer, category, region or a bidder’s name")
    bids = CheckboxField("Only those of which the number of bids is known")

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)

    def wanted(self) -> Wanted:
        return Wanted((self.q.data or "").replace("\0", "").split()[:MOST_WORDS], bool(self.bids.data))


class FileForm(OnceForm):
    file = FileField(
        "File",
        [Answered("Choose a file")],
        subject="The file",
        description=f"JSON, XLSX or CSV, up to {file_size(MOST_IMPORT_BYTES)}. "
        "Of a workbook the first sheet is read that has rows and is not hidden",
        max_bytes=MOST_IMPORT_BYTES,
    )

    def validate_file(self, field: FileField) -> None:
        try:
            self.format: RecordFormat = format_of(field.data.content)
        except UnreadableError as problem:
            raise ValidationError(str(problem)) from problem


class MatchForm(BaseForm):
    """What is offered may change between showing and sending: it is kept by what it names, not by its place."""

    is_ = RadioField("", [Answered("Choose the organisation, or none of these")], name="is")

    @staticmethod
    def stored(subject: PublishedName) -> dict[str, str]:
        """What was said of it before, if anything."""
        if subject.decided_at is None:
            return {}
        if subject.organisation_id is None and subject.supplier_name is None:
            return {"is_": NONE_OF_THESE}
        return {"is_": _code(Known(subject.supplier_name or "", subject.organisation_id))}

    def offer(self, proposals: Sequence[Proposal], subject: PublishedName) -> None:
        self._offered = {_code(each.known): each.known for each in proposals}
        self.is_.label.text = f"Which of these is ‘{subject.name}’?"
        self.is_.choices = [
            *(choice(_code(each.known), each.known.name, _hint(each)) for each in proposals),
            choice(NONE_OF_THESE, "None of these"),
        ]

    def match(self) -> Match:
        chosen = self._offered.get(self.is_.data)
        if chosen is None:
            return Match()
        return Match(chosen.organisation_id, None if chosen.organisation_id else chosen.name)


def _code(known: Known) -> str:
    return str(known.organisation_id) if known.organisation_id else f"supplier:{known.name}"


def _hint(proposal: Proposal) -> str:
    where = "Registered with this service" if proposal.known.organisation_id else "A supplier in the contract register"
    return f"{where}. Has the same number in a public register" if proposal.same_number else where
