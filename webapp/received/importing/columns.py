"""What the columns of a file answer: guessed by their names, chosen by the officer, remembered for the tool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.imports.columns import as_text
from webapp.imports.tables import Table
from webapp.models import Lot, Measure, Question, QuestionKind, Section
from webapp.web.text import simplified

ORGANISATION, RECEIVED = "@organisation", "@received"
"""What a column can say beside answers; no question has such a key."""
_NAMES = {
    ORGANISATION: (
        "organisation",
        "organisation name",
        "name of organisation",
        "name of your organisation",
        "provider",
        "provider name",
        "company",
        "company name",
        "supplier",
        "respondent",
    ),
    RECEIVED: (
        "received",
        "received at",
        "received on",
        "date received",
        "sent",
        "sent at",
        "sent on",
        "date sent",
        "date and time sent",
        "submitted",
        "submitted at",
        "submitted on",
        "date submitted",
        "submission date",
        "response date",
        "date of response",
        "completed at",
        "completion time",
        "timestamp",
    ),
}
_SHORT_NAMES: Mapping[Measure | str, Sequence[str]] = {
    Measure.INTEREST_LEVEL: (
        "interest",
        "interested",
        "interest level",
        "level of interest",
        "would bid",
        "would you bid",
    ),
    Measure.BIDDING_ROLE: ("role", "bidding role", "consortium role", "role in consortium", "role in the consortium"),
    Measure.CONSORTIUM: ("consortium", "consortium name", "name of consortium", "name of the consortium"),
    Measure.WTE_AT_START: (
        "wte at start",
        "wte on day 1",
        "staff at start",
        "staff on day 1",
        "staff on the first day",
    ),
    Measure.WTE_MONTH_6: ("wte month 6", "wte in month 6", "wte after 6 months", "staff after 6 months"),
    Measure.MOBILISATION_MONTHS: ("mobilisation", "mobilisation months", "mobilisation in months"),
    Measure.MAY_QUOTE: ("may quote", "may we quote", "quote", "consent to quote"),
    "contact": ("contact", "contact email", "contact e mail", "email", "e mail", "email address", "e mail address"),
}
"""By the measure of a question, or by its key: what tools and people call it for short."""
_LIKE_ENOUGH = 0.6
_NOISE = frozenset(
    ("a", "an", "and", "are", "do", "does", "for", "how", "in", "is", "of", "or", "the", "to", "what", "you", "your")
)


@dataclass(frozen=True, slots=True)
class Target:
    """What one column answers: a question's key, one of the constants above, or nothing."""

    what: str = ""
    lot: str = ""
    """The code of the lot that it is about, for a question asked per lot."""

    def stored(self) -> dict[str, str]:
        return {"what": self.what, "lot": self.lot}

    @classmethod
    def kept(cls, stored: Mapping[str, str]) -> Target:
        return cls(stored["what"], stored["lot"])


@dataclass(frozen=True, slots=True)
class Column:
    place: int
    name: str
    """As it stands in the file; a second column of the same name is told apart by a number."""
    examples: Sequence[str]


MOST_EXAMPLES = 3
_LONGEST_EXAMPLE = 80


def columns_of(table: Table) -> list[Column]:
    seen: Counter[str] = Counter()
    made = []
    for place, title in enumerate(table.titles):
        name = title or f"Column {place + 1}"
        seen[name] += 1
        made.append(Column(place, name if seen[name] == 1 else f"{name} ({seen[name]})", _examples(table, place)))
    return made


def _examples(table: Table, place: int) -> list[str]:
    """The first few that differ; no further line is read once they are found."""
    found: dict[str, None] = {}
    for _line, cells in table.rows:
        if place < len(cells) and cells[place] != "":
            found.setdefault(as_text(cells[place])[:_LONGEST_EXAMPLE])
        if len(found) == MOST_EXAMPLES:
            break
    return list(found)


def questions_of(sections: Iterable[Section]) -> list[Question]:
    """Those that a cell can answer: files are no cells."""
    return [
        question
        for section in sections
        for question in section.questions
        if question.kind is not QuestionKind.FILE_UPLOAD
    ]


def chosen(
    columns: Sequence[Column],
    stored: Mapping[str, Any],
    remembered: Mapping[str, Any],
    questions: Sequence[Question],
    lots: Sequence[Lot],
) -> list[Target]:
    """For each column what was chosen, else what it answered in the tool's last file, else what it is like."""
    keys = {ORGANISATION, RECEIVED, *(question.key for question in questions)}
    codes = {"", *(lot.code for lot in lots)}
    made: list[Target] = []
    for column in columns:
        kept = stored.get(column.name) or (None if stored else remembered.get(column.name))
        if kept is not None:
            target = Target.kept(kept)
            fits = target.what in keys and target.lot in codes
            made.append(target if fits else Target())
        else:
            guess = Target() if stored else _guess(column.name, questions, lots)
            made.append(guess if guess not in made else Target())
    return made


def _guess(name: str, questions: Sequence[Question], lots: Sequence[Lot]) -> Target:
    short = simplified(name)
    for what, names in _NAMES.items():
        if short in names:
            return Target(what)
    lot = _lot_named(short, lots)
    about = _without_lot(short, lot) if lot else short
    asked = [question for question in questions if question.is_about_a_lot == bool(lot)]
    best = max(asked, key=lambda question: _likeness(about, question), default=None)
    if best is None or _likeness(about, best) < _LIKE_ENOUGH:
        return Target()
    return Target(best.key, lot.code if lot else "")


def _without_lot(short: str, lot: Lot) -> str:
    """What a name says beside the lot, which may stand before or after it."""
    left = f" {short} "
    for said in filter(None, (simplified(lot.title), simplified(lot.code), "lot")):
        left = left.replace(f" {said} ", " ")
    return left.strip()


def _lot_named(short: str, lots: Sequence[Lot]) -> Lot | None:
    """The one lot whose code or title stands in the name."""
    padded = f" {short} "
    found = [
        lot
        for lot in lots
        if f" {simplified(lot.code)} " in padded or (lot.title and f" {simplified(lot.title)} " in padded)
    ]
    return found[0] if len(found) == 1 else None


def _likeness(about: str, question: Question) -> float:
    """From 0 to 1: the words that both have, as a share of those that either has on average."""
    if about in (simplified(question.key), simplified(question.wording), *_short_names(question)):
        return 1.0
    words, of_question = _words(about), _words(simplified(question.wording))
    either = len(words) + len(of_question)
    return 2 * len(words & of_question) / either if either else 0.0


def _short_names(question: Question) -> Sequence[str]:
    measured = _SHORT_NAMES.get(question.measure, ()) if question.measure else ()
    return (*measured, *_SHORT_NAMES.get(question.key, ()))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split()) - _NOISE
