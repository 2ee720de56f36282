"""The forms of a question and of its answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.clarifications.actions import Asking
from webapp.engagements.clarifications.names import Identity
from webapp.language import Later, _
from webapp.models import EngagementLot
from webapp.web.fields import (
    CharacterCountField,
    CheckboxField,
    GovField,
    HiddenField,
    SelectField,
    TextAreaField,
    choice,
)
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

MOST_WORDS = 500


class AskForm(BaseForm):
    question = CharacterCountField(
        Later("Your question"),
        [Answered(Later("Enter your question"))],
        subject=Later("Your question"),
        description=Later("Leave out names and anything that others should not know: the answer goes to everybody."),
        max_words=MOST_WORDS,
    )
    lot_id = SelectField(Later("Which lot is it about?"), subject=Later("The lot"))
    nonce = HiddenField("Nonce")

    def offer(self, lots: Iterable[EngagementLot]) -> None:
        self.lot_id.choices = [
            choice("", _("No lot in particular")),
            *(choice(str(entry.lot_id), f"{entry.lot.code}: {entry.lot.title}") for entry in lots),
        ]

    def validate_nonce(self, field: Field) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError as problem:
            raise ValidationError(_("Reload the page and ask again")) from problem

    def asking(self) -> Asking:
        lot = self.lot_id.data
        return Asking(
            question=self.question.data, lot_id=uuid.UUID(lot) if lot else None, nonce=uuid.UUID(self.nonce.data)
        )


class AnswerForm(BaseForm):
    question = TextAreaField(
        "The question as it will be published",
        [Answered("Enter the question as it will be published")],
        subject="The question",
        description="Change the wording where it would tell who asked.",
    )
    answer = TextAreaField("Your answer", [Answered("Enter your answer")], subject="Your answer")
    anyway = CheckboxField("The marked words do not tell who asked. Publish them as they are")

    identity = Identity((), ())

    def guard(self, identity: Identity) -> None:
        """Refuse to publish what would give the asker away, unless the officer has looked at each place."""
        self.identity = identity

    @property
    def telling(self) -> tuple[str, ...]:
        return self.identity.found_in(f"{self.question.data or ''}\n\n{self.answer.data or ''}")

    def validate_question(self, field: GovField) -> None:
        self._refuse_names(field)

    def validate_answer(self, field: GovField) -> None:
        self._refuse_names(field)

    def _refuse_names(self, field: GovField) -> None:
        found = self.identity.found_in(field.data or "")
        if found and not self.anyway.data:
            words = ", ".join(f"“{word}”" for word in found)
            raise ValidationError(f"{field.subject} may tell who asked: {words}. Reword it, or confirm below")


class CorrectionForm(AnswerForm):
    seen = HiddenField("Published since")

    def validate_seen(self, field: Field) -> None:
        try:
            datetime.fromisoformat(field.data or "")
        except ValueError as problem:
            raise ValidationError("Reload the page and correct the answer again") from problem

    def seen_since(self) -> datetime:
        return datetime.fromisoformat(self.seen.data)
