"""Where comments are cut into statements, and where they are not."""

from __future__ import annotations

import pytest

from intelligence.text.statements import MOST_STATEMENTS, statements_of


def parts(text: str) -> list[str]:
    return [text[statement.start : statement.end] for statement in statements_of(0, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pay is low. Parking is dear!", ["Pay is low", "Parking is dear!"]),
        ("Vetting is slow but fair", ["Vetting is slow", "but fair"]),
        ("low pay, no parking", ["low pay", "no parking"]),
        ("about £1,500,000 a year", ["about £1,500,000 a year"]),
        ("Costs e.g. agency staff", ["Costs e.g. agency staff"]),
        ("approx. 5 WTE", ["approx. 5 WTE"]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("• pay\n• pensions", ["pay", "pensions"]),
        ("Pay, nothing else", ["Pay"]),
        ("It is what it is", ["It is what it is"]),
        ("", []),
        ("👍", []),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_each_part_knows_its_sentence() -> None:
    text = "Good site. Pay is low, parking is dear."
    sentences = {text[s.sentence_start : s.sentence_end] for s in statements_of(0, text)[1:]}
    assert sentences == {"Pay is low, parking is dear"}


def test_a_pasted_report_is_read_to_a_limit() -> None:
    assert len(statements_of(0, "Pay is low. " * 1_000)) == MOST_STATEMENTS
