import time

import pytest

from webapp.accounts import passwords
from webapp.accounts.passwords import WeakPasswordError, hashed, is_outdated, matches, refuse_weak

EMAIL = "priya.shah@example.org"


@pytest.mark.parametrize(
    "password", ["seventeen grey herons", "Tr4in-to-Wigan", "пароль для закупок", "🦩🦩🦩 ten birds"]
)
def test_a_long_uncommon_password_is_taken(password: str) -> None:
    refuse_weak(password, email=EMAIL)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("eleven char", "12 characters or more"),
        ("x" * 201, "200 characters or fewer"),
        ("Password1234", "common"),
        ("pass-word 1234", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("abababababab", "common"),
        ("Priya.Shah at work", "name in your email"),
        ("my name is PRIYASHAH", "name in your email"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError, match=reason):
        refuse_weak(password, email=EMAIL)


def test_a_short_name_in_the_address_does_not_forbid_words_that_hold_it() -> None:
    refuse_weak("calling the alps", email="al@example.org")


def test_every_common_password_is_long_enough_to_be_tried() -> None:
    """Shorter ones would never be reached."""
    assert [password for password in passwords.COMMON if len(password) < passwords.SHORTEST - 1] == []


def test_only_the_password_itself_matches_its_hash() -> None:
    kept = hashed("seventeen grey herons")
    assert kept.startswith("$argon2id$")
    assert matches(kept, "seventeen grey herons")
    assert not matches(kept, "seventeen grey heron")
    assert not matches(kept, "")


def test_one_password_typed_in_two_unicode_forms_is_one_password() -> None:
    assert matches(hashed("caf\u00e9 on the corner"), "cafe\u0301 on the corner")


def test_without_a_hash_nothing_matches() -> None:
    assert not matches(None, "seventeen grey herons")
    assert not matches("not a hash", "seventeen grey herons")


def test_an_unknown_person_costs_as_much_work_as_a_known_one() -> None:
    kept = hashed("seventeen grey herons")

    def work(password_hash: str | None) -> float:
        began = time.thread_time()
        matches(password_hash, "a wrong password")
        return time.thread_time() - began

    known, unknown = (min(work(password_hash) for _ in range(5)) for password_hash in (kept, None))
    assert 0.5 < unknown / known < 2


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    assert is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$tGrKvbxBSCE")
    assert not is_outdated(hashed("seventeen grey herons"))
