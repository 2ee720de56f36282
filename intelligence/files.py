"""JSON in and out for the frozen types of this package, and the canonical bytes that their digests are made of.

Reading is strict: unknown keys, wrong types and inputs that contradict themselves are refused, and the message is one
line that names the file, the place in it and the reason. The same functions serve files and JSONB columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

T = TypeVar("T")

LONGEST_REASON = 300


class FileError(ValueError):
    """A file or a stored value cannot be used; the message is one line: where, which place in it, and why."""

    def __init__(self, message: str) -> None:
        super().__init__(_one_line(message))


def read_json(path: str | Path, type_: type[T]) -> T:
    """Read a value of `type_` from a UTF-8 JSON file.

    Raises:
        FileError: the file cannot be read, is not UTF-8 or JSON, or does not describe a valid `type_`.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}: line {line}: not UTF-8 text") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise FileError(f"{path}: {os_reason(error)}") from error
    try:
        return _parse(type_, text)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error


def write_json(path: str | Path, value: object) -> None:
    """Write a value as indented UTF-8 JSON, the same bytes for equal values.

    Raises:
        FileError: the file cannot be written.
    """
    try:
        Path(path).write_bytes(file_bytes(to_json(value)))
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: {os_reason(error)}") from error


def file_bytes(data: JsonValue) -> bytes:
    """What a file of :func:`write_json` holds, of JSON's own types."""
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def to_json(value: object) -> JsonValue:
    """Turn a frozen value into JSON's own types, for a JSONB column or `json.dumps`.

    >>> from intelligence.market import ServiceLine
    >>> to_json(ServiceLine("dental", "Dental"))
    {'id': 'dental', 'name': 'Dental'}
    """
    data: JsonValue = _adapter(type(value)).dump_python(value, mode="json", warnings="error")
    return data


def from_json(type_: type[T], data: JsonValue) -> T:
    """Turn what :func:`to_json` made back into the value; the opposite of it for every type of this package.

    Raises:
        FileError: the data does not describe a valid `type_`; the message names the place.

    >>> from intelligence.market import ServiceLine
    >>> from_json(ServiceLine, {"id": "dental", "name": "Dental"})
    ServiceLine(id='dental', name='Dental')
    """
    return _parse(type_, json.dumps(data))


def canonical_json(value: object) -> bytes:
    """The value as JSON in one fixed form: keys sorted, no spaces, UTF-8. Equal values give equal bytes.

    >>> from intelligence.market import ServiceLine
    >>> canonical_json(ServiceLine(name="Dental", id="dental"))
    b'{"id":"dental","name":"Dental"}'
    """
    data = to_json(value)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: object) -> str:
    """The SHA-256 of :func:`canonical_json`, in hexadecimal: what a run records of its inputs."""
    return sha256(canonical_json(value)).hexdigest()


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)  # making one takes far longer than using it


def _parse(type_: type[T], text: str) -> T:
    try:
        value: T = _adapter(type_).validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        raise FileError(_first_fault(error)) from error
    except OverflowError as error:
        raise FileError("a number is too large") from error
    return value


def _first_fault(error: ValidationError) -> str:
    """The first fault as ``place: reason``; a value that checks itself names the place in its own `path`."""
    fault, *others = error.errors(include_url=False, include_input=False)
    cause = fault.get("ctx", {}).get("error")
    place = _place(fault["loc"])
    if isinstance(cause, ValueError):
        inner = getattr(cause, "path", "")
        place = f"{place}.{inner}" if place and inner else place or inner
        reason = getattr(cause, "reason", str(cause))
    elif fault["type"] == "unexpected_keyword_argument":
        reason = "unknown key"
    elif fault["type"] == "missing":
        reason = "is missing"
    else:
        reason = fault["msg"]
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}: {reason}{more}" if place else f"{reason}{more}"


def _place(location: Sequence[int | str]) -> str:
    """A JSON path such as ``interests[3].level``; keys that are no plain words are quoted."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step.isidentifier():
            path += f".{step}" if path else step
        else:
            path += f"[{step[:80]!r}]"
    return path


def os_reason(error: OSError | ValueError) -> str:
    """Why the system refused a file, in a few words."""
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)


def _one_line(message: str) -> str:
    """Without line breaks and control characters, and cut: a hostile file must not scroll its reader's terminal."""
    line = "".join(letter if letter.isprintable() else " " for letter in message)
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"
