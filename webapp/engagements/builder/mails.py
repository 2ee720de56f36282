"""The e-mail about a new version of a questionnaire, in the language spoken while it is written."""

from __future__ import annotations

from webapp.engagements.mails import Addresses, by_when
from webapp.language import _
from webapp.mail import Mail
from webapp.models import Engagement


def new_version(engagement: Engagement, *, reason: str, moved: bool, submitted: bool, addresses: Addresses) -> Mail:
    """To somebody who acts for an organisation that has begun to answer."""
    paragraphs = (
        _(
            "%(buyer)s has changed the questionnaire of this market engagement:\n%(engagement)s",
            buyer=engagement.programme.buyer.name,
            engagement=f"{engagement.title} ({engagement.reference})",
        ),
        _("What has changed:\n%(reason)s", reason=reason),
        _what_it_means(moved=moved, submitted=submitted),
        by_when(engagement),
        _("Read about the engagement:\n%(address)s", address=addresses.engagement_page),
        _("If you need help, write to %(contact)s.", contact=engagement.contact_email),
    )
    return Mail(_("Questionnaire changed: %(engagement)s", engagement=engagement.title), "\n\n".join(paragraphs) + "\n")


def _what_it_means(*, moved: bool, submitted: bool) -> str:
    if moved:
        return _(
            "Your draft now answers the new questionnaire. Every answer whose question is still asked in the same way "
            "is in it. Please check it before you submit."
        )
    if submitted:
        return _(
            "Your response stays as you submitted it and still counts. If you change it, you answer the questions "
            "that you answered before."
        )
    return _("Nothing changes for your response: you answer the questions that you began with.")
