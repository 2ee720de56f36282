"""The e-mails about a change of address, in the language spoken.

None says the other address: each may be read by somebody who is not to know it.
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
STOP_LINK = f"{ONE_TIME_LINK}stop-email/"


def asked(*, name: str, stop: str, works_until: datetime) -> Mail:
    """To the present address, whatever becomes of it."""
    return written(
        _("Somebody asked to change the email address of your Soundings account"),
        _(
            "Somebody, we hope you, asked to use another email address for the account of %(name)s on Soundings. "
            "It changes three days after the new address is confirmed. Until then this one counts.",
            name=name,
        ),
        _("If that was you, you need do nothing."),
        _(
            "If it was not, somebody else can act as you. Use this link and press the button on its page: the address "
            "does not change, and everybody who is signed in to your account is signed out."
        ),
        stop,
        _("It works until %(when)s, or until the address changes.", when=moment(works_until)),
        _("Then sign in, remove passkeys that you do not know, and change your password."),
    )


def confirm(*, link: str, works_until: datetime) -> Mail:
    return written(
        _("Confirm your new email address for Soundings"),
        _("Somebody, we hope you, asked to use this email address for their account with Soundings."),
        _("Use this link where you are signed in to that account, and press the button on its page:"),
        link,
        _("It works once, until %(when)s. Do not pass it on.", when=moment(works_until)),
        _("If you did not ask for this, ignore this email. Nothing changes."),
    )


def taken(*, base_url: str) -> Mail:
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


def changed(*, name: str) -> Mail:
    """To the old address, which may be all that its owner has left."""
    return written(
        _("The email address of your Soundings account was changed"),
        _(
            "The email address of the account of %(name)s on Soundings was changed just now. It was this one until "
            "now; from now on we write to the new one.",
            name=name,
        ),
        _(
            "If that was you, you need do nothing. If it was not, write to the address for questions on the page of an "
            "engagement at once, and tell your colleagues, who can remove you from your organisation. Whoever runs "
            "Soundings can give your account its address back."
        ),
    )


def is_yours(*, base_url: str) -> Mail:
    return written(
        _("This is the email address of your Soundings account now"),
        _(
            "From now on you sign in to Soundings with this email address, and we write to it. You are signed out "
            "everywhere, and links that we sent before do not work any more. A password and passkeys that the "
            "account had are removed, and so is an authenticator app that was set up after you asked: you can set up "
            "new ones."
        ),
        _("To sign in, ask for a link:"),
        f"{base_url}{PAGE_FOR_A_LINK}",
    )


def not_changed() -> Mail:
    return written(
        _("The email address of your Soundings account was not changed"),
        _(
            "The email address that you confirmed has an account with Soundings of its own by now, so yours keeps "
            "this one."
        ),
    )


def not_own() -> Mail:
    return written(
        _("The email address of your Soundings account was not changed"),
        _(
            "By now you act for a buyer, or sign in with your organisation's account. It knows you by your present "
            "address, so whoever runs Soundings changes it for you."
        ),
    )


def not_warned() -> Mail:
    """To an address that took no mail for days, and may by now."""
    return written(
        _("The email address of your Soundings account was not changed"),
        _(
            "Our email about the change could not be delivered to your present address in time, so your account keeps "
            "it. Ask again; if you do not have that mailbox any more, ask whoever runs Soundings."
        ),
    )
