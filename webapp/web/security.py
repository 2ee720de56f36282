"""Response headers that every page carries."""

import secrets

from flask import Flask, Response, current_app, g, request

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")
)
_TWO_YEARS = 63_072_000
_OF_EVERY_PAGE = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # Not "no-referrer": over HTTPS the CSRF check wants a referrer from our own pages.
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", _PERMISSIONS),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def csp_nonce() -> str:
    """The nonce of this request's inline script; the same however often a page asks."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def set_security_headers(response: Response) -> Response:
    headers = response.headers
    headers.extend(_OF_EVERY_PAGE)  # rather than one by one: setting looks through all that are there
    headers.add("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:  # the latter behind a proxy
        headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}; includeSubDomains"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    elif request.args.get("v") and response.status_code == 200:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def register_security(app: Flask) -> None:
    app.after_request(set_security_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
