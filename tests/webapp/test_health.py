"""Whoever watches the service is told what calls for them, and by the end of the command whether anything does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.cli import cli
from webapp.db import downgrade
from webapp.jobs import defer

AT_WORK = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '20 seconds')"
WELL = [
    "a worker is at work",
    "no jobs have been due for more than 5 minutes",
    "no emails have waited for more than 15 minutes",
    "no jobs are parked",
    "no disposals have failed and are not done",
]


def check(url: str) -> Result:
    return CliRunner().invoke(cli, ["check"], env={"DATABASE_URL": url})


@pytest.fixture
def at_work(session: Session) -> None:
    session.execute(text(AT_WORK))
    session.commit()


def wait(session: Session, task: str, minutes: int, change: str = "scheduled_at = NULL") -> None:
    """A job that has waited so long."""
    defer(session, task, queue="mail" if task == "mail.deliver" else "default")
    session.execute(text("UPDATE procrastinate_events SET at = at - :n * interval '1 minute'"), {"n": minutes})
    session.execute(text(f"UPDATE procrastinate_jobs SET {change}"))  # noqa: S608 - ours
    session.commit()


def wrong(result: Result) -> list[str]:
    return [line.removeprefix("WRONG ") for line in result.output.splitlines() if line.startswith("WRONG ")]


@pytest.mark.usefixtures("at_work")
def test_a_service_that_is_well_says_of_what(session: Session, database_url: str) -> None:
    wait(session, "mail.deliver", 14)
    wait(session, "reminders.send", 0, "status = 'failed', queueing_lock = task_name")
    told = check(database_url)
    assert told.exit_code == 0, told.output
    assert [line.removeprefix("well  ") for line in told.output.splitlines()][1:] == WELL
    assert "the schema is 0" in told.output


def test_a_worker_that_has_fallen_silent_is_missed(session: Session, database_url: str) -> None:
    session.execute(text(AT_WORK.replace("20", "40")))
    session.commit()
    told = check(database_url)
    assert (told.exit_code, wrong(told)) == (1, ["no worker has given a sign lately"])


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    ("task", "minutes", "change", "said"),
    [
        ("analysis.run_part", 6, "attempts = 0", ["1 jobs have been due for more than 5 minutes"]),
        (
            "mail.deliver",
            16,
            "scheduled_at = now() + interval '1 hour'",
            ["1 emails have waited for more than 15 minutes"],
        ),
        ("analysis.run_part", 16, "scheduled_at = now() + interval '1 hour'", []),
        ("mail.deliver", 0, "status = 'failed'", ["1 mail.deliver jobs are parked"]),
    ],
)
def test_what_waits_too_long_or_was_given_up_is_named(
    session: Session, database_url: str, task: str, minutes: int, change: str, said: list[str]
) -> None:
    wait(session, task, minutes, change)
    told = check(database_url)
    assert (told.exit_code, wrong(told)) == (bool(said), said)


def test_another_schema_is_named_and_left_as_it_is(new_database: Callable[..., str]) -> None:
    empty, older = new_database(), new_database(template=True)
    assert wrong(check(empty))[0].startswith("the schema is not there, and this code needs 0")
    downgrade(older, "0052")
    for _ in range(2):
        assert wrong(check(older))[0].startswith("the schema is 0052, and this code needs 0")
