"""The contents of a questionnaire, before they become a version of an engagement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.engagements.conditions import Conditions
from webapp.models import AskedPer, Measure, QuestionKind


class ColumnKind(StrEnum):
    TEXT = "text"
    MONTH = "month"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class ColumnContent:
    key: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    key: str
    kind: QuestionKind
    wording: str
    hint: str | None = None
    why: str | None = None
    required: bool = False
    asked_per: AskedPer = AskedPer.RESPONSE
    options: tuple[tuple[str, str], ...] = ()
    """For a choice: each value with its label."""
    columns: tuple[ColumnContent, ...] = ()
    """For rows."""
    most_words: int | None = None
    measure: Measure | None = None
    asked_if: Conditions | None = None
    restricted: bool = False
    """Whether of the officers only those who lead read the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionContent:
    slug: str
    title: str
    introduction: str | None = None
    questions: tuple[QuestionContent, ...]
    asked_if: Conditions | None = None
