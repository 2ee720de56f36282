"""Headers of every answer, and assets that may be kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

STATIC = Path(__file__).parents[3] / "webapp/static"


POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'nonce-'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": None,
}


@pytest.mark.parametrize("path", ["/", "/missing", "/fail/403", "/broken"])
def test_every_answer_carries_the_headers(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    policy = re.sub(r"nonce-[\w-]+", "nonce-", answer.headers["Content-Security-Policy"])
    assert {rule.partition(" ")[0]: rule.partition(" ")[2] for rule in policy.split("; ")} == POLICY
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert {"camera=()", "geolocation=()"} <= set(answer.headers["Permissions-Policy"].split(", "))


def test_the_nonce_is_on_every_script_and_new_each_time(browser: FlaskClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = browser.get("/")
        (nonce,) = re.findall(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        scripts = re.findall(r"<script[^>]*>", answer.get_data(as_text=True))
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.add(nonce)
    assert len(nonces) == 2


def test_over_https_the_browser_is_told_to_stay_there(browser: FlaskClient) -> None:
    answer = browser.get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_a_versioned_asset_is_kept_and_every_one_exists(browser: FlaskClient) -> None:
    page = browser.get("/").get_data(as_text=True)
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(assets) >= 6
    for asset in assets:
        with browser.get(asset) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
    with browser.get(assets[0].split("?")[0]) as plain:
        assert "immutable" not in plain.headers["Cache-Control"]


def test_nothing_of_another_brand_is_shipped() -> None:
    shipped = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    assert shipped
    for path in shipped:
        text = path.read_text()
        assert "GDS Transport" not in text
        assert "crest" not in text
        assert "crown" not in text
        assert "url(http" not in text
