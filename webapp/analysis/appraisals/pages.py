"""What an appraisal says: which option is ahead, how sure that is, and why the others are not preferred."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence.appraisal.problem import HIGHEST_SCORE, MOST_OPTIONS
from intelligence.appraisal.result import Turn, WeighedOptions
from intelligence.files import from_json
from webapp.analysis.appraisals.content import Appraised, AppraisedOption, AppraisedScore, Evidence
from webapp.analysis.planning.pages.words import ROUTES
from webapp.models import Appraisal, AppraisalConclusion
from webapp.web import charts
from webapp.web.cells import lines, link, tag
from webapp.web.charts import IntervalRow, Reference
from webapp.web.format import chance, moment, number, percent, plural, short_day

Rows = Sequence[Sequence[Any]]
NO_ROUTE = "Nothing is procured"
WHOLE = "The whole programme"
NOT_SCORED = "Not scored"
ENDS = ("0%", "100%")
IS_CLOSED = "The appraisal is concluded, so nothing of it can be changed unless it is opened again."
CLOSED = "A colleague has concluded the appraisal since you opened the page. Nothing of yours is saved."
CHANGED_MEANWHILE = (
    "A colleague has changed or scored it since you opened the page. Nothing is removed yet. Look at it again, and "
    "remove it if you still want to."
)
OTHER_CRITERIA = (
    "A colleague has added, changed or removed criteria since you opened the page. Nothing of yours is saved yet. Read "
    "again what each criterion means, and save your scores if they still hold."
)


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
        lead=_lead(content),
        missing=_missing(content),
        chart=_chart(content, weighed) if weighed else None,
        standing_rows=_standing_rows(content, weighed) if weighed else [],
        sensitivity=sensitivity(content, weighed) if weighed else [],
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
            (each.name, percent(share), *(_range(_score(option, each.id)) for option in content.kept))
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
        silent=_silent(found),
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


def _silent(found: Evidence) -> str:
    names = found.not_asked_about
    return (
        f"Run {found.run} was not asked about {_listed(names, 'and')}: what follows says nothing of that."
        if names
        else ""
    )


def sensitivity(content: Appraised, weighed: WeighedOptions) -> list[str]:
    """Where the lead would go elsewhere, in sentences."""
    if len(weighed.leaders) > 1:
        return [f"{_names(content, weighed.leaders)} lead alike, so that any change of weights may part them."]
    leader, said = _names(content, weighed.leaders), []
    steady = []
    for criterion in content.criteria:
        turns = [turn for turn in weighed.turns if turn.criterion_id == criterion.id]
        if turns:
            share = percent(turns[0].share)
            now = percent(turns[0].share, 1 if share in (*ENDS, *(percent(each.at) for each in turns)) else 0)
            limits = " or ".join(_limit(content, turn) for turn in turns)
            said.append(f"“{criterion.name}” weighs {now} now: {leader} stays first unless it weighs {limits}.")
        else:
            steady.append(f"“{criterion.name}”")
    if steady and said:
        said.append(f"Whatever {_listed(steady, 'or')} weighs, {leader} stays first.")
    elif steady:
        said.append(f"Whatever any one criterion weighs, {leader} stays first.")
    for each in weighed.beaten:
        said.append(
            f"{_names(content, [each.option_id])} is beaten by {_names(content, each.by)} whatever the weights: even "
            "at its best it is on no criterion above the other at its worst."
        )
    return said


def as_text(row: AppraisalConclusion) -> str:
    """All of a conclusion for a file."""
    content = from_json(Appraised, row.content)
    page = appraisal_page(content)
    names = {each.id: each.name for each in content.criteria}
    scores = (
        f"{option.name}, {names[score.criterion_id]}: {_range(score)}. {score.reason}"
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
    preferred = f"Preferred: {_names(content, [content.preferred])}. {content.reasons}"
    silent = filter(None, [_silent(market) if market else ""])
    return "\n".join((preferred, page.lead, *weighed, *page.sensitivity, *rejected, *scores, source, *silent))


def state_tag(row: Appraisal) -> Markup:
    return tag("Open", "blue") if row.is_open else tag("Concluded", "green")


def listed_rows(found: Iterable[tuple[Appraisal, int | None]]) -> Rows:
    return [
        (
            link(row.title, url_for(".show", programme_id=row.programme_id, appraisal_id=row.id)),
            row.procurement.title if row.procurement else WHOLE,
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


def _lead(content: Appraised) -> str:
    weighed = content.weighed
    if weighed is None:
        return ""
    by_id = {each.option_id: each for each in weighed.standings}
    ahead = _names(content, weighed.leaders)
    first = by_id[weighed.leaders[0]]
    score = f"{number(first.middle, 1)} of 10, from {number(first.lowest, 1)} to {number(first.highest, 1)}"
    if len(weighed.leaders) > 1:
        return f"{ahead} have the highest weighted score alike: {number(first.middle, 1)} of 10."
    others = [each for each in weighed.standings if each.option_id != first.option_id]
    above = [each for each in others if each.highest >= first.lowest]
    sure = (
        f"The ranges of {plural(len(above), 'other option')} reach into its own."
        if above
        else "No other option’s range reaches its own."
    )
    return f"{ahead} is first by weighted score: {score}. {sure}"


def _missing(content: Appraised) -> list[str]:
    said = []
    if not content.criteria:
        said.append("Add a criterion.")
    if len(content.kept) < 2:
        said.append("Keep two options or more: “do nothing” or “extend” is one too.")
    if len(content.kept) > MOST_OPTIONS:
        said.append(f"Rule options out until {plural(MOST_OPTIONS, 'option')} or fewer are kept.")
    said += [
        f"Score {option.name} on each criterion."
        for option in content.kept
        if len(option.scores) < len(content.criteria)
    ]
    return said


def _chart(content: Appraised, weighed: WeighedOptions) -> Markup:
    rows = [
        IntervalRow(label=_name(content, each.option_id), low=each.lowest, middle=each.middle, high=each.highest)
        for each in sorted(weighed.standings, key=lambda each: -each.middle)
    ]
    title, most = "Weighted score of each option, with its range", Reference(label="Most", value=HIGHEST_SCORE)
    return charts.interval_dots("weighted", title, rows, unit="points of 10", reference=most)


def _standing_rows(content: Appraised, weighed: WeighedOptions) -> Rows:
    return [
        (
            _name(content, each.option_id),
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


def _limit(content: Appraised, turn: Turn) -> str:
    side = "more" if turn.at > turn.share else "less"
    verb = "leads" if len(turn.leaders) == 1 else "lead"
    places = 1 if percent(turn.at) in (percent(turn.share), *ENDS) else 0
    limit = percent(turn.at, places)
    if limit in ENDS:  # which no weight comes to
        return f"next to {'nothing' if side == 'less' else 'everything'}, when {_names(content, turn.leaders)} {verb}"
    return f"{side} than {limit}, when {_names(content, turn.leaders)} {verb}"


def _option_row(content: Appraised, option: AppraisedOption) -> Sequence[Any]:
    return (
        option.name,
        lines(
            [option.lots, *([f"Like “{option.cut_name}”: {_cut_words(content, option)}"] if option.cut_name else [])]
        ),
        ROUTES[option.route] if option.route else NO_ROUTE,
        option.term,
        option.timing,
        "Ruled out" if option.ruled_out else "Kept",
    )


def _cut_words(content: Appraised, option: AppraisedOption) -> str:
    """What the market said of the structure."""
    cuts = content.evidence.cuts if content.evidence else ()
    for cut in cuts:
        if cut.name == option.cut_name:
            return (
                f"{percent(cut.without_bid)} of the programme’s value is expected without a bid, "
                f"{percent(cut.with_one_bid)} with one"
            )
    return "the newest search did not compare it"


def _rejected_rows(content: Appraised) -> Rows:
    """Each option that is ruled out, and after a conclusion each that is not preferred, with the reason."""
    return [
        (option.name, "Ruled out" if option.ruled_out else "Scored", option.ruled_out or option.why_not)
        for option in content.options
        if option.ruled_out or option.why_not
    ]


def _reason_rows(content: Appraised, option: AppraisedOption) -> Rows:
    names = {each.id: each.name for each in content.criteria}
    return [(names[score.criterion_id], _range(score), score.reason) for score in option.scores]


def _score(option: AppraisedOption, criterion_id: str) -> AppraisedScore | None:
    return next((each for each in option.scores if each.criterion_id == criterion_id), None)


def _range(score: AppraisedScore | None) -> str:
    if score is None:
        return NOT_SCORED
    return str(score.low) if score.low == score.high else f"{score.low} to {score.high}"


def _shares(content: Appraised) -> list[float]:
    total = sum(each.weight for each in content.criteria)
    return [each.weight / total for each in content.criteria]


def _name(content: Appraised, option_id: str) -> str:
    return next((each.name for each in content.options if each.id == option_id), "")


def _names(content: Appraised, option_ids: Iterable[str]) -> str:
    return _listed([f"“{_name(content, each)}”" for each in option_ids], "and")


def _listed(words: Sequence[str], joined_by: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {joined_by} {last}" if most else last
