"""What a file is read as, and every way in which it can be wrong."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webapp.past_procurements.packages import AWARD, FIRM, OCID, TENDER, changed, package
from webapp.exports.workbook import Sheet, workbook
from webapp.imports.tables import UnreadableError
from webapp.models import RecordFormat
from webapp.past_procurements.ocds.packages import MOST_LEVELS
from webapp.past_procurements.ocds.values import MOST_ENTRIES
from webapp.past_procurements.reading import Standing, format_of, read
from webapp.past_procurements.records import MOST_BIDDERS, MOST_LOTS, Bidder, Procurement, Reading

TODAY = date(2026, 11, 22)
HEADER = b"lot_id,date,bidders,buyer,category,region,value,package,interest,firms,credible\n"


def reading(content: bytes, known: Mapping[str, Standing] | None = None) -> Reading:
    return read(content, format_of(content), lambda references: known or {}, today=TODAY)


def only(content: bytes) -> Procurement:
    found = reading(content)
    assert found.faults == []
    (procurement,) = found.procurements
    return procurement


def faults(content: bytes) -> list[str]:
    found = reading(content).faults
    return [f"{each.line} {each.column}: {each.reason}" for each in found]


def test_releases_of_one_ocid_tell_of_one_procurement_with_its_lots_bids_and_winners() -> None:
    found = only(package(AWARD, TENDER))
    assert (found.reference, found.buyer_name, found.title) == (
        OCID,
        "A Commissioning Board",
        "Dental services in prisons",
    )
    assert (found.category, found.procedure) == ("85130000 Dental practice services", "Open procedure")
    days = (found.published_on, found.closed_on, found.awarded_on)
    assert days == (date(2021, 5, 20), date(2021, 7, 20), date(2021, 11, 30))
    assert [source.place for source in found.sources] == ["000001-2021", "000002-2021"], "by date"
    first, second = found.lots
    assert (first.bids, first.credible_bids, first.requests, first.interested) == (3, 2, 5, None)
    assert (first.value, first.awarded_value) == (Decimal("3000000.00"), Decimal("2900000.00"))
    assert (first.starts_on, first.duration_days) == (date(2022, 4, 1), 365)
    assert (first.region, first.category) == ("North West", "85130000 Dental practice services")
    assert first.bidders == (
        Bidder("Time for Teeth Ltd", "GB-COH-01234567", won=True),
        Bidder("Spectrum Dental CIC", "", won=False),
    )
    assert (second.bids, second.credible_bids, second.bidders) == (0, None, ()), "no bid is known to be none"
    assert second.value is None, "publishers write 0 for what is not settled"


def test_a_procurement_without_lots_is_one_lot_and_counts_its_tenderers() -> None:
    tender = {**TENDER["tender"], "lots": None, "numberOfTenderers": 2, "tenderers": [FIRM]}
    (lot,) = only(package({**TENDER, "tender": tender})).lots
    assert (lot.reference, lot.bids, lot.value) == (OCID, 2, Decimal("5000000.00"))
    assert [bidder.name for bidder in lot.bidders] == ["Time for Teeth Ltd"]


def test_what_is_said_of_all_lots_together_is_said_of_none_of_them() -> None:
    tender = {**TENDER["tender"], "numberOfTenderers": 4}
    whole = {"statistics": [{"id": "1", "measure": "bids", "value": 4}]}
    assert [lot.bids for lot in only(package({**TENDER, "tender": tender, "bids": whole})).lots] == [None, None]


def test_lots_that_only_an_award_names_are_lots() -> None:
    assert [lot.reference for lot in only(package({**AWARD, "tender": {"id": "T1"}})).lots] == ["A", "B"]


def test_single_bids_are_counted_where_there_are_no_statistics() -> None:
    details = [
        {"id": str(place), "status": status, "relatedLots": ["A"]}
        for place, status in enumerate(["valid", "valid", "disqualified", "withdrawn", "invited"])
    ]
    first, _second = only(package(TENDER, {**AWARD, "bids": {"details": details}})).lots
    assert (first.bids, first.credible_bids) == (4, 2), "an invitation is no bid"
    pending = [*details, {"id": "9", "status": "pending", "relatedLots": ["A"]}]
    first, _second = only(package(TENDER, {**AWARD, "bids": {"details": pending}})).lots
    assert (first.bids, first.credible_bids) == (5, None), "not all have been judged"


def test_the_services_start_as_awarded_rather_than_as_tendered() -> None:
    award = {**AWARD["awards"][0], "contractPeriod": {"startDate": "2022-07-01"}}
    assert only(package(TENDER, {**AWARD, "awards": [award]})).lots[0].starts_on == date(2022, 7, 1)
    whole = {**TENDER["tender"], "lots": None, "contractPeriod": {"startDate": "2022-05-01"}}
    assert only(package({**TENDER, "tender": whole})).lots[0].starts_on == date(2022, 5, 1)


def test_an_award_that_does_not_stand_makes_no_winner() -> None:
    for status in ("cancelled", "unsuccessful", "pending"):
        first, _second = only(package(TENDER, changed(AWARD, "awards/0/status", status))).lots
        assert {bidder.won for bidder in first.bidders} == {False}
        assert (first.awarded_on, first.awarded_value) == (None, None)


def test_a_closing_time_is_a_day_by_british_clocks() -> None:
    late = changed(TENDER, "tender/tenderPeriod/endDate", "2021-07-19T23:30:00Z")
    assert only(package(late)).closed_on == date(2021, 7, 20)


def test_a_record_package_is_read_by_its_releases_or_by_what_was_compiled_from_them() -> None:
    compiled = {**TENDER, "tag": ["compiled"]}
    links = [{"url": "https://example.org/1", "date": TENDER["date"], "tag": ["tender"]}]
    for record in (
        {"ocid": OCID, "releases": [TENDER, AWARD]},
        {"ocid": OCID, "releases": links, "compiledRelease": compiled},
    ):
        assert only(json.dumps({"records": [record]}).encode()).reference == OCID
    assert "links" in faults(json.dumps({"records": [{"ocid": OCID, "releases": links}]}).encode())[0]


def test_what_was_not_begun_is_left_out_and_said() -> None:
    found = reading(package(changed(TENDER, "tender/status", "planning")))
    assert (found.procurements, found.faults, len(found.notes)) == ([], [], 1)


def test_contradictions_are_left_out_and_said() -> None:
    more_valid = changed(AWARD, "bids/statistics/1/value", 4)
    other_buyer = {**more_valid, "buyer": {"id": "2", "name": "Another Buyer"}}
    found = reading(package(TENDER, other_buyer))
    assert found.procurements[0].lots[0].credible_bids is None
    assert found.procurements[0].buyer_name == "Another Buyer"
    assert sorted(note.column for note in found.notes) == ["bids/statistics", "buyer/name"]


WRONG: dict[str, tuple[str, Any, str]] = {
    "no ocid": ("ocid", None, "1 ocid: must be filled in"),
    "an ocid that is no text": ("ocid", ["a"], "1 ocid: must be a text"),
    "a date that is none": ("date", "tomorrow", "1 date: must be a date, like 2028-03-31 or 2028-03-31T12:00:00Z"),
    "a year beyond all": ("date", "9999-12-31T23:59:59-12:00", "1 date: must be a date"),
    "a tender that is a list": ("tender", [], "1 tender: must be an object"),
    "lots that are texts": ("tender/lots", ["A"], "1 tender/lots: must be a list of objects"),
    "an amount that is a text": ("tender/lots/0/value/amount", "3m", "1 tender/lots/0/value/amount: must be a number"),
    "an amount below nothing": ("tender/lots/0/value/amount", -1, "1 tender/lots/0/value/amount: must be between"),
    "a title beyond all": ("tender/title", "a" * 501, "1 tender/title: must be 500 characters or fewer"),
    "a NUL": ("tender/description", "a\x00", "1 : contains a character that cannot be kept"),
    "half a character": ("tender/description", "\ud800", "1 : contains a character that cannot be kept"),
    "a number beyond all": ("tender/description", 10**400, "1 : contains a number that is too large"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_release_that_is_wrong_is_named_with_the_path(case: str) -> None:
    path, value, expected = WRONG[case]
    assert faults(package(changed(TENDER, path, value)))[0].startswith(expected)


@pytest.mark.parametrize("value", [-1, 1.5, True, "3", 10**9, []])
def test_a_number_of_bids_that_is_none(value: Any) -> None:
    found = faults(package(TENDER, changed(AWARD, "bids/statistics/0/value", value)))
    assert found[0].startswith("2 bids/statistics/0/value: must be a"), "with the release that says it"


def test_one_release_twice_is_one_and_another_under_its_id_is_a_fault() -> None:
    assert len(only(package(TENDER, TENDER)).sources) == 1
    assert "says something else here" in faults(package(TENDER, changed(TENDER, "tender/title", "Other")))[0]


def swollen() -> bytes:
    """A small workbook with a large part."""
    file = io.BytesIO(workbook([Sheet("Lots", ["lot_id"], [["D1"]])]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.png", bytes(101_000_000))
    return file.getvalue()


UNREADABLE = {
    "cut short": (package(TENDER)[:-20], "is not JSON: line 1"),
    "no number": (b'{"releases": [NaN]}', "NaN is not a number"),
    "deeper than Python reads": (b'{"releases": ' + b"[" * 200_000, "levels of objects"),
    "a list": (b"[]", "release package or record package"),
    "something else in JSON": (b'{"a": 1}', "release package or record package"),
    "no releases": (b'{"releases": []}', "has no releases"),
    "a long number": (b'{"releases": [' + b"9" * 5_000 + b"]}", "is not JSON"),
    "another encoding": (b'{"releases": ["\xff"]}', "UTF-8"),
    "UTF-16": (package(TENDER).decode().encode("utf-16"), "UTF-8"),
    "a document": (b"%PDF-1.7\n%%EOF", "must be OCDS in JSON, or a table in XLSX or CSV"),
    "a workbook that would swell": (swollen(), "unpacks to more than 100 MB"),
    "a cell too many": (HEADER + b"D1,20/07/2021,1,A board, of many,,,,,,,1\n", "Line 2 has more cells"),
    "a header alone": (HEADER, "no rows"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_is_no_package_is_refused_at_once(case: str) -> None:
    content, reason = UNREADABLE[case]
    with pytest.raises(UnreadableError, match=reason):
        format_of(content)


def test_a_file_that_would_swell_is_refused_soon() -> None:
    """25 MB can name some firms for every one of many lots."""
    names = [str(place) for place in range(MOST_ENTRIES)]
    award = {**AWARD["awards"][0], "relatedLots": names, "suppliers": [{"id": n, "name": f"Firm {n}"} for n in names]}
    awards = [{**award, "id": n} for n in names[:3]]
    started = time.process_time()
    assert faults(package(TENDER, {**AWARD, "awards": awards})) == [
        f"2 awards: names more than {MOST_BIDDERS:,} firms, counted for each lot",
        f"1 : tells of more than {MOST_LOTS:,} lots or {MOST_BIDDERS:,} bidders by here. Send it in parts",
    ]
    assert time.process_time() - started < 10
    many = [{**TENDER, "ocid": f"ocds-x-{n}"} for n in range(MOST_LOTS // 2 + 1)]
    assert "Send it in parts" in faults(package(*many))[0]
    lots = "".join(f"L{n},20/07/2021,1\n" for n in range(MOST_LOTS + 1))
    with pytest.raises(UnreadableError, match="Send it in parts"):
        format_of(b"lot_id,date,bidders\n" + lots.encode())
    assert "2,000 objects or fewer" in faults(package(changed(TENDER, "tender/lots", [{}] * (MOST_ENTRIES + 1))))[0]


def test_levels_that_no_release_has_are_refused() -> None:
    deep: Any = "end"
    for _ in range(MOST_LEVELS):
        deep = {"a": deep}
    assert f"more than {MOST_LEVELS} levels" in faults(package({**TENDER, "extra": deep}))[0]


def test_releases_that_are_none_are_named_by_their_place() -> None:
    content = json.dumps({"releases": [TENDER, None, 3, []]}).encode()
    assert faults(content) == [f"{place} : must be an object" for place in (2, 3, 4)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=8,
)
PATHS = [path for path, _value, _reason in WRONG.values()] + [
    *("buyer", "parties", "tag", "tender/items/0", "tender/tenderPeriod", "tender/classification", "tender/lots/1/id"),
    *("bids", "bids/details", "bids/details/0/tenderers", "awards", "awards/0/suppliers", "awards/0/relatedLots"),
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PATHS), json_values)
def test_whatever_stands_in_a_place_that_is_read_the_file_is_taken_or_refused(path: str, value: Any) -> None:
    release = {**TENDER, **{name: AWARD[name] for name in ("bids", "awards")}}
    content = json.dumps({"releases": [changed(release, path, value)]}).encode()
    reading(content)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_is_read_as_offices_save_it(encoding: str) -> None:
    text = HEADER.decode() + "D1,20/07/2021,1,Zoë’s board,,,£850k,,,Café Santé,\n"
    found = reading(text.replace(",", ";").encode(encoding))
    assert found.faults == []
    (procurement,) = found.procurements
    assert (procurement.buyer_name, procurement.value) == ("Zoë’s board", 850_000)
    assert procurement.lots[0].bidders[0].name == "Café Santé"
    assert list(found.doubtful_words) == (["Zoë’s", "£850k", "Café", "Santé"] if encoding == "cp1252" else [])


def test_a_csv_file_is_read_with_packages_as_procurements() -> None:
    lines = (
        b"D1,20/07/2021,2,A board,Dental,North West,1000,2021,7,Acorn Ltd; Beech CIC,1",
        b"D2,2021-07-21,0,a board,GP,,,2021,,,",
        b"X,01/02/2020,4,,,,,,,,",
    )
    found = reading(HEADER + b"\n".join(lines))
    assert found.faults == []
    both, alone = found.procurements
    assert (both.reference, both.buyer_name, both.closed_on, both.value) == ("2021", "A board", date(2021, 7, 21), None)
    assert (both.category, alone.reference) == ("", "X"), "what the lots do not share is not said of all"
    first, second = both.lots
    assert (first.bids, first.credible_bids, first.interested, first.region) == (2, 1, 7, "North West")
    assert [bidder.name for bidder in first.bidders] == ["Acorn Ltd", "Beech CIC"]
    assert (second.bids, second.credible_bids, second.interested) == (0, None, None)
    assert [source.place for source in both.sources] == ["line 2", "line 3"]


CSV_FAULTS = {
    "a date that is none": (b"D1,31/02/2021,2,,,,,,,,", "2 date: must be a real date"),
    "no bidders": (b"D1,20/07/2021,,,,,,,,,", "2 bidders: must be filled in"),
    "half a bidder": (b"D1,20/07/2021,1.5,,,,,,,,", "2 bidders: "),
    "more firms than bidders": (b"D1,20/07/2021,1,,,,,,,A;B,", "2 firms: must not name more firms"),
    "a firm in disguise": (
        "D1,20/07/2021,2,,,,,,,A;\u0420\u0410\u0421\u0415,".encode(),
        "2 firms: has letters of another alphabet in “\u0420\u0410\u0421\u0415”",
    ),
    "a firm twice": (b"D1,20/07/2021,2,,,,,,,A; a,", "2 firms: names a firm twice"),
    "more credible bids than bids": (b"D1,20/07/2021,1,,,,,,,,2", "2 credible: must not be more"),
    "a day that has not come": (b"D1,23/11/2026,2,,,,,,,,", "2 date: must not be after today"),
    "a lot twice": (b"D1,20/07/2021,1,,,,,,,,\nd1,20/07/2021,1,,,,,,,,", "3 lot_id: names the same lot as line 2"),
    "two buyers of one package": (
        b"D1,20/07/2021,1,X,,,,P,,,\nD2,20/07/2021,1,Y,,,,p,,,",
        "3 buyer: is another than on line 2",
    ),
}


@pytest.mark.parametrize("case", CSV_FAULTS)
def test_a_line_that_is_wrong_is_named_with_the_column(case: str) -> None:
    lines, expected = CSV_FAULTS[case]
    assert faults(HEADER + lines + b"\n")[0].startswith(expected)


def test_a_fault_shows_the_cell_as_it_stands_in_the_file() -> None:
    (fault,) = reading(HEADER + b"D1,20/07/2021,1,,,,,,,Acorn Ltd;Beech CIC,\n").faults
    assert fault.found == "Acorn Ltd;Beech CIC"


@pytest.mark.parametrize(
    ("written", "value"),
    [("£1m", 1_000_000), ("1.2 million", 1_200_000), ("£850k", 850_000), ('"1,250.50"', "1250.50")],
)
def test_values_are_written_as_people_write_money(written: str, value: str | int) -> None:
    assert only(HEADER + f"D1,22/11/2026,1,,,,{written},,,,\n".encode()).value == Decimal(value)


def test_every_fault_of_a_line_is_told_at_once() -> None:
    found = faults(HEADER + b"D1,23/11/2026,1,,,,,,,A;B,2\n")
    assert [fault.split(":")[0] for fault in found] == ["2 credible", "2 firms", "2 date"]


def test_columns_may_be_missing_and_unknown_ones_are_said() -> None:
    found = reading(b"bidders;lot_id;date;weather\n3;D1;20/07/2021;fine\n")
    assert (found.faults, [note.column for note in found.notes]) == ([], ["weather"])
    assert faults(b"lot_id,date\nD1,20/07/2021\n") == ["1 bidders: is missing from the headings"]


def test_a_workbook_is_read_as_a_csv_file_is_and_its_other_sheets_are_named() -> None:
    columns = HEADER.decode().strip().split(",")
    row = ["D1", date(2021, 7, 20), 2, "", "", "", 1000.0, "", 7, "A; B", 1]
    content = workbook([Sheet("Lots", columns, [row]), Sheet("Notes", ["Said", "By"], [["Dear", "A"]])])
    assert format_of(content) is RecordFormat.TABLE
    assert only(content) == only(HEADER + b"D1,20/07/2021,2,,,,1000,,7,A; B,1\n")
    assert [(note.sheet, note.reason) for note in reading(content).notes] == [
        ("Notes", "Only the first sheet shown is read")
    ]
    wrong = workbook([Sheet("Lots", columns, [["D1", date(2026, 11, 23), 2, *[""] * 8]])])
    assert faults(wrong) == ["2 date: must not be after today: bids are counted once a lot has closed"]


def test_the_format_is_told_by_the_content() -> None:
    assert format_of(b"\xef\xbb\xbf \n" + package(TENDER)) is RecordFormat.OCDS
    assert format_of(HEADER + b"D1,20/07/2021,2,,,,,,,,\n") is RecordFormat.TABLE
