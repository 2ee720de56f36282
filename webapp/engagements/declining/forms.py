"""The form of a provider that will not respond."""

from __future__ import annotations

import uuid

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.declining.actions import Declining
from webapp.engagements.declining.reasons import HINTS, REASONS
from webapp.language import Later, _
from webapp.models import LONGEST_COMMENT, Decline, DeclineReason
from webapp.web.fields import CharacterCountField, CheckboxesField, CheckboxField, HiddenField, choice
from webapp.web.forms import BaseForm
from webapp.web.text import uuid_of
from webapp.web.validators import Answered

NOTHING = "nothing"


class TakeBackForm(BaseForm):
    seen = HiddenField("Seen")
    """The nonce of what stood when the page was opened."""

    @property
    def nonce(self) -> uuid.UUID | None:
        return uuid_of(self.seen.data)


class DeclineForm(BaseForm):
    reasons = CheckboxesField(
        Later("Why will you not respond?"),
        [Answered(Later("Choose why you will not respond, or that you give no reason"))],
        subject=Later("Why you will not respond"),
        description=Later("Choose all that apply."),
    )
    comment = CharacterCountField(
        Later("What would have to change for you to respond? (optional)"),
        subject=Later("What would have to change"),
        description=Later("In your own words: also anything that stops you and is not listed."),
        max_length=LONGEST_COMMENT,
    )
    may_quote = CheckboxField(Later("You may quote these words without our name"))
    nonce = HiddenField("Nonce")
    seen = HiddenField("Seen")
    """The nonce of what stood when the page was opened, or NOTHING."""

    def offer(self, said: Decline | None) -> None:
        """Every reason, with what was said before in its place until something is sent."""
        if not self.is_submitted():
            self.open_anew(said)
        self.reasons.choices = [
            choice(reason.value, str(words), str(HINTS.get(reason, ""))) for reason, words in REASONS.items()
        ]
        if said is not None and not self.is_submitted():
            self.reasons.data, self.comment.data = list(said.reasons), said.comment
            self.may_quote.data = said.may_quote

    def validate_reasons(self, field: Field) -> None:
        if DeclineReason.NOT_SAID in field.data and len(field.data) > 1:
            raise ValidationError(_("You chose reasons, and that you give none. Choose one or the other"))

    def open_anew(self, said: Decline | None) -> None:
        """What is sent next is in place of this; whatever else was typed stays."""
        self.nonce.raw_data, self.seen.raw_data = [str(uuid.uuid4())], [str(said.nonce) if said else NOTHING]

    def validate_nonce(self, field: Field) -> None:
        if uuid_of(field.data) is None:
            raise ValidationError(_("Reload the page and send it again"))

    def validate_seen(self, field: Field) -> None:
        if field.data != NOTHING and uuid_of(field.data) is None:
            raise ValidationError(_("Reload the page and send it again"))

    def declining(self) -> Declining:
        comment = self.comment.data if (self.comment.data or "").strip() else None
        return Declining(
            reasons=[reason for reason in DeclineReason if reason in (self.reasons.data or ())],
            comment=comment,
            may_quote=bool(comment and self.may_quote.data),
            nonce=uuid.UUID(self.nonce.data),
            seen=uuid_of(self.seen.data),
        )
