"""What the sign-in pages leave to the worker."""

from __future__ import annotations

import uuid

from webapp.accounts import actions, queries
from webapp.db import clock
from webapp.jobs import JobContext, job


@job("accounts.mail_link")
def mail_link(context: JobContext, *, person_id: str | None, destination: str | None) -> None:
    """Mail somebody the link they asked for. Without a person there is nothing to do: the address was unknown."""
    with context.database.session() as session:
        if person_id is not None:
            actions.mail_link(
                session,
                person=queries.person(session, uuid.UUID(person_id)),
                destination=destination,
                base_url=context.settings.base_url,
                now=clock(session),
            )
        context.complete(session)
        session.commit()
