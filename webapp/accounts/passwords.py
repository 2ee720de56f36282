"""Passwords: which are good enough, and their hashes."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.language import _, ngettext

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 6
SHORTEST_NAME = 3  # shorter names stand in too many innocent words

# What people type when 12 characters are asked for; compared in lower case, without anything but letters and digits.
_COMMON = """
abcdefghijkl abcdef123456 abc123abc123 administrator admin1234567 adminadminadmin changeme1234 changemechangeme
correcthorsebatterystaple defaultpassword iloveyou1234 letmein12345 letmeinletmein liverpoolfc1 manchester123
manchesterunited mypassword12 mypassword123 newpassword1 newpassword123 p4ssw0rd1234 passw0rd1234 password1234
password12345 password123456 passwordpassword procurement1 procurement123 qwerty123456 qwertyqwerty qwertyuiop12
qwertyuiop123 soundings1234 soundingssoundings summer202600 sunshine1234 temporary123 thisismypassword
trustno1trustno1 welcome12345 welcomewelcome whatever1234 1q2w3e4r5t6y 1qaz2wsx3edc 123456789012 1234567890123
123456123456 012345678901 0987654321098 987654321098 111122223333
"""
COMMON = frozenset(_COMMON.split())

# The second of the parameter sets that OWASP recommends: 19 MiB, which a small web server has for each of its threads.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class WeakPasswordError(ValueError):
    """The password is refused; the message says why."""


def refuse_weak(password: str, *, email: str) -> None:
    """Raise WeakPasswordError unless the password is long, uncommon and not made of the person's own address."""
    if len(password) < SHORTEST:
        raise WeakPasswordError(
            ngettext(
                "Password must be %(num)s character or more", "Password must be %(num)s characters or more", SHORTEST
            )
        )
    if len(password) > LONGEST:
        raise WeakPasswordError(
            ngettext(
                "Password must be %(num)s character or fewer", "Password must be %(num)s characters or fewer", LONGEST
            )
        )
    bare = _bare(password)
    if bare in COMMON or len(set(password)) < FEWEST_DIFFERENT:
        raise WeakPasswordError(_("Password must not be a common one that others can guess"))
    name = _bare(email.partition("@")[0])
    if len(name) >= SHORTEST_NAME and name in bare:
        raise WeakPasswordError(_("Password must not contain the name in your email address"))


def hashed(password: str) -> str:
    return _HASHER.hash(_canonical(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the right password. Without a hash to compare it does the same work, and says no."""
    try:
        right = _HASHER.verify(password_hash or _NOBODYS, _canonical(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than ours are now."""
    return _HASHER.check_needs_rehash(password_hash)


def _canonical(password: str) -> str:
    """The same password typed on another keyboard may come as other code points."""
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


_NOBODYS = hashed(secrets.token_urlsafe())
