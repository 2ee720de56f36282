"""Copies of answers as PDF: tagged for screen readers (PDF/UA-1), the same bytes for the same submission.

What people wrote is data to the template beside this module and never part of its source.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst

from webapp.language import Later, _

TEMPLATE = (Path(__file__).parent / "answers.typ").read_bytes()
MOST_TRIES = 5
UNBROKEN = 30
JOINING = {"Mn", "Mc", "Me", "Cf"}
AT_ONCE = threading.BoundedSemaphore(2)
"""Copies in one process: the longest answers take seconds, and whoever asks for many must not hold all its threads."""
PATIENCE = 3.0  # seconds
SHOWN_BY_NUMBER = Later(
    "The fonts of this copy lack some of the characters that were typed. "
    "Their numbers and names in Unicode stand in their places, in square brackets."
)
# What a complaint of Typst's calls the text that it has no glyph for, or may not put into such a document.
_NOT_SETTABLE = re.compile(r'(?:the text|codepoint) `"((?:[^"\\]|\\.)*)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    """Empty for answers under no heading but their section's."""
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class AnswersCopy:
    """One submission as it was made."""

    title: str
    reference: str
    organisation: str
    submitted_at: datetime
    facts: Sequence[Row]
    """What stands above the answers: who submitted, when, which version."""
    sections: Sequence[Section]
    notes: Sequence[str] = ()
    language: str = "en"
    """The code of the one in which it is written, but for what people typed."""


class BusyError(Exception):
    """As many copies are being made as this process makes at once."""


class UnsettableError(Exception):
    """Typst cannot set a copy with these texts in it. It has no words, which would repeat answers in a log."""

    def __init__(self, texts: set[str]) -> None:
        super().__init__()
        self.texts = texts


def answers_copy(copy: AnswersCopy) -> bytes:
    """The copy as a PDF. Characters without a glyph in Typst's own fonts are named, so that no answer is lost.

    Raises BusyError.
    """
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        return _set(copy)
    finally:
        AT_ONCE.release()


def _set(copy: AnswersCopy) -> bytes:
    content = {
        "language": copy.language,
        "folio": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "title": copy.title,
        "reference": copy.reference,
        "organisation": copy.organisation,
        "facts": [asdict(row) for row in copy.facts],
        "notes": list(copy.notes),
        "sections": [asdict(section) for section in copy.sections],
    }
    replaced: dict[str, str] = {}
    for _try in range(MOST_TRIES):
        notes = [*copy.notes, str(SHOWN_BY_NUMBER)] if any(replaced.values()) else list(copy.notes)
        try:
            return _compiled(_settable({**content, "notes": notes}, replaced), copy.submitted_at)
        except UnsettableError as error:
            if error.texts <= replaced.keys():
                raise
            replaced |= {text: _named(text) for text in error.texts}
    raise ValueError(f"characters that cannot be set, even after {MOST_TRIES} tries")


def _compiled(content: object, at: datetime) -> bytes:
    try:
        return typst.compile(
            TEMPLATE,
            sys_inputs={"data": json.dumps(content)},
            format="pdf",
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,  # the same pages on every machine
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise UnsettableError(_not_settable(error.diagnostic)) from error
    except (Exception, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as panic:  # of Rust: it would pass every handler of errors by
        raise UnsettableError(_joining(content)) from panic


def _settable(content: object, replaced: dict[str, str]) -> object:
    """The same with every text ready to be set."""
    match content:
        case str():
            return _with_breaks(_without(content, replaced))
        case dict():
            return {key: _settable(value, replaced) for key, value in content.items()}
        case list() | tuple():
            return [_settable(value, replaced) for value in content]
        case _:
            return content


def _without(text: str, replaced: dict[str, str]) -> str:
    if not replaced:
        return text
    longest_first = sorted(replaced, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda match: replaced[match[0]], text)


def _with_breaks(text: str) -> str:
    """Line ends as one character, and places to break a line in words too long for one."""
    text = re.sub(r"\r\n?", "\n", text)
    return re.sub(rf"(\S{{{UNBROKEN}}})(?=\S)", "\\1\u200b", text)


def _joining(content: object) -> set[str]:
    """Marks and formatting: those on a letter without a glyph, drawn from right to left, are what Typst panics at."""
    return {each for each in json.dumps(content, ensure_ascii=False) if unicodedata.category(each) in JOINING}


def _not_settable(diagnostic: str) -> set[str]:
    return {_unescaped(match) for match in _NOT_SETTABLE.findall(diagnostic)}


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def _named(text: str) -> str:
    """Number and name of each character; nothing for those that show nothing themselves."""
    seen = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(f"[{f'U+{ord(each):04X} {unicodedata.name(each, str())}'.strip()}]" for each in seen)
