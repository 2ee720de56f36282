"""Reading numbers as people type them."""

import re
from collections.abc import Callable
from decimal import Decimal

from webapp.language import _, ngettext
from webapp.web.format import number

# Commas only where thousands end, so that "1,20" (one point two, to many) is asked about, not guessed.
_NUMBER = re.compile(r"(?P<sign>[-\u2212]?)\s*£?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")
_LONGEST = 40


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
        raise NumberError(lambda subject: _("%(subject)s must be a number, like 1,200", subject=subject))
    part = (match["part"] or "").rstrip("0")
    if len(part) > places:
        raise NumberError(lambda subject: _too_precise(subject, places))
    value = Decimal(f"{'-' if match['sign'] else ''}{match['whole'].replace(',', '')}.{part or '0'}")
    if minimum is not None and value < minimum:
        least = number(minimum, places)
        raise NumberError(lambda subject: _("%(subject)s must be %(least)s or more", subject=subject, least=least))
    if value > maximum:
        most = number(maximum, places)
        raise NumberError(lambda subject: _("%(subject)s must be %(most)s or less", subject=subject, most=most))
    return value if places else value.to_integral_value()


def _too_precise(subject: str, places: int) -> str:
    if places == 0:
        return _("%(subject)s must be a whole number, like 1,200", subject=subject)
    return ngettext(
        "%(subject)s must have %(num)s decimal place or fewer",
        "%(subject)s must have %(num)s decimal places or fewer",
        places,
        subject=subject,
    )
