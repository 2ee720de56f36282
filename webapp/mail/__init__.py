"""E-mail: written in the transaction of the act it tells of, then delivered by a job until it arrives."""

from webapp.mail.addresses import ERASED_DOMAIN, RecipientError
from webapp.mail.delivery import Letter, Mail, send, send_all, was_sent
from webapp.mail.transports import ONE_TIME_LINK

__all__ = [
    "ERASED_DOMAIN",
    "ONE_TIME_LINK",
    "Letter",
    "Mail",
    "RecipientError",
    "send",
    "send_all",
    "was_sent",
]
