"""The register as sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from webapp.analysis.risks.findings import Finding, Found
from webapp.analysis.risks.pages import KIND_OF, NOT_FOUND, compared, is_overdue, written
from webapp.analysis.risks.queries import Named
from webapp.analysis.risks.words import KINDS, STATES, finding_in_words
from webapp.exports.workbook import Sheet, Value
from webapp.models import Risk, RiskFigure, RiskVersion

_ABOUT = ("Kind", "Lot", "Procurement", "Provider")


def register(rows: Iterable[RiskVersion], found: Found, today: date) -> Sheet:
    """Every entry as it stands, in the order of the page."""
    columns = (
        "Severity",
        "Title",
        *_ABOUT,
        "Why it could happen",
        "What could happen",
        "What would follow",
        "Likelihood (1 to 5)",
        "Effect (1 to 5)",
        "The newest analysis",
        "Analysis when written",
        "Owner",
        "What is done about it",
        "What would show that it happens",
        "State",
        "Why accepted or closed",
        "Next review",
        "Overdue",
        "Written by",
        "Written at",
    )
    return Sheet("Register", columns, [_standing(row, found, today) for row in rows])


def _standing(row: RiskVersion, found: Found, today: date) -> tuple[Value, ...]:
    said = compared(row, found)
    return (
        row.severity,
        row.title,
        *_about(row.risk),
        row.cause,
        row.event,
        row.effect,
        row.likelihood,
        row.impact,
        said.now,
        said.then,
        row.owned_by,
        row.mitigation,
        row.warning_sign,
        STATES[row.state],
        row.reason,
        row.review_on,
        is_overdue(row, today),
        row.writer.name,
        row.written_at,
    )


def every_wording(rows: Sequence[RiskVersion], name: str = "Every wording") -> Sheet:
    """Each time that somebody wrote an entry, entries in the order in which they came; the last of each stands."""
    texts = tuple(written(rows[0])) if rows else ("Title",)
    last = {row.risk_id: row.id for row in rows}
    return Sheet(
        name,
        ("Written at", "By", "Number", "Stands", *_ABOUT, *texts, "Analysis when written"),
        [
            (
                row.written_at,
                row.writer.name,
                row.number,
                last[row.risk_id] == row.id,
                *_about(row.risk),
                *written(row).values(),
                _figure(row.figure) if row.figure is not None else None,
            )
            for row in rows
        ],
    )


def not_on_register(findings: Iterable[Finding], named: Named) -> Sheet:
    """What the newest analyses found beside what stands on the register."""
    return Sheet(
        "Found, not on the register",
        ("Kind", "About", "Provider", "What the analysis says", "Analysis"),
        [
            (
                KIND_OF[finding.risk.kind.value],
                named.about(finding.risk),
                named.provider(finding.risk) if finding.risk.provider_id else None,
                finding_in_words(finding.risk),
                finding.run,
            )
            for finding in findings
        ],
    )


def _figure(row: RiskFigure) -> str:
    return f"{row.figure:.3g} ({row.run})" if row.figure is not None else f"{NOT_FOUND} ({row.run})"


def _about(risk: Risk) -> tuple[Value, ...]:
    return (
        KINDS[risk.kind],
        f"{risk.lot.code} {risk.lot.title}" if risk.lot is not None else None,
        risk.procurement.title if risk.procurement is not None else None,
        risk.provider.name if risk.provider is not None else None,
    )
