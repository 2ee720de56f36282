"""What the people of an organisation may do, in words."""

from __future__ import annotations

from webapp.language import Later
from webapp.models import ColleagueInvitation, MembershipRole
from webapp.web.format import moment

ROLES = {
    MembershipRole.CONTRIBUTOR: Later("Contributor"),
    MembershipRole.SIGNATORY: Later("Signatory"),
}
POWERS = {
    MembershipRole.CONTRIBUTOR: Later("Fills in answers and asks a signatory to submit"),
    MembershipRole.SIGNATORY: Later(
        "Also submits on your organisation’s behalf, invites colleagues and changes its details"
    ),
}
_INVITED = {
    MembershipRole.CONTRIBUTOR: Later(
        "%(inviter)s has invited %(email)s to act for %(organisation)s as a contributor."
    ),
    MembershipRole.SIGNATORY: Later("%(inviter)s has invited %(email)s to act for %(organisation)s as a signatory."),
}
_PENDING = {
    MembershipRole.CONTRIBUTOR: Later("%(name)s, %(email)s, as a contributor, until %(when)s"),
    MembershipRole.SIGNATORY: Later("%(name)s, %(email)s, as a signatory, until %(when)s"),
}
_CHANGED = {
    MembershipRole.CONTRIBUTOR: Later("%(name)s is now a contributor"),
    MembershipRole.SIGNATORY: Later("%(name)s is now a signatory"),
}


def invited(invitation: ColleagueInvitation) -> str:
    """Said to the one who was invited."""
    return _INVITED[invitation.role].said(
        inviter=invitation.inviter.name, email=invitation.email, organisation=invitation.organisation.name
    )


def pending(invitation: ColleagueInvitation) -> str:
    """Said to the colleagues who wait."""
    return _PENDING[invitation.role].said(
        name=invitation.name, email=invitation.email, when=moment(invitation.expires_at)
    )


def changed(name: str, role: MembershipRole) -> str:
    return _CHANGED[role].said(name=name)
