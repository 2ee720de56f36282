"""Settings, from the environment only. Nothing else in the project reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

SHORTEST_SECRET = 32


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
        return cls(
            secret_key=environment.get("SOUNDINGS_SECRET_KEY", ""),
            base_url=_base_url(environment),
            database_url=_database_url(environment),
            data_folder=Path(environment.get("SOUNDINGS_DATA", "var")).absolute(),
            smtp_url=environment.get("SOUNDINGS_SMTP_URL", ""),
            mail_from=environment.get("SOUNDINGS_MAIL_FROM", "Soundings <no-reply@localhost>"),
            notify_key=environment.get("SOUNDINGS_NOTIFY_KEY", ""),
            notify_template_id=environment.get("SOUNDINGS_NOTIFY_TEMPLATE_ID", ""),
            proxies=_proxies(environment),
            shows_mail=_shows_mail(environment),
            oidc_issuer=_issuer(environment),
            oidc_client_id=environment.get("SOUNDINGS_OIDC_CLIENT_ID", ""),
            oidc_client_secret=environment.get("SOUNDINGS_OIDC_CLIENT_SECRET", ""),
            oidc_name=environment.get("SOUNDINGS_OIDC_NAME", ""),
        )


def _base_url(environment: Mapping[str, str]) -> str:
    given = environment.get("SOUNDINGS_BASE_URL", "http://localhost:8000").rstrip("/")
    if not given.startswith(("http://", "https://")):
        raise SettingsError("SOUNDINGS_BASE_URL must begin with http:// or https://")
    parts = parts_of(given)
    if parts is None or not parts.hostname or given.partition("://")[2] != parts.netloc:
        raise SettingsError(
            "SOUNDINGS_BASE_URL must be a host and nothing after it, like https://soundings.example.org"
        )
    return given


def _database_url(environment: Mapping[str, str]) -> str:
    """Its words are never repeated: they hold a password."""
    given = environment.get("DATABASE_URL", "")
    parts = parts_of(given)
    if given and (parts is None or parts.scheme not in {"postgresql", "postgresql+psycopg"}):
        raise SettingsError(
            "DATABASE_URL must be like postgresql://user:password@host:5432/database, "
            "with %2F for a / in the password, %40 for an @ and so on"
        )
    return given


def _shows_mail(environment: Mapping[str, str]) -> bool:
    shown = environment.get("SOUNDINGS_SHOWS_MAIL", "") == "yes"
    if shown and (environment.get("SOUNDINGS_SMTP_URL") or environment.get("SOUNDINGS_NOTIFY_KEY")):
        raise SettingsError("SOUNDINGS_SHOWS_MAIL is for demonstrations, which send no emails: unset it")
    return shown


def _issuer(environment: Mapping[str, str]) -> str:
    issuer = environment.get("SOUNDINGS_OIDC_ISSUER", "")
    if issuer and not issuer.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
        raise SettingsError("SOUNDINGS_OIDC_ISSUER must begin with https://")
    if issuer and not (environment.get("SOUNDINGS_OIDC_CLIENT_ID") and environment.get("SOUNDINGS_OIDC_CLIENT_SECRET")):
        raise SettingsError("SOUNDINGS_OIDC_ISSUER needs SOUNDINGS_OIDC_CLIENT_ID and SOUNDINGS_OIDC_CLIENT_SECRET")
    return issuer


def _proxies(environment: Mapping[str, str]) -> int:
    given = environment.get("SOUNDINGS_PROXIES", "0")
    if not (given.isascii() and given.isdigit()):
        raise SettingsError("SOUNDINGS_PROXIES must be a whole number: how many proxies a request comes through")
    return int(given)
