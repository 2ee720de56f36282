"""Settings, from the environment only. Nothing else in the project reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

SHORTEST_SECRET = 32
NAMES = (
    "DATABASE_URL",
    "SOUNDINGS_BASE_URL",
    "SOUNDINGS_DATA",
    "SOUNDINGS_MAIL_FROM",
    "SOUNDINGS_NOTIFY_KEY",
    "SOUNDINGS_NOTIFY_TEMPLATE_ID",
    "SOUNDINGS_OIDC_CLIENT_ID",
    "SOUNDINGS_OIDC_CLIENT_SECRET",
    "SOUNDINGS_OIDC_ISSUER",
    "SOUNDINGS_OIDC_NAME",
    "SOUNDINGS_PROXIES",
    "SOUNDINGS_SECRET_KEY",
    "SOUNDINGS_SHOWS_MAIL",
    "SOUNDINGS_SMTP_URL",
)
_OF_CONTAINERS = re.compile(
    r"SOUNDINGS_(?:\w+_)?"
    r"(?:SERVICE_HOST=|SERVICE_PORT(?:_\w+)?=|PORT(?:_\d+_(?:TCP|UDP|SCTP))?=(?:tcp|udp|sctp)://|"
    r"PORT_\d+_(?:TCP|UDP|SCTP)_(?:ADDR|PORT|PROTO)=|NAME=/|ENV_\w+=)"
)
"""What Kubernetes, and links of Docker, set in each container where another is called "soundings"."""
_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?$")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsError(ValueError):
    """A setting is missing or makes no sense; the message names it."""


def parts_of(address: str) -> SplitResult | None:
    """None where it cannot be an address, as with a "/", "@" or "[" in a password that is not written %2F and so on."""
    try:
        parts = urlsplit(address)
        possible = parts.port != 0 and parts.netloc.count("@") < 2
    except ValueError:  # its words repeat the address
        return None
    return parts if possible else None


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs.

    `secret_key` signs cookies and must be set wherever pages are served.
    `database_url` empty means the embedded PostgreSQL in `data_folder`. E-mails go through the mail server at
    `smtp_url`, or through GOV.UK Notify with `notify_key` and a template of two fields, subject and body. With neither
    they are kept in the database and not sent; `shows_mail` lets anyone read them on a page, for demonstrations.
    Officers may come in through the OpenID provider `oidc_issuer`, which the sign-in page calls `oidc_name`.
    `proxies` stand one behind the other before the web processes; each adds whom it was asked by.
    """

    secret_key: str = field(repr=False)
    base_url: str
    database_url: str = field(default="", repr=False)
    data_folder: Path = Path("var")
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "Soundings <no-reply@localhost>"
    notify_key: str = field(default="", repr=False)
    notify_template_id: str = ""
    notify_url: str = "https://api.notifications.service.gov.uk"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = ""
    proxies: int = 0
    shows_mail: bool = False
    analysis_draws: int = 10_000
    schedule_seconds: float = 10.0

    @property
    def single_sign_on(self) -> bool:
        """Whether officers may sign in through an OpenID provider."""
        return bool(self.oidc_issuer)

    @property
    def secure(self) -> bool:
        """Whether pages are served over HTTPS."""
        return self.base_url.startswith("https://")

    def require_secret(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET:
            raise SettingsError(f"SOUNDINGS_SECRET_KEY must be set, to at least {SHORTEST_SECRET} characters")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        given = _given(environment)
        settings = cls(
            secret_key=given["SOUNDINGS_SECRET_KEY"],
            base_url=_base_url(given),
            database_url=_database_url(given),
            data_folder=Path(given["SOUNDINGS_DATA"] or "var").absolute(),
            smtp_url=given["SOUNDINGS_SMTP_URL"],
            mail_from=given["SOUNDINGS_MAIL_FROM"] or "Soundings <no-reply@localhost>",
            notify_key=given["SOUNDINGS_NOTIFY_KEY"],
            notify_template_id=given["SOUNDINGS_NOTIFY_TEMPLATE_ID"],
            proxies=_proxies(given),
            shows_mail=_shows_mail(given),
            oidc_issuer=_issuer(given),
            oidc_client_id=given["SOUNDINGS_OIDC_CLIENT_ID"],
            oidc_client_secret=given["SOUNDINGS_OIDC_CLIENT_SECRET"],
            oidc_name=given["SOUNDINGS_OIDC_NAME"],
        )
        _refuse_half_a_service(given, settings)
        return settings


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """What each setting was given, without the spaces and ends of lines that come with it from a file."""
    short = {name.removeprefix("SOUNDINGS_"): name for name in NAMES}
    for name in sorted(environment):
        is_ours = name.startswith("SOUNDINGS_") and not _OF_CONTAINERS.match(f"{name}={environment[name]}")
        if is_ours and name not in NAMES:
            meant = get_close_matches(name.removeprefix("SOUNDINGS_"), short, n=1)
            raise SettingsError(f"{name} is no setting" + (f": {short[meant[0]]} may be meant" if meant else ""))
    given = {name: environment.get(name, "").strip() for name in NAMES}
    for name, value in given.items():
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            raise SettingsError(f"the quotes around {name} have become part of it: leave them out where it is set")
    return given


def _base_url(given: Mapping[str, str]) -> str:
    address = (given["SOUNDINGS_BASE_URL"] or "http://localhost:8000").lower().rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise SettingsError("SOUNDINGS_BASE_URL must begin with https://")
    parts = parts_of(address)
    if (
        parts is None
        or not parts.hostname
        or address.partition("://")[2] != parts.netloc
        or not _HOST.match(parts.netloc)
    ):
        raise SettingsError(
            "SOUNDINGS_BASE_URL must be a host and nothing after it, like https://soundings.example.org"
        )
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise SettingsError("SOUNDINGS_BASE_URL must begin with https://: http:// is for http://localhost alone")
    return address.removesuffix(":443" if parts.scheme == "https" else ":80")  # as browsers name it


def _database_url(given: Mapping[str, str]) -> str:
    """Its words are never repeated: they hold a password."""
    address = given["DATABASE_URL"]
    parts = parts_of(address)
    if address and (parts is None or parts.scheme not in {"postgresql", "postgresql+psycopg"}):
        raise SettingsError(
            "DATABASE_URL must be like postgresql://user:password@host:5432/database, "
            "with %2F for a / in the password, %40 for an @ and so on"
        )
    return address


def _shows_mail(given: Mapping[str, str]) -> bool:
    shown = given["SOUNDINGS_SHOWS_MAIL"]
    if shown not in ("", "yes", "no"):
        raise SettingsError("SOUNDINGS_SHOWS_MAIL must be yes or no")
    if shown == "yes" and (given["SOUNDINGS_SMTP_URL"] or given["SOUNDINGS_NOTIFY_KEY"]):
        raise SettingsError("SOUNDINGS_SHOWS_MAIL is for demonstrations, which send no emails: unset it")
    return shown == "yes"


def _issuer(given: Mapping[str, str]) -> str:
    issuer = given["SOUNDINGS_OIDC_ISSUER"]
    if issuer and not issuer.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
        raise SettingsError("SOUNDINGS_OIDC_ISSUER must begin with https://")
    if issuer and not (given["SOUNDINGS_OIDC_CLIENT_ID"] and given["SOUNDINGS_OIDC_CLIENT_SECRET"]):
        raise SettingsError("SOUNDINGS_OIDC_ISSUER needs SOUNDINGS_OIDC_CLIENT_ID and SOUNDINGS_OIDC_CLIENT_SECRET")
    for name in ("SOUNDINGS_OIDC_CLIENT_ID", "SOUNDINGS_OIDC_CLIENT_SECRET", "SOUNDINGS_OIDC_NAME"):
        if given[name] and not issuer:
            raise SettingsError(f"{name} needs SOUNDINGS_OIDC_ISSUER")
    return issuer


def _proxies(given: Mapping[str, str]) -> int:
    number = given["SOUNDINGS_PROXIES"] or "0"
    if not (number.isascii() and number.isdigit()):
        raise SettingsError("SOUNDINGS_PROXIES must be a whole number: how many proxies a request comes through")
    return int(number)


def _refuse_half_a_service(given: Mapping[str, str], settings: Settings) -> None:
    """What is missing where people are served, and would harm them before anybody noticed."""
    sends = settings.smtp_url or settings.notify_key
    if sends and not given["SOUNDINGS_BASE_URL"]:
        raise SettingsError("SOUNDINGS_BASE_URL must be set where emails are sent: the links in them begin with it")
    if settings.smtp_url and not given["SOUNDINGS_MAIL_FROM"]:
        raise SettingsError("SOUNDINGS_MAIL_FROM must be set beside SOUNDINGS_SMTP_URL: it is whom emails come from")
    if not settings.secure:
        return
    where = "where SOUNDINGS_BASE_URL begins with https://"
    if not settings.database_url and not given["SOUNDINGS_DATA"]:
        raise SettingsError(
            f"DATABASE_URL must be set {where}: the embedded database is for trying things out. "
            "Set SOUNDINGS_DATA, its folder, if it is meant"
        )
    if not given["SOUNDINGS_PROXIES"]:
        raise SettingsError(
            f"SOUNDINGS_PROXIES must be set {where}: how many proxies a request comes through, such as 1. "
            "Otherwise all people would seem to come from one address, and one of them could lock all of them out"
        )
    if not sends and not settings.shows_mail:
        raise SettingsError(
            f"SOUNDINGS_SMTP_URL, or SOUNDINGS_NOTIFY_KEY and its template, must be set {where}: nobody would get an "
            "email. A demonstration has SOUNDINGS_SHOWS_MAIL=yes instead"
        )
