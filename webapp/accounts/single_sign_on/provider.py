"""An OpenID provider, as its client sees it: the code flow of OpenID Connect Core with PKCE (RFC 7636)."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

SECONDS = 10.0
KEPT_SECONDS = (
    3600.0  # what discovery said; its keys are asked for at each sign-in, since they may be replaced any time
)
LEEWAY = 60  # seconds that its clock may be off
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]  # public keys
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
USER_INFO = "userinfo_endpoint"  # which not every provider has

# What says that more than one factor was given: RFC 8176, OpenID Connect EAP ACR Values, REFEDS, and PAPE.
MULTI_FACTOR_METHODS = frozenset({"mfa"})
MULTI_FACTOR_CLASSES = frozenset(
    {
        "phr",
        "phrh",
        "https://refeds.org/profile/mfa",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    }
)


class ProviderError(Exception):
    """The provider was not reached, or what it said does not hold."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, which the browser's cookie holds until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))

    def is_of(self, state: str) -> bool:
        return hmac.compare_digest(self.state.encode(), state.encode())


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who the provider says has come."""

    issuer: str
    subject: str
    email: str | None
    """Only if the provider has verified it."""
    multi_factor: bool


@dataclass
class Provider:
    """`now` is any clock that only goes forward, in seconds."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    now: Callable[[], float] = time.monotonic
    _metadata: dict[str, Any] = field(default_factory=dict, repr=False)
    _read_at: float = 0.0

    def address(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ProviderError."""
        endpoint = self._discovered()["authorization_endpoint"]
        with self._session() as session:
            address, _state = session.create_authorization_url(
                endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(address)

    def arrival(self, code: str, attempt: Attempt, *, now: datetime) -> Arrival:
        """Exchange the code that the browser brought back. Raises ProviderError."""
        metadata = self._discovered()
        try:
            with self._session() as session:
                token = session.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    allow_redirects=False,
                )
                claims = self._validated(token, attempt, now)
                about = claims if "email" in claims else {**self._user_info(session, claims["sub"]), **claims}
        except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError) as error:
            raise ProviderError(type(error).__name__) from error
        return self._arrival(about)

    def _arrival(self, claims: dict[str, Any]) -> Arrival:
        email = claims.get("email")
        verified = claims.get("email_verified") is True and isinstance(email, str)
        methods = claims.get("amr") or ()
        multi_factor = not MULTI_FACTOR_METHODS.isdisjoint(methods) or claims.get("acr") in MULTI_FACTOR_CLASSES
        return Arrival(self.issuer, str(claims["sub"]), email if verified else None, multi_factor)

    def _validated(self, token: dict[str, Any], attempt: Attempt, now: datetime) -> dict[str, Any]:
        """The claims of the ID token, whose signature, issuer, audience, times, nonce and access token hold."""
        keys = KeySet.import_key_set({"keys": self._read(self._metadata["jwks_uri"])["keys"]})
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS, registry=registry)
        expected = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": attempt.nonce},
        }
        known = {"nonce": attempt.nonce, "client_id": self.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, expected, known)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        return dict(claims)

    def _user_info(self, session: OAuth2Session, subject: str) -> dict[str, Any]:
        """What the provider says beside the ID token, where it puts no address into that."""
        endpoint = self._metadata.get(USER_INFO)
        if not endpoint:
            return {}
        answer = session.get(endpoint, allow_redirects=False)
        answer.raise_for_status()
        about = answer.json()
        if about["sub"] != subject:
            raise ValueError("about somebody else")
        return {name: about[name] for name in ("email", "email_verified") if name in about}

    def _discovered(self) -> dict[str, Any]:
        if not self._metadata or self.now() - self._read_at > KEPT_SECONDS:
            metadata = self._read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            needed = ENDPOINTS + ((USER_INFO,) if metadata.get(USER_INFO) else ())
            if metadata.get("issuer") != self.issuer or not all(self._is_safe(metadata.get(name)) for name in needed):
                raise ProviderError("discovery does not fit the issuer")
            self._metadata, self._read_at = metadata, self.now()
        return self._metadata

    def _is_safe(self, address: object) -> bool:
        """Whether what is sent there is hidden on its way, but for a provider on this machine."""
        return isinstance(address, str) and address.startswith(("https://", f"{self.issuer.rstrip('/')}/"))

    def _read(self, address: str) -> dict[str, Any]:
        try:
            with self._session() as session:
                answer = session.get(address, withhold_token=True, allow_redirects=False)
            answer.raise_for_status()
            return dict(answer.json())
        except (AuthlibBaseError, RequestException, ValueError, TypeError) as error:
            raise ProviderError(type(error).__name__) from error

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=SECONDS,
        )
