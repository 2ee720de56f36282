"""A request's session: given back whatever became of its connection."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from webapp.db import Database
from webapp.web.request import db_session, register_database


def test_a_connection_lost_after_the_page_was_made_does_not_spoil_the_page(database: Database) -> None:
    app = Flask(__name__)
    register_database(app, database)

    @app.get("/")
    def page() -> str:
        pid = db_session().scalar(text("SELECT pg_backend_pid()"))
        with database.session() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        return str(pid)

    browser = app.test_client()
    first, second = browser.get("/"), browser.get("/")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text != second.text
    assert database.engine.pool.checkedout() == 0
