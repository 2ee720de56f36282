"""An authenticator in software, for ceremonies that no browser would carry out as the test wants them."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One passkey; `origin` is that of the page which the browser believes it shows."""

    origin: str = "http://localhost"
    party: str = "localhost"
    verifies: bool = True
    count: int = 0
    user_handle: bytes | None = None
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any], **said: Any) -> str:
        """What navigator.credentials.create() gives; `said` replaces parts of the client's data."""
        numbers = self.key.public_key().public_numbers()
        public_key = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        attested = secrets.token_bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(HAS_KEY) + attested + public_key
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client({"type": "webauthn.create", "challenge": options["challenge"], **said})
        return self._credential({"clientDataJSON": encoded(client), "attestationObject": encoded(attestation)})

    def show(self, options: dict[str, Any], **said: Any) -> str:
        """What navigator.credentials.get() gives."""
        client = self._client({"type": "webauthn.get", "challenge": options["challenge"], **said})
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
        }
        if self.user_handle is not None:
            answer["userHandle"] = encoded(self.user_handle)
        return self._credential(answer)

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, said: dict[str, Any]) -> bytes:
        return json.dumps({"origin": self.origin, "crossOrigin": False, **said}).encode()

    def _credential(self, response: dict[str, str]) -> str:
        name = encoded(self.credential_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
