"""What an administrator runs on the server: migrate, serve, worker, and the demonstration."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import wraps

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from webapp import logs
from webapp.accounts.actions import LINK_LIFE, link_address, make_link
from webapp.accounts.personal import addresses, erasing
from webapp.accounts.personal.actions import OfficerError, forget_lost_authenticator, is_on_record
from webapp.accounts.queries import comes_in_first, person_by_email, without_browser
from webapp.accounts.single_sign_on import actions
from webapp.analysis.runs import code_version, library_versions
from webapp.db import Database, UnfitDatabaseError, clock, migrate
from webapp.demonstration import processes as running
from webapp.demonstration import show
from webapp.embedded_postgres import EmbeddedPostgresError
from webapp.health import findings
from webapp.installation import database_url, open_database, running_database_url
from webapp.mail.delivery import transport_for
from webapp.mail.trial import send_trial
from webapp.models import Party, Person, Tier
from webapp.programmes.teams import first_officer
from webapp.programmes.teams.first_officer import ActsForAnotherError, Place, UnknownOrganisationError
from webapp.web.text import disguised_word
from webapp.web.validators import is_email_address

log = logging.getLogger("webapp.cli")  # whose own name is another where it is run

Command = Callable[..., None]
FIRST_LINK_LIFE = timedelta(days=3)
NEW_APP = "/account/authenticator"
AT_LEAST_ONE, PORT = click.IntRange(1), click.IntRange(1, 65_535)


@click.group(help=__doc__)
def cli() -> None:
    logs.configure()


def with_settings_from(read: Callable[[], Settings]) -> Callable[[Command], Command]:
    """Give a command the settings, or say in one line which of them makes no sense."""

    def given(command: Command) -> Command:
        @wraps(command)
        def run(**options: object) -> None:
            try:
                command(read(), **options)
            except (SettingsError, UnfitDatabaseError, EmbeddedPostgresError) as error:
                raise click.ClickException(str(error)) from error
            except DBAPIError as error:
                raise click.ClickException(logs.refusal(error)) from error

        return run

    return given


with_settings = with_settings_from(Settings.from_environment)


@contextmanager
def _transaction(settings: Settings) -> Iterator[Session]:
    """What the block does to the database, all of it or nothing."""
    database = open_database(settings)
    try:
        with database.session() as session:
            yield session
            session.commit()
    finally:
        database.dispose()


@cli.command("migrate", help="Bring the database to the schema that this code needs.")
@with_settings
def migrate_command(settings: Settings) -> None:
    running.end_on_sigterm()
    migrate(database_url(settings))
    click.echo("The database has the schema that this code needs")


@cli.command(help="Name the code that computes, as each analysis does, and the libraries that count to it.")
def version() -> None:
    click.echo(code_version())
    for library, installed in library_versions().items():
        click.echo(f"{library}=={installed}")


@cli.command(help="Say how the service is, and end with 1 where something calls for somebody.")
@with_settings
def check(settings: Settings) -> None:
    url = running_database_url(settings)  # as it is: nothing is started or migrated
    database = Database(url, application_name="soundings-check")
    try:
        with database.session() as session:
            found = [*findings(session)]
    finally:
        database.dispose()
    for finding in found:
        click.echo(f"{'well ' if finding.is_well else 'WRONG'} {finding.says}")
    sys.exit(0 if all(finding.is_well for finding in found) else 1)


@cli.command("send-test-email", help="Send an email at once, by the settings there are, and say what came of it.")
@click.argument("email")
@with_settings
def send_test_email(settings: Settings, email: str) -> None:
    _require_address(email)
    if refusal := send_trial(settings, recipient=email, now=datetime.now(UTC)):
        raise click.ClickException(f"it was not taken: {refusal}")
    click.echo("It was taken. Whether it arrived, its recipient sees")


@cli.command(help="Run queued jobs until told to stop.")
@click.option("--concurrency", default=2, type=AT_LEAST_ONE, show_default=True, help="Jobs at once.")
@with_settings
def worker(settings: Settings, concurrency: int) -> None:
    _become(running.worker_command(concurrency), settings)


@cli.command(help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, type=PORT, show_default=True)
@click.option("--processes", default=2, type=AT_LEAST_ONE, show_default=True)
@click.option("--threads", default=8, type=AT_LEAST_ONE, show_default=True, help="Requests at once in each process.")
@with_settings
def serve(settings: Settings, host: str, port: int, processes: int, threads: int) -> None:
    settings.require_secret()  # or each of its processes would end and be begun again for ever
    transport_for(settings)  # or the worker alone would say, while pages promise emails, that none can leave
    log.info("serve.starting", extra={"host": host, "port": port, "base_url": settings.base_url})
    _become(running.server_command(host=host, port=port, processes=processes, threads=threads), settings)


def _become(command: list[str], settings: Settings) -> None:
    """Run a process of its own beside the database, which this process may have started and then stops.

    The database is brought up first: without it a server would begin its processes again and again, for ever.
    """
    running.end_on_sigterm()  # or the database would be left running by what is told to end before its process is there
    url = database_url(settings)
    migrate(url)
    sys.exit(running.run_to_its_end(command, os.environ | {"DATABASE_URL": url}))


def _require_address(email: str) -> None:
    if not is_email_address(email) or disguised_word(email):
        raise click.ClickException(f"{email} is not an email address")


def _person_at(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise click.ClickException(f"nobody has the address {email}")
    return person


def placed(command: Command) -> Command:
    """Give a command the options that say where an organisation stands, as one `Place` without its name."""

    @click.option("--agent", is_flag=True, help="The organisation procures for others.")
    @click.option("--tier", type=click.Choice([tier.value for tier in Tier]), help="Where a buyer stands.")
    @click.option("--part-of", default="", help="The organisation that it is part of.")
    @click.option("--acts-for", multiple=True, help="A buyer that the agent procures for; may be given more than once.")
    @wraps(command)
    def run(
        *, agent: bool, tier: str | None, part_of: str, acts_for: tuple[str, ...], organisation: str, **options: object
    ) -> None:
        party = Party.PROCURING_AGENT if agent else Party.BUYER
        wanted = Place(organisation, party, Tier(tier) if tier else None, part_of, acts_for)
        try:
            command(wanted=wanted, **options)
        except UnknownOrganisationError as error:
            raise click.ClickException(
                f"there is no buyer or agent called {error}. Record it first, with add-organisation or add-officer"
            ) from error

    return run


@cli.command("add-organisation", help="Record a buyer or agent without an officer of its own.")
@click.argument("organisation")
@placed
@with_settings
def add_organisation(settings: Settings, wanted: Place) -> None:
    with _transaction(settings) as session:
        first_officer.place(session, wanted)
    click.echo(f"{wanted.name} is recorded")


@cli.command("add-officer", help="Let an officer in, and print the link that signs them in for the first time.")
@click.argument("email")
@click.option("--name", required=True, help="The officer's name.")
@click.option("--organisation", required=True, help="The buyer or agent they work for; made if it is not there.")
@placed
@with_settings
def add_officer(settings: Settings, email: str, name: str, wanted: Place) -> None:
    _require_address(email)
    with _transaction(settings) as session:
        was_recorded = first_officer.is_recorded(session, wanted.name)
        try:
            person = first_officer.add_officer(
                session, organisation=first_officer.place(session, wanted), name=name, email=email
            )
        except ActsForAnotherError as error:
            raise click.ClickException(f"{email} acts for another organisation") from error
        token = make_link(session, person=person, destination=None, life=FIRST_LINK_LIFE, now=clock(session))
    if not was_recorded:  # where the name is a slip, the officer would not find their programmes
        click.echo(f"{wanted.name} is recorded, as a new organisation")
    click.echo(
        f"{name} can sign in once, within {FIRST_LINK_LIFE.days} days, with\n{link_address(settings.base_url, token)}"
    )


@cli.command("lost-phone", help="Forget somebody's authenticator app, and print a link to set up another.")
@click.argument("email")
@with_settings
def lost_phone(settings: Settings, email: str) -> None:
    with _transaction(settings) as session:
        person = _person_at(session, email)
        forget_lost_authenticator(session, person=person)
        now = clock(session)
        token = make_link(session, person=person, destination=NEW_APP, life=LINK_LIFE, now=now, second_factor=True)
        name = person.name
    click.echo(f"{name} can sign in once, within an hour, with\n{link_address(settings.base_url, token)}")


@cli.command("change-email", help="Give an account another email address at once, and tell the one it had.")
@click.argument("email")
@click.argument("new")
@click.option("--yes", is_flag=True, help="Do not ask whether it is them.")
@with_settings
def change_email(settings: Settings, email: str, new: str, yes: bool) -> None:
    _require_address(new)
    with _transaction(settings) as session:
        person = _person_at(session, email)
        if not yes:
            _confirm(session, person, f"Give the account of {{}} the address {new}, at once?")
        was_never_theirs = comes_in_first(session, person.id) and is_on_record(without_browser(session, person.id))
        try:
            addresses.change_for(session, person=person, email=new, base_url=settings.base_url)
        except addresses.TakenError as error:
            raise click.ClickException(f"an account has the address {new} already") from error
        if was_never_theirs:  # so a link to the new one still lets an officer set up the first app
            person.former_emails = []
        name = person.name
    click.echo(f"{name} has the address {new} now, and signs in anew")


@cli.command("erase-account", help="Erase the account of a provider's person, as its own page does.")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether it is them.")
@with_settings
def erase_account(settings: Settings, email: str, yes: bool) -> None:
    with _transaction(settings) as session:
        person = _person_at(session, email)
        if not yes:
            _confirm(session, person, "Erase the account of {}, at once and for good?")
        try:
            erasing.erase_for(session, person=person, now=clock(session))
        except OfficerError as error:
            raise click.ClickException(f"{email} acts for a buyer or agent, whose record keeps the name") from error
        except erasing.LastSignatoryError as error:
            raise click.ClickException(
                f"{email} is the only signatory of a response to an engagement that is open. "
                "The organisation makes a colleague a signatory or withdraws it first"
            ) from error
    click.echo("The account is erased")


def _confirm(session: Session, person: Person, question: str) -> None:
    """`question` has {} where it names the person, with its organisations."""
    places = sorted(member.organisation.name for member in person.memberships)
    asked = question.replace("{}", f"{person.name} ({', '.join(places) or 'no organisation'})")
    session.rollback()  # or the database would end a transaction that waits for somebody to answer
    click.confirm(asked, abort=True)


@cli.command("single-sign-on", help="Let the officers of a buyer or procuring agent in through the OpenID provider.")
@click.argument("organisation")
@click.option("--forbid", is_flag=True, help="Let them in that way no more.")
@with_settings
def single_sign_on(settings: Settings, organisation: str, forbid: bool) -> None:
    if not settings.single_sign_on:
        raise click.ClickException("SOUNDINGS_OIDC_ISSUER is not set")
    change = actions.forbid if forbid else actions.allow
    try:
        with _transaction(settings) as session:
            change(session, name=organisation, issuer=settings.oidc_issuer)
    except actions.OrganisationError as error:
        raise click.ClickException(f"no one buyer or procuring agent is called {organisation!r}") from error
    can = "can no longer" if forbid else "can now"
    click.echo(f"Officers of {organisation} {can} sign in through {settings.oidc_issuer}")


@cli.command(help="Set up the North West programme, analyse its responses and serve the pages, all on this machine.")
@click.option("--port", default=8000, type=PORT, show_default=True)
@with_settings_from(show.settings_given)
def demo(settings: Settings, port: int) -> None:
    try:
        show.run(settings, port=port, say=click.echo)
    except running.DemonstrationError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    cli()
