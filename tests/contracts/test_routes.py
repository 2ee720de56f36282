"""Every route, with who may open it. A route that is not listed here, or is open to others, fails."""

from __future__ import annotations

from flask import Flask

from webapp.web.access import Audience, audience_of

ANYONE, SIGNED_IN, PROVIDER, OFFICER = Audience.ANYONE, Audience.SIGNED_IN, Audience.PROVIDER, Audience.OFFICER
ACCOUNT_HOLDER = Audience.ACCOUNT_HOLDER

AUDIENCES = {
    "accounts.ask_for_link": ANYONE,
    "accounts.link_asked": ANYONE,
    "accounts.second_factor": SIGNED_IN,
    "accounts.sent_mail": ANYONE,
    "accounts.set_up_second_factor": SIGNED_IN,
    "accounts.sign_in": ANYONE,
    "accounts.sign_out": ANYONE,
    "accounts.use_link": ANYONE,
    "analysis.assumptions": OFFICER,
    "analysis.lot": OFFICER,
    "analysis.progress": OFFICER,
    "analysis.report": OFFICER,
    "analysis.request_run": OFFICER,
    "analysis.retry": OFFICER,
    "analysis.schedule": OFFICER,
    "analysis.show": OFFICER,
    "analysis.themes": OFFICER,
    "clarifications.answer": OFFICER,
    "clarifications.ask": PROVIDER,
    "clarifications.show": PROVIDER,
    "documents.download": ANYONE,
    "documents.index": OFFICER,
    "documents.remove": OFFICER,
    "documents.replace": OFFICER,
    "engagements.calendar": ANYONE,
    "engagements.extend": OFFICER,
    "engagements.index": ANYONE,
    "engagements.invite": OFFICER,
    "engagements.manage": OFFICER,
    "engagements.questionnaire": ANYONE,
    "engagements.send_again": OFFICER,
    "engagements.show": ANYONE,
    "organisations.confirm_registration": ANYONE,
    "organisations.edit": PROVIDER,
    "organisations.invite": PROVIDER,
    "organisations.join": ANYONE,
    "organisations.leave": PROVIDER,
    "organisations.member": PROVIDER,
    "organisations.register": ANYONE,
    "organisations.registration_sent": ANYONE,
    "organisations.remove": PROVIDER,
    "organisations.show": PROVIDER,
    "organisations.withdraw_invitation": PROVIDER,
    "languages.choose": ANYONE,
    "personal.authenticator": ACCOUNT_HOLDER,
    "personal.confirm": ACCOUNT_HOLDER,
    "personal.data": ACCOUNT_HOLDER,
    "personal.download": ACCOUNT_HOLDER,
    "personal.index": ACCOUNT_HOLDER,
    "personal.password": ACCOUNT_HOLDER,
    "personal.remove_authenticator": ACCOUNT_HOLDER,
    "personal.sign_out_everywhere": ACCOUNT_HOLDER,
    "programmes.index": OFFICER,
    "programmes.show": OFFICER,
    "reminders.stop": ANYONE,
    "responses.ask_signatories": PROVIDER,
    "responses.autosave": PROVIDER,
    "responses.begin": PROVIDER,
    "responses.check": PROVIDER,
    "responses.confirm_withdrawal": PROVIDER,
    "responses.copy": PROVIDER,
    "responses.index": PROVIDER,
    "responses.read": OFFICER,
    "responses.read_copy": OFFICER,
    "responses.receipt": PROVIDER,
    "responses.save_section": PROVIDER,
    "responses.section": PROVIDER,
    "responses.show": PROVIDER,
    "responses.start": PROVIDER,
    "responses.submit": PROVIDER,
    "responses.withdraw": PROVIDER,
    "statements.accessibility": ANYONE,
    "statements.privacy": ANYONE,
}


def test_every_route_is_listed_with_its_audience(app: Flask) -> None:
    assert {
        rule.endpoint: audience_of(app, rule.endpoint) for rule in app.url_map.iter_rules() if rule.endpoint != "static"
    } == AUDIENCES
