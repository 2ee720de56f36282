"""Mail through GOV.UK Notify, by its REST interface for sending an email.

The template that it names has two fields: the subject ((subject)) and the message ((body)).
See https://docs.notifications.service.gov.uk/rest-api.html.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from config import SettingsError
from webapp.mail.addresses import address_of
from webapp.mail.transports import SECONDS, NotTakenError, RefusedError, body_to_keep
from webapp.models import MailMessage

PATH = "/v2/notifications/email"
CREATED = 201
TRY_AGAIN = frozenset({408, 429})  # too slow, too many; all other replies from 400 to 499 are about the message or key
MOST_REPLY = 65_536
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY = re.compile(rf"(?:.*-)?(?P<service>{_UUID})-(?P<secret>{_UUID})")


@dataclass(frozen=True, slots=True)
class Notify:
    """`now` is the time of day in seconds; Notify allows it to be half a minute off."""

    service_id: str
    secret: str = field(repr=False)
    template_id: str
    url: str
    seconds: float = SECONDS
    now: Callable[[], float] = time.time

    @classmethod
    def from_key(cls, key: str, *, template_id: str, url: str) -> Notify:
        match = _KEY.fullmatch(key)
        if match is None:
            raise SettingsError("SOUNDINGS_NOTIFY_KEY must be an API key of GOV.UK Notify, which ends in two UUIDs")
        if not re.fullmatch(_UUID, template_id):
            raise SettingsError("SOUNDINGS_NOTIFY_TEMPLATE_ID must be the UUID of the template to send with")
        return cls(service_id=match["service"], secret=match["secret"], template_id=template_id, url=url)

    def deliver(self, message: MailMessage) -> str:
        content = {
            "email_address": str(address_of(message.recipient)),
            "template_id": self.template_id,
            "personalisation": {"subject": message.subject, "body": message.body},
            "reference": str(message.id),
        }
        status, reply = self._post(json.dumps(content).encode())
        if 400 <= status < 500 and status not in TRY_AGAIN:
            raise RefusedError(status, _reason(reply))
        if status != CREATED:
            raise NotTakenError(status)
        return body_to_keep(message)

    def _post(self, content: bytes) -> tuple[int, bytes]:
        """One request without redirects or proxies: the key goes to nobody else."""
        connection = self._connection()
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        try:
            connection.request("POST", PATH, content, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_REPLY)
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            trusted = ssl.create_default_context()
            return HTTPSConnection(host, parts.port, timeout=self.seconds, context=trusted)
        return HTTPConnection(host, parts.port, timeout=self.seconds)

    def token(self) -> str:
        """A JSON Web Token (RFC 7519) that says who asks and when, signed with HMAC-SHA256."""
        claims = {"iss": self.service_id, "iat": int(self.now())}
        signed = b".".join(_encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        signature = hmac.digest(self.secret.encode(), signed, hashlib.sha256)
        return (signed + b"." + _encoded(signature)).decode()


def _encoded(octets: bytes) -> bytes:
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


def _reason(reply: bytes) -> str:
    """What Notify says is wrong, as far as it says it in its own form."""
    try:
        errors: Any = json.loads(reply)["errors"]
        return "; ".join(f"{error['error']}: {error['message']}" for error in errors)
    except (ValueError, KeyError, TypeError):
        return reply.decode("utf-8", "replace")
