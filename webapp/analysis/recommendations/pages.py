"""What a recommendation says, so that a board can read it in a minute."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence.files import from_json
from intelligence.schedule.routes import Stage
from webapp.analysis.appraisals.resting import resting_lines
from webapp.analysis.interests import Interest, hindrance_of
from webapp.analysis.pages.staff import EVEN
from webapp.analysis.planning.pages.words import ROUTES, STAGES
from webapp.analysis.recommendations.content import Recommended, RecommendedLot
from webapp.analysis.recommendations.evidence import evidence_lines, evidence_rows
from webapp.analysis.recommendations.gathering import Missing
from webapp.analysis.recommendations.plan_warnings import plan_lead, plan_lines
from webapp.analysis.recommendations.queries import Place, Standing, standing
from webapp.analysis.structures.search_page import same_lots
from webapp.models import AnalysisRun, Contract, Procurement, Recommendation, Ruling, Verdict
from webapp.web.cells import lines, link, tag
from webapp.web.format import all_of, chance, compact_money, day, moment, money, number, percent, plural, short_day
from webapp.web.provenance import outdated_words

Rows = Sequence[Sequence[Any]]

STATES = {
    Standing.WAITS: "Not signed yet",
    Standing.REPLACED: "Replaced",
    Standing.SENT_BACK: "Sent back",
    Standing.SIGNED: "Signed",
    Standing.SUPERSEDED: "Superseded",
}
COLOURS = {Standing.WAITS: "yellow", Standing.SENT_BACK: "orange", Standing.SIGNED: "green"}
WHY = {Verdict.SIGNED: "Why it was signed", Verdict.SENT_BACK: "Why it was sent back"}
OWN = "You put this up, so somebody else has to sign it or send it back."


@dataclass(frozen=True, slots=True)
class RecommendationPage:
    lead: str
    at_risk: str
    staff: str
    plan: str
    lot_rows: Rows
    together: str
    """The chance that all of several lots can be awarded; nothing of one."""
    route: str
    step_rows: Rows
    stage_rows: Rows
    plan_lines: list[str]
    cut_rows: Rows
    equal_cuts: list[str]
    rests_on: list[dict[str, Any]]


def recommendation_page(
    content: Recommended, *, run_id: uuid.UUID, procurement_id: uuid.UUID, plan_id: uuid.UUID | None
) -> RecommendationPage:
    plan = url_for("schedules.procurement", run_id=run_id, procurement_id=procurement_id, plan=plan_id)
    rests_on = [
        *evidence_rows(content.evidence, url_for("analysis.assumptions", run_id=run_id)),
        {"key": "Chances of bids", "value": _source(content.run, url_for("analysis.report", run_id=run_id), content)},
        {
            "key": "Dates",
            "value": lines([link("The plan of this procurement", plan), f"SHA-256 {content.plan_digest}"]),
        },
    ]
    if len(content.lots) > 1 and content.all_awardable is not None:
        limits = link("Limits on one supplier", url_for("analysis.limits", run_id=run_id))
        rests_on.insert(-1, {"key": "Chance that all lots can be awarded", "value": limits})
    if content.search_id is not None:
        search = url_for("lot_searches.show", run_id=run_id, search_id=content.search_id)
        rests_on.append({"key": "Other lots", "value": link("The search that compared them", search)})
    return RecommendationPage(
        lead=_lead(content),
        at_risk=_at_risk(content.lots),
        staff=_short_of_staff(content.lots),
        plan=plan_lead(content.plan),
        lot_rows=[_lot_row(lot, run_id) for lot in content.lots],
        together=_together(content),
        route=f"{ROUTES[content.route]}. {content.ground.conclusion}",
        step_rows=[
            (step.question, step.answer, step.reason, f"{step.officer}, {short_day(step.on)}")
            for step in content.ground.steps
        ],
        stage_rows=[
            *((STAGES[each.stage][0], short_day(each.first), short_day(each.last)) for each in content.stages),
            ("Services start", short_day(content.service_start), "-"),
        ],
        plan_lines=plan_lines(content.plan),
        cut_rows=[
            (cut.name, number(cut.lots), percent(cut.without_bid), percent(cut.with_one_bid))
            for cut in content.other_cuts
        ],
        equal_cuts=_equal_cuts(content),
        rests_on=rests_on,
    )


def _equal_cuts(content: Recommended) -> list[str]:
    return [same_lots(each.name, each.same_as) for each in content.equal_cuts]


def _source(run: str, href: str, content: Recommended) -> Markup:
    return lines([link(f"Run {run}", href), f"Inputs SHA-256 {content.inputs_digest}", f"Code {content.code_version}"])


def _lead(content: Recommended) -> str:
    """What to buy how and when, in a few sentences."""
    tender = next((each for each in content.stages if each.stage is Stage.TENDER), None)
    opens = f"The tender is open from {day(tender.first)} to {day(tender.last)}. " if tender else ""
    limits = _limits(content)
    said = f"One supplier may {limits}. " if limits else ""
    return (
        f"Buy “{content.procurement}” as {plural(len(content.lots), 'lot')}{_worth(content.lots)}, by this route: "
        f"{ROUTES[content.route]}. {said}{opens}The services start on {day(content.service_start)}."
    )


def _limits(of: Recommended | Procurement) -> str:
    """On one supplier: what the forecast takes for granted and the notice of the tender has to say."""
    limits = ((of.most_lots_bid, "bid for"), (of.most_lots_awarded, "be awarded"))
    return " and ".join(f"{verb} at most {plural(most, 'lot')}" for most, verb in limits if most is not None)


def _worth(lots: Sequence[RecommendedLot]) -> str:
    values = [lot.annual_value for lot in lots if lot.annual_value is not None]
    return f" worth {compact_money(sum(values))} a year" if len(values) == len(lots) else ""


def _at_risk(lots: Sequence[RecommendedLot]) -> str:
    worst = max(lots, key=lambda lot: lot.none)
    if len(lots) == 1:
        return (
            f"The chance that it draws no credible bid is {chance(worst.none)}, one {chance(worst.one)}, two or more "
            f"{chance(worst.two_or_more)}."
        )
    return (
        f"Most at risk is {worst.code} {worst.title}: the chance that it draws no credible bid is "
        f"{chance(worst.none)}, and that it draws one alone {chance(worst.one)}."
    )


def _short_of_staff(lots: Sequence[RecommendedLot]) -> str:
    """A lot may well draw bids, and none that could staff it."""
    judged = [(lot.enough_staff, f"{lot.code} {lot.title}") for lot in lots if lot.enough_staff is not None]
    short = sorted(each for each in judged if each[0] < EVEN)
    if not short:
        return ""
    least, name = short[0]
    if len(lots) == 1:
        return f"The chance of a credible bid with enough staff by month 6 is {chance(least)}."
    verb = "has" if len(short) == 1 else "have"
    return (
        f"{plural(len(short), 'lot')} {verb} less than an even chance of a credible bid with enough staff by month 6, "
        f"least {name} ({chance(least)})."
    )


def _lot_row(lot: RecommendedLot, run_id: uuid.UUID) -> Sequence[Any]:
    return (
        link(f"{lot.code} {lot.title}", url_for("analysis.lot", run_id=run_id, lot_id=lot.lot_id)),
        "Not known" if lot.annual_value is None else compact_money(lot.annual_value),
        chance(lot.none),
        chance(lot.one),
        chance(lot.two_or_more),
        "Not known" if lot.enough_staff is None else chance(lot.enough_staff),
    )


def _together(content: Recommended) -> str:
    """No product of the chances above: the lots compete for the same providers, which can hold only so many."""
    if len(content.lots) == 1:
        return ""
    found = "Not known" if content.all_awardable is None else chance(content.all_awardable)
    return f"Chance that {all_of(len(content.lots), 'lot')} can be awarded, within what providers can hold: {found}"


def as_text(row: Recommendation) -> str:
    """The same for a file, in full."""
    content = from_json(Recommended, row.content)
    caution = [f"Mostly assumed: {content.caution}"] if content.caution else []
    lots = (
        f"{lot.code} {lot.title}, {_value(lot)}: no credible bid {chance(lot.none)}, one {chance(lot.one)}, two or "
        f"more {chance(lot.two_or_more)}"
        + ("" if lot.enough_staff is None else f", one with enough staff by month 6 {chance(lot.enough_staff)}")
        for lot in content.lots
    )
    together = filter(None, [_together(content)])
    steps = (f"{step.question} {step.answer}: {step.reason} ({step.officer})" for step in content.ground.steps)
    stages = (f"{STAGES[each.stage][0]}: {day(each.first)} to {day(each.last)}" for each in content.stages)
    cuts = (
        f"Also compared: {cut.name}, {plural(cut.lots, 'lot')}, {percent(cut.without_bid)} of the annual value "
        f"expected without a bid, {percent(cut.with_one_bid)} with one"
        for cut in content.other_cuts
    )
    source = (
        f"Run {content.run}, inputs SHA-256 {content.inputs_digest}, plan SHA-256 {content.plan_digest}, code "
        f"{content.code_version}, seed {content.seed}, {plural(content.draws, 'draw')}, search for other lots "
        f"{content.search_id or 'none'}"
    )
    said = (
        _lead(content),
        *caution,
        *lots,
        *together,
        content.ground.conclusion,
        *steps,
        *stages,
        *plan_lines(content.plan),
        *cuts,
        *_equal_cuts(content),
        *evidence_lines(content.evidence),
        source,
    )
    return "\n".join((*said, *resting_lines(content.appraisal)))


def _value(lot: RecommendedLot) -> str:
    return "value not known" if lot.annual_value is None else f"{money(lot.annual_value)} a year"


def state_tag(now: Standing) -> Markup:
    return tag(STATES[now], COLOURS.get(now, "grey"))


def facts(row: Recommendation, now: Standing) -> list[dict[str, Any]]:
    """Who put it up, and what was made of it."""
    put_up = {"key": "Put up", "value": f"{row.writer.name}, {moment(row.put_up_at)}"}
    if row.ruling is None:
        return [put_up, {"key": "State", "value": state_tag(now)}]
    ruled = f"{row.ruling.approver.name}, {moment(row.ruling.ruled_at)}"
    return [put_up, {"key": "State", "value": lines([state_tag(now), ruled])}]


def listed_rows(found: Iterable[Recommendation], places: Sequence[Place]) -> Rows:
    return [
        (
            link(
                f"{row.procurement.title}, recommendation {row.number}",
                url_for("recommendations.show", programme_id=row.procurement.programme_id, recommendation_id=row.id),
            ),
            state_tag(standing(row, places)),
            f"{row.writer.name}, {moment(row.put_up_at)}",
            f"{row.ruling.approver.name}, {moment(row.ruling.ruled_at)}" if row.ruling else "-",
        )
        for row in found
    ]


def since(
    content: Recommended,
    row: Recommendation,
    *,
    newest_run: uuid.UUID | None,
    newest_plan: uuid.UUID | None,
    denied_by: Sequence[Contract],
) -> list[str | Markup]:
    """What is newer than the recommendation, which stays as it was put up."""
    said: list[str | Markup] = [_denied(denied_by)] if denied_by else []
    if newest_run is not None and newest_run != row.run_id:
        newer = link("A newer analysis is finished", url_for("analysis.report", run_id=newest_run))
        said.append(Markup("%s. The figures here are those that were put up.") % newer)
    elif newest_plan != row.replanning_id:
        newer = link("A newer plan is made", url_for("schedules.show", run_id=row.run_id, plan=newest_plan))
        said.append(Markup("%s. The dates here are those that were put up.") % newer)
    now = ROUTES[type(content.route)(row.procurement.route.value)]
    if now != ROUTES[content.route]:
        said.append(f"The procurement is planned with another route now: {now}.")
    return said + _set_up_otherwise(content, row.procurement)


def _denied(by: Sequence[Contract]) -> str:
    """The last to end, as a procurement may cover the services of many."""
    last, more = by[-1], len(by) - 1
    named = f"“{last.title}” until {day(last.end_date)}" + (f" and {plural(more, 'more contract')}" if more else "")
    return (
        f"This rests on the answer that nobody provides these services now, and the contract register says who does: "
        f"{named}. Do not sign it before one of the two is corrected."
    )


def _set_up_otherwise(content: Recommended, procurement: Procurement) -> list[str | Markup]:
    """True whatever changed: a plan may start services later than asked for, and what is older holds no limits."""
    said: list[str | Markup] = []
    if procurement.service_start != content.service_start:
        said.append(f"By the procurement’s set-up its services are to start on {day(procurement.service_start)}.")
    limits = _limits(procurement)
    if limits != _limits(content):
        said.append(f"By the procurement’s set-up one supplier may {limits or 'bid for and be awarded all its lots'}.")
    return said


def outdated(run: AnalysisRun | None) -> str:
    """That what would be put up rests on what has changed since."""
    if run is None:
        return ""
    return outdated_words(
        "these figures", withdrawn=run.withdrawn or 0, submitted=run.submitted or 0, rejoined=bool(run.rejoined)
    )


def sent_back(earlier: Recommendation | None) -> Ruling | None:
    """With the remark to begin from."""
    ruling = earlier.ruling if earlier is not None else None
    return ruling if ruling is not None and ruling.verdict is Verdict.SENT_BACK else None


def hindrance(*, is_own: bool, interest: Interest | None) -> str:
    """Why this person may not; nothing where they may."""
    if is_own:
        return OWN
    return hindrance_of(interest)


def missing_links(missing: Iterable[Missing], procurement: Procurement, run_id: uuid.UUID | None) -> list[Markup]:
    """What is to be done first, and where."""
    route = url_for("procurements.route", programme_id=procurement.programme_id, procurement_id=procurement.id)
    programme = url_for("programmes.show", programme_id=procurement.programme_id)
    plan = url_for("schedules.show", run_id=run_id) if run_id else programme
    words = {
        Missing.ROUTE_OPEN: link("Answer the questions about the route", route),
        Missing.ROUTE_NOT_TAKEN: link("Take the route to which the answers lead, or answer again", route),
        Missing.PROVIDER_DENIED: link(
            "Answer again whether somebody provides these services now, or correct the contract register: it says who "
            "does, and the answer that nobody does",
            route,
        ),
        Missing.LOT_NOT_ASKED: link("Ask about all of its lots in one engagement: none does yet", programme),
        Missing.RUN: link("Have an engagement about all of its lots analysed, to the end", programme),
        Missing.RUN_OUTDATED: link(
            "Run a new analysis: lots, values, limits, dates or the route have changed since the last", programme
        ),
        Missing.PLAN: link("Find out why the newest plan has no place for it", plan),
        Missing.PLAN_BROKEN: link("Plan again: the newest plan breaks a rule", plan),
    }
    return [words[each] for each in missing]
