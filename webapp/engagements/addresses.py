"""Where the e-mails about an engagement lead to, from the settings and never from a request's Host."""

from __future__ import annotations

from flask import current_app, url_for

from webapp.engagements.mails import Addresses
from webapp.models import Engagement


def addresses_of(engagement: Engagement) -> Addresses:
    return Addresses(
        base_url=current_app.config["SETTINGS"].base_url,
        engagement=url_for("engagements.show", engagement_id=engagement.id),
        ask_for_link=url_for("accounts.ask_for_link"),
    )
