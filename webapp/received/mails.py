"""Telling an organisation's people that an officer has entered what it sent: nobody speaks for them unawares."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.language import _, speaking
from webapp.mail import Letter, Mail, send_all
from webapp.models import Engagement, Membership, MembershipRole, Person
from webapp.received.recorded import Recorded
from webapp.responses.receptions import in_words


def tell(
    session: Session,
    *,
    engagement: Engagement,
    recorded: Sequence[Recorded],
    link_of: Callable[[uuid.UUID], str],
) -> None:
    """One e-mail to each signatory of those that have any; `link_of` a response is where they read it."""
    by_organisation = {made.reception.organisation_id: made for made in recorded}
    rows = session.execute(
        select(Membership.organisation_id, Person)
        .join(Membership.person)
        .where(Membership.organisation_id.in_(list(by_organisation)), Membership.role == MembershipRole.SIGNATORY)
        .order_by(Membership.organisation_id, Person.id)
    )
    letters = []
    for organisation_id, person in rows:
        made = by_organisation[organisation_id]
        with speaking(person.language):
            letters.append(_entered(engagement, made, person, link_of(made.response_id)))
    send_all(session, letters)


def _entered(engagement: Engagement, made: Recorded, signatory: Person, link: str) -> Letter:
    lines = [
        _(
            "An officer has entered what %(organisation)s sent about “%(engagement)s”.",
            organisation=made.reception.organisation_name,
            engagement=engagement.title,
        ),
        in_words(made.reception),
        _("Reference: %(reference)s", reference=made.reference),
        "",
        _("Check that it says what you sent. If you submit a response here yourselves, that counts instead:"),
        link,
        "",
        _("Questions about this engagement: %(address)s", address=engagement.contact_email),
        "",
    ]
    subject = _("We have entered your response: %(engagement)s", engagement=engagement.title)
    return Letter(signatory.email, Mail(subject, "\n".join(lines)))
