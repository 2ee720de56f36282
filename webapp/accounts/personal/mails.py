"""The e-mails about a change of address, in the language spoken.

What a stranger typed is never repeated to somebody who did not ask for it.
"""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.mails import written
from webapp.accounts.organisations.mails import PAGE_FOR_A_LINK
from webapp.language import _
from webapp.mail import ONE_TIME_LINK, Mail
from webapp.web.format import moment

# Under the address of one-time links, whose messages are not kept after they are sent.
EMAIL_LINK = f"{ONE_TIME_LINK}email/"


def confirm_email(*, link: str, works_until: datetime) -> Mail:
    return written(
        _("Confirm your new email address for Soundings"),
        _("Somebody, we hope you, asked to use this email address for their account with Soundings."),
        _("Use this link where you are signed in to that account, and press the button on its page:"),
        link,
        _("It works once, until %(when)s. Do not pass it on.", when=moment(works_until)),
        _("If you did not ask for this, ignore this email. Nothing changes."),
    )


def email_taken(*, base_url: str) -> Mail:
    """To an address that an account has: the page that was used says nothing of it."""
    return written(
        _("Your email address has an account with Soundings already"),
        _(
            "Somebody, perhaps you, asked to use this email address for another account with Soundings. Your account "
            "has it already, so nothing has changed, and whoever asked is not told."
        ),
        _("To sign in to the account that has it, ask for a link:"),
        f"{base_url}{PAGE_FOR_A_LINK}",
    )


def email_changed(*, name: str) -> Mail:
    """To the old address, which may be all that its owner has left."""
    return written(
        _("The email address of your Soundings account was changed"),
        _(
            "The email address of the account of %(name)s was changed just now. It was this one until now; links to "
            "sign in and everything else we write go to the new one.",
            name=name,
        ),
        _(
            "If that was you, you need do nothing. If it was not, somebody else can act as you. Tell a colleague who "
            "can remove you from your organisation or team on Soundings, and write to the address for questions on the "
            "page of an engagement at once. Whoever runs Soundings can give your account its address back."
        ),
    )
