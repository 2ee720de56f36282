"""The forms of the provider's journey, and what was typed into a section's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from webapp.language import Later, _
from webapp.models import Section
from webapp.models.response import LONGEST_REASON, LONGEST_REMARK
from webapp.responses import questions
from webapp.responses.drafts import Draft, Problem
from webapp.responses.items import Item, Typed, texts_of
from webapp.responses.kinds.kind import Form
from webapp.responses.kinds.texts import MOST_TEXT, too_many_characters
from webapp.web.fields import CharacterCountField, CheckboxField, HiddenField
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.text import REPLACEMENT, is_blank, is_storable, uuid_of
from webapp.web.validators import Answered

DECLARATION = Later(
    "I am authorised to answer for my organisation, and the answers are correct as far as I know. "
    "I understand that they are not a bid and bind nobody"
)


class SectionForm(BaseForm):
    """What a section's page carries beside its controls."""

    revision = HiddenField("Revision", max_length=100_000)
    """The one that the page was opened with, and after it the digests of the answers that it showed."""
    version = HiddenField("Version")
    """Of the questionnaire that the page showed."""
    lots = HiddenField("Lots", max_length=20_000)
    """The ids of the lots that the page asked about: what it says nothing of is left as it was."""
    skipped = HiddenField("Skipped", max_length=20_000)
    """The names of the items that the page left out, because of other answers."""

    @property
    def from_revision(self) -> int:
        typed = (self.revision.data or "").partition(" ")[0]
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    @property
    def shown(self) -> list[str]:
        """The digests of the answers that the page showed as it was opened."""
        return (self.revision.data or "").split()[1:]

    def is_of_another_version(self, version_id: uuid.UUID) -> bool:
        return bool(self.version.data) and self.version.data != str(version_id)

    def items_shown(self, draft: Draft, section: Section) -> list[Item]:
        """What the page asked, whatever the draft says now."""
        about, skipped = set((self.lots.data or "").split()), set((self.skipped.data or "").split())
        lots = [lot for lot in draft.lots if str(lot.id) in about]
        return [item for item in draft.every_item(section, lots) if item.name not in skipped]


def opened_with(revision: int, shown: Iterable[str]) -> str:
    """What a section's page carries of what it was opened with."""
    return " ".join([str(revision), *shown])


class CheckForm(BaseForm):
    nonce = HiddenField("Nonce")
    seen = HiddenField("Seen")
    declared = CheckboxField(DECLARATION, [Answered(Later("Confirm the declaration to submit"))])
    leave_out = CheckboxField(Later("Submit without the lots that have a problem"))

    @property
    def nonce_value(self) -> uuid.UUID | None:
        return uuid_of(self.nonce.data)


class ConfirmForm(BaseForm):
    """A button, guarded against forgery."""


class WithdrawForm(BaseForm):
    reason = CharacterCountField(
        Later("Why do you withdraw? (optional)"),
        subject=Later("The reason"),
        description=Later("Those of the buyer who read responses see it beside the name of your organisation."),
        max_length=LONGEST_REASON,
    )

    @property
    def given(self) -> str | None:
        return None if is_blank(self.reason.data or "") else self.reason.data.strip()


class AskForm(OnceForm):
    """A button that has others mailed."""


class AskToSubmitForm(OnceForm):
    note = CharacterCountField(
        Later("Note to the signatories (optional)"),
        subject=Later("The note"),
        description=Later("For example, what you were not sure about. The buyer does not see it."),
        max_length=LONGEST_REMARK,
    )

    @property
    def given(self) -> str | None:
        return None if is_blank(self.note.data or "") else self.note.data.strip()


class SendBackForm(OnceForm):
    remark = CharacterCountField(
        Later("What should be changed or checked?"),
        [Answered(Later("Say what should be changed or checked"))],
        subject=Later("What should be changed or checked"),
        description=Later(
            "We email it to whoever asked you to submit, and your colleagues see it on the page of this response. "
            "The buyer does not."
        ),
        max_length=LONGEST_REMARK,
    )

    @property
    def given(self) -> str:
        return (self.remark.data or "").strip()


def read_typed(form: Form, items: Iterable[Item]) -> dict[Item, Typed]:
    """What was sent for each item."""
    return {item: questions.gather(form, item) for item in items}


def as_sent(typed: Mapping[Item, Typed]) -> list[tuple[str, str]]:
    """The names and values that a form would send for this."""
    return [pair for item, given in typed.items() for pair in questions.sent(item, given)]


def unkeepable(typed: dict[Item, Typed]) -> list[Problem]:
    """What cannot be saved at all: characters that no database or export can hold, and far too much text."""
    problems = []
    for item, given in typed.items():
        if not all(is_storable(text) for text in texts_of(given)):
            problems.append(Problem(item, _unstorable))
        elif questions.too_long(given):
            problems.append(Problem(item, too_many_characters(MOST_TEXT)))
    return problems


def _unstorable(subject: str) -> str:
    return _(
        "%(subject)s contains a character that cannot be kept, shown as %(mark)s. Remove it",
        subject=subject,
        mark=REPLACEMENT,
    )
