"""The e-mails by which people come in, in the language spoken.

What a stranger typed is never repeated to somebody who did not ask for it.
"""

from __future__ import annotations

from webapp.accounts.mails import written
from webapp.language import Later, _
from webapp.mail import ONE_TIME_LINK, Mail
from webapp.models import ColleagueInvitation, MembershipRole, Organisation, Registration
from webapp.web.format import moment

# Under the address of one-time links, whose messages are not kept after they are sent.
REGISTRATION_LINK = f"{ONE_TIME_LINK}register/"
JOINING_LINK = f"{ONE_TIME_LINK}join/"
PAGE_FOR_A_LINK = ONE_TIME_LINK.removesuffix("/")
ORGANISATION_PAGE = "/organisation"

_OPENINGS = {
    MembershipRole.CONTRIBUTOR: Later(
        "%(inviter)s has invited you to act for %(organisation)s on Soundings, as a contributor."
    ),
    MembershipRole.SIGNATORY: Later(
        "%(inviter)s has invited you to act for %(organisation)s on Soundings, as a signatory."
    ),
}


def confirm_registration(registration: Registration, *, link: str) -> Mail:
    return written(
        _("Confirm your registration with Soundings"),
        _("Somebody, we hope you, asked to register an organisation with Soundings and gave this email address."),
        _("Use this link to see what was entered and to finish:"),
        link,
        _("It works once, until %(when)s. Do not pass it on.", when=moment(registration.expires_at)),
        _(
            "If colleagues of yours use Soundings for the same organisation, do not register it again: "
            "ask one of them to invite you."
        ),
        _("If you did not ask for this, ignore this email. Nothing is registered."),
    )


def known_already(*, base_url: str) -> Mail:
    """To an address whose owner acts for an organisation: the page that was used says nothing of it."""
    return written(
        _("You already use Soundings"),
        _(
            "Somebody, perhaps you, asked to register an organisation with Soundings and gave this email address. "
            "You use Soundings with it already, so nothing was registered and nothing has changed."
        ),
        _("To sign in, ask for a link:"),
        f"{base_url}{PAGE_FOR_A_LINK}",
        _(
            "One email address acts for one organisation. To act for another, leave the first on the page "
            "“Your organisation”, or use another address."
        ),
    )


def number_given_again(*, base_url: str) -> Mail:
    return written(
        _("Somebody gave your organisation’s number"),
        _(
            "Another organisation on Soundings has just given a registered number that your organisation had given "
            "before: of Companies House, a charity regulator, the ODS or the CQC. It sees nothing of yours, "
            "and its people do not know of you. Officers who read its answers see that the number is contested."
        ),
        _("If a colleague may have registered your organisation a second time, ask, and invite them to yours:"),
        f"{base_url}{ORGANISATION_PAGE}",
        _("If nobody of yours did, write to the address for questions on the page of an engagement you answer."),
    )


def join(invitation: ColleagueInvitation, *, link: str) -> Mail:
    return written(
        _("Join your colleagues on Soundings"),
        _opening(invitation),
        _("Use this link to join:"),
        link,
        _(
            "It works once, until %(when)s. Do not pass it on: whoever has it can join as you.",
            when=moment(invitation.expires_at),
        ),
        _("If you do not know them, ignore this email."),
    )


def cannot_join(invitation: ColleagueInvitation, *, base_url: str) -> Mail:
    """To somebody who acts for an organisation already, which the one who invites is not told."""
    return written(
        _("Join your colleagues on Soundings"),
        _opening(invitation),
        _(
            "You use Soundings with this email address already, and one address acts for one organisation. "
            "%(inviter)s is not told. You can ask to be invited with another address. Or you can leave the "
            "organisation you act for now, and ask to be invited again:",
            inviter=invitation.inviter.name,
        ),
        f"{base_url}{ORGANISATION_PAGE}",
    )


def removed(organisation: Organisation) -> Mail:
    return written(
        _("You no longer act for an organisation on Soundings"),
        _(
            "A colleague has removed you from %(organisation)s on Soundings. You can no longer see or change "
            "its answers. If this is a mistake, ask a colleague there to invite you again.",
            organisation=organisation.name,
        ),
    )


def _opening(invitation: ColleagueInvitation) -> str:
    return _OPENINGS[invitation.role].said(inviter=invitation.inviter.name, organisation=invitation.organisation.name)
