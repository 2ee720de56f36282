"""The app under test, a client that checks every page it is shown, and an open engagement with its officer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from tests import factories as make
from tests import pseudo_locale
from tests.kept import Keeper, WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import World, build
from webapp.app import create_app
from webapp.db import Database
from webapp.models import Engagement, Person


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(secret_key="a secret for tests only, long enough", base_url="http://localhost", shows_mail=True)


@pytest.fixture(scope="session")
def app(settings: Settings, session_database: Database) -> Flask:
    """One for all tests, since compiling the templates takes longer than a test; nobody may change it."""
    return create_app(settings, session_database)


@pytest.fixture
def client(app: Flask, database: Database) -> Iterator[Client]:
    with Client(app, database) as client:
        yield client


@pytest.fixture(scope="session")
def keeper(drawn_ids: Random, request: pytest.FixtureRequest) -> Keeper:
    return Keeper(drawn_ids, request.config.getoption("randomly_seed"))


@pytest.fixture
def world_of(keeper: Keeper, database: Database, settings: Settings) -> WorldOf:
    """As `tests.world.build` builds it, at a tenth of the price."""

    def bring_back(*, lots: int = 2, analysed: bool = True) -> World:
        name = f"world of {lots} lots, {'' if analysed else 'not '}analysed"
        return keeper.bring_back(database, name, lambda: build(database, settings, lots=lots, analysed=analysed))

    return bring_back


@pytest.fixture
def about(session: Session) -> Engagement:
    made = make.engagement(session)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, about: Engagement, client: Client) -> Person:
    """Who leads the engagement, signed in."""
    someone = make.officer(session, about.programme.buyer)
    session.commit()
    client.sign_in(someone)
    return someone


@pytest.fixture
def reader(client: Client, pseudo_translation: Path) -> Iterator[Client]:
    """A browser that asks for the pseudo-translation: tests.pseudo_locale.untranslated says what it missed."""
    with pseudo_locale.pseudo_locale(pseudo_translation):
        client.language = pseudo_locale.CODE
        yield client


@pytest.fixture
def closed_port() -> int:
    """Where nobody listens."""
    with socket.socket() as briefly:
        briefly.bind(("127.0.0.1", 0))
        return int(briefly.getsockname()[1])
