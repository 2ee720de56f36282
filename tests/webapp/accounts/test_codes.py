from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pyotp
import pytest

from webapp.accounts.codes import in_groups, matching_step, new_secret, qr_code, setting_up_address

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2027, 3, 1, 9, 30, 15, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def code_at(offset: int) -> str:
    return pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=30 * offset))


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_the_codes_of_this_half_minute_and_its_neighbours_count(offset: int) -> None:
    assert matching_step(SECRET, code_at(offset), now=NOW, after=None) == STEP + offset


@pytest.mark.parametrize("offset", [-2, 2])
def test_older_and_later_codes_do_not(offset: int) -> None:
    assert matching_step(SECRET, code_at(offset), now=NOW, after=None) is None


def test_no_code_counts_twice_nor_an_older_one_after_it() -> None:
    assert matching_step(SECRET, code_at(0), now=NOW, after=STEP) is None
    assert matching_step(SECRET, code_at(-1), now=NOW, after=STEP) is None
    assert matching_step(SECRET, code_at(1), now=NOW, after=STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "٣٤٥٦٧٨", "🦩"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(SECRET, code, now=NOW, after=None) is None


def test_steps_do_not_depend_on_the_time_zone_of_the_clock() -> None:
    later = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert matching_step(SECRET, code_at(0), now=later, after=None) == STEP
    assert matching_step(SECRET, code_at(0), now=NOW + timedelta(hours=9), after=None) is None


def test_the_address_in_the_qr_code_names_us_the_person_and_the_secret() -> None:
    address = urlsplit(setting_up_address(SECRET, email="a+b@example.org"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Soundings:a+b@example.org"
    assert parse_qs(address.query) == {"secret": [SECRET], "issuer": ["Soundings"]}


def test_the_qr_code_is_one_drawing_without_styles_or_the_secret_in_text() -> None:
    drawing = qr_code(setting_up_address(SECRET, email="a@example.org"))
    assert drawing.startswith("<svg")
    assert "style" not in drawing
    assert SECRET not in drawing


def test_secrets_are_long_and_differ() -> None:
    assert len({new_secret() for _ in range(20)}) == 20
    assert len(new_secret()) == 32  # 160 bits


def test_a_secret_is_shown_in_groups_of_four() -> None:
    assert in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
