"""E-mail: written in the transaction of the act it tells of, then delivered by a job until it arrives."""

from webapp.mail.addresses import RecipientError
from webapp.mail.delivery import send
from webapp.mail.transports import ONE_TIME_LINK

__all__ = ["ONE_TIME_LINK", "RecipientError", "send"]
