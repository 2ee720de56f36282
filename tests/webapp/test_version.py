"""The command that names the code by which an analysis can be computed again."""

from __future__ import annotations

from click.testing import CliRunner

from webapp.analysis.runs import LIBRARIES, code_version
from webapp.cli import cli


def test_version_names_the_code_of_an_analysis_and_its_libraries() -> None:
    said = CliRunner().invoke(cli, ["version"])
    code, *libraries = said.output.splitlines()
    assert (said.exit_code, code) == (0, code_version())
    assert [each.partition("==")[0] for each in libraries] == list(LIBRARIES)
    assert all(each.partition("==")[2] for each in libraries)
