"""Every route, with who may open it. A route that is not listed here, or is open to others, fails."""

from __future__ import annotations

from flask import Flask

from webapp.web.access import Audience, audience_of

ANYONE, SIGNED_IN, PROVIDER, OFFICER = Audience.ANYONE, Audience.SIGNED_IN, Audience.PROVIDER, Audience.OFFICER

AUDIENCES = {
    "accounts.ask_for_link": ANYONE,
}


def test_every_route_is_listed_with_its_audience(app: Flask) -> None:
    assert {
        rule.endpoint: audience_of(app, rule.endpoint) for rule in app.url_map.iter_rules() if rule.endpoint != "static"
    } == AUDIENCES
