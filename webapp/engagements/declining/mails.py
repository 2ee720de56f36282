"""Telling a provider's signatories that a colleague has said no for all of them: nobody speaks for them unawares."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.accounts.organisations.queries import signatories
from webapp.audit import Actor
from webapp.engagements.mails import Addresses
from webapp.language import _, speaking
from webapp.mail import Letter, Mail, send_all
from webapp.models import Engagement
from webapp.web.format import moment


def tell(
    session: Session, *, engagement: Engagement, organisation_id: uuid.UUID, actor: Actor, addresses: Addresses
) -> None:
    """One e-mail to each signatory but who says it."""
    letters = []
    for person in signatories(session, organisation_id):
        if person.id != actor.person_id:
            with speaking(person.language):
                letters.append(Letter(person.email, _declined(engagement, actor.name, addresses)))
    if letters:
        send_all(session, letters)


def _declined(engagement: Engagement, name: str, addresses: Addresses) -> Mail:
    lines = [
        _(
            "%(name)s has said that your organisation will not respond to “%(engagement)s”. Nobody of your "
            "organisation gets reminders of it any more.",
            name=name,
            engagement=engagement.title,
        ),
        "",
        _("You can respond after all until it closes at %(when)s.", when=moment(engagement.closes_at)),
        _("Read what was said, change it or take it back here:"),
        addresses.not_responding,
        "",
    ]
    return Mail(_("Your organisation will not respond: %(engagement)s", engagement=engagement.title), "\n".join(lines))
