"""The published formats are those of the types that read and write the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from intelligence.__main__ import main
from intelligence.formats import FORMATS, file_name, json_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "formats"


@pytest.mark.parametrize("name", FORMATS)
def test_the_published_schema_is_current(name: str) -> None:
    stale = f"run python -m intelligence formats --out {PUBLISHED.relative_to(PUBLISHED.parents[1])}"
    assert (PUBLISHED / file_name(name)).read_text(encoding="utf-8") == json_schema(name), stale


def test_nothing_else_is_published() -> None:
    assert {path.name for path in PUBLISHED.iterdir()} == {file_name(name) for name in FORMATS}


def test_the_command_writes_every_schema(tmp_path: Path) -> None:
    assert main(["formats", "--out", str(tmp_path)]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        file_name(name): json_schema(name) for name in FORMATS
    }


def test_a_directory_that_is_not_there_ends_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats", "--out", str(tmp_path / "none")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("no such file or directory")
