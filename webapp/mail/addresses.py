"""Whom a message may be sent to."""

from __future__ import annotations

import re
from email.headerregistry import Address

ERASED_DOMAIN = "erased.invalid"
"""Of the addresses of those whose account was erased. Nothing can be delivered there (RFC 2606), so nothing is sent."""

ENCODED_WORD = "=?"
"""How one begins."""

_ADDRESS = re.compile(r"(?P<username>[^\s@\"(),:;<>\[\]\\]+)@(?P<domain>[^\s@\"(),:;<>\[\]\\]+)")


class RecipientError(ValueError):
    """The recipient is not one plain address."""


def address_of(recipient: str) -> Address:
    """One address and nothing else: no list of them, no name, no further header. Raises RecipientError.

    Nor an encoded word (RFC 2047), which the standard library would decode into any of these.
    """
    match = _ADDRESS.fullmatch(recipient)
    if match is None or not recipient.isprintable() or ENCODED_WORD in recipient:
        raise RecipientError(f"not an address that mail can be sent to: {recipient[:300]!r}")
    return Address(username=match["username"], domain=match["domain"])
