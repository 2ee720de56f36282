"""How a response came that an officer entered, in words for every page and document that shows it."""

from __future__ import annotations

from webapp.language import Later, _
from webapp.models import ReceivedHow, Reception
from webapp.web.format import moment

HOW = {
    ReceivedHow.EMAIL: Later("By email"),
    ReceivedHow.PORTAL: Later("Through a procurement portal"),
    ReceivedHow.TOOL: Later("From another survey tool"),
    ReceivedHow.POST: Later("By post"),
}
ENTERED = Later("Entered by an officer")
"""What marks it in a list."""


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
    return f"{said} {_('Accepted late: %(reason)s', reason=reception.late_reason)}"
