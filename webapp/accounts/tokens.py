"""Secrets that a browser or a mail carries, and what we keep of them."""

import hashlib
import secrets


def new_token() -> str:
    """32 random bytes, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """All that is stored of a token: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
