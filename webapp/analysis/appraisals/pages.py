"""What the pages of appraisals show: how the options stand, why they score so, and the evidence behind them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence.appraisal.problem import HIGHEST_SCORE
from intelligence.appraisal.result import WeighedOptions
from webapp.analysis.appraisals import words
from webapp.analysis.appraisals.content import Appraised, AppraisedOption, AppraisedScore, Evidence
from webapp.analysis.planning.pages.words import ROUTES
from webapp.models import Appraisal, AppraisalConclusion
from webapp.web import charts
from webapp.web.cells import lines, link, tag
from webapp.web.charts import IntervalRow, Reference
from webapp.web.format import chance, moment, number, percent, short_day

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class AppraisalPage:
    lead: str
    missing: list[str]
    """What is still to be done before it can be concluded."""
    chart: Markup | None
    standing_rows: Rows
    sensitivity: list[str]
    criterion_rows: Rows
    score_columns: list[dict[str, Any]]
    score_rows: Rows
    reasons: list[tuple[str, Rows]]
    """By option, why it scores so on each criterion."""
    option_rows: Rows
    rejected_rows: Rows
    evidence: EvidencePage | None


@dataclass(frozen=True, slots=True)
class EvidencePage:
    run: str
    caution: str
    silent: str
    """Of which lots the run says nothing."""
    cut_rows: Rows
    lot_rows: Rows
    tender_rows: Rows


def appraisal_page(content: Appraised) -> AppraisalPage:
    weighed = content.weighed
    return AppraisalPage(
        lead=words.lead(content),
        missing=words.missing(content),
        chart=_chart(content, weighed) if weighed else None,
        standing_rows=_standing_rows(content, weighed) if weighed else [],
        sensitivity=words.sensitivity(content, weighed) if weighed else [],
        criterion_rows=[
            (each.name, each.meaning, number(each.weight), percent(share))
            for each, share in zip(content.criteria, _shares(content), strict=True)
        ],
        score_columns=[
            {"text": "Criterion"},
            {"text": "Weighs", "numeric": True},
            *({"text": option.name, "numeric": True} for option in content.kept),
        ],
        score_rows=[
            (each.name, percent(share), *(words.score_range(_score(option, each.id)) for option in content.kept))
            for each, share in zip(content.criteria, _shares(content), strict=True)
        ],
        reasons=[(option.name, _reason_rows(content, option)) for option in content.kept if option.scores],
        option_rows=[_option_row(content, option) for option in content.options],
        rejected_rows=_rejected_rows(content),
        evidence=evidence_page(content.evidence) if content.evidence else None,
    )


def evidence_page(found: Evidence) -> EvidencePage:
    return EvidencePage(
        run=found.run,
        caution=found.caution,
        silent=words.silent(found),
        cut_rows=[
            (cut.name, number(cut.lots), percent(cut.without_bid), percent(cut.with_one_bid)) for cut in found.cuts
        ],
        lot_rows=[(lot.name, chance(lot.none), chance(lot.one), chance(lot.two_or_more)) for lot in found.lots],
        tender_rows=[
            (
                each.procurement,
                short_day(each.opens) if each.opens else "No tender",
                short_day(each.closes) if each.closes else "-",
                short_day(each.service_start),
            )
            for each in found.tenders
        ],
    )


def state_tag(row: Appraisal) -> Markup:
    return tag("Open", "blue") if row.is_open else tag("Concluded", "green")


def listed_rows(found: Iterable[tuple[Appraisal, int | None]]) -> Rows:
    return [
        (
            link(row.title, url_for(".show", programme_id=row.programme_id, appraisal_id=row.id)),
            row.procurement.title if row.procurement else words.WHOLE,
            state_tag(row),
            number(conclusions or 0),
            f"{row.beginner.name}, {moment(row.begun_at)}",
        )
        for row, conclusions in found
    ]


def conclusion_rows(found: Iterable[AppraisalConclusion], programme_id: uuid.UUID) -> Rows:
    return [
        (
            link(
                f"Conclusion {row.number}",
                url_for(
                    "appraisals.conclusion",
                    programme_id=programme_id,
                    appraisal_id=row.appraisal_id,
                    conclusion_id=row.id,
                ),
            ),
            f"{row.concluder.name}, {moment(row.concluded_at)}",
        )
        for row in found
    ]


def _chart(content: Appraised, weighed: WeighedOptions) -> Markup:
    rows = [
        IntervalRow(
            label=words.option_name(content, each.option_id), low=each.lowest, middle=each.middle, high=each.highest
        )
        for each in sorted(weighed.standings, key=lambda each: -each.middle)
    ]
    title, most = "Weighted score of each option, with its range", Reference(label="Most", value=HIGHEST_SCORE)
    return charts.interval_dots("weighted", title, rows, unit="points of 10", reference=most)


def _standing_rows(content: Appraised, weighed: WeighedOptions) -> Rows:
    return [
        (
            words.option_name(content, each.option_id),
            number(each.lowest, 1),
            number(each.middle, 1),
            number(each.highest, 1),
            _share_of_draws(each.first),
            _share_of_draws(each.first_any_weights),
        )
        for each in sorted(weighed.standings, key=lambda each: -each.middle)
    ]


def _share_of_draws(share: float) -> str:
    """0% and 100% are none and all of them."""
    return percent(share) if share in (0, 1) else chance(share)


def _option_row(content: Appraised, option: AppraisedOption) -> Sequence[Any]:
    return (
        option.name,
        lines(
            [
                option.lots,
                *([f"Like “{option.cut_name}”: {words.cut_in_words(content, option)}"] if option.cut_name else []),
            ]
        ),
        ROUTES[option.route] if option.route else words.NO_ROUTE,
        option.term,
        option.timing,
        "Ruled out" if option.ruled_out else "Kept",
    )


def _rejected_rows(content: Appraised) -> Rows:
    """Each option that is ruled out, and after a conclusion each that is not preferred, with the reason."""
    return [
        (option.name, "Ruled out" if option.ruled_out else "Scored", option.ruled_out or option.why_not)
        for option in content.options
        if option.ruled_out or option.why_not
    ]


def _reason_rows(content: Appraised, option: AppraisedOption) -> Rows:
    names = {each.id: each.name for each in content.criteria}
    return [(names[score.criterion_id], words.score_range(score), score.reason) for score in option.scores]


def _score(option: AppraisedOption, criterion_id: str) -> AppraisedScore | None:
    return next((each for each in option.scores if each.criterion_id == criterion_id), None)


def _shares(content: Appraised) -> list[float]:
    total = sum(each.weight for each in content.criteria)
    return [each.weight / total for each in content.criteria]
