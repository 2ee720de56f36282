"""The e-mails by which people come in. What a stranger typed is never repeated to somebody who did not ask for it."""

from __future__ import annotations

from webapp.mail import ONE_TIME_LINK
from webapp.models import ColleagueInvitation, Organisation, Registration
from webapp.web.format import moment

# Under the address of one-time links, whose messages are not kept after they are sent.
REGISTRATION_LINK = f"{ONE_TIME_LINK}register/"
JOINING_LINK = f"{ONE_TIME_LINK}join/"
PAGE_FOR_A_LINK = ONE_TIME_LINK.removesuffix("/")
ORGANISATION_PAGE = "/organisation"


def confirm_registration(registration: Registration, *, link: str) -> dict[str, str]:
    return {
        "subject": "Confirm your registration with Soundings",
        "body": (
            "Somebody, we hope you, asked to register an organisation with Soundings and gave this email address.\n\n"
            f"Use this link to see what was entered and to finish:\n\n{link}\n\n"
            f"It works once, until {moment(registration.expires_at)}. Do not pass it on.\n\n"
            "If colleagues of yours use Soundings for the same organisation, do not register it again: "
            "ask one of them to invite you.\n\n"
            "If you did not ask for this, ignore this email. Nothing is registered.\n"
        ),
    }


def known_already(*, base_url: str) -> dict[str, str]:
    """To an address whose owner acts for an organisation: the page that was used says nothing of it."""
    return {
        "subject": "You already use Soundings",
        "body": (
            "Somebody, perhaps you, asked to register an organisation with Soundings and gave this email address. "
            "You use Soundings with it already, so nothing was registered and nothing has changed.\n\n"
            f"To sign in, ask for a link:\n{base_url}{PAGE_FOR_A_LINK}\n\n"
            "One email address acts for one organisation. To act for another, leave the first on the page "
            "“Your organisation”, or use another address.\n"
        ),
    }


def number_given_again(*, base_url: str) -> dict[str, str]:
    return {
        "subject": "Somebody gave your organisation’s number",
        "body": (
            "Another organisation on Soundings has just given a registered number that your organisation had given "
            "before: of Companies House, a charity regulator, the ODS or the CQC. It sees nothing of yours, "
            "and its people do not know of you. Officers who read its answers see that the number is contested.\n\n"
            "If a colleague may have registered your organisation a second time, ask, and invite them to yours:\n"
            f"{base_url}{ORGANISATION_PAGE}\n\n"
            "If nobody of yours did, write to the address for questions on the page of an engagement you answer.\n"
        ),
    }


def join(invitation: ColleagueInvitation, *, link: str) -> dict[str, str]:
    return {
        "subject": "Join your colleagues on Soundings",
        "body": (
            f"{_opening(invitation)}"
            f"Use this link to join:\n\n{link}\n\n"
            f"It works once, until {moment(invitation.expires_at)}. "
            "Do not pass it on: whoever has it can join as you.\n\n"
            "If you do not know them, ignore this email.\n"
        ),
    }


def cannot_join(invitation: ColleagueInvitation, *, base_url: str) -> dict[str, str]:
    """To somebody who acts for an organisation already, which the one who invites is not told."""
    return {
        "subject": "Join your colleagues on Soundings",
        "body": (
            f"{_opening(invitation)}"
            "You use Soundings with this email address already, and one address acts for one organisation. "
            f"{invitation.inviter.name} is not told. You can:\n\n"
            "- ask to be invited with another address, or\n"
            "- leave the organisation you act for now, and ask to be invited again:\n"
            f"  {base_url}{ORGANISATION_PAGE}\n"
        ),
    }


def removed(organisation: Organisation) -> dict[str, str]:
    return {
        "subject": "You no longer act for an organisation on Soundings",
        "body": (
            f"A colleague has removed you from {organisation.name} on Soundings. You can no longer see or change "
            "its answers. If this is a mistake, ask a colleague there to invite you again.\n"
        ),
    }


def _opening(invitation: ColleagueInvitation) -> str:
    return (
        f"{invitation.inviter.name} has invited you to act for {invitation.organisation.name} on Soundings, "
        f"as a {invitation.role.value}.\n\n"
    )
