"""The form that says that two providers are one firm."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from webapp.programmes.like_names import Directory, Known
from webapp.web.fields import SelectField, TextAreaField, choice
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

MOST_OFFERED = 500
"""Beyond those of the likeliest names, so that the list stays one that a browser shows at once."""


class JoinForm(OnceForm):
    into = SelectField(
        "Which provider is it?",
        [Answered("Choose the provider that it is")],
        subject="The provider",
        description="Those of the likeliest names come first",
    )
    reason = TextAreaField(
        "How do you know that they are one firm?",
        [Answered("Enter how you know that they are one firm")],
        subject="The reason",
        description="Such as the same number in a public register, or what the firm told you. It stays on record",
        max_length=2000,
    )

    def offer(self, subject: Known, others: Sequence[Known]) -> None:
        likely = [each.known for each in Directory(others).proposals(subject.name)]
        rest = [each for each in others if each not in likely]
        self.into.choices = [
            choice("", "Choose a provider"),
            *(choice(str(each.organisation_id), each.name) for each in (*likely, *rest[:MOST_OFFERED])),
        ]

    def chosen(self) -> uuid.UUID:
        return uuid.UUID(self.into.data)
