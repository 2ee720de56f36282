"""Every route, asked by each role of a team and by those outside it: who is not let in learns nothing, not even whether
there is anything. The rules come from the URL map, and who may what from AUDIENCES.

What is asked with POST is let happen, and undone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask, request, url_for
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import factories as make
from tests.contracts.test_routes import ANYONE, AUDIENCES, OFFICER, PROVIDER
from tests.webapp.browser_of_pages import Client, work_of
from tests.world import World
from webapp.db import Database
from webapp.models import MembershipRole, Organisation, Person, Programme, TeamRole
from webapp.programmes.permissions import GRANTS, Permission

Ids = Mapping[str, uuid.UUID | str]

LET_IN = {200, 302, 409, 422}
"""Shown, done, or refused for what was sent rather than for who sent it."""
SENT = {"to": "up", "raised": "yes", "nonce": str(uuid.uuid4())}
SPECIAL_IDS: dict[str, Ids] = {
    endpoint: {"kind": "csv"} for endpoint in ("reading.download", "theme_files.ask", "theme_files.download")
}
CONFLICT = "My brother works for a provider."
LINK = re.compile(r"""\b(href|action)="(/[^"]*)\"""")
NONCE = re.compile(r"nonce(=\"|-)[^\"']+")


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str
    work: tuple[tuple[str, int], ...]
    """What was asked of the database, and how many rows it gave: the time that an answer takes, without its noise."""


class Asker:
    """Somebody signed in, who asks for anything at all."""

    def __init__(self, app: Flask, database: Database, person: Person | None) -> None:
        self._app, self._database, self._client = app, database, Client(app, database)
        if person is not None:
            self._client.sign_in(person)
        page = self._client.get("/" if person else "/sign-in")
        self._token = page.tree.find(".//input[@name='csrf_token']").get("value")
        self._has_acted = False

    def ask(self, method: str, path: str) -> Answer:
        with work_of(self._database) as work:
            if method == "GET":
                response = self._client.ask(method, path)
            else:
                with undone(self._app, self._database):
                    response = self._client.ask(method, path, SENT | {"csrf_token": self._token})
        self._has_acted |= 300 <= response.status_code < 400
        body = NONCE.sub("nonce", response.get_data().decode(errors="replace"))
        return Answer(response.status_code, response.location or "", body, tuple(work))

    def see_messages(self) -> None:
        """Have the message shown that an act has left for the next page, if there may be one."""
        if self._has_acted:
            self._client.get("/")
            self._has_acted = False


class _Passing(Database):
    """A database whose sessions all belong to a transaction of somebody else's, and commit nothing beyond it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def session(self) -> Session:
        return Session(self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@contextmanager
def undone(app: Flask, database: Database) -> Iterator[None]:
    """Whatever the app commits meanwhile is gone afterwards."""
    with database.engine.connect() as connection:
        transaction = connection.begin()
        app.extensions["soundings.database"] = _Passing(connection)
        try:
            yield
        finally:
            app.extensions["soundings.database"] = database
            transaction.rollback()


@pytest.fixture(scope="module")
def team(database: Database, world: World) -> Mapping[TeamRole, Person]:
    """Somebody in each role of the world's programme."""
    with database.session() as session:
        programme = session.get_one(Programme, world.ids["programme_id"])
        people = {role: make.person(session, programme.buyer, MembershipRole.OFFICER) for role in TeamRole}
        for role, person in people.items():
            make.team_member(session, programme.id, person.id, programme.buyer_id, role)
        session.commit()
    return people


@pytest.fixture(scope="module")
def colleague(database: Database, world: World) -> Person:
    """An officer of the same buyer who is not in the programme's team."""
    with database.session() as session:
        buyer = session.get_one(Organisation, session.get_one(Programme, world.ids["programme_id"]).buyer_id)
        person = make.person(session, buyer, MembershipRole.OFFICER)
        session.commit()
    return person


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method of every route that is listed: test_routes sees to it that all are."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())):
            if rule.endpoint in AUDIENCES:
                yield method, rule


def path_of(app: Flask, rule: Rule, ids: Ids) -> str:
    with app.test_request_context():
        known = {**ids, **SPECIAL_IDS.get(rule.endpoint, {})}
        return url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


def missing(ids: Ids) -> Ids:
    """The same with ids that nothing has."""
    return {name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in ids.items()}


def leak(app: Flask, asker: Asker, method: str, rule: Rule, theirs: Ids, nobodys: Ids) -> str | None:
    """How the answer about what is there, but not for the asker, differs from that about what is not there at all."""
    asker.see_messages()
    answer = asker.ask(method, path_of(app, rule, theirs))
    expected = asker.ask(method, path_of(app, rule, nobodys))
    differing = [part.name for part in fields(Answer) if getattr(answer, part.name) != getattr(expected, part.name)]
    if answer.status == 404 and not differing:
        return None
    return f"{method} {rule.endpoint}: {answer.status}, unlike a missing one in {differing}"


def dead_ends(app: Flask, answer: Answer, granted: frozenset[Permission]) -> set[str]:
    """The routes to which a page has links and forms although they are not for its reader."""
    with app.test_request_context():
        adapter = app.create_url_adapter(request)
    assert adapter is not None
    leads_to: set[str] = set()
    for kind, address in LINK.findall(answer.body):
        path = urlsplit(unescape(address)).path
        method = "POST" if kind == "action" else "GET"
        if path and adapter.test(path, method):
            leads_to.add(adapter.match(path, method)[0])
    needed = {endpoint: AUDIENCES.get(endpoint) for endpoint in leads_to}
    return {endpoint for endpoint, each in needed.items() if isinstance(each, Permission) and each not in granted}


@pytest.mark.parametrize("role", TeamRole)
def test_a_role_is_let_in_where_its_permission_says_so_and_nowhere_else(
    app: Flask, database: Database, world: World, team: Mapping[TeamRole, Person], role: TeamRole
) -> None:
    asker, nobodys = Asker(app, database, team[role]), missing(world.ids)
    wrong: list[str | None] = []
    for method, rule in routes(app):
        needed = AUDIENCES[rule.endpoint]
        if not isinstance(needed, Permission):
            continue
        if needed not in GRANTS[role]:
            wrong.append(leak(app, asker, method, rule, world.ids, nobodys))
            continue
        answer = asker.ask(method, path_of(app, rule, world.ids))
        if answer.status not in LET_IN or answer.location.startswith("/sign-in"):
            wrong.append(f"{method} {rule.endpoint}: kept out with {answer.status}")
        wrong += [f"{rule.endpoint} leads to {dead_end}" for dead_end in dead_ends(app, answer, GRANTS[role])]
        if CONFLICT in answer.body and Permission.LEAD not in GRANTS[role]:
            wrong.append(f"{method} {rule.endpoint}: tells of a conflict of interest")
    assert [each for each in wrong if each] == []


def test_an_officer_outside_the_team_learns_nothing(
    app: Flask, database: Database, world: World, colleague: Person
) -> None:
    for outsider in (colleague, world.other_officer, world.other_provider):
        asker, nobodys = Asker(app, database, outsider), missing(world.ids)
        leaks = [
            leak(app, asker, method, rule, world.ids, nobodys)
            for method, rule in routes(app)
            if isinstance(AUDIENCES[rule.endpoint], Permission)
        ]
        assert [each for each in leaks if each] == [], outsider.name


def test_what_belongs_to_another_provider_or_person_answers_as_if_missing(
    app: Flask, database: Database, world: World
) -> None:
    """All but the address of a published engagement, which is for everybody."""
    asker, public = Asker(app, database, world.other_provider), {"engagement_id": world.ids["engagement_id"]}
    nobodys = {**missing(world.ids), **public}
    private = {name for name in world.ids if world.ids[name] != nobodys[name]}
    leaks = [
        leak(app, asker, method, rule, world.ids, nobodys)
        for method, rule in routes(app)
        if AUDIENCES[rule.endpoint] not in (ANYONE, OFFICER) and rule.arguments & private
    ]
    assert [each for each in leaks if each] == []


def test_nothing_of_another_programme_is_reached_by_way_of_ones_own(
    app: Flask, database: Database, world: World
) -> None:
    """The address names a programme or engagement that the officer leads, and within it what is of another."""
    asker = Asker(app, database, world.other_officer)
    theirs, nobodys = {**world.ids, **world.other_ids}, {**missing(world.ids), **world.other_ids}
    within = [
        (method, rule)
        for method, rule in routes(app)
        if isinstance(AUDIENCES[rule.endpoint], Permission)
        and any(theirs[name] != nobodys[name] for name in rule.arguments)
        and rule.arguments & world.other_ids.keys()
    ]
    assert len(within) > 40
    leaks = [leak(app, asker, method, rule, theirs, nobodys) for method, rule in within]
    assert [each for each in leaks if each] == []


def test_officers_have_no_page_of_providers(
    app: Flask, database: Database, world: World, team: Mapping[TeamRole, Person]
) -> None:
    for person in team.values():
        asker = Asker(app, database, person)
        for method, rule in routes(app):
            if AUDIENCES[rule.endpoint] is PROVIDER:
                assert asker.ask(method, path_of(app, rule, world.ids)).status == 404, (method, rule.endpoint)


def test_who_has_not_signed_in_is_asked_to(app: Flask, database: Database, world: World) -> None:
    stranger = Asker(app, database, None)
    for method, rule in routes(app):
        if AUDIENCES[rule.endpoint] is not ANYONE:
            answer = stranger.ask(method, path_of(app, rule, world.ids))
            asked = (302, True) if method == "GET" else (403, False)
            assert (answer.status, answer.location.startswith("/sign-in?next=")) == asked, (method, rule.endpoint)


def test_nothing_is_done_for_a_form_without_the_token_of_its_page(app: Flask, database: Database, world: World) -> None:
    """As another site would have a browser send it."""
    browser = Client(app, database)
    browser.sign_in(world.officer)
    for method, rule in routes(app):
        if method != "GET":
            assert browser.ask(method, path_of(app, rule, world.ids), SENT).status_code == 400, (method, rule.endpoint)


def test_what_is_done_in_these_tests_is_undone(
    app: Flask, database: Database, world: World, team: Mapping[TeamRole, Person]
) -> None:
    lead = Asker(app, database, team[TeamRole.LEAD_OFFICER])
    with app.test_request_context():
        removal = url_for("teams.remove", **{name: world.ids[name] for name in ("programme_id", "member_id")})
    assert [lead.ask("POST", removal).status for _ in range(2)] == [302, 302]
