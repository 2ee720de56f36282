"""The two ceremonies of Web Authentication, level 3: making a passkey, and showing one.

What the browser sends is JSON as PublicKeyCredential.toJSON() writes it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

SERVICE = "Soundings"
TIMEOUT = 5 * 60 * 1000  # milliseconds; after it the challenge is of no use either


class RefusedError(Exception):
    """What the browser sent proves nothing."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom passkeys are made for. None of ours works at another address, whatever page asks for it."""

    id: str
    origin: str

    @classmethod
    def at(cls, base_url: str) -> RelyingParty:
        parts = urlsplit(base_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}".lower())


@dataclass(frozen=True, slots=True)
class Made:
    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Shown:
    sign_count: int
    user_verified: bool
    """Whether the authenticator asked for a finger, a face or a PIN: it is then two factors."""


def options_to_make(
    party: RelyingParty, *, person_id: uuid.UUID, email: str, name: str, held: Sequence[bytes], challenge: bytes
) -> str:
    """JSON for navigator.credentials.create(): a passkey that is found without an address, not one `held` already."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=SERVICE,
        user_id=person_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential_id) for credential_id in held],
    )
    return options_to_json(options)


def options_to_show(party: RelyingParty, *, challenge: bytes) -> str:
    """JSON for navigator.credentials.get(). It names no passkey, so that it tells nothing of who has one."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=TIMEOUT,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


def made(party: RelyingParty, credential: str, *, challenge: bytes) -> Made:
    """Raises RefusedError."""
    try:
        verified = verify_registration_response(
            credential=_an_object(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
    except (WebAuthnException, ValueError) as error:
        raise RefusedError(str(error)) from error
    return Made(verified.credential_id, verified.credential_public_key, verified.sign_count)


def whose(credential: str) -> tuple[bytes, bytes | None]:
    """What the browser says of itself: the id of its passkey and of the person. Raises RefusedError."""
    try:
        parsed = parse_authentication_credential_json(_an_object(credential))
    except (WebAuthnException, ValueError) as error:
        raise RefusedError(str(error)) from error
    return parsed.raw_id, parsed.response.user_handle


def shown(party: RelyingParty, credential: str, *, challenge: bytes, public_key: bytes) -> Shown:
    """Raises RefusedError. The signature is good then; whether the count went on is for the caller to see."""
    try:
        verified = verify_authentication_response(
            credential=_an_object(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
    except (WebAuthnException, ValueError) as error:
        raise RefusedError(str(error)) from error
    return Shown(verified.new_sign_count, verified.user_verified)


def _an_object(credential: str) -> str:
    """The library reads a JSON object; other JSON makes it stumble."""
    if not isinstance(json.loads(credential), dict):
        raise RefusedError("not an object")
    return credential
