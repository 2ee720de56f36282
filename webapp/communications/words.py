"""The channels of a plan in words."""

from __future__ import annotations

from webapp.models import Channel

CHANNELS = {
    Channel.NOTICE: "Published notice",
    Channel.EMAIL: "Email",
    Channel.WEB: "Web page",
    Channel.MEETING: "Meeting",
    Channel.WEBINAR: "Webinar",
    Channel.TELEPHONE: "Telephone",
    Channel.OTHER: "Something else",
}
