"""Small files of each kind, and archives that are none."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CSV = 'lot,demand\r\nD1,6\r\nD2,"1,5"\r\n'.encode("utf-8-sig")
TYPES = {"[Content_Types].xml": b"<Types/>"}


def archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as made:
        for name, content in parts.items():
            stored = name == "mimetype"
            made.writestr(name, content, zipfile.ZIP_STORED if stored else compression)
    return written.getvalue()


DOCX = archive({**TYPES, "word/document.xml": b"<document/>"})
XLSX = archive({**TYPES, "xl/workbook.xml": b"<workbook/>"})
ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<content/>"})
