"""One-time codes from an authenticator app (TOTP, RFC 6238: six digits, half a minute)."""

import hmac
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

ISSUER = "Soundings"
CLOCK_STEPS = 1  # a phone's clock may be half a minute out, and people type slowly


def new_secret() -> str:
    return pyotp.random_base32()


def matching_step(secret: str, code: str, *, now: datetime, after: int | None) -> int | None:
    """The time step that the code belongs to, among those allowed now and later than `after`; None if there is none."""
    generator = pyotp.TOTP(secret)
    current = generator.timecode(now)
    found = None
    for step in range(current - CLOCK_STEPS, current + CLOCK_STEPS + 1):
        right = hmac.compare_digest(generator.generate_otp(step).encode(), code.encode())
        if right and (after is None or step > after):
            found = step
    return found


def setting_up_address(secret: str, *, email: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_code(address: str) -> Markup:
    """An inline SVG without styles, dark on white whatever the page's colours, with the margin that cameras need."""
    drawing: str = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return Markup(drawing)  # noqa: S704 - shapes only: the address is in the pattern, not in the text


def in_groups(secret: str) -> str:
    """For typing: ABCD EFGH ..."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
