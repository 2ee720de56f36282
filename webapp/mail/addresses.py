"""Whom a message may be sent to."""

from __future__ import annotations

import re
from email.headerregistry import Address

_ADDRESS = re.compile(r"(?P<username>[^\s@\"(),:;<>\[\]\\]+)@(?P<domain>[^\s@\"(),:;<>\[\]\\]+)")


class RecipientError(ValueError):
    """The recipient is not one plain address."""


def address_of(recipient: str) -> Address:
    """One address and nothing else: no list of them, no name, no further header. Raises RecipientError."""
    match = _ADDRESS.fullmatch(recipient)
    if match is None or not recipient.isprintable():
        raise RecipientError(f"not an address that mail can be sent to: {recipient[:300]!r}")
    return Address(username=match["username"], domain=match["domain"])
