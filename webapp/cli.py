"""What an administrator runs on the server: migrate, serve, worker, and the demonstration."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps

import click

from config import Settings, SettingsError
from webapp.db import migrate
from webapp.demonstration import processes as running
from webapp.demonstration import show
from webapp.installation import database_url

Command = Callable[..., None]


@click.group(help=__doc__)
def cli() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for library in ("procrastinate", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)


def with_settings(command: Command) -> Command:
    """Give a command the settings, or say in one line which of them makes no sense."""

    @wraps(command)
    def run(**options: object) -> None:
        try:
            settings = Settings.from_environment()
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
        command(settings, **options)

    return run


@cli.command("migrate", help="Bring the database to the schema that this code needs.")
@with_settings
def migrate_command(settings: Settings) -> None:
    migrate(database_url(settings))


@cli.command(help="Run queued jobs until told to stop.")
@click.option("--concurrency", default=2, show_default=True, help="Jobs at once.")
@with_settings
def worker(settings: Settings, concurrency: int) -> None:
    _become(running.worker_command(concurrency), settings)


@cli.command(help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--threads", default=8, show_default=True, help="Requests at once in each process.")
@with_settings
def serve(settings: Settings, host: str, port: int, processes: int, threads: int) -> None:
    _become(running.server_command(host=host, port=port, processes=processes, threads=threads), settings)


def _become(command: list[str], settings: Settings) -> None:
    """Run a process of its own beside the database, which this process may have started and then stops."""
    environment = os.environ | {"DATABASE_URL": database_url(settings)}
    sys.exit(subprocess.run(command, env=environment).returncode)  # noqa: S603 - ours


@cli.command(help="Set up the North West programme, analyse its responses and serve the pages, all on this machine.")
@click.option("--port", default=8000, show_default=True)
@with_settings
def demo(settings: Settings, port: int) -> None:
    try:
        show.run(settings, port=port, say=click.echo)
    except running.DemonstrationError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    cli()
