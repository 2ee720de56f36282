"""Reading numbers as people type them."""

import re
from decimal import Decimal

# Commas only where thousands end, so that "1,20" (one point two, to many) is asked about, not guessed.
_NUMBER = re.compile(r"(?P<sign>[-\u2212]?)\s*£?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")
_LONGEST = 40


class NumberError(ValueError):
    """Says in plain English what to change; the message follows the name of the field."""


def parse_number(text: str, *, places: int, minimum: Decimal | None, maximum: Decimal) -> Decimal:
    """Read "1,200", "£1,200.50" or " 12 " as an exact number within the bounds.

    Raises NumberError with words such as "must be a number, like 1,200".
    """
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        raise NumberError("must be a number, like 1,200")
    part = (match["part"] or "").rstrip("0")
    if len(part) > places:
        raise NumberError(
            "must be a whole number, like 1,200" if places == 0 else f"must have {places} decimal places or fewer"
        )
    value = Decimal(f"{'-' if match['sign'] else ''}{match['whole'].replace(',', '')}.{part or '0'}")
    if minimum is not None and value < minimum:
        raise NumberError(f"must be {minimum:,} or more")
    if value > maximum:
        raise NumberError(f"must be {maximum:,} or less")
    return value if places else value.to_integral_value()
