"""A setting that makes no sense is refused at the start, by its name, and never by a password in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy.engine import URL

from config import NAMES, Settings, SettingsError
from webapp import installation
from webapp.cli import cli
from webapp.demonstration import show


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
    [
        "soundings.example.org",
        "https://",
        "https://example.org/soundings",
        "https://example.org:port",
        "https://[x",
        "https://ann:s3cret@example.org",
        "https://example org",
        "https://…",
    ],
)
def test_a_base_url_is_a_host_and_nothing_after_it(url: str) -> None:
    with pytest.raises(SettingsError, match="SOUNDINGS_BASE_URL"):
        Settings.from_environment({"SOUNDINGS_BASE_URL": url})


@pytest.mark.parametrize("way", ["SOUNDINGS_SMTP_URL", "SOUNDINGS_NOTIFY_KEY"])
def test_emails_that_are_sent_to_people_are_not_shown_to_everybody(way: str) -> None:
    given = {"SOUNDINGS_SHOWS_MAIL": "yes", way: "set"}
    with pytest.raises(SettingsError, match="SOUNDINGS_SHOWS_MAIL"):
        Settings.from_environment(given)
    demonstrated = Settings.from_environment(given | show.environment_of(Settings.from_environment({})))
    assert (demonstrated.shows_mail, demonstrated.smtp_url, demonstrated.notify_key) == (True, "", "")


@pytest.mark.parametrize(
    "given",
    [
        {"SOUNDINGS_SMTP_URL": "smtp://localhost"},
        {"SOUNDINGS_SMTP_URL": "'mail'", "SOUNDINGS_SHOWS_MAIL": "Yes", "SOUNDINGS_NOTIFY_KEY": "key"},
        {"SOUNDINGS_BASE_URL": "http://devbox:8000"},
        {"SOUNDINGS_BASE_URL": "https://soundings.example.org"},
    ],
)
def test_the_demonstration_is_not_kept_from_starting_by_what_it_sets_itself(
    given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Settings] = []
    monkeypatch.setattr(show, "run", lambda settings, **_: begun.append(settings))
    answer = CliRunner().invoke(cli, ["demo"], env=given | {"SOUNDINGS_DATA": str(tmp_path)})
    assert (answer.exit_code, answer.output) == (0, "")
    [settings] = begun
    assert settings.data_folder == tmp_path
    assert (settings.smtp_url, settings.notify_key) == ("", "")
    its_own = Settings.from_environment(given | show.environment_of(replace(settings, base_url="http://localhost:1")))
    assert its_own.shows_mail, "so its processes start too"


def test_the_demonstration_says_which_of_the_other_settings_makes_no_sense() -> None:
    answer = CliRunner().invoke(cli, ["demo"], env={"SOUNDINGS_DATABASE_URL": "x"})
    assert answer.output == "Error: SOUNDINGS_DATABASE_URL is no setting: DATABASE_URL may be meant\n"


SERVICE = {
    "DATABASE_URL": "postgresql://soundings:s3cret@db/soundings",
    "SOUNDINGS_BASE_URL": "https://soundings.example.org",
    "SOUNDINGS_PROXIES": "1",
    "SOUNDINGS_SMTP_URL": "smtp+starttls://ann:s3cret@mail.example.org",
    "SOUNDINGS_MAIL_FROM": "Soundings <soundings@example.org>",
}


@pytest.mark.parametrize("typed", ["/", ":443", " \r\n", ":443/ "])
def test_what_ends_the_base_url_does_no_harm(typed: str) -> None:
    for address in ("https://soundings.example.org", "HTTPS://Soundings.Example.org"):
        settings = Settings.from_environment(SERVICE | {"SOUNDINGS_BASE_URL": f"{address}{typed}"})
        assert settings.base_url == "https://soundings.example.org", "as browsers name it"


@pytest.mark.parametrize(
    "url", ["http://soundings.example.org", "http://10.1.2.3:8000", "http://localhost.example.org"]
)
def test_people_are_served_over_https(url: str) -> None:
    with pytest.raises(SettingsError, match="SOUNDINGS_BASE_URL must begin with https://"):
        Settings.from_environment(SERVICE | {"SOUNDINGS_BASE_URL": url})


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_this_machine_does_without_https(url: str) -> None:
    assert Settings.from_environment({"SOUNDINGS_BASE_URL": url}).base_url == url


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("DATABASE_URL", "DATABASE_URL must be set where SOUNDINGS_BASE_URL begins with https://"),
        ("SOUNDINGS_PROXIES", "SOUNDINGS_PROXIES must be set where"),
        ("SOUNDINGS_SMTP_URL", "SOUNDINGS_SMTP_URL, or SOUNDINGS_NOTIFY_KEY and its template, must be set where"),
        ("SOUNDINGS_MAIL_FROM", "SOUNDINGS_MAIL_FROM must be set beside SOUNDINGS_SMTP_URL"),
        ("SOUNDINGS_BASE_URL", "SOUNDINGS_BASE_URL must be set where emails are sent"),
    ],
)
@pytest.mark.parametrize("left", [None, "", " "])
def test_what_a_service_needs_is_missed_at_its_start(name: str, says: str, left: str | None) -> None:
    given = {each: value for each, value in SERVICE.items() if each != name}
    with pytest.raises(SettingsError, match=f"^{says}"):
        Settings.from_environment(given if left is None else given | {name: left})


def test_a_service_says_so_where_it_does_without() -> None:
    said = {
        "SOUNDINGS_BASE_URL": "https://demonstration.example.org",
        "SOUNDINGS_DATA": "/srv/demonstration",
        "SOUNDINGS_PROXIES": "0",
        "SOUNDINGS_SHOWS_MAIL": "yes",
    }
    settings = Settings.from_environment(said)
    assert (settings.database_url, settings.proxies, settings.shows_mail) == ("", 0, True)
    notified = {"SOUNDINGS_SMTP_URL": "", "SOUNDINGS_MAIL_FROM": "", "SOUNDINGS_NOTIFY_KEY": "key"}
    assert Settings.from_environment(SERVICE | notified).notify_key == "key"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SOUNDINGS_SMTP_URI", "SOUNDINGS_SMTP_URL"),
        ("SOUNDINGS_DATABASE_URL", "DATABASE_URL"),
        ("SOUNDINGS_MAILFROM", "SOUNDINGS_MAIL_FROM"),
        ("SOUNDINGS_SECRET", "SOUNDINGS_SECRET_KEY"),
        ("SOUNDINGS_COLOUR", ""),
        ("SOUNDINGS_PORT", ""),
        ("SOUNDINGS_SMTP_PORT", "SOUNDINGS_SMTP_URL"),
        ("SOUNDINGS_SMTP_SERVICE_URL", "SOUNDINGS_SMTP_URL"),
        ("SOUNDINGS_OIDC_SERVICE", "SOUNDINGS_OIDC_ISSUER"),
        ("SOUNDINGS_NAME", "SOUNDINGS_OIDC_NAME"),
    ],
)
def test_a_misspelt_setting_is_not_passed_over(name: str, meant: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(SERVICE | {name: "s3cret"})
    assert str(raised.value) == f"{name} is no setting" + (f": {meant} may be meant" if meant else "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOUNDINGS_SERVICE_HOST", "10.0.0.11"),
        ("SOUNDINGS_SERVICE_PORT_HTTP", "8000"),
        ("SOUNDINGS_PORT", "tcp://10.0.0.11:8000"),
        ("SOUNDINGS_PORT_8000_TCP", "tcp://10.0.0.11:8000"),
        ("SOUNDINGS_PORT_8000_TCP_ADDR", "10.0.0.11"),
        ("SOUNDINGS_WEB_SERVICE_PORT", "8000"),
        ("SOUNDINGS_WEB_PORT", "tcp://10.0.0.11:8000"),
        ("SOUNDINGS_NAME", "/web/soundings"),
        ("SOUNDINGS_ENV_PATH", "/usr/bin"),
    ],
)
def test_what_kubernetes_or_docker_sets_is_no_misspelling(name: str, value: str) -> None:
    assert Settings.from_environment(SERVICE | {name: value}) == Settings.from_environment(SERVICE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_that_a_file_left_around_a_value_are_named(name: str, quote: str) -> None:
    """As those do that `docker --env-file` reads; a password in them must not be repeated."""
    with pytest.raises(SettingsError, match=f"quotes around {name} have become part of it"):
        Settings.from_environment(SERVICE | {name: f"{quote}s3cret{quote}"})


def test_what_surrounds_a_value_is_no_part_of_it() -> None:
    typed = {name: f" {value}\r\n" for name, value in SERVICE.items()}
    assert Settings.from_environment(typed) == Settings.from_environment(SERVICE)


@pytest.mark.parametrize("shown", ["Yes", "true", "1"])
def test_showing_emails_is_yes_or_no(shown: str) -> None:
    with pytest.raises(SettingsError, match="SOUNDINGS_SHOWS_MAIL must be yes or no"):
        Settings.from_environment({"SOUNDINGS_SHOWS_MAIL": shown})
    assert not Settings.from_environment({"SOUNDINGS_SHOWS_MAIL": "no"}).shows_mail


def test_every_setting_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs/how-to/run-the-service.md").read_text(encoding="utf-8")
    table = [line for line in manual.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`((?:SOUNDINGS|DATABASE)_[A-Z_]+)`", " ".join(line.split("|")[1] for line in table))) == {
        *NAMES
    }


def test_whoever_runs_a_command_without_the_settings_is_told_which_database_it_works_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who is let in there would never be found in the other."""

    class Server:
        def __init__(self, folder: Path) -> None:
            assert folder == tmp_path / "postgres"

        def start(self) -> str:
            return "postgresql:///embedded"

        def stop(self) -> None: ...

    monkeypatch.setattr(installation, "EmbeddedPostgres", Server)
    given = {"SOUNDINGS_DATA": str(tmp_path)}
    assert installation.database_url(Settings.from_environment(given)) == "postgresql:///embedded"
    [told] = caplog.records
    assert (told.levelname, told.message) == ("WARNING", "embedded database used, DATABASE_URL is not set")
    assert vars(told)["folder"] == str(tmp_path)
    caplog.clear()
    assert installation.database_url(Settings.from_environment(SERVICE)) == SERVICE["DATABASE_URL"]
    assert not caplog.records


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"SOUNDINGS_NOTIFY_KEY": "key"}, "not both"),
        ({"SOUNDINGS_SMTP_URL": "mail.example.org"}, "SOUNDINGS_SMTP_URL must be like"),
    ],
)
def test_a_server_is_not_started_where_its_emails_could_not_leave(settings: dict[str, str], says: str) -> None:
    """Only the worker sends them, whose end nobody may see while pages are served."""
    answer = CliRunner().invoke(cli, ["serve"], env=SERVICE | {"SOUNDINGS_SECRET_KEY": "x" * 32} | settings)
    assert answer.exit_code == 1
    assert says in answer.output


@pytest.mark.parametrize("option", ["--processes=0", "--threads=0", "--port=99999"])
def test_a_server_of_nothing_is_not_started(option: str) -> None:
    answer = CliRunner().invoke(cli, ["serve", option])
    assert answer.exit_code == 2
    assert "is not in the range" in answer.output
