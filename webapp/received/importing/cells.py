"""One cell of a file as it would have been typed into its question's form; the kind of the question then reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from webapp.imports.columns import as_text
from webapp.imports.tables import Cell
from webapp.models import Question, QuestionKind
from webapp.responses.items import AnswerError, Item, Say, Typed
from webapp.responses.kinds.choices import options_of
from webapp.responses.kinds.lots import by_id
from webapp.responses.kinds.rows import columns_of
from webapp.web.format import LONDON
from webapp.web.text import simplified

Words = Mapping[str, str]
"""By the simplified word of a file: the value of the option that is meant, or nothing."""

CLOSED = frozenset({QuestionKind.ONE_OF, QuestionKind.SOME_OF, QuestionKind.YES_NO})
OPEN = frozenset({QuestionKind.LONG_TEXT})
_YES_NO = {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"}
_UNITS = re.compile(r"\s*(?:wte|fte|staff|months?|lots?|tenders?)\.?", re.IGNORECASE)
_DAY = re.compile(r"(?P<day>\d{1,2})[\s/.-]+(?P<month>\d{1,2}|[A-Za-z]{3,9})[\s/.,-]+(?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_TIME = re.compile(r"[T ,]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?:\.\d+)?(?P<utc>Z)?")
_NUMBER = re.compile(r"[£$€]?\s*-?[\d,]+(?:\.\d+)?\s*%?")
_BETWEEN = re.compile(r"\s+to\s+|\s*[\u2013\u2014]\s*|\s+-\s+")
LAST_MINUTE = time(23, 59)


class UnknownWordError(ValueError):
    """Words that are no option of a closed question, and of which nobody has said what they mean."""

    def __init__(self, *words: str) -> None:
        super().__init__(*words)
        self.words = words


def typed_of(item: Item, cell: Cell, words: Words) -> Typed:
    """`words` are those of a closed question. Raises UnknownWordError and AnswerError."""
    kind = item.question.kind
    if kind in CLOSED:
        return _choices(item.question, as_text(cell), words)
    if kind in (QuestionKind.WHOLE_NUMBER, QuestionKind.NUMBER):
        return _UNITS.sub("", as_text(cell))
    special = _SPECIAL.get(kind)
    return special(item, cell) if special else as_text(cell)


def looks_like(cell: Cell) -> str:
    """What a cell that should hold an answer in words looks like instead, if it does."""
    if isinstance(cell, date | time | timedelta):
        return "a date or time"
    text = as_text(cell)
    if _DAY.fullmatch(text) or _ISO.fullmatch(text):
        return "a date or time"
    return "a number" if isinstance(cell, bool | int | float) or _NUMBER.fullmatch(text) else ""


def moment_of(cell: Cell, now: datetime) -> datetime | None:
    """In London where it says nothing else; of a day without a time its last minute, of today this moment."""
    if isinstance(cell, datetime) and not _is_day(cell):
        return cell.replace(tzinfo=LONDON) if cell.tzinfo is None else cell
    if isinstance(cell, datetime):
        day, at = cell.date(), None
    elif isinstance(cell, date):
        day, at = cell, None
    else:
        found = _ISO.match(as_text(cell)) or _DAY.match(as_text(cell))
        if found is None:
            return None
        rest = as_text(cell)[found.end() :]
        clock = _TIME.fullmatch(rest) if rest.strip() else None
        parsed = _date(found)
        if parsed is None or (rest.strip() and clock is None):
            return None
        day, at = parsed, clock
    if at is None:
        return now if day == now.astimezone(LONDON).date() else datetime.combine(day, LAST_MINUTE, LONDON)
    hour, minute = int(at["hour"]), int(at["minute"])
    zone = UTC if at["utc"] else LONDON
    return datetime.combine(day, time(hour, minute), zone) if hour < 24 and minute < 60 else None


def _is_day(cell: datetime) -> bool:
    """A workbook has no days, only midnights."""
    return cell.tzinfo is None and cell.time() == time.min


def _date(found: re.Match[str]) -> date | None:
    written = " ".join(found[part] for part in ("day", "month", "year"))
    for pattern in ("%d %m %Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None


def words_of(question: Question, meanings: Words) -> Words:
    """The words that a closed question understands: its options, and what somebody has explained."""
    if question.kind not in CLOSED:
        return {}
    known = {simplified(value): value for value, _label in options_of(question)}
    known |= {simplified(label): value for value, label in options_of(question)}
    return {**known, **(_YES_NO if question.kind is QuestionKind.YES_NO else {}), **meanings}


def _choices(question: Question, text: str, known: Words) -> Typed:
    whole = known.get(simplified(text))
    if question.kind is not QuestionKind.SOME_OF:
        if whole is None:
            raise UnknownWordError(text)
        return whole
    words = [text] if whole is not None else [word.strip() for word in re.split(r"[;\n]", text) if word.strip()]
    found = [known.get(simplified(word)) for word in words]
    if None in found:
        raise UnknownWordError(*(word for word, value in zip(words, found, strict=True) if value is None))
    return [value for value in found if value]


def _day(_item: Item, cell: Cell) -> Typed:
    return _day_parts(cell)


def _day_parts(cell: Cell) -> list[str]:
    """Day first, as people write dates here, except where the year comes first."""
    if isinstance(cell, date):
        return [str(cell.day), str(cell.month), str(cell.year)]
    text = as_text(cell).removesuffix("00:00:00").strip()
    found = _ISO.fullmatch(text) or _DAY.fullmatch(text)
    if found is None:
        raise AnswerError(_must_be("a date, like 27/3/2027"))
    return [found["day"], found["month"], found["year"]]


def _date_ranges(_item: Item, cell: Cell) -> Typed:
    rows = []
    for part in _parts(as_text(cell)):
        ends = _BETWEEN.split(part)
        if len(ends) != 2:
            raise AnswerError(_must_be("periods, like 1/4/2027 to 30/6/2027; 1/9/2027 to 30/9/2027"))
        rows.append(_day_parts(ends[0]) + _day_parts(ends[1]))
    return rows


def _money_range(_item: Item, cell: Cell) -> Typed:
    ends = _BETWEEN.split(as_text(cell))
    if len(ends) != 2:
        raise AnswerError(_must_be("two amounts, like £100k to £2m"))
    return ends


def _ranking(item: Item, cell: Cell) -> Typed:
    return [[lot_id, str(place)] for place, lot_id in enumerate(_lots(item, re.split(r"[;>\n]", as_text(cell))), 1)]


def _packages(item: Item, cell: Cell) -> Typed:
    return [_lots(item, part.split("+")) for part in _parts(as_text(cell))]


def _lots(item: Item, written: list[str]) -> list[str]:
    codes = {simplified(lot.code): lot_id for lot_id, lot in by_id(item.among).items()}
    found = []
    for word in filter(None, map(simplified, written)):
        if word not in codes:
            raise AnswerError(_must_be("codes of lots that it is interested in, like D1; D2, or D1+D2 for a package"))
        found.append(codes[word])
    return found


def _rows(item: Item, cell: Cell) -> Typed:
    columns = columns_of(item.question)
    rows = [[part.strip() for part in row.split("|")] for row in _parts(as_text(cell))]
    if any(len(row) > len(columns) for row in rows):
        labels = " | ".join(column["label"] for column in columns)
        raise AnswerError(_must_be(f"rows with semicolons between them, each like {labels}"))
    return [row + [""] * (len(columns) - len(row)) for row in rows]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _must_be(what: str) -> Say:
    return lambda subject: f"{subject} must be {what}"


_SPECIAL: dict[QuestionKind, Callable[[Item, Cell], Typed]] = {
    QuestionKind.DATE: _day,
    QuestionKind.DATE_RANGES: _date_ranges,
    QuestionKind.MONEY_RANGE: _money_range,
    QuestionKind.RANKING: _ranking,
    QuestionKind.PACKAGES: _packages,
    QuestionKind.ROWS: _rows,
}
