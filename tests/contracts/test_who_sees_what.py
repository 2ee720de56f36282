"""Every page, opened by those whom it is for: within its statements, and without writing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from werkzeug.routing import Rule

from config import Settings
from tests.webapp.browser_of_pages import Client, Page
from tests.world import World
from webapp.app import create_app
from webapp.db import Database
from webapp.models import DraftRemark, Person, RemarkKind, Response
from webapp.web.access import Audience, audience_of
from webapp.web.request import db_session

STATEMENTS = {
    Audience.ANYONE: 8,
    Audience.SIGNED_IN: 8,
    Audience.ACCOUNT_HOLDER: 8,
    Audience.PROVIDER: 8,
    Audience.OFFICER: 15,
}
STATEMENTS_OF = {"personal.download": 25}  # from everything there is about a person, and one that counts the fetching
MAY_REDIRECT = {
    "accounts.second_factor",
    "accounts.set_up_second_factor",
    "disposal.agree",
    "disposal.ask",
    "disposal.stop",
    "notices.as_release",
    "personal.remove_authenticator",
    "responses.begin",
    "responses.section",
    "theme_replies.write",
    "theme_signing.unsign",
}
READS = ("SELECT", "SHOW", "WITH RECURSIVE")
COUNTS = "INSERT INTO THROTTLE "  # how often one person has fetched a file that is made anew
NOT_HERE = {"single_sign_on.come_back", "single_sign_on.go"}  # without an OpenID provider there is no such page


def readable(app: Flask) -> Iterator[Rule]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def path_of(app: Flask, rule: Rule, ids: dict[str, uuid.UUID | str]) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: ids[name] for name in rule.arguments})


def look(client: Client, person: Person | None, path: str) -> Page:
    """The page as this person gets it, whatever its status."""
    client.sign_out()
    if person is not None:
        client.sign_in(person)
    return client.look(path)


def own_people(world: World, audience: Audience) -> Person | None:
    return {
        Audience.ANYONE: None,
        Audience.SIGNED_IN: world.officer,
        Audience.ACCOUNT_HOLDER: world.provider,
        Audience.PROVIDER: world.provider,
        Audience.OFFICER: world.officer,
    }[audience]


def test_each_page_opens_for_its_audience_within_its_statements_and_writes_nothing(
    app: Flask, client: Client, world: World
) -> None:
    for rule in readable(app):
        audience = audience_of(app, rule.endpoint)
        assert audience is not None
        page = look(client, own_people(world, audience), path_of(app, rule, world.ids))
        allowed = {404} if rule.endpoint in NOT_HERE else {200, 302} if rule.endpoint in MAY_REDIRECT else {200}
        assert page.status in allowed, f"{rule.endpoint}: {page.status}"
        allowed_statements = STATEMENTS_OF.get(rule.endpoint, STATEMENTS[audience])
        assert len(page.statements) <= allowed_statements, f"{rule.endpoint}: {len(page.statements)} statements"
        is_fetched = getattr(app.view_functions[rule.endpoint], "is_fetched", False)
        harmless = (*READS, COUNTS) if is_fetched else READS
        writes = [line for line in page.statements if not line.lstrip().upper().startswith(harmless)]
        assert not writes, f"{rule.endpoint} writes: {writes}"


def test_no_officer_reads_what_colleagues_say_about_their_draft(
    app: Flask, client: Client, world: World, database: Database
) -> None:
    said = "Please check the staffing for Haverigg"
    with database.session() as session:
        response = session.get_one(Response, world.ids["response_id"])
        session.add(
            DraftRemark(response_id=response.id, kind=RemarkKind.SENT_BACK, text=said, written_by=response.started_by)
        )
        session.commit()
    assert said in look(client, world.provider, f"/responses/{response.id}").text
    for rule in readable(app):
        if audience_of(app, rule.endpoint) is Audience.OFFICER:
            page = look(client, world.officer, path_of(app, rule, world.ids))
            assert said.encode() not in page.response.data, rule.endpoint


def test_an_officer_without_the_second_factor_reads_nothing(app: Flask, client: Client, world: World) -> None:
    for rule in readable(app):
        if audience_of(app, rule.endpoint) is Audience.OFFICER:
            client.sign_out()
            client.sign_in(world.officer, second_factor=False)
            page = client.look(path_of(app, rule, world.ids))
            assert page.status == 302, rule.endpoint
            assert page.location.startswith("/sign-in/code"), rule.endpoint


def test_a_write_in_a_get_is_refused_by_the_database(settings: Settings, database: Database) -> None:
    def writing() -> str:
        db_session().execute(text("UPDATE person SET name = name"))
        return ""

    app = create_app(settings, database)
    app.add_url_rule("/writing", view_func=writing)
    app.testing = True
    with pytest.raises(InternalError, match="read-only transaction"):
        Client(app, database).look("/writing")
