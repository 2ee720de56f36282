"""The log says what happened, with its fields, and repeats nothing that somebody wrote."""

from __future__ import annotations

import logging
import smtplib
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typst import TypstError

from webapp import logs
from webapp.db import Database
from webapp.logs import Lines
from webapp.models import Person

SECRET = "We cannot recruit nurses at this price"


def line(error: BaseException | None = None, **fields: object) -> str:
    told = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("webapp.x", logging.INFO, __file__, 1, "sign-in refused", (), told)
    vars(record).update(fields)
    return Lines().format(record)


def raised(act: Callable[[], object]) -> BaseException:
    try:
        act()
    except Exception:
        error = sys.exception()
        assert error is not None
        return error
    raise AssertionError("nothing was raised")


def test_a_line_ends_in_the_fields_of_its_event_and_cannot_be_made_two() -> None:
    told = line(method="single sign-on", reason="not allowed\nroot INFO forged", person_id="7f", job={"args": SECRET})
    assert told.endswith(
        r'INFO sign-in refused method="single sign-on" reason="not allowed\nroot INFO forged" person_id=7f'
    )


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"not a number: {SECRET}"),
        KeyError(SECRET),
        smtplib.SMTPRecipientsRefused({SECRET: (550, b"unknown")}),
        TypstError(SECRET),
    ],
    ids=["a value", "a key", "a recipient", "a library's RuntimeError"],
)
def test_words_that_may_repeat_what_was_written_are_left_out(error: Exception) -> None:
    told = line(error)
    assert SECRET not in told
    assert told.endswith(f"\n{type(error).__qualname__}")


def test_the_words_of_the_machine_are_kept_with_the_steps_that_led_there() -> None:
    def connect() -> None:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise ConnectionRefusedError("port 5432 refused") from error

    told = line(raised(connect))
    assert told.endswith("\nConnectionRefusedError: port 5432 refused")
    assert "\nValueError\n" in told
    assert "in connect" in told
    assert SECRET not in told


def test_what_ends_a_process_is_told_like_any_other_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    logs.configure()
    error = raised(lambda: int(SECRET))
    sys.excepthook(type(error), error, error.__traceback__)
    [record] = caplog.records
    record.exc_text = None  # as the test's own handler wrote it
    told = Lines().format(record)
    assert "webapp.logs ERROR ended by a fault\n" in told
    assert told.endswith("\nValueError")
    assert SECRET not in told


@pytest.mark.parametrize(
    ("statement", "ends"),
    [
        ("SELECT CAST(:typed AS integer)", "InvalidTextRepresentation: 22P02"),
        ("CREATE TEMPORARY TABLE t (a text CONSTRAINT short CHECK (a = '')); ", "CheckViolation: 23514 t short"),
        ("SELECT pg_sleep(1) WHERE :typed > ''", "QueryCanceled: canceling statement due to statement timeout"),
    ],
)
def test_a_database_says_what_it_refused_and_not_with_which_value(
    database: Database, statement: str, ends: str
) -> None:
    def ask() -> None:
        with database.session() as session:
            if statement.startswith("CREATE"):
                session.execute(text(statement))
                session.execute(text("INSERT INTO t VALUES (:typed)"), {"typed": SECRET})
            session.execute(text("SET LOCAL statement_timeout = 20"))
            session.execute(text(statement), {"typed": SECRET})

    error = raised(ask)
    assert isinstance(error, DBAPIError)
    told = line(error)
    assert SECRET not in told
    assert f"\n{ends}\n" in told


def test_a_session_that_a_refusal_ended_does_not_repeat_it(database: Database) -> None:
    def ask() -> None:
        with database.session() as session:
            session.add(Person(name="n" * 201, email=SECRET))
            with suppress(DBAPIError):
                session.flush()
            session.execute(text("SELECT 1"))

    told = line(raised(ask))
    assert told.endswith("\nPendingRollbackError")
    assert SECRET not in told
