"""The register as its pages show it: beside what people wrote, what the newest analysis says."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask import url_for
from markupsafe import Markup

from webapp.analysis.risks.findings import Finding, Found
from webapp.analysis.risks.queries import Named
from webapp.analysis.risks.words import IMPACTS, KINDS, LIKELIHOODS, STATES, figure_of, finding_in_words
from webapp.models import Risk, RiskState, RiskVersion
from webapp.web import charts
from webapp.web.cells import Cell, Row, labelled, lines, link, tag
from webapp.web.format import day, moment, plural, short_day

LARGEST = 25
NOT_FOUND = "No longer found"


@dataclass(frozen=True, slots=True)
class Compared:
    """What analyses say of an entry: the newest, and the one that was the newest when it was written."""

    now: str
    then: str
    has_changed: bool

    @property
    def cell(self) -> Cell:
        parts = [self.now, *([f"When written: {self.then}"] if self.then else [])]
        said = lines(part for part in parts if part)
        return Markup("%s<br>%s") % (said, tag("New figures", "yellow")) if self.has_changed else said


def compared(row: RiskVersion, found: Found) -> Compared:
    """What a person wrote stays as it is, whatever a newer run says."""
    risk, key = row.risk, found.key_of(row.risk)
    if key is None:
        return Compared("Entered by hand", "", has_changed=False)
    before, seen = row.figure, found.seen_of(risk)
    figure_then = _figure(risk, before.figure) if before is not None else ""
    then = f"{figure_then} ({before.run})" if before is not None else ""
    if found.is_decided(risk):
        return Compared("Its bids are in", then, has_changed=False)
    if seen is None:
        return Compared("No analysis of it is kept", then, has_changed=False)
    figure = _figure(risk, seen.figure)
    now = f"{figure} ({seen.run})"
    return Compared(now, then if then != now else "", has_changed=figure != figure_then)


def _figure(risk: Risk, figure: float | None) -> str:
    return figure_of(risk.kind, figure) if figure is not None else NOT_FOUND


def found_rows(
    findings: Iterable[Finding], named: Named, *, programme_id: uuid.UUID, may_enter: bool
) -> Sequence[Sequence[Any]]:
    """What is not on the register yet."""
    return [
        (
            KIND_OF[finding.risk.kind.value],
            _about_finding(finding, named),
            finding_in_words(finding.risk),
            finding.run,
            *(
                [_put_on(finding, named, url_for("risks.add", programme_id=programme_id, found=finding.risk.key))]
                if may_enter
                else []
            ),
        )
        for finding in findings
    ]


KIND_OF = {kind.value: words for kind, words in KINDS.items()}


def _about_finding(finding: Finding, named: Named) -> Cell:
    risk = finding.risk
    both = risk.provider_id is not None and risk.lot_id is not None
    return lines((named.about(risk), named.provider(risk))) if both else named.about(risk)


def _put_on(finding: Finding, named: Named, href: str) -> Markup:
    hidden = f": {KIND_OF[finding.risk.kind.value]}, {named.about(finding.risk)}"
    return link(Markup('Put on the register<span class="govuk-visually-hidden">%s</span>') % hidden, href)


def finding_facts(finding: Finding, named: Named) -> list[dict[str, Any]]:
    """What an entry is about that is not written yet."""
    return [
        {"key": "About", "value": lines((KIND_OF[finding.risk.kind.value], _about_finding(finding, named)))},
        {"key": "The newest analysis", "value": f"{finding_in_words(finding.risk)} ({finding.run})"},
    ]


def entry_rows(rows: Iterable[RiskVersion], found: Found, today: date) -> tuple[Row, ...]:
    return tuple(
        (
            link(row.title, url_for("risks.show", programme_id=row.risk.programme_id, risk_id=row.risk_id)),
            about(row.risk),
            f"{row.severity} ({row.likelihood}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{row.impact})",
            compared(row, found).cell,
            row.owned_by,
            STATES[row.state],
            review_of(row, today),
        )
        for row in rows
    )


def about(risk: Risk) -> Cell:
    names = [KINDS[risk.kind]]
    if risk.lot is not None:
        names.append(f"{risk.lot.code} {risk.lot.title}")
    if risk.procurement is not None:
        names.append(risk.procurement.title)
    if risk.provider is not None:
        return Markup("%s<br>%s") % (lines(names), labelled(risk.provider.name, synthetic=risk.provider.synthetic))
    return lines(names)


def is_overdue(row: RiskVersion, today: date) -> bool:
    return row.state is not RiskState.CLOSED and row.review_on < today


def review_of(row: RiskVersion, today: date) -> Cell:
    if row.state is RiskState.CLOSED:
        return "-"
    on = short_day(row.review_on)
    return Markup("%s<br>%s") % (on, tag("Overdue", "red")) if is_overdue(row, today) else on


def sentence(rows: Sequence[RiskVersion], found: Found, today: date) -> str:
    open_rows = [row for row in rows if row.state is not RiskState.CLOSED]
    back = sum(row.state is RiskState.CLOSED and found.key_of(row.risk) in found.findings for row in rows)
    closed = f" The newest analysis finds {plural(back, 'closed risk')}." if back else ""
    if not open_rows:
        return f"No risk is open on the register.{closed}"
    overdue = sum(is_overdue(row, today) for row in open_rows)
    changed = sum(compared(row, found).has_changed for row in open_rows)
    parts = [f"{plural(len(open_rows), 'risk')} {'is' if len(open_rows) == 1 else 'are'} on the register"]
    if overdue:
        parts.append(f"{plural(overdue, 'review')} {'is' if overdue == 1 else 'are'} overdue")
    if changed:
        parts.append(f"of {changed} the newest analysis has other figures, or does not find it any more")
    return "; ".join(parts) + "." + closed


def waiting(findings: Collection[Finding]) -> str:
    """How many findings are not on the register, by kind; empty if all are."""
    if not findings:
        return ""
    counts = Counter(KIND_OF[finding.risk.kind.value] for finding in findings)
    kinds = ", ".join(f"{kind} ({count})" for kind, count in counts.items())
    return f"{plural(len(findings), 'finding')} {'has' if len(findings) == 1 else 'have'} no entry: {kinds}."


@dataclass(frozen=True, slots=True)
class Heat:
    chart: Markup
    rows: Sequence[Sequence[Any]]


def heat(rows: Iterable[RiskVersion]) -> Heat | None:
    """How many open risks stand at each likelihood and effect, the largest effect on top."""
    counts = Counter((row.impact, row.likelihood) for row in rows if row.state is not RiskState.CLOSED)
    if not counts:
        return None
    drawn = [
        charts.HeatRow(
            label=IMPACTS[impact].partition(":")[0],
            cells=tuple(_cell(impact, likelihood, counts[impact, likelihood]) for likelihood in LIKELIHOODS),
        )
        for impact in reversed(IMPACTS)
    ]
    columns = [words.partition(":")[0] for words in LIKELIHOODS.values()]
    chart = charts.heat_map("severity", "Open risks by likelihood (columns) and effect (rows)", columns, drawn)
    table = [
        (IMPACTS[impact].partition(":")[0], *(counts[impact, likelihood] for likelihood in LIKELIHOODS))
        for impact in reversed(IMPACTS)
    ]
    return Heat(chart, table)


def _cell(impact: int, likelihood: int, count: int) -> charts.HeatCell:
    where = f"Likelihood {likelihood}, effect {impact}"
    return charts.HeatCell(
        strength=impact * likelihood / LARGEST,
        words=str(count) if count else "",
        tip=f"{where}: {plural(count, 'risk')}",
    )


def facts(row: RiskVersion, today: date) -> list[dict[str, Any]]:
    """What somebody wrote, for a list."""
    return [
        {"key": "About", "value": about(row.risk)},
        {"key": "Why it could happen", "value": _paragraphs(row.cause)},
        {"key": "What could happen", "value": _paragraphs(row.event)},
        {"key": "What would follow", "value": _paragraphs(row.effect)},
        {"key": "Likelihood", "value": f"{row.likelihood} {LIKELIHOODS[row.likelihood]}"},
        {"key": "Effect", "value": f"{row.impact} {IMPACTS[row.impact]}"},
        {"key": "Owner", "value": row.owned_by},
        {"key": "What is done about it", "value": _paragraphs(row.mitigation) or "Nothing entered"},
        {"key": "What would show that it happens", "value": _paragraphs(row.warning_sign) or "Nothing entered"},
        {"key": "State", "value": STATES[row.state]},
        *([{"key": f"Why {STATES[row.state].lower()}", "value": _paragraphs(row.reason)}] if row.reason else []),
        {"key": "Next review", "value": review_of(row, today)},
        {"key": "Written", "value": f"{row.writer.name}, {moment(row.written_at)}"},
    ]


def says_now(row: RiskVersion, found: Found) -> list[dict[str, str]]:
    """What analyses say of the entry; nothing of one entered by hand."""
    said, key = compared(row, found), found.key_of(row.risk)
    if key is None:
        return []
    finding = found.findings.get(key)
    now = f"{finding_in_words(finding.risk)} ({finding.run})" if finding is not None else said.now
    then = [{"key": "When this was written", "value": said.then}] if said.then else []
    return [{"key": "The newest analysis", "value": now}, *then]


def changes(versions: Sequence[RiskVersion]) -> list[tuple[Any, ...]]:
    """Who changed what and when, the newest first, with the words that stood before."""
    rows = []
    for before, after in reversed(list(pairwise(versions))):
        theirs, mine = written(before), written(after)
        for what in mine:
            if theirs[what] != mine[what]:
                who = f"{after.writer.name}, {moment(after.written_at)}"
                rows.append((what, theirs[what] or "Nothing", mine[what] or "Nothing", who))
    return rows


def written(row: RiskVersion) -> dict[str, str]:
    """All that a person wrote, by its name, as text."""
    return {
        "Title": row.title,
        "Why it could happen": row.cause,
        "What could happen": row.event,
        "What would follow": row.effect,
        "Likelihood": str(row.likelihood),
        "Effect": str(row.impact),
        "Owner": row.owned_by,
        "What is done about it": row.mitigation,
        "What would show that it happens": row.warning_sign,
        "State": STATES[row.state],
        "Why accepted or closed": row.reason or "",
        "Next review": day(row.review_on),
    }


def _paragraphs(text: str) -> Markup:
    return Markup("").join(Markup('<p class="govuk-body">%s</p>') % line for line in text.splitlines() if line.strip())
