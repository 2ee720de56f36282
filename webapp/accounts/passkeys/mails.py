"""The e-mails that tell a person of a change to its passkeys, in case it was not the person."""

from __future__ import annotations

from webapp.accounts.mails import written
from webapp.language import _, speaking
from webapp.mail import Mail
from webapp.models import Passkey, Person


def added(person: Person, passkey: Passkey) -> Mail:
    with speaking(person.language):
        return written(
            _("A passkey was added to your Soundings account"),
            _(
                "The passkey “%(name)s” was added to your Soundings account just now. Whoever has it can sign in as "
                "you.",
                name=passkey.name,
            ),
            _(
                "If that was you, you need do nothing. If it was not, sign in with a link within seven days, remove "
                "the passkey on the page “Your account” and choose “Sign out everywhere”."
            ),
        )


def removed(person: Person, passkey: Passkey) -> Mail:
    with speaking(person.language):
        return written(
            _("A passkey was removed from your Soundings account"),
            _(
                "The passkey “%(name)s” was removed from your Soundings account just now. You can no longer sign in "
                "with it; remove it from your device or password manager too.",
                name=passkey.name,
            ),
            _(
                "If that was you, you need do nothing. If it was not, sign in with a link and choose “Sign out "
                "everywhere” on the page “Your account”."
            ),
        )
