"""What a file is by its content, and the archives that must not be opened."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.engagements.files import CSV, DOCX, ODT, PDF, TYPES, XLSX, archive
from webapp.engagements.documents.kinds import UnfitError, kind_of
from webapp.models import DocumentKind

GOOD = {
    DocumentKind.PDF: PDF,
    DocumentKind.CSV: CSV,
    DocumentKind.DOCX: DOCX,
    DocumentKind.XLSX: XLSX,
    DocumentKind.ODT: ODT,
}


@pytest.mark.parametrize("kind", GOOD)
def test_each_kind_is_known_by_its_content(kind: DocumentKind) -> None:
    assert kind_of(GOOD[kind]) is kind


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "a\tb\r\n1\t2", "a,b\n\n1,2\n", 'a,b\n"x\ny",2\n'])
def test_a_table_of_text_may_use_the_usual_separators(text: str) -> None:
    assert kind_of(text.encode()) is DocumentKind.CSV


def encrypted() -> bytes:
    """With the bit set that says so, in each header."""
    content = bytearray(DOCX)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    return bytes(content)


def swollen() -> bytes:
    """100 MB and more of nothing in about 100 kB."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(11):
            made.writestr(f"xl/worksheets/sheet{number}.xml", bytes(10_000_000))
    return written.getvalue()


def crowded(parts: int) -> bytes:
    return archive(
        {**TYPES, "word/document.xml": b"", **{f"{number}": b"" for number in range(parts)}}, zipfile.ZIP_STORED
    )


def with_locator_of_zip64() -> bytes:
    end = DOCX.rfind(b"PK\x05\x06")
    return DOCX[:end] + b"PK\x06\x07" + bytes(16) + DOCX[end:]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must be a PDF"),
        (b"hello", "must be a PDF"),
        (b"one\ntwo\nthree\n", "must be a PDF"),
        (b"a,b\n1,2,3\n", "must be a PDF"),
        (b'a,b\n"1,2\n', "must be a PDF"),
        (b"a,b\n1,\x00\n", "must be a PDF"),
        ("a,é\n1,2\n".encode("cp1252"), "is a CSV file that is not in UTF-8"),
        ("a,é\n1,2,3\n".encode("cp1252"), "must be a PDF"),
        (b"\xc3\x28\x81\x00", "must be a PDF"),
        ("a,\ufffe\n1,2\n".encode(), "must be a PDF"),
        (b"<html><script>alert(1)</script></html>", "must be a PDF"),
        (b"MZ\x90\x00 an executable", "must be a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old .doc", "must be a PDF"),
        (b"%PDF-1.7 cut off", "end of the PDF is missing"),
        (archive({"a.txt": b"no document"}), "must be a PDF"),
        (archive({"word/document.xml": b"no types"}), "must be a PDF"),
        (archive({"x": b"", "mimetype": b"application/vnd.oasis.opendocument.text"}), "must be a PDF"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.textile"}), "must be a PDF"),
        (archive({**TYPES, "word/document.xml": b"", "word/vbaProject.bin": b""}), "contains macros"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/x.xml": b""}), "contains macros"),
        (encrypted(), "is encrypted"),
        (DOCX[: len(DOCX) // 2], "is damaged"),
        (b"PK\x03\x04", "is damaged"),
        (swollen(), "unpacks to more than 100 MB"),
        (crowded(5_001), "has too many parts"),
        (with_locator_of_zip64(), "has too many parts"),
    ],
)
def test_everything_else_is_refused_with_the_reason(content: bytes, message: str) -> None:
    with pytest.raises(UnfitError, match=message):
        kind_of(content)


def test_a_long_directory_is_refused_without_reading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own record lies about the number of entries; only its size in bytes counts."""
    content = bytearray(crowded(30_000))
    end = content.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", content, end + 8, 3, 3)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the archive was opened"))
    started = time.thread_time()
    with pytest.raises(UnfitError, match="too many parts"):
        kind_of(bytes(content))
    assert time.thread_time() - started < 0.5


@given(st.binary(max_size=300), st.integers(0, 3000))
def test_a_damaged_archive_is_refused_and_never_breaks_the_page(noise: bytes, at: int) -> None:
    content = bytearray(ODT if len(noise) % 2 else DOCX)
    at %= len(content)
    content[at : at + len(noise)] = noise
    with suppress(UnfitError):
        kind_of(bytes(content))


@given(st.binary(max_size=500))
def test_no_bytes_break_the_check(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-"):
        with suppress(UnfitError):
            kind_of(start + content)
