"""An email of no consequence, by which whoever sets the service up sees whether emails leave."""

from __future__ import annotations

import uuid
from datetime import datetime
from http.client import HTTPException

from config import Settings, SettingsError
from webapp.mail.delivery import transport_for
from webapp.mail.smtp import told_before_the_message
from webapp.mail.transports import Kept, NotTakenError, RefusedError
from webapp.models import MailMessage


def send_trial(settings: Settings, *, recipient: str, now: datetime) -> str:
    """At once, past the queue, and nothing is kept of it. Returns why it was not taken, or nothing where it was.

    Raises SettingsError.
    """
    transport = transport_for(settings)
    if isinstance(transport, Kept):
        raise SettingsError("no email is sent: neither SOUNDINGS_SMTP_URL nor SOUNDINGS_NOTIFY_KEY is set")
    body = f"Whoever looks after the service at {settings.base_url} sent this to see whether emails leave it.\n"
    message = MailMessage(
        id=uuid.uuid4(), recipient=recipient, subject="A test from Soundings", body=body, created_at=now
    )
    try:
        transport.deliver(message)
    except (RefusedError, NotTakenError) as error:
        return f"{error.code} {error.reason}".strip()
    except (OSError, HTTPException, UnicodeError) as error:  # the last of a host that cannot be one
        return told_before_the_message(error) or type(error).__name__
    return ""
