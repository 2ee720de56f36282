"""How a response came that an officer entered, in words for every page and document that shows it."""

from __future__ import annotations

from webapp.language import Later, _
from webapp.models import ReceivedHow, Reception, Submission
from webapp.web.format import moment
from webapp.web.text import simplified

HOW = {
    ReceivedHow.EMAIL: Later("By email"),
    ReceivedHow.PORTAL: Later("Through a procurement portal"),
    ReceivedHow.TOOL: Later("From another survey tool"),
    ReceivedHow.POST: Later("By post"),
}
ENTERED = Later("Entered by an officer")
"""What marks it in a list."""


def name_then(submission: Submission) -> str:
    """Of its organisation, as it was entered where an officer did: since then it may have been joined to another."""
    reception = submission.reception
    return reception.organisation_name if reception else submission.response.organisation.name


def received_in_words(submission: Submission) -> str:
    """Nothing of one that its organisation submitted itself."""
    if submission.reception is None:
        return ""
    said, name = in_words(submission.reception), name_then(submission)
    if simplified(name) == simplified(submission.response.organisation.name):
        return said
    under = _("Entered under the name “%(name)s”.", name=name)
    return f"{said} {under}"


def in_words(reception: Reception) -> str:
    """A sentence: how and when it was received, from whom, and who entered it."""
    values = {
        "how": HOW[reception.how],
        "sender": reception.sent_by,
        "when": moment(reception.received_at),
        "name": reception.enterer.name,
    }
    said = _("%(how)s from %(sender)s, received at %(when)s. Entered by %(name)s.", **values)
    if reception.late_reason is None:
        return said
    late = _("Accepted late: %(reason)s", reason=reception.late_reason)  # apart: none is found within an f-string
    return f"{said} {late}"
