"""How pages and messages write dates, money, numbers and chances, in the language spoken."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal
from flask import Flask

from webapp.language import ENGLISH, Later, _, spoken

LONDON = ZoneInfo("Europe/London")
_COMPACT = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))
_SIZES = (Later("%(size)s bytes"), Later("%(size)s kB"), Later("%(size)s MB"), Later("%(size)s GB"))


def day(value: date) -> str:
    """1 April 2027; a moment is shown as its day in London."""
    return _written(_local_day(value), "long", spoken().locale)


def short_day(value: date) -> str:
    """1 Apr 2027, for tables."""
    return _written(_local_day(value), "medium", spoken().locale)


@lru_cache(maxsize=4096)
def _written(value: date, length: Literal["medium", "long"], locale: Locale) -> str:
    """Kept, since the rows of a list are often of the same few days."""
    return format_date(value, length, locale=locale)


def month(value: date) -> str:
    """April 2027."""
    return format_skeleton("yMMMM", _local_day(value), locale=spoken().locale)


def moment(value: datetime) -> str:
    """4:30pm on 1 April 2027, London time."""
    return _("%(time)s on %(day)s", time=clock(value), day=day(value))


def clock(value: datetime) -> str:
    """noon, midnight, 9am or 4:30pm, London time."""
    local = _local(value)
    if spoken() is not ENGLISH:
        return format_time(local.time(), "short", locale=spoken().locale)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def days_until(value: datetime, now: datetime) -> int:
    """How many midnights of London lie between now and then: 0 is today, 1 tomorrow."""
    return (_local(value).date() - _local(now).date()).days


def money(value: Decimal | float) -> str:
    """£1,200, or £1,200.50 when there are pence."""
    return _in_pounds(_decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP), spoken().locale)


@lru_cache(maxsize=4096)
def _in_pounds(exact: Decimal, locale: Locale) -> str:
    """Kept, since each page about a lot says again what it is worth."""
    pattern = locale.currency_formats["standard"].pattern
    if exact == exact.to_integral_value():
        pattern = pattern.replace(".00", "")
    return format_currency(exact, "GBP", pattern, locale=locale, currency_digits=False)


def compact_money(value: Decimal | float) -> str:
    """£48.2m, £950k, £620: three figures or so, for charts and summaries."""
    exact = _decimal(value)
    if spoken() is not ENGLISH:
        return format_compact_currency(exact, "GBP", locale=spoken().locale, fraction_digits=1)
    sign, size = ("-" if exact < 0 else ""), abs(exact)
    for unit, suffix in reversed(_COMPACT):
        scaled = (size / unit).quantize(Decimal("0.1") if size < unit * 100 else Decimal(1), ROUND_HALF_UP)
        if 1 <= scaled < 1000 or (unit == _COMPACT[0][0] and scaled >= 1):
            return f"{sign}£{_plain(scaled)}{suffix}"
    return f"{sign}£{_plain(size.quantize(Decimal(1), ROUND_HALF_UP))}"


def number(value: Decimal | float, places: int = 0) -> str:
    """1,234, or with up to so many decimal places."""
    return _with_separators(rounded(value, places), places, spoken().locale)


def estimate(value: Decimal | float, places: int = 1) -> str:
    """1.0, or 0.10 with two places: with all of them, since a 1 beside a 0.9 would look exact."""
    return format_decimal(rounded(value, places), f"#,##0.{'0' * places}", locale=spoken().locale)


@lru_cache(maxsize=4096)
def _with_separators(value: Decimal, places: int, locale: Locale) -> str:
    """Kept, since pages are full of the same small numbers."""
    pattern = "#,##0" + (f".{'#' * places}" if places else "")
    return format_decimal(value, pattern, locale=locale)


def rounded(value: Decimal | float, places: int) -> Decimal:
    """As `number` writes it: halves away from nought."""
    return _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def percent(share: float, places: int = 0) -> str:
    """37% of a share of 0 to 1."""
    return f"{number(_decimal(share) * 100, places)}%"


def chance(probability: float) -> str:
    """37%; an estimate is never said to be certain, so its ends are <1% and >99%."""
    if probability < 0.01:
        return "<1%"
    if probability > 0.99:
        return ">99%"
    return percent(probability)


def plural(count: int, singular: str, many: str = "") -> str:
    """1 lot, 2 lots, 0 parties: the number and its noun, in English; `ngettext` is for what providers read."""
    return f"{number(count)} {singular if count == 1 else many or singular + 's'}"


def all_of(count: int, singular: str, many: str = "") -> str:
    """both lots, all 3 lots: of two or more, in English."""
    return f"both {many or singular + 's'}" if count == 2 else f"all {plural(count, singular, many)}"


def listed(words: Sequence[str], joined_by: str = "and") -> str:
    """a, b and c, in English."""
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}" if len(words) > 1 else "".join(words)


def file_size(size: int) -> str:
    """620 bytes, 48 kB, 1.3 MB; a thousand at a time."""
    scaled, unit = Decimal(size), 0
    while scaled >= 1000 and unit < len(_SIZES) - 1:
        scaled, unit = scaled / 1000, unit + 1
    return _SIZES[unit].said(size=number(scaled, 1 if unit and scaled < 10 else 0))


def register_filters(app: Flask) -> None:
    filters = (day, short_day, month, moment, clock, money, compact_money, number, percent, chance, plural, file_size)
    app.jinja_env.filters |= {function.__name__: function for function in filters}


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return value.astimezone(LONDON)


def _local_day(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _decimal(value: Decimal | float) -> Decimal:
    """Through text, so that 0.1 stays 0.1."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _plain(value: Decimal) -> str:
    """1.5 and 2, not 2.0."""
    return f"{value:,f}".removesuffix(".0")
