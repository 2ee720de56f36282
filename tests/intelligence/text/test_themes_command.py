"""The themes command on files: what it writes, and the one line it says when it cannot."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from intelligence.__main__ import main
from intelligence.files import read_json
from intelligence.text.themes import ThemeSet
from tests.intelligence.text.answers import ANSWERS


def write_csv(path: Path, texts: list[str], *, encoding: str = "utf-8") -> Path:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([("id", "answer", "agrees"), *((n, text, "yes") for n, text in enumerate(texts))])
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(source: Path, out: Path, *options: str) -> int:
    return main(["themes", str(source), "--text", "answer", "--out", str(out), *options])


def test_rows_of_the_output_are_rows_of_the_input(tmp_path: Path) -> None:
    awkward = ['He said "no", then\nleft: vetting takes months', "", "n/a", "é 👍 " + "nurses " * 30_000, ANSWERS[0]]
    source = write_csv(tmp_path / "in.csv", [*ANSWERS, *awkward], encoding="utf-8-sig")
    assert run(source, tmp_path / "out.csv", "--seed", "4", "--summary", str(tmp_path / "out.json")) == 0
    rows = read_csv(tmp_path / "out.csv")
    assert list(rows[0]) == ["row", "theme", "label", "strength"]
    assert {int(row["row"]) for row in rows} == {*range(25), 27, 28}
    assert all(0 <= float(row["strength"]) <= 1 for row in rows)
    summary = read_json(tmp_path / "out.json", ThemeSet)
    assert {(row["theme"], row["label"]) for row in rows} <= {(theme.id, theme.title) for theme in summary.themes}
    themes_of = {n: [row["theme"] for row in rows if row["row"] == str(n)] for n in (0, 28)}
    assert themes_of[28] == themes_of[0], "a copied answer has the themes of the one it copies"


def test_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", list(ANSWERS))
    assert run(source, tmp_path / "here.csv", "--summary", str(tmp_path / "here.json")) == 0
    command = [sys.executable, "-m", "intelligence", "themes", str(source), "--text", "answer"]
    outputs = ["--out", str(tmp_path / "elsewhere.csv"), "--summary", str(tmp_path / "elsewhere.json")]
    subprocess.run([*command, *outputs], check=True, timeout=120)
    for suffix in ("csv", "json"):
        assert (tmp_path / f"here.{suffix}").read_bytes() == (tmp_path / f"elsewhere.{suffix}").read_bytes()


def test_consent_column_decides_who_is_quoted(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    lines = "\n".join(f'"{answer}",{"yes" if n == 5 else "no"}' for n, answer in enumerate(ANSWERS))
    source.write_text(f"answer,agrees\n{lines}\n", encoding="utf-8")
    assert run(source, tmp_path / "out.csv", "--consent", "agrees", "--summary", str(tmp_path / "out.json")) == 0
    found = read_json(tmp_path / "out.json", ThemeSet)
    quoted = {q.comment_id for theme in found.themes for q in (theme.medoid, *theme.quotes) if q is not None}
    assert quoted == {"5"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file or directory"),
        (b"", "line 1: the file is empty"),
        (b"answer\n", "line 2: no rows follow the header"),
        (b"id,reply\n1,Pay\n", "line 1: no column 'answer' among id, reply"),
        (b"answer,answer\nPay,Pay\n", "line 1: column 'answer' appears 2 times"),
        (b'id,answer\n1,"two\nlines"\n2\n', "line 4: 1 cells where the header has 2"),
        (b"answer\nPay\nLow \xff pay\n", "line 3: not UTF-8 text"),
        (b"answer\nPay\nLow \x00 pay\n", "line 3: a NUL byte"),
        ("answer\nPay\n".encode("utf-16"), "line 1: UTF-16 text, where UTF-8 is expected"),
        (b'answer\nPay\n"never closed\n', "line 3: unexpected end of data"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    source = tmp_path / "in.csv"
    if content is not None:
        source.write_bytes(content)
    assert run(source, tmp_path / "out.csv") == 2
    error = capsys.readouterr().err
    assert f"{source}: {said}" in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("option", [("--themes", "0"), ("--themes", "many"), ("--seed", "-1"), ("--seed", "1e3")])
def test_a_bad_option_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(tmp_path / "in.csv", tmp_path / "out.csv", *option)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert option[0] in error
    assert "must be a whole number" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("place", [".", "missing/out.csv", "in.csv"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    source = write_csv(tmp_path / "in.csv", list(ANSWERS))
    before = source.read_bytes()
    assert run(source, tmp_path / place) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert source.read_bytes() == before


def test_signed_themes_take_new_comments(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [*ANSWERS])
    signed = tmp_path / "signed.json"
    assert run(source, tmp_path / "out.csv", "--sign", str(signed)) == 0
    new = write_csv(tmp_path / "new.csv", ["Nurses cannot be recruited to prisons", "", "The goalkeeper caught a cold"])
    assert run(new, tmp_path / "new-out.csv", "--assign", str(signed)) == 0
    rows = read_csv(tmp_path / "new-out.csv")
    assert {row["row"] for row in rows if row["theme"]} == {"0"}
    assert [(row["row"], row["label"]) for row in rows if not row["theme"]] == [("2", "does not fit")]


def test_confirmed_themes_teach_the_rest_and_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_csv(tmp_path / "in.csv", [*ANSWERS])
    confirmed = tmp_path / "confirmed.csv"
    confirmed.write_text("row,theme\n0,staff\n1,pension\n2,time\n3,price\n", encoding="utf-8")
    ask = tmp_path / "ask.csv"
    options = ("--confirmed", str(confirmed), "--ask", str(ask), "--questions", "3")
    assert run(source, tmp_path / "out.csv", *options) == 0
    rows = read_csv(tmp_path / "out.csv")
    assert {row["row"] for row in rows} == {str(n) for n in range(len(ANSWERS))}
    assert [row["theme"] for row in rows if row["row"] == "1"] == ["pension"]
    asked = read_csv(ask)
    assert len(asked) == 3
    assert all(row["text"] == ANSWERS[int(row["row"])] and row["theme"] and row["nearest_rows"] for row in asked)
    assert "10 confirmed rows in 2 themes to learn from, and there are 4 in 4" in capsys.readouterr().err


def test_confirmed_rows_that_all_say_the_same_are_asked_about_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path / "in.csv", [ANSWERS[0]] * 30)
    confirmed, ask = tmp_path / "confirmed.csv", tmp_path / "ask.csv"
    confirmed.write_text("row,theme\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(10)), encoding="utf-8")
    options = ("--confirmed", str(confirmed), "--ask", str(ask), "--questions", "3")
    assert run(source, tmp_path / "out.csv", *options) == 0
    assert capsys.readouterr().err == ""
    assert len(read_csv(ask)) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("row,theme\n99,staff\n", "line 2: row must be a whole number below 24"),
        ("row,theme\nx,staff\n", "line 2: row must be"),
        ("row,code\n1,staff\n", "no column 'theme'"),
        ("row,theme\n1,staff\n1,\n", "line 3: row 1 has a theme and, as an empty one says, none that fits"),
        ("", "the file is empty"),
    ],
)
def test_confirmed_files_that_cannot_be_used_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, reason: str
) -> None:
    source = write_csv(tmp_path / "in.csv", [*ANSWERS])
    confirmed = tmp_path / "confirmed.csv"
    confirmed.write_text(content, encoding="utf-8")
    assert run(source, tmp_path / "out.csv", "--confirmed", str(confirmed)) == 2
    assert f"confirmed.csv: {reason}" in capsys.readouterr().err.replace("line 1: ", "")
