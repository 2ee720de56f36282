"""What files are called."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.web.files import MOST_STEM, clean_name


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("C:\\fakepath\\Prices 2027.pdf", "Prices 2027.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"; filename="evil.exe', "a filename= evil.pdf"),
        ("x\u202efdp.exe", "x fdp.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie b.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("spec.pdf.exe", "spec.pdf.pdf"),
        ("y" * 300 + ".pdf", "y" * 100 + ".pdf"),
        ("Pre\u0301s.pdf", "Prés.pdf"),
    ],
)
def test_a_name_is_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name, "pdf") == cleaned


@given(st.text(max_size=300))
def test_any_name_becomes_a_plain_one(name: str) -> None:
    cleaned = clean_name(name, "csv")
    assert cleaned.endswith(".csv")
    assert not cleaned.startswith((".", " ", "-"))
    assert 5 <= len(cleaned) <= MOST_STEM + 4
    assert not set(cleaned) & set('"<>:|?*;%#/\\')
    assert not [c for c in cleaned if unicodedata.category(c)[0] in "CZ" and c != " "]
