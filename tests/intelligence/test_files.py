"""Frozen values as JSON: they come back as they were, and bad files are refused in one line with their place."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.files import FileError, canonical_json, digest, from_json, read_json, to_json, write_json
from intelligence.market import (
    Comment,
    Contract,
    Interest,
    InterestLevel,
    Lot,
    Market,
    Outcome,
    Procurement,
    Provider,
    Route,
    ServiceLine,
    Site,
    Unit,
)

MARKET = Market(
    sites=(Site("LPI", "HMP Liverpool", places=800),),
    service_lines=(ServiceLine("dental", "Dental"),),
    lots=(Lot("D1", "Dental", (Unit("LPI", "dental"),), annual_value=240_000.5, incumbent_ids=("P1",)),),
    providers=(Provider("P1", "Ffôn Cyf", held_at_most=2),),
    interests=(Interest("P1", "D1", InterestLevel.LIKELY, wte_at_start=1.5),),
    procurements=(Procurement("T1", "Dental", Route.PSR_COMPETITIVE, ("D1",), date(2027, 4, 1)),),
    contracts=(Contract("C1", "Dental", ("D1",), date(2027, 3, 31), supplier_id="P1"),),
    comments=(Comment("c1", "P1", "q1", "Too short \u202e 🙂", may_quote=True),),
    outcomes=(Outcome("old", date(2024, 1, 1), bidders=3, interested=5, credible=2),),
)


def as_json(value: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(canonical_json(value))
    return data


def refusal(folder: Path, content: bytes) -> str:
    path = folder / "MARKET.json"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_json(path, Market)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def test_a_market_comes_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "MARKET.json"
    write_json(path, MARKET)
    assert read_json(path, Market) == MARKET
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # some editors put a byte order mark first
    assert read_json(path, Market) == MARKET


def test_priors_come_back_from_stored_json() -> None:
    assert from_json(Priors, to_json(DEFAULT_PRIORS)) == DEFAULT_PRIORS


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_stored_as_it_is(text: str) -> None:
    comment = Comment("c1", "P1", "q1", text)
    assert from_json(Comment, to_json(comment)) == comment
    assert json.loads(canonical_json(comment))["text"] == text


def test_a_digest_changes_with_the_value_and_with_nothing_else() -> None:
    assert digest(MARKET) == digest(from_json(Market, to_json(MARKET)))
    assert digest(MARKET) != digest(replace(MARKET, comments=()))


def test_what_is_not_finite_is_never_written(tmp_path: Path) -> None:
    endless = Lot("D1", "Dental", (), annual_value=float("inf"))
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(tmp_path / "lot.json", endless)
    assert not (tmp_path / "lot.json").exists()


def test_a_value_of_the_wrong_type_is_never_written() -> None:
    with pytest.raises(ValueError, match="Expected `int`"):
        to_json(Site("LPI", "HMP Liverpool", places="many"))


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"lotz": []}, "lotz: unknown key"),
        ({"a b\nc": 1}, "['a b\\nc']: unknown key"),
        ({"lots": None}, "lots: Input should be a valid array"),
        ({"sites": [{"id": "LPI", "name": "x", "places": "800"}]}, "sites[0].places: Input should be a valid integer"),
        ({"sites": [{"id": "LPI"}]}, "sites[0].name: is missing"),
        ({"providers": [{"id": "P1", "name": "x", "colour": 1}]}, "providers[0].colour: unknown key"),
        ({"providers": []}, "lots[0].incumbent_ids[0]: 'P1' is not the id of a provider"),
        (
            {"providers": [{"id": "P1", "name": "x", "held_at_most": -1}]},
            "providers[0].held_at_most: must be from zero to 1e+12",
        ),
        (
            {"providers": [{"id": "P1", "name": "x", "largest_annual_value": float("nan")}]},
            "providers[0].largest_annual_value: must be from zero to 1e+12, not nan",
        ),
        (
            {"interests": [{"provider_id": "P1", "lot_id": "D1", "level": "perhaps"}]},
            "interests[0].level: Input should be 'would_bid', 'likely'",
        ),
        (
            {"outcomes": [{"lot_id": "old", "closed": "2024-02-30", "bidders": 1}]},
            "outcomes[0].closed: Input should be a valid date",
        ),
        ({"sites": [{"id": "LPI", "name": "x", "places": 10**400}]}, "sites[0].places: must be from zero to 1e+12"),
    ],
)
def test_a_faulty_market_is_refused_with_its_place(tmp_path: Path, change: dict[str, Any], refused: str) -> None:
    assert refusal(tmp_path, json.dumps(as_json(MARKET) | change).encode()).startswith(refused)


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", "Invalid JSON: EOF while parsing a value at line 1 column 0"),
        (b'{"lots": [\n,]}', "Invalid JSON: expected value at line 2 column 1"),
        (b"lot,provider\n", "Invalid JSON: expected value at line 1 column 1"),
        (b"[]", "Input should be an object"),
        (b'{"lots":\n[\xff]}', "line 2: not UTF-8 text"),
        (b'{"lots": [{"id": "\\ud800"}]}', "Invalid JSON:"),
        (b"[" * 100_000, "Invalid JSON: recursion limit exceeded"),
        (b'{"lots":' * 100_000, "Invalid JSON: recursion limit exceeded"),
    ],
)
def test_what_is_no_market_at_all_is_refused(tmp_path: Path, content: bytes, refused: str) -> None:
    assert refusal(tmp_path, content).startswith(refused)


def test_the_first_of_many_faults_is_named_and_the_others_counted(tmp_path: Path) -> None:
    sites = [{"id": f"S{n}", "name": "x", "places": "many"} for n in range(3)]
    assert refusal(tmp_path, json.dumps({"lots": [], "sites": sites}).encode()).endswith("integer (and 2 more)")


def test_missing_and_unreadable_paths_are_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.json", "no such file or directory"), (tmp_path, "is a directory")):
        with pytest.raises(FileError, match=f"^{path}: {reason}$"):
            read_json(path, Market)
        if path == tmp_path:
            with pytest.raises(FileError, match=f"^{path}: {reason}$"):
                write_json(path, MARKET)
    with pytest.raises(FileError, match="null byte"):
        read_json("a\0b", Market)


def test_a_message_never_scrolls_the_terminal(tmp_path: Path) -> None:
    hostile = json.dumps({"lots": [], "\x1b[2J" + "x" * 10_000: 1}).encode()
    message = refusal(tmp_path, hostile)
    assert len(message) < 400
    assert message.isprintable()
