"""A summary as everybody reads it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.engagements.mails import how_many
from webapp.engagements.pages import paragraphs
from webapp.language import _
from webapp.models import EngagementSummary, ThemeFramework, ThemeVersion
from webapp.web.cells import Row, lines
from webapp.web.format import day, moment


@dataclass(frozen=True, slots=True)
class PublicSummary:
    published: str
    """When, and when it was corrected."""
    responses: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    """Each heading with its paragraphs."""


def public_summary(summary: EngagementSummary | None) -> PublicSummary | None:
    if summary is None:
        return None
    on = day(summary.published_at)
    return PublicSummary(
        published=_("Corrected on %(day)s.", day=on) if summary.version > 1 else _("Published on %(day)s.", day=on),
        responses=how_many(summary.responses),
        parts=(
            (_("What we heard"), paragraphs(summary.heard)),
            (_("What will change"), paragraphs(summary.changes)),
            (_("What happens next"), paragraphs(summary.next_steps)),
        ),
    )


@dataclass(frozen=True, slots=True)
class SignedThemes:
    """What providers said to a question, signed off by an officer, from which a summary can be written."""

    framework_id: uuid.UUID
    question: str
    version: str


def signed(found: Iterable[tuple[ThemeFramework, ThemeVersion]]) -> tuple[SignedThemes, ...]:
    return tuple(
        SignedThemes(framework.id, framework.wording, f"version {version.number}, signed on {day(version.signed_at)}")
        for framework, version in found
    )


def earlier_rows(versions: Iterable[EngagementSummary]) -> tuple[Row, ...]:
    """For officers: what each version said, in one text."""
    return tuple(
        (str(each.version), moment(each.published_at), lines((each.heard, each.changes, each.next_steps)))
        for each in versions
    )
