"""A setting that makes no sense is refused at the start, by its name, and never by a password in it."""

from __future__ import annotations

import os
from collections.abc import Callable

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy.engine import URL

from config import Settings, SettingsError
from webapp.cli import cli
from webapp.demonstration.show import environment_of


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://soundings:s3cr%2Fet@db.example.org:5432/soundings",
        "postgresql+psycopg://soundings@/soundings?host=/run/postgresql",
    ],
)
def test_a_database_may_be_reached_by_a_network_or_a_socket(url: str) -> None:
    assert Settings.from_environment({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "postgres://soundings:s3cret@db/soundings",
        "sqlite:///soundings.db",
        "db.example.org",
        "postgresql://soundings:s3cret/more@db/soundings",
        "postgresql://db:5432s3cret/soundings",
        "postgresql://soundings:[s3cret]@db/soundings",
        "postgresql://soundings:s3cret[@db/soundings",
        "postgresql://soundings:s3cret\u2100@db/soundings",
        "postgresql://soundings:more@s3cret@db/soundings",
    ],
)
def test_a_database_that_cannot_be_is_refused_without_its_password(url: str) -> None:
    answer = CliRunner().invoke(cli, ["migrate"], env={"DATABASE_URL": url})
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: DATABASE_URL must be like postgresql://")
    assert "s3cret" not in answer.output


@pytest.mark.parametrize("command", ["migrate", "serve", "worker"])
def test_a_database_that_does_not_answer_is_told_in_a_line(closed_port: int, command: str) -> None:
    """And neither is a server begun, which would begin its processes again for ever."""
    url = f"postgresql://soundings:s3cret@127.0.0.1:{closed_port}/soundings"
    answer = CliRunner().invoke(cli, [command], env={"DATABASE_URL": url, "SOUNDINGS_SECRET_KEY": "x" * 32})
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: the database could not be reached, or refused: connection failed")
    assert "s3cret" not in answer.output


def test_a_database_that_cannot_keep_every_character_is_refused(server_url: URL) -> None:
    name = f"test_ascii_{os.getpid()}"
    with psycopg.connect(server_url.set(drivername="postgresql").render_as_string(False), autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0")
        try:
            url = server_url.set(database=name).render_as_string(hide_password=False)
            answer = CliRunner().invoke(cli, ["migrate"], env={"DATABASE_URL": url})
        finally:
            link.execute(f"DROP DATABASE {name}")
    assert answer.output == "Error: the database keeps text as SQL_ASCII: make it again with ENCODING 'UTF8'\n"


def test_a_database_of_a_newer_version_is_left_alone(new_database: Callable[..., str]) -> None:
    url = new_database(template=True)
    with psycopg.connect(url.replace("+psycopg", "")) as link:
        link.execute("UPDATE alembic_version SET version_num = '9999'")
    answer = CliRunner().invoke(cli, ["migrate"], env={"DATABASE_URL": url})
    assert answer.output.startswith("Error: the database is of a newer version than this code: ")
    assert "9999" in answer.output


@pytest.mark.parametrize(
    "url",
    ["soundings.example.org", "https://", "https://example.org/soundings", "https://example.org:port", "https://[x"],
)
def test_a_base_url_is_a_host_and_nothing_after_it(url: str) -> None:
    with pytest.raises(SettingsError, match="SOUNDINGS_BASE_URL"):
        Settings.from_environment({"SOUNDINGS_BASE_URL": url})


@pytest.mark.parametrize("way", ["SOUNDINGS_SMTP_URL", "SOUNDINGS_NOTIFY_KEY"])
def test_emails_that_are_sent_to_people_are_not_shown_to_everybody(way: str) -> None:
    given = {"SOUNDINGS_SHOWS_MAIL": "yes", way: "set"}
    with pytest.raises(SettingsError, match="SOUNDINGS_SHOWS_MAIL"):
        Settings.from_environment(given)
    demonstrated = Settings.from_environment(given | environment_of(Settings.from_environment({})))
    assert (demonstrated.shows_mail, demonstrated.smtp_url, demonstrated.notify_key) == (True, "", "")


def test_a_slash_at_the_end_of_the_base_url_does_no_harm() -> None:
    given = {"SOUNDINGS_BASE_URL": "https://soundings.example.org/"}
    assert Settings.from_environment(given).base_url == "https://soundings.example.org"


@pytest.mark.parametrize("option", ["--processes=0", "--threads=0", "--port=99999"])
def test_a_server_of_nothing_is_not_started(option: str) -> None:
    answer = CliRunner().invoke(cli, ["serve", option])
    assert answer.exit_code == 2
    assert "is not in the range" in answer.output
