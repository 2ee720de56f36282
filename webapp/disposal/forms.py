"""The forms about keeping and destroying responses."""

from __future__ import annotations

from webapp.web.dates import DateField
from webapp.web.fields import CheckboxField, HiddenField, TextAreaField
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered


class RetentionForm(BaseForm):
    keep_until = DateField(
        "Until when are responses kept?",
        [Answered("Enter until when responses are kept")],
        subject="The last day on which responses are kept",
        description="The last day. Nothing is destroyed by itself on the day after: somebody has to ask for it.",
    )
    policy = TextAreaField(
        "By which policy?",
        [Answered("Enter by which policy")],
        subject="The policy",
        description="For example, the title of your retention schedule, and which of its lines applies. "
        "Everybody reads it on the public page of each engagement.",
        max_length=500,
    )
    seen = HiddenField("What was stated when the page was opened")


class AskForm(OnceForm):
    note = TextAreaField(
        "What should your colleague know? (optional)",
        subject="What your colleague should know",
        description="For example, what was downloaded first and where it is kept. It stays with the certificate.",
        max_length=1000,
    )
    not_needed = CheckboxField(
        "No challenge, audit, inquiry or request for information is under way that needs the responses",
        [Answered("Confirm that nothing under way needs the responses")],
    )


class AgreeForm(BaseForm):
    not_needed = CheckboxField(
        "I have looked too: nothing under way needs the responses, and they can be destroyed",
        [Answered("Confirm that nothing under way needs the responses")],
    )


class StopForm(BaseForm):
    reason = TextAreaField(
        "Why are the responses not destroyed?",
        [Answered("Enter why the responses are not destroyed")],
        subject="The reason",
        description="For the programme’s team and its record.",
        max_length=1000,
    )
