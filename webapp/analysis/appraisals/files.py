"""A conclusion as a workbook, and as text for a cell of others."""

from __future__ import annotations

from collections.abc import Iterator

from intelligence.files import from_json
from webapp.analysis.appraisals import words
from webapp.analysis.appraisals.content import Appraised, Evidence
from webapp.analysis.appraisals.pages import appraisal_page
from webapp.analysis.planning.pages.words import ROUTES
from webapp.exports.workbook import Sheet, workbook
from webapp.models import AppraisalConclusion
from webapp.web.format import moment


def workbook_file(row: AppraisalConclusion, content: Appraised) -> bytes:
    return workbook([_about(row, content), *_appraised(content), *_market(content.evidence)])


def _about(row: AppraisalConclusion, content: Appraised) -> Sheet:
    page, market = appraisal_page(content), content.evidence
    preferred = next(option.name for option in content.options if option.id == content.preferred)
    return Sheet(
        "About this file",
        ("What", "Value"),
        [
            ("Appraisal", content.title),
            ("About", content.about or words.WHOLE),
            ("Conclusion", str(row.number)),
            ("Concluded by", f"{row.concluder.name}, {moment(row.concluded_at)}"),
            ("Preferred", preferred),
            ("Why", content.reasons),
            ("What the scores say", page.lead),
            *(("How sure that is", said) for said in page.sensitivity),
            ("Evidence", f"Run {market.run}, inputs SHA-256 {market.inputs_digest}" if market else "None"),
            *([("Caution", market.caution)] if market and market.caution else []),
            *([("Not asked about", each) for each in market.not_asked_about] if market else []),
            ("SHA-256 of the conclusion", row.digest),
        ],
    )


def _appraised(content: Appraised) -> Iterator[Sheet]:
    options = {option.id: option.name for option in content.options}
    criteria = {criterion.id: criterion.name for criterion in content.criteria}
    yield Sheet(
        "Options",
        ("Option", "Lots", "Route", "Term", "Timing", "Cut like", "Why ruled out", "Why not preferred"),
        [
            (
                each.name,
                each.lots,
                ROUTES[each.route] if each.route else words.NO_ROUTE,
                each.term,
                each.timing,
                each.cut_name,
                each.ruled_out,
                each.why_not,
            )
            for each in content.options
        ],
    )
    yield Sheet(
        "Criteria",
        ("Criterion", "What it means", "Weight"),
        [(each.name, each.meaning, each.weight) for each in content.criteria],
    )
    yield Sheet(
        "Scores",
        ("Option", "Criterion", "Lowest", "Highest", "Why"),
        [
            (option.name, criteria[score.criterion_id], score.low, score.high, score.reason)
            for option in content.kept
            for score in option.scores
        ],
    )
    yield Sheet(
        "Weighted scores",
        ("Option", "Lowest", "Middle", "Highest", "First, share of draws", "First whatever the weights"),
        [
            (options[each.option_id], each.lowest, each.middle, each.highest, each.first, each.first_any_weights)
            for each in (content.weighed.standings if content.weighed else ())
        ],
    )


def _market(evidence: Evidence | None) -> Iterator[Sheet]:
    """Without a row where no analysis was finished."""
    yield Sheet(
        "Structures compared",
        ("Structure", "Lots", "Share of value without a bid", "Share of value with one bid"),
        [(each.name, each.lots, each.without_bid, each.with_one_bid) for each in (evidence.cuts if evidence else ())],
    )
    yield Sheet(
        "Lots as asked about",
        ("Lot", "Chance of no bid", "Of one", "Of two or more"),
        [(each.name, each.none, each.one, each.two_or_more) for each in (evidence.lots if evidence else ())],
    )
    yield Sheet(
        "Tenders planned",
        ("Procurement", "Opens", "Closes", "Services start"),
        [
            (each.procurement, each.opens, each.closes, each.service_start)
            for each in (evidence.tenders if evidence else ())
        ],
    )


def as_text(row: AppraisalConclusion) -> str:
    """All of a conclusion, for the file of a programme's record."""
    content = from_json(Appraised, row.content)
    page = appraisal_page(content)
    names = {each.id: each.name for each in content.criteria}
    scores = (
        f"{option.name}, {names[score.criterion_id]}: {words.score_range(score)}. {score.reason}"
        for option in content.kept
        for score in option.scores
    )
    weighed = (f"{row[0]}: {row[2]}, from {row[1]} to {row[3]}" for row in page.standing_rows)
    market = content.evidence
    source = (
        f"Run {market.run}, inputs SHA-256 {market.inputs_digest}, code {market.code_version}"
        if market
        else "No analysis was finished"
    )
    rejected = (f"Not preferred: {name}. {how}. {reason}" for name, how, reason in page.rejected_rows)
    preferred = f"Preferred: “{words.option_name(content, content.preferred)}”. {content.reasons}"
    silent = filter(None, [words.silent(market) if market else ""])
    return "\n".join((preferred, page.lead, *weighed, *page.sensitivity, *rejected, *scores, source, *silent))
