"""Files that people send and fetch: how large a request may be, and what a file is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request

V = TypeVar("V", bound=Callable[..., object])

MOST_STEM = 100
ROOM_FOR_FORM = 1_000_000
"""Beyond the file: the other fields, and so much over the limit that the form can say so next to the field."""
MOST_PARTS = 10_000
"""Of such a form, and of one without a file: a section of a questionnaire may ask much about many lots."""
_UNSAFE = re.compile(r'["<>:|?*;%#]+')


def takes_file(most_bytes: int) -> Callable[[V], V]:
    """Mark a view whose form may carry a file of that size; every other view keeps the limit of the app."""

    def mark(view: V) -> V:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]  # read when a request comes in
        return view

    return mark


def register_files(app: Flask) -> None:
    """Call before anything reads a request's form, as the CSRF check does."""
    app.before_request(_make_room)


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most_bytes = getattr(view, "most_bytes", None)
    if most_bytes is not None and request.mimetype == "multipart/form-data":
        request.max_content_length = most_bytes + ROOM_FOR_FORM
        request.max_form_parts = MOST_PARTS


def clean_name(name: str, ending: str) -> str:
    """A file name that every system takes: no folder, no control or direction characters, the ending that is true.

    >>> clean_name("C:\\\\tmp\\\\..\\\\Pricing  model.exe", "xlsx")
    'Pricing model.xlsx'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in last)
    stem = _UNSAFE.sub(" ", shown.rpartition(".")[0] or shown)
    stem = " ".join(stem.split())[:MOST_STEM].strip(" .-")
    return f"{stem or 'document'}.{ending}"
