"""What the page of a file says while the worker records it, and afterwards."""

from __future__ import annotations

from webapp.models import ResponseImport
from webapp.web.format import percent


def recording_text(of: ResponseImport) -> str:
    if of.recorded_at is not None:
        return "Every response in the file is recorded."
    if of.failure is not None:
        return of.failure
    if not of.progress:
        return "Waiting for a worker to begin."
    return f"Recording, {percent(of.progress)} done."
