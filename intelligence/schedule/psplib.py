"""Project files of the PSPLIB library (.sm): single-mode projects with renewable resources.

The format is read by its section headings and numbers, not by its columns, so rules of stars or dashes, blank lines,
letter case, line ends and lists of successors that run over several lines do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from intelligence.files import FileError, os_reason
from intelligence.schedule.project import Activity, Project, ProjectError

_SECTIONS = {
    "RESOURCES": re.compile(r"^\s*RESOURCES\b", re.IGNORECASE),
    "INFORMATION": re.compile(r"^\s*PROJECT\s+INFORMATION", re.IGNORECASE),
    "PRECEDENCE": re.compile(r"^\s*PRECEDENCE\s+RELATIONS", re.IGNORECASE),
    "REQUESTS": re.compile(r"^\s*REQUESTS\s*/\s*DURATIONS", re.IGNORECASE),
    "AVAILABILITIES": re.compile(r"^\s*RESOURCE\s*AVAILABILITIES", re.IGNORECASE),
}
_NUMBERS = re.compile(r"[\s\d]+")
_COUNT = re.compile(r"^\s*-?\s*(renewable|nonrenewable|doubly\s+constrained)\s*:\s*(\d+)", re.IGNORECASE)
_MOST_DIGITS = 9

Lines = list[tuple[int, str]]


def read_project(path: str | Path) -> Project:
    """Read a project from a file.

    Raises:
        FileError: the file cannot be read, or is no single-mode project with renewable resources; one line says why.
    """
    try:
        text = Path(path).read_bytes().decode("latin-1")  # names may be in any encoding
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: {os_reason(error)}") from error
    try:
        return parse_project(text)
    except ProjectError as error:
        raise FileError(f"{path}: {error}") from error


def parse_project(text: str) -> Project:
    """A project from the text of a .sm file.

    Raises:
        ProjectError: the text is not such a project.
    """
    sections = _sections(text)
    resources = _resource_count(sections["RESOURCES"])
    successors = _successors(sections["PRECEDENCE"])
    requests = _requests(sections["REQUESTS"], resources)
    capacities = _numbers(sections["AVAILABILITIES"])
    if len(capacities) != resources:
        raise ProjectError(f"{resources} resources are declared and {len(capacities)} availabilities given")
    if set(requests) != set(successors):
        job = min(set(requests) ^ set(successors))
        raise ProjectError(f"job {job} has successors or requests, not both")
    activities = tuple(
        Activity(str(job), duration, demands, tuple(str(after) for after in successors[job]))
        for job, (duration, demands) in sorted(requests.items())
    )
    return Project(activities, tuple(capacities))


def _sections(text: str) -> dict[str, Lines]:
    found: dict[str, Lines] = {}
    current: Lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        name = next((name for name, heading in _SECTIONS.items() if heading.match(line)), None)
        if name is not None:
            current = found.setdefault(name, [])
        else:
            current.append((number, line))
    for name in ("RESOURCES", "PRECEDENCE", "REQUESTS", "AVAILABILITIES"):
        if name not in found:
            raise ProjectError(f"not a PSPLIB single-mode file: it has no section {name.lower()}")
    return found


def _resource_count(lines: Lines) -> int:
    counts = {match[1].lower().split()[0]: int(match[2]) for _, line in lines if (match := _COUNT.match(line))}
    if counts.get("nonrenewable", 0) or counts.get("doubly", 0):
        raise ProjectError("it has nonrenewable or doubly constrained resources; only renewable ones are planned")
    if not 0 < counts.get("renewable", 0) < 1_000:
        raise ProjectError("it declares no renewable resources")
    return counts["renewable"]


def _numbers(lines: Lines) -> list[int]:
    """The numbers of the lines that hold nothing else; headings and rules are passed over."""
    found: list[int] = []
    for number, line in lines:
        if line.strip()[:1].isdecimal() and not _NUMBERS.fullmatch(line):
            raise ProjectError(f"line {number}: must hold whole numbers and nothing else")
        if line.strip() and _NUMBERS.fullmatch(line):
            words = line.split()
            if any(len(word) > _MOST_DIGITS for word in words):
                raise ProjectError(f"line {number}: a number is too large")
            found.extend(map(int, words))
    return found


def _successors(lines: Lines) -> dict[int, list[int]]:
    numbers = iter(_numbers(lines))
    found: dict[int, list[int]] = {}
    for job in numbers:
        modes, count = _next(numbers, job), _next(numbers, job)
        if modes != 1:
            raise ProjectError(f"job {job} has {modes} modes; only single-mode projects are planned")
        found[job] = [_next(numbers, job) for _ in range(count)]
    return found


def _requests(lines: Lines, resources: int) -> dict[int, tuple[int, tuple[int, ...]]]:
    numbers = iter(_numbers(lines))
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    for job in numbers:
        if job in found:
            raise ProjectError(f"job {job} has its requests twice; only single-mode projects are planned")
        _next(numbers, job)  # the mode
        duration = _next(numbers, job)
        found[job] = (duration, tuple(_next(numbers, job) for _ in range(resources)))
    return found


def _next(numbers: Iterator[int], job: int) -> int:
    value = next(numbers, None)
    if value is None:
        raise ProjectError(f"the numbers of job {job} are incomplete")
    return value
