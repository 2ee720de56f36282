"""Responses as their lists, comparisons and files show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.engagements.declining.queries import Declined
from webapp.engagements.declining.reasons import in_one_line
from webapp.engagements.pages import LEVELS
from webapp.exports.workbook import Sheet, Value
from webapp.models import (
    BiddingRole,
    Engagement,
    Interest,
    Lot,
    Organisation,
    Question,
    QuestionKind,
    ReceivedHow,
    Response,
)
from webapp.reading.queries import COUNTED, Given, Listed
from webapp.responses import questions as kinds
from webapp.responses.items import Item
from webapp.responses.kinds.choices import options_of
from webapp.responses.receptions import ENTERED, HOW
from webapp.web.cells import Cell, labelled, lines, link, tag
from webapp.web.charts.bars import Bar, horizontal_bars
from webapp.web.format import moment, number

ROLES = {
    BiddingRole.LEAD: "as the lead",
    BiddingRole.CONSORTIUM: "in a consortium",
    BiddingRole.SUBCONTRACT: "as the lead or a subcontractor",
    BiddingRole.SUBCONTRACT_ONLY: "only as a subcontractor",
}


@dataclass(frozen=True, slots=True)
class QuestionLink:
    text: str
    href: str


def listed_table(
    found: Iterable[Listed], engagement: Engagement, lot: Lot | None
) -> tuple[list[dict[str, object]], list[tuple[Cell, ...]]]:
    """Columns and rows; where one lot was asked for, with what each says of it."""
    third = f"Interest in {lot.code}" if lot else "Lots of interest"
    titles = ("Provider", "Kind", third, "Submitted", "Notes", "Compare")
    columns: list[dict[str, object]] = [{"text": title, "numeric": title == "Lots of interest"} for title in titles]
    return columns, [_row(each, engagement) for each in found]


def _row(each: Listed, engagement: Engagement) -> tuple[Cell, ...]:
    response, organisation = each.response, each.response.organisation
    current = response.current_submission
    notes = url_for(".notes", engagement_id=engagement.id, response_id=response.id)
    about_whom = Markup('<span class="govuk-visually-hidden"> notes on {}</span>').format(organisation.name)
    said = Markup("{}{}").format(number(each.notes) if each.notes else "Add", about_whom)
    return (
        link(organisation.name, url_for("submitted.read", engagement_id=engagement.id, response_id=response.id))
        + (Markup(" ") + tag("Flag", "orange") if each.flagged else "")
        + (Markup(" ") + tag("Synthetic", "yellow") if response.synthetic else "")
        + (Markup(" ") + tag(str(ENTERED), "blue") if current and current.reception_id else ""),
        str(KINDS[each.about.kind]) if each.about.kind else "Not known",
        _interested(each.interest) if each.interest else number(each.lots),
        moment(current.submitted_at) if current else "",
        link(said, notes),
        _box(response),
    )


def _interested(interest: Interest) -> str:
    level = LEVELS[interest.level]
    return f"{level} {ROLES[interest.role]}" if interest.role else level


def _box(response: Response) -> Markup:
    return Markup(
        '<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">'
        '<input class="govuk-checkboxes__input" type="checkbox" id="r-{id}" name="r" value="{id}">'
        '<label class="govuk-label govuk-checkboxes__label" for="r-{id}">'
        '<span class="govuk-visually-hidden">Compare {name}</span></label></div></div>'
    ).format(id=response.id, name=response.organisation.name)


def question_links(questions: Iterable[Question], engagement: Engagement) -> list[QuestionLink]:
    """Those first that the newest version asks; of the others it says that an earlier one did."""
    links, newest = [], None
    for question in questions:
        newest = newest or question.section.version_id
        gone = "" if question.section.version_id == newest else " (asked in an earlier version)"
        address = url_for(".question", engagement_id=engagement.id, key=question.key)
        links.append(QuestionLink(question.wording + gone, address))
    return links


def shown(given: Given, lots: Mapping[str, Lot]) -> str:
    """An answer as people read it."""
    return kinds.show(Item(given.question, given.lot, tuple(lots.values())), given.value)


def shown_under(wording: str, given: Given, lots: Mapping[str, Lot]) -> str:
    """An answer as people read it below a question, with the words of the version that asked if they are others."""
    return shown(given, lots) + asked_as(wording, given)


def asked_as(wording: str, given: Given) -> str:
    """The line below an answer that says in which other words it was asked for, if it was."""
    return "" if given.question.wording == wording else f"\nAsked as: {given.question.wording}"


def answer_table(
    question: Question, given: Iterable[Given], lots: Mapping[str, Lot], engagement: Engagement
) -> tuple[list[dict[str, str]], list[tuple[Cell, ...]]]:
    """Columns and rows; those of a question that is asked once name no lot."""
    columns = [{"text": title} for title in ("Provider", "Lot", "Answer")]
    rows = _answer_rows(question, given, lots, engagement)
    if question.is_about_a_lot:
        return columns, rows
    return [columns[0], columns[2]], [(name, answer) for name, _lot, answer in rows]


def _answer_rows(
    question: Question, given: Iterable[Given], lots: Mapping[str, Lot], engagement: Engagement
) -> list[tuple[Cell, ...]]:
    made: list[tuple[Cell, ...]] = []
    for each in given:
        href = url_for("submitted.read", engagement_id=engagement.id, response_id=each.response_id)
        name = link(each.organisation.name, href)
        if each.how is not None:
            name = name + Markup(" ") + tag(str(ENTERED), "blue")
        about = each.lot.code if each.lot else ""
        answer = lines(shown_under(question.wording, each, lots).splitlines())
        made.append((name, about, labelled(answer, synthetic=each.organisation.synthetic)))
    return made


def chart(question: Question, chosen: Mapping[str, int]) -> tuple[Markup, list[tuple[str, str]]] | None:
    """How often each option was chosen, drawn and as a table; nothing for questions without options."""
    if question.kind not in COUNTED:
        return None
    if question.kind is QuestionKind.YES_NO:
        counts = [("Yes", chosen.get("true", 0)), ("No", chosen.get("false", 0))]
    else:
        counts = [(label, chosen.get(value, 0)) for value, label in options_of(question)]
    if earlier := sum(chosen.values()) - sum(n for _label, n in counts):
        counts.append(("Options of earlier versions", earlier))
    drawn = horizontal_bars(
        f"chosen-{question.key}", question.wording, [Bar(label=label, value=n) for label, n in counts], unit="answers"
    )
    return drawn, [(label, number(n)) for label, n in counts]


def sheets(
    found: Sequence[Listed],
    interests: Iterable[tuple[Organisation, Lot, Interest, ReceivedHow | None]],
    given: Iterable[Given],
    lots: Mapping[str, Lot],
    declined: Iterable[Declined],
) -> list[Sheet]:
    """Everything submitted and who said that it will not respond, as a workbook's sheets."""
    return [
        Sheet("Responses", RESPONSE_COLUMNS, [_response(each) for each in found]),
        Sheet("Interest by lot", INTEREST_COLUMNS, [_interest(*each) for each in interests]),
        answers_sheet(given, lots),
        Sheet("Will not respond", DECLINE_COLUMNS, [_decline(each) for each in declined]),
    ]


