"""The port for mail on its way out, and the way out that is none."""

from __future__ import annotations

import re
from typing import Protocol

from webapp.jobs import FinalError
from webapp.models import MailMessage

ONE_TIME_LINK = "/sign-in/link/"
"""Where the paths of one-time links begin."""

SECONDS = 20.0
NOT_KEPT = "This message held a one-time link. Its text was not kept after it was sent.\n"
MOST_REASON = 500
_HOLDS_LINK = re.compile(re.escape(ONE_TIME_LINK) + r"\S")


class RefusedError(FinalError):
    """The message will never be taken as it is. Only `reason` may repeat what the other side said."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.reason = reason[:MOST_REASON]


class NotTakenError(Exception):
    """The other side did not take the message this time. Only `reason` may repeat what it said."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"answered with {code}")
        self.code = code
        self.reason = reason[:MOST_REASON]


class Transport(Protocol):
    def deliver(self, message: MailMessage) -> str:
        """Pass the message on, or raise: RefusedError if trying again would not help. Returns the body to keep."""
        ...


class Kept:
    """No mail server: the message stays here to be read, which is for demonstrations."""

    def deliver(self, message: MailMessage) -> str:
        return message.body


def body_to_keep(message: MailMessage) -> str:
    """What stays here of a message that was passed on."""
    return NOT_KEPT if _HOLDS_LINK.search(message.body) else message.body
