"""The e-mails about signing in, in the language spoken."""

from __future__ import annotations

from datetime import datetime

from webapp.language import Later, _
from webapp.mail import Mail
from webapp.web.format import moment


def written(subject: str, *paragraphs: str) -> Mail:
    return Mail(subject, "\n\n".join(paragraphs) + "\n")


def sign_in_link(*, name: str, address: str, works_until: datetime) -> Mail:
    return written(
        _("Your link to sign in to Soundings"),
        _("Hello %(name)s,", name=name),
        _("Use this link to sign in to Soundings:"),
        address,
        _(
            "It works once, until %(when)s. Do not pass it on: whoever has it can sign in as you.",
            when=moment(works_until),
        ),
        _("If you did not ask for a link, you can ignore this email."),
    )


def account_changed(subject: Later, what: Later) -> Mail:
    """`what` says it in a sentence."""
    return written(
        str(subject),
        str(what),
        _(
            "If that was you, you need do nothing. If it was not, sign in with a link, choose “Sign out everywhere” on "
            "the page “Your account”, and change your password."
        ),
    )