RESPONSE_COLUMNS = (
    "Provider",
    "Kind",
    "Size",
    "VCSE",
    "Reference",
    "Version",
    "Submitted",
    "Lots of interest",
    "Flag",
    "Synthetic",
    "How received",
)
INTEREST_COLUMNS = (
    "Provider",
    "Lot",
    "Title",
    "Interest",
    "Role",
    "WTE at start",
    "WTE by month 6",
    "Mobilisation months",
    "Consortium",
    "How received",
)
DECLINE_COLUMNS = (
    "Provider",
    "Kind",
    "Size",
    "Invited",
    "Said at",
    "Reasons",
    "What would have to change",
    "May be quoted without the name",
    "Synthetic",
)
ANSWER_COLUMNS = ("Provider", "Section", "Question", "Lot", "Answer", "How received")


def answers_sheet(given: Iterable[Given], lots: Mapping[str, Lot]) -> Sheet:
    answers = (
        (
            each.organisation.name,
            each.question.section.title,
            each.question.wording,
            each.lot.code if each.lot else "",
            shown(each, lots),
            how_received(each.how),
        )
        for each in given
    )
    return Sheet("Answers", ANSWER_COLUMNS, answers)


def _response(each: Listed) -> tuple[Value, ...]:
    organisation, current = each.response.organisation, each.response.current_submission
    return (
        organisation.name,
        str(KINDS[each.about.kind]) if each.about.kind else None,
        str(SIZES[each.about.size]) if each.about.size else None,
        each.about.vcse,
        current.reference if current else None,
        current.number if current else None,
        current.submitted_at if current else None,
        each.lots,
        each.flagged,
        each.response.synthetic,
        how_received(current.reception.how if current and current.reception else None),
    )


def _decline(each: Declined) -> tuple[Value, ...]:
    said, organisation = each.decline, each.decline.organisation
    return (
        organisation.name,
        str(KINDS[organisation.provider_kind]) if organisation.provider_kind else None,
        str(SIZES[organisation.size]) if organisation.size else None,
        each.invited,
        said.declined_at,
        in_one_line(said.reasons),
        said.comment,
        said.may_quote if said.comment else None,
        organisation.synthetic,
    )


def how_received(how: ReceivedHow | None) -> str:
    return "Submitted here" if how is None else f"{HOW[how]}, entered by an officer"


def _interest(organisation: Organisation, lot: Lot, interest: Interest, how: ReceivedHow | None) -> tuple[Value, ...]:
    return (
        organisation.name,
        lot.code,
        lot.title,
        LEVELS[interest.level],
        interest.role.value.replace("_", " ") if interest.role else None,
        interest.wte_at_start,
        interest.wte_month_6,
        interest.mobilisation_months,
        interest.consortium,
        how_received(how),
    )
