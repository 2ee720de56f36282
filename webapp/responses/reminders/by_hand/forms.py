"""The form that reminds a group."""

from __future__ import annotations

from collections.abc import Mapping

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
