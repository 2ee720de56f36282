"""OpenID providers on this machine: a real one in a process of its own, and one that says what a test wants."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT_ID, CLIENT_SECRET = "soundings", "a secret of the client"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def real_provider() -> Iterator[str]:
    """The issuer of the provider in the package oidc-provider-mock, which asks nobody for a password."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "--require-nonce"]
    with subprocess.Popen(command, env=os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}) as process:
        try:
            _wait_for(issuer, process)
            yield issuer
        finally:
            process.terminate()


def _wait_for(issuer: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.ConnectionError:
            assert process.poll() is None, "the provider ended"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider did not start")


def sign_in_at(address: str, subject: str, **claims: object) -> str:
    """What somebody does on the provider's own page; returns the address that it leads back to."""
    issuer = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    requests.put(f"{issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@dataclass
class Pliable:
    """A provider whose tokens hold what a test wants. It insists on PKCE and the client's secret, as real ones do."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256"}))
    claims: dict[str, Any] = field(default_factory=dict)
    """Replaces or, where None, leaves out claims of the ID token."""
    user_info: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    issuer: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    """What the last request to sign in said."""
    reads: int = 0
    """Of the discovery document."""
    moved: str = ""
    """The path of what is elsewhere now, as it says when it is asked for."""

    @contextmanager
    def running(self) -> Iterator[str]:
        server = make_server("127.0.0.1", 0, Request.application(self._answer), threaded=True)
        self.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self.issuer
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def sign_in(self, address: str, code: str = "a-code") -> str:
        """The address that somebody who signs in is led back to."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return f"{self.asked['redirect_uri']}?code={code}&state={self.asked['state']}"

    def _answer(self, request: Request) -> Response:
        pages = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": lambda _request: {"keys": [self.key.as_dict(private=False)]},
            "/token": self._token,
            "/about": lambda _request: self.user_info or {},
        }
        if request.full_path == f"{self.moved}?":
            return Response(status=307, headers={"Location": f"{self.moved}?there"})
        said = pages[request.path](request)
        return Response(json.dumps(said), status=400 if "error" in said else 200, mimetype="application/json")

    def _discovery(self, request: Request) -> dict[str, Any]:
        self.reads += 1
        about = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/sign-in",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        if self.user_info is not None:
            about["userinfo_endpoint"] = f"{self.issuer}/about"
        return about | self.metadata

    def _token(self, request: Request) -> dict[str, Any]:
        challenge = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        proved = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == self.asked["code_challenge"]
        known = request.authorization is not None and request.authorization.password == CLIENT_SECRET
        same = request.form["redirect_uri"] == self.asked["redirect_uri"]
        if not (proved and known and same and request.form["code"] == "a-code"):
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            **self.claims,
        }
        held = {name: value for name, value in claims.items() if value is not None}
        signed = self.sign(held) if self.sign else jwt.encode({"alg": "RS256", "kid": "one"}, held, self.key)
        return {"access_token": "for-the-user-info", "token_type": "Bearer", "id_token": signed}
