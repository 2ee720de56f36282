"""The form that reminds a group."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms.validators import ValidationError

from webapp.responses.reminders.by_hand.groups import NAMES, Group
from webapp.web.fields import RadioField, choice
from webapp.web.format import plural
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered


class RemindForm(BaseForm):
    group = RadioField("Whom do you want to remind?", [Answered("Choose whom you want to remind")])

    def offer(self, counts: Mapping[Group, int | None]) -> None:
        """The groups with how many providers each has, unless that is not to be known."""
        self.group.choices = [
            choice(group.value, NAMES[group], "" if count is None else plural(count, "provider"))
            for group, count in counts.items()
        ]
        self.empty = frozenset(group.value for group, count in counts.items() if count == 0)

    def validate_group(self, field: RadioField) -> None:
        if field.data in self.empty:
            raise ValidationError("Nobody is in this group now. Choose another")
