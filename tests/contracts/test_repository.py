"""What holds for the files themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host_and_pins_every_package_by_hash(name: str) -> None:
    text = read(name)
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)
    packages = re.findall(r"^[a-z0-9].*", text, flags=re.MULTILINE)
    assert packages
    assert all("==" in package and package.endswith("\\") for package in packages)
    assert text.count("--hash=sha256:") >= len(packages)


def test_what_runs_is_part_of_what_is_tested() -> None:
    runtime = set(re.findall(r"^[a-z0-9].*==\S+", (ROOT / LOCKS[0]).read_text(encoding="utf-8"), flags=re.MULTILINE))
    development = set(
        re.findall(r"^[a-z0-9].*==\S+", (ROOT / LOCKS[1]).read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert runtime <= development


def test_the_house_stands_in_the_readme_as_it_is_built() -> None:
    layers = re.search(r"^layers =\n((?: +\S.*\n)+)", read(".importlinter"), flags=re.MULTILINE)
    assert layers
    built = [set(re.findall(r"webapp\.(\w+)", floor)) for floor in layers[1].splitlines()]
    told = [line.split() for line in re.findall(r"^  ([a-z_ ]+?)  ", read("README.md"), flags=re.MULTILINE)]
    floors = [next(i for i, floor in enumerate(built) if floor.issuperset(names)) for names in told]
    assert floors == sorted(floors)
    assert sorted(name for names in told for name in names) == sorted(set().union(*built))


def test_a_template_imports_what_it_uses_and_no_more() -> None:
    unused = []
    for path in sorted((ROOT / "webapp/templates").rglob("*.html")):
        template = path.read_text(encoding="utf-8")
        for names in re.findall(r"{% from \S+ import (.+?) %}", template):
            for name in names.removesuffix(" with context").split(", "):
                if len(re.findall(rf"\b{name}\b", template)) == 1:
                    unused.append((path.name, name))
    assert unused == []
