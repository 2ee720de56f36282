"""Files of responses as they are sent, mapped, looked at and recorded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client, Page
from tests.world import run_jobs
from webapp.exports.workbook import Sheet, Value, workbook
from webapp.models import (
    Engagement,
    Reception,
    Response,
    Submission,
)
from webapp.web.format import LONDON

HEADER = (
    "Name of organisation",
    "Submitted at",
    "What about legal_name?",
    "What about cqc?",
    "D1: What about interest?",
    "D2: What about interest?",
    "D1: What about start_wte?",
    "What about held?",
    "What about barriers?",
    "Internal number",
)


ACORN: tuple[Value, ...] = (
    "Acorn Care",
    None,
    "Acorn Care Ltd",
    "Y",
    "Would bid",
    "would not bid",
    "4.5 WTE",
    2,
    "Vetting",
    17,
)


OAK: tuple[Value, ...] = ("Oak Health", None, "Oak", "no", "Likely to bid", None, 3, None, "=1+1", 18)


def where(about: Engagement, *path: object) -> str:
    return "/".join((f"/manage/engagements/{about.id}/received/import", *map(str, path)))


def file_of(*rows: Sequence[Value], header: Sequence[str] = HEADER) -> bytes:
    return workbook([Sheet("Answers", header, rows)])


def send(
    client: Client, about: Engagement, content: bytes, tool: str = "Forms", status: int | None = 302, **given: Any
) -> Page:
    at = (datetime.now(UTC) - timedelta(hours=1)).astimezone(LONDON)
    fields = {
        "tool": tool,
        "day-day": str(at.day),
        "day-month": str(at.month),
        "day-year": str(at.year),
        "time": f"{at:%H:%M}" if (at.hour, at.minute) != (0, 0) else "00:01",
        "file": (io.BytesIO(content), "answers"),
        **given,
    }
    hidden = dict(client.get(where(about)).hidden())
    return client.post(where(about), {**hidden, **fields}, status=status, content_type="multipart/form-data")


def mapped(client: Client, columns_page: str, **changed: str) -> Page:
    """The preview, once the columns are mapped as the page offers it, but for what is changed."""
    fields: dict[str, Any] = chosen(client.get(columns_page))
    return client.get(client.submit(columns_page, {**fields, **changed}).location)


def chosen(page: Page) -> dict[str, str]:
    return {
        control.get("name"): next(
            (o.get("value", "") for o in control.iter("option") if o.get("selected") is not None), ""
        )
        for control in page.tree.iter("select")
    }


def preview(client: Client, about: Engagement, content: bytes, **changed: str) -> Page:
    return mapped(client, send(client, about, content).location, **changed)


def record(client: Client, page: Page, status: int = 302, **given: str) -> Page:
    """What the officer sees once the worker has done what there was to do."""
    asked = ask(client, page, status=status, **given)
    if status != 302:
        return asked
    work(client)
    return client.get(asked.location)


def ask(client: Client, page: Page, status: int = 302, **given: str) -> Page:
    return client.submit(page.response.request.path, {"checked": "y", **given}, status=status)


def work(client: Client) -> None:
    app = client._client.application
    run_jobs(app.extensions["soundings.database"], app.config["SETTINGS"])


def words_on(page: Page) -> dict[str, str]:
    """The names of the fields that ask what words mean."""
    labels = {label.text.strip(): label.get("for") for label in page.tree.iter("label") if label.text}
    controls = {control.get("id"): control.get("name") for control in page.tree.iter("select")}
    return {said: controls[control] for said, control in labels.items() if said.endswith("means")}


def nothing_recorded(session: Session) -> bool:
    made = (session.scalar(select(func.count()).select_from(kind)) for kind in (Submission, Response, Reception))
    return not any(made)
