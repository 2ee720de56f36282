"""Telling a provider's signatories that responses entered under another name count as theirs: nobody speaks for them
unawares."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.language import _, speaking
from webapp.mail import Mail, send
from webapp.models import Engagement, JoinedProvider, Membership, MembershipRole, Organisation, Person, Response


def tell(
    session: Session,
    *,
    join: JoinedProvider,
    response_ids: Sequence[uuid.UUID],
    link_of: Callable[[uuid.UUID], str],
) -> None:
    """One e-mail to each, about each response that counts; `link_of` a response is where they read it."""
    joined = session.get_one(Organisation, join.organisation_id)
    rows = session.execute(
        select(Response.id, Engagement, Person)
        .join(Engagement, Engagement.id == Response.engagement_id)
        .join(Membership, Membership.organisation_id == Response.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Response.id.in_(response_ids),
            Response.current_submission_id.is_not(None),
            Membership.role == MembershipRole.SIGNATORY,
        )
        .order_by(Response.id, Person.id)
    )
    for response_id, engagement, person in rows:
        with speaking(person.language):
            mail = _now_yours(engagement, joined.name, link_of(response_id))
        send(session, recipient=person.email, mail=mail)


def _now_yours(engagement: Engagement, name: str, link: str) -> Mail:
    lines = [
        _(
            "An officer had entered a response of %(name)s to “%(engagement)s”, and has now said that this is your "
            "organisation. It counts as your response.",
            name=name,
            engagement=engagement.title,
        ),
        "",
        _("Check that it is yours. If you submit a response here yourselves, that counts instead:"),
        link,
        "",
        _("If it is not yours, or to ask about this engagement: %(address)s", address=engagement.contact_email),
        "",
    ]
    return Mail(_("A response counts as yours: %(engagement)s", engagement=engagement.title), "\n".join(lines))
