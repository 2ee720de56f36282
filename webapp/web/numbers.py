"""Reading numbers as people type them."""

import re
from collections.abc import Callable
from decimal import Decimal

from webapp.language import _, ngettext
from webapp.web.format import number

# Commas only where thousands end, so that "1,20" (one point two, to many) is asked about, not guessed.
_NUMBER = re.compile(r"(?P<sign>[-\u2212]?)\s*£?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")
_LONGEST = 40
# "1.5m" and "£250k", as people write money for short.
_SHORT = re.compile(r"(?P<number>.*[0-9])\s*(?P<unit>k|thousand|m|mn|million|bn|billion)", re.IGNORECASE)
_UNITS = {"k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}
"""By the first letter."""
_PENCE = 2
_IN_THOUSANDS = 100_000
"""Of what may be more than that, an example has thousands; of months or staff it would mislead."""


class NumberError(ValueError):
    """What to change about a number: `about` says it in the language spoken, of whatever the number is called."""

    def __init__(self, about: Callable[[str], str]) -> None:
        super().__init__(about("the number"))
        self.about = about


def parse_number(text: str, *, places: int, minimum: Decimal | None, maximum: Decimal) -> Decimal:
    """Read "1,200", "£1,200.50" or " 12 " as an exact number within the bounds.

    Raises NumberError, as in "Staff must be a number, like 1,200".
    """
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        raise NumberError(lambda subject: _no_number(subject, maximum))
    part = (match["part"] or "").rstrip("0")
    if len(part) > places:
        raise NumberError(lambda subject: _too_precise(subject, places, maximum))
    value = Decimal(f"{'-' if match['sign'] else ''}{match['whole'].replace(',', '')}.{part or '0'}")
    if minimum is not None and value < minimum:
        least = number(minimum, places)
        raise NumberError(lambda subject: _("%(subject)s must be %(least)s or more", subject=subject, least=least))
    if value > maximum:
        most = number(maximum, places)
        raise NumberError(lambda subject: _("%(subject)s must be %(most)s or less", subject=subject, most=most))
    return value if places else value.to_integral_value()


def parse_money(text: str, *, minimum: Decimal | None, maximum: Decimal) -> Decimal:
    """Read pounds with their pence, written out or for short: "£1,500,000", "1.5m", "£850k", "1.2 million".

    Raises NumberError.
    """
    short = _SHORT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if short is None:
        return parse_number(text, places=_PENCE, minimum=minimum, maximum=maximum)
    amount = parse_number(short["number"], places=9, minimum=None, maximum=maximum)
    in_full = amount * _UNITS[short["unit"][0].lower()]
    return parse_number(format(in_full, "f"), places=_PENCE, minimum=minimum, maximum=maximum)


def _no_number(subject: str, maximum: Decimal) -> str:
    return _("%(subject)s must be a number, like %(example)s", subject=subject, example=_example(maximum))


def _example(maximum: Decimal) -> str:
    return number(1_200 if maximum > _IN_THOUSANDS else min(maximum, Decimal(12)))


def _too_precise(subject: str, places: int, maximum: Decimal) -> str:
    if places == 0:
        return _("%(subject)s must be a whole number, like %(example)s", subject=subject, example=_example(maximum))
    return ngettext(
        "%(subject)s must have %(num)s decimal place or fewer",
        "%(subject)s must have %(num)s decimal places or fewer",
        places,
        subject=subject,
    )
