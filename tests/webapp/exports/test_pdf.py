"""Copies as PDF: read back word by word, whatever was typed."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webapp.exports.pdf_text import same, text_of
from webapp.exports.pdf import SHOWN_BY_NUMBER, AnswersCopy, Group, Row, Section, UnsettableError, answers_copy
from webapp.web.text import is_storable

WHEN = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
TYPST = '#panic("x") $x^2$ \\ `a` *bold* _slanted_ @label <label> // comment /* = - + #import "y": * \'"~---'


class PanicException(BaseException):
    """Stands for that of Rust, which is no Exception either."""


def copy(*answers: str, title: str = "Answers to Dental services", **given: object) -> AnswersCopy:
    return AnswersCopy(
        title=title,
        reference="SND-1",
        organisation="Seaside Health",
        submitted_at=WHEN,
        facts=[Row("Reference", "SND-1")],
        sections=[Section("Your views", [Group("Lot D1", [Row("What stops you?", answer) for answer in answers])])],
        **given,
    )


def test_it_says_all_that_it_is_given() -> None:
    words = text_of(answers_copy(copy("The price is too low.", notes=["Synthetic: invented."])))
    for text in ("Answers to Dental services", "Reference", "SND-1", "Your views", "Lot D1", "What stops you?"):
        assert same(text) in words
    assert same("The price is too low.") in words
    assert same("Synthetic: invented.") in words
    assert "Page1of1" in words


def test_it_is_tagged_titled_and_dated_by_the_submission() -> None:
    octets = answers_copy(copy("Yes"))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in octets
    assert b"/Title(Answers to Dental services)" in octets
    assert b"/CreationDate(D:20270301093000Z)" in octets
    assert b"/Lang(en-GB)" in octets
    assert b"/StructTreeRoot" in octets


def test_the_same_submission_gives_the_same_bytes() -> None:
    assert answers_copy(copy("Yes 🦩")) == answers_copy(copy("Yes 🦩"))


@pytest.mark.parametrize("text", [TYPST, "x" * 20_000, "no end " * 2_857, "€1–2 “so” é ½ ✓", "two\nlines"])
def test_text_stays_text(text: str) -> None:
    octets = answers_copy(copy(text, title=f"About {text[:150]}".replace("\n", " ")))
    words = re.sub(r"SND-1Page\d+of\d+", "", text_of(octets))  # the foot of each page
    assert same(text) in words
    assert same(SHOWN_BY_NUMBER) not in words


def test_text_from_right_to_left_is_drawn_so_and_ends_with_its_answer() -> None:
    words = text_of(answers_copy(copy("שלום", "مرحبا", "\u202e left", "right")))
    for drawn in ("שלום"[::-1], "مرحبا"[::-1], "left"[::-1], "right"):
        assert f"Whatstopsyou?{drawn}" in words


def test_characters_without_a_glyph_are_named_and_it_says_so() -> None:
    words = text_of(answers_copy(copy("A flamingo 🦩, a family 👩‍👧 and 中文")))
    assert same("A flamingo [U+1F9A9 FLAMINGO], a family [U+1F469 WOMAN][U+1F467 GIRL]") in words
    assert same("[U+4E2D CJK UNIFIED IDEOGRAPH-4E2D]") in words
    assert same(SHOWN_BY_NUMBER) in words


@pytest.mark.parametrize("text", ["\u202e\u84ba\u036a\u200b", "\u0645\u0e31\u0301\u200c"])
def test_text_at_which_typst_panics_is_copied_with_its_marks_named(text: str) -> None:
    words = text_of(answers_copy(copy(text)))
    for mark in (each for each in text if unicodedata.combining(each)):
        assert f"[U+{ord(mark):04X}" in words
    assert same(SHOWN_BY_NUMBER) in words


def test_a_panic_that_nothing_helps_is_an_error_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_given: object, **_named: object) -> bytes:
        raise PanicException("`what they typed`")

    monkeypatch.setattr(typst, "compile", panics)
    with pytest.raises(UnsettableError) as raised:
        answers_copy(copy("What they typed\u0301"))
    assert str(raised.value) == ""


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=80).filter(is_storable))
def test_whatever_can_be_stored_can_be_copied(text: str) -> None:
    assert answers_copy(copy(text)).startswith(b"%PDF-")
