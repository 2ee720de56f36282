"""The log of each process: a line for each event, with the fields that came with it, and nothing that people wrote.

The words of an exception may repeat an answer, an address or a password. They are kept only where the machine or the
code says them.
"""

from __future__ import annotations

import json
import logging
import smtplib
import sys
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType

import psycopg
from jinja2 import TemplateError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

log = logging.getLogger(__name__)

Told = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_OURS = ("webapp", "soundings")
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NOT_OF_VALUES = frozenset({"08", "25", "40", "42", "53", "55", "57", "58"})
"""Classes of SQLSTATE whose messages name connections, limits, locks and parts of the schema, and never a value."""
_OF_THE_MACHINE = (OSError, PoolTimeoutError)
_MAY_REPEAT = smtplib.SMTPException  # although of the machine
_OF_THE_CODE = (AttributeError, ImportError, NameError, TypeError, RuntimeError, TemplateError)
_KNOWN_WORDS = frozenset({"builtins", "jinja2", "webapp", "intelligence"})
"""Whose exceptions of the code may speak: those of another library, as Typst's, may quote what it was given."""


def configure(*filters: Callable[[logging.LogRecord], bool]) -> None:
    """Have this process write its log to standard error: what we say from INFO on, what others warn of, and its end."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    for each in filters:
        handler.addFilter(each)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _log_end


def _log_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.error("ended by a fault", exc_info=(kind, error, trace))


class Lines(logging.Formatter):
    """`time logger level event name=value …`, and below it the steps that led to an exception."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(name)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging names it
        fields = (f"{name}={_shown(value)}" for name, value in vars(record).items() if _is_field(name, value))
        return " ".join((super().formatMessage(record), *fields))

    def formatException(self, ei: Told) -> str:  # noqa: N802 - as logging names it
        parts = (
            "".join(traceback.format_tb(error.__traceback__)) + f"{type(error).__qualname__}{words_of(error)}"
            for error in reversed([*_led_to(ei[1])])
        )
        return "\n".join(parts)


def _is_field(name: str, value: object) -> bool:
    return name not in _OF_EVERY_RECORD and isinstance(value, str | int | float | None)


def _shown(value: object) -> str:
    text = str(value)
    return text if text and text.isprintable() and " " not in text else json.dumps(text)


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def refusal(error: DBAPIError) -> str:
    """In one line, for whom a command is run by, why the database did not do it."""
    return f"the database could not be reached, or refused{words_of(error.orig or error)}"


def words_of(error: BaseException) -> str:
    """What may be told of an exception beyond its kind, after a colon."""
    if isinstance(error, psycopg.Error):
        return _words_of_database(error)
    if isinstance(error, _OF_THE_MACHINE):
        told = not isinstance(error, _MAY_REPEAT)
    else:
        told = isinstance(error, _OF_THE_CODE) and type(error).__module__.partition(".")[0] in _KNOWN_WORDS
    return f": {error}" if told else ""


def _words_of_database(error: psycopg.Error) -> str:
    if error.sqlstate is None:
        return f": {error}" if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else ""
    if error.sqlstate[:2] in _NOT_OF_VALUES:
        return f": {error.diag.message_primary}"
    about = (error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    return f": {' '.join((error.sqlstate, *filter(None, about)))}"
