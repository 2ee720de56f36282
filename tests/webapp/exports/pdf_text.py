"""The words of a PDF as a reader would copy them: as much of the format as Typst writes."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
STREAM = re.compile(rb"stream\n(.*)\nendstream", re.S)
FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
INSIDE = rb"(?:[^()\\]|\\.)*"
for _ in range(4):  # brackets that match one another stand in a string as they are
    INSIDE = rb"(?:[^()\\]|\\.|\(" + INSIDE + rb"\))*"
SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\((" + INSIDE + rb")\)", re.S)
PROPERTIES = re.compile(rb"<<(?:[^()<>]|\(" + INSIDE + rb"\)|<[0-9A-F]*>)*>>", re.S)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
BREAK = "\u200b"


def text_of(octets: bytes) -> str:
    """Page after page; blanks and places to break a line are left out, since they do not tell lines apart."""
    objects = {int(number): body for number, body in OBJECT.findall(octets)}
    return "".join(_page(objects, body) for body in objects.values() if b"/Type/Page/" in body)


def same(text: str) -> str:
    """`text` as it stands in what `text_of` returns."""
    return "".join(text.replace(BREAK, "").split())


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources = objects[_reference(rb"/Resources", page)] if b"/Resources<<" not in page else page
    fonts = {name: _characters(objects, objects[int(number)]) for name, number in FONT.findall(resources)}
    made, known = [], {}
    content = PROPERTIES.sub(b"", _stream(objects[_reference(rb"/Contents", page)]))
    for font, shown in SHOWN.findall(content):
        known = fonts[font] if font else known
        codes = ESCAPED.sub(_unescaped, shown)
        made += [known[codes[place : place + 2]] for place in range(0, len(codes), 2)]
    return same("".join(made))


def _unescaped(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 8)]) if match[1].isdigit() else PLAIN.get(match[1], match[1])


def _characters(objects: dict[int, bytes], font: bytes) -> dict[bytes, str]:
    mapping = _stream(objects[_reference(rb"/ToUnicode", font)])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", mapping.partition(b"endcodespacerange")[2])
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _reference(name: bytes, body: bytes) -> int:
    found = re.search(name + rb" (\d+) 0 R", body)
    assert found is not None, f"no {name!r} in {body[:200]!r}"
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1])
