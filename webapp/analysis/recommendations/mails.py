"""Telling by e-mail that a recommendation waits for a signature, and what was ruled: where to read it, and no more."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from webapp.mail import Letter, Mail, send_all
from webapp.models import Person, Recommendation, Verdict
from webapp.programmes.permissions import Permission
from webapp.programmes.teams.queries import people_to_tell

RULED = {Verdict.SIGNED: "is signed", Verdict.SENT_BACK: "is sent back, with a remark"}


def tell_approvers(session: Session, recommendation: Recommendation, *, base_url: str) -> None:
    """Those who may rule on it: nobody does on what they wrote."""
    approvers = people_to_tell(session, recommendation.procurement.programme_id, Permission.APPROVE)
    others = [each for each in approvers if each.id != recommendation.put_up_by]
    _send(session, others, recommendation, "waits for your signature", base_url)


def tell_writer(session: Session, recommendation: Recommendation, verdict: Verdict, *, base_url: str) -> None:
    """Unless the writer may read it no longer."""
    readers = people_to_tell(session, recommendation.procurement.programme_id, Permission.READ)
    writer = [each for each in readers if each.id == recommendation.put_up_by]
    _send(session, writer, recommendation, RULED[verdict], base_url)


def _send(session: Session, people: Iterable[Person], about: Recommendation, what: str, base_url: str) -> None:
    procurement = about.procurement
    subject = f"Recommendation {about.number} {what}: {procurement.title}"
    page = f"{base_url}/programmes/{procurement.programme_id}/recommendations/{about.id}"
    body = f"Recommendation {about.number} for {procurement.title} {what}.\n\nRead it here:\n{page}\n"
    send_all(session, [Letter(each.email, Mail(subject, body)) for each in people])
