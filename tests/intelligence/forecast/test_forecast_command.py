"""The forecast command on files: what it reads, what it writes, and the one line it says when it cannot."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from intelligence.__main__ import main
from intelligence.files import read_json
from intelligence.forecast.command import describe_skill
from intelligence.forecast.result import CandidateSkill, HistoryForecast
from intelligence.forecast.table import read_lots

HISTORY = """lot_id,date,bidders,buyer,value,firms
a,2024-01-05,3,North,"1,200.50",Ash;Birch;Cedar
b,2023-02,2,South,,Ash; Birch
c,2022,1.0,North,nan,
"""
LOTS = "lot_id,date,buyer\nnew,2025-01-01,North\nold,2023-06-30,South\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "H.csv").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "L.csv").write_text(LOTS, encoding="utf-8")
    return {"history": tmp_path / "H.csv", "lots": tmp_path / "L.csv", "out": tmp_path / "F.csv"}


def forecast(files: dict[str, Path], *more: str) -> int:
    options = [part for name in ("history", "lots", "out") for part in (f"--{name}", str(files[name]))]
    return main(["forecast", *options, *more])


def written(files: dict[str, Path]) -> list[dict[str, str]]:
    with files["out"].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_lot_in_the_order_of_the_lots(files: dict[str, Path], tmp_path: Path) -> None:
    assert forecast(files, "--summary", str(tmp_path / "S.json")) == 0
    rows = written(files)
    assert [row["lot_id"] for row in rows] == ["new", "old"]
    assert list(rows[0]) == ["lot_id", "mean", *(f"p{bids}" for bids in range(41))]
    for row in rows:
        assert sum(float(row[f"p{bids}"]) for bids in range(41)) == pytest.approx(1, abs=1e-9)
        assert float(row["mean"]) > 0
    summary = read_json(tmp_path / "S.json", HistoryForecast)
    assert [lot.past_lots for lot in summary.lots] == [3, 2]


def test_the_skill_of_each_way_of_forecasting_is_printed(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"h{n},2024-01-{1 + n % 28:02},{n % 4}" for n in range(40)]
    files["history"].write_text("\n".join(["lot_id,date,bidders", *rows]))
    assert forecast(files) == 0
    printed = capsys.readouterr().out
    for name in ("histogram", "regression", "like groups", "pool"):
        assert f"  {name} " in printed


def test_where_the_histogram_stands_its_score_is_not_said_to_be_the_forecasts() -> None:
    skill = CandidateSkill("histogram", 0.5, 1.0)
    printed = describe_skill(HistoryForecast((), (skill,), 9, 0.4, histogram_only=True, seed=1))
    assert "the histogram: it stands, with one more lot for what none has shown" in printed
    assert "0.4000" not in printed


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_however_short_the_history(files: dict[str, Path], rows: int) -> None:
    lines = ["lot_id,date,bidders", *(f"h{n},2024-01-0{n + 1},{n}" for n in range(rows))]
    files["history"].write_text("\n".join(lines))
    assert forecast(files) == 0
    assert len(written(files)) == 2


def test_past_lots_that_none_comes_after_are_said_to_be_used(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files["history"].write_text("date,bidders\n2024-01-01,2\n2024-01-01,3\n")
    assert forecast(files) == 0
    assert "markets in general, and on 2 past lots without a trial" in capsys.readouterr().out
    files["history"].write_text("date,bidders\n")
    assert forecast(files) == 0
    assert "markets in general.\n" in capsys.readouterr().out


def test_no_lots_are_no_forecast(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files["lots"].write_text("lot_id,date\n")
    assert forecast(files) == 2
    assert f"{files['lots']}: line 2: no rows follow the header" in capsys.readouterr().err
    assert not files["out"].exists()


def test_what_is_said_to_be_unknown_is_no_group(tmp_path: Path) -> None:
    (tmp_path / "L.csv").write_text("lot_id,date,buyer,category,region,package\nnone,2025,n/a,-,None,\n")
    ((lot,), _) = read_lots(str(tmp_path / "L.csv"))
    assert (lot.id, lot.buyer, lot.category, lot.region, lot.package) == ("none", None, None, None, None)


def test_unknown_columns_are_named_and_ignored(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files["lots"].write_text("lot_id,date,bidders,weather\nnew,2025-01-01,99,rain\n")
    assert forecast(files) == 0
    assert f"note: {files['lots']}: columns not used: bidders, weather" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("d,2024-02-30,3,,,", "column date: '2024-02-30' is not a date like 2025-03-31"),
        ("d,01/02/2024,3,,,", "column date: '01/02/2024' is not a date like 2025-03-31"),
        ("d,,3,,,", "column date: is empty"),
        ("d,2024-01-01,,,,", "column bidders: is empty, and the number of bidders must be known"),
        ("d,2024-01-01,-1,,,", "column bidders: '-1' is not a whole number from 0 to 1,000,000"),
        ("d,2024-01-01,2.5,,,", "column bidders: '2.5' is not a whole number from 0 to 1,000,000"),
        ("d,2024-01-01,2,,£5,", "column value: '£5' is not a number from 0 to 1e+15"),
        ("d,2024-01-01,2,,-5,", "column value: '-5' is not a number from 0 to 1e+15"),
        ("d,2024-01-01,2,,1e99,", "column value: '1e99' is not a number from 0 to 1e+15"),
        ("d,2024-01-01", "2 cells where the header has 6"),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_reason(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], row: str, reason: str
) -> None:
    files["history"].write_text(f"{HISTORY}{row}\n", encoding="utf-8")
    assert forecast(files) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"python -m intelligence: {files['history']}: row 4 (line 5)")
    assert reason in line
    assert not files["out"].exists()


def test_how_many_more_rows_are_bad_is_said(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files["history"].write_text("lot_id,date,bidders\na,2024-01-01,x\nb,2024-01-01,2\nc,soon,2\n")
    assert forecast(files) == 2
    assert "row 1 (line 2), column bidders: 'x' is not a whole number" in (err := capsys.readouterr().err)
    assert "(and 1 more bad rows)" in err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1: a header was expected"),
        (b"lot_id,date\na,2024-01-01\n", "no column 'bidders'"),
        (b"lot_id,date,bidders,date\n", "column 'date' appears 2 times"),
        (b"lot_id,date,bidders\na\0,2024-01-01,2\n", "line 2: a NUL"),
        (b'lot_id,date,bidders\n"a,2024-01-01,2\n', "line 2: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    files["history"].write_bytes(content)
    assert forecast(files) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_of_spreadsheet_programs_are_read(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], encoding: str, separator: str
) -> None:
    lines = ["Lot_ID,Date ,bidders,buyer", "a,2024-01-01,4,Région", "", "b,2024-01-02T10:00:00,4,Région"]
    files["history"].write_bytes("\r\n".join(lines).replace(",", separator).encode(encoding))
    assert forecast(files) == 0
    noted = "read as Windows-1252" in capsys.readouterr().err
    assert noted == (encoding == "cp1252")


def test_no_output_overwrites_an_input(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("history", "lots"):
        assert forecast(files | {"out": files[name]}) == 2
        assert "would overwrite" in capsys.readouterr().err
    assert files["history"].read_text(encoding="utf-8") == HISTORY


def test_repeated_lots_are_said(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files["lots"].write_text("lot_id,date\nx,2025-01-01\nx,2025-01-01\n")
    assert forecast(files) == 0
    assert "1 rows repeat the lot_id of another" in capsys.readouterr().err
    assert len(written(files)) == 2


def test_equal_seeds_write_equal_bytes(files: dict[str, Path], tmp_path: Path) -> None:
    lines = [f"h{n},2024-{1 + n % 12:02}-01,{n % 7},{1000 + n}" for n in range(300)]
    files["history"].write_text("\n".join(["lot_id,date,bidders,value", *lines]))
    outs = []
    for name in ("one.json", "two.json"):
        assert forecast(files, "--seed", "3", "--summary", str(tmp_path / name)) == 0
        outs.append((files["out"].read_bytes(), (tmp_path / name).read_bytes()))
    assert outs[0] == outs[1]
    assert json.loads(outs[0][1])["seed"] == 3
