"""What the pages of planned procurements ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.route_choice import RouteQuestion
from intelligence.schedule.routes import StageRule
from webapp.analysis.planning.pages.words import COUNTING
from webapp.analysis.procurements.actions import SaidOfStage
from webapp.analysis.procurements.queries import Planning
from webapp.analysis.procurements.rules import length_trouble, pin_trouble, record_trouble, rules_of
from webapp.analysis.procurements.stage_history import Taken, Whose
from webapp.models import Nation, PlanTerms, RouteAnswer, Stage
from webapp.web.clashes import RevisedForm
from webapp.web.dates import DateField
from webapp.web.fields import CheckboxField, HiddenField, IntegerField, RadioField, TextAreaField, TextField, choice
from webapp.web.format import number
from webapp.web.validators import Answered

NATIONS = {
    Nation.ENGLAND_AND_WALES: "England and Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}
_TAKEN = {Whose.PROGRAMME: "In this programme", Whose.PAST: "As your past procurements were published,"}
MOST_DAYS = 1000
MOST_TENDERS = 1000


class TermsForm(RevisedForm):
    nation = RadioField(
        "Whose bank holidays count?",
        [Answered("Choose whose bank holidays count")],
        choices=[choice(each.value, words) for each, words in NATIONS.items()],
    )
    tenders_open_at_most = IntegerField(
        "How many tenders may be open at once? (optional)",
        subject="How many tenders may be open at once",
        minimum=1,
        maximum=MOST_TENDERS,
        description="Leave blank for no limit",
        render_kw={"width": "3"},
    )
    gives_bid_time = CheckboxField("Keep tenders open for as long as their likely bidders said that a bid takes")
    keeps_dates_free = CheckboxField("Open and close no tender on dates that its likely bidders asked to avoid")

    @classmethod
    def stored(cls, row: PlanTerms | None) -> dict[str, Any]:
        if row is None:
            return {"nation": Nation.ENGLAND_AND_WALES.value, "gives_bid_time": True, "keeps_dates_free": True}
        return {
            "nation": row.nation.value,
            "tenders_open_at_most": row.tenders_open_at_most,
            "gives_bid_time": row.gives_bid_time,
            "keeps_dates_free": row.keeps_dates_free,
            "revision": str(row.revision),
        }

    def write(self, row: PlanTerms) -> None:
        row.nation, row.tenders_open_at_most = Nation(self.nation.data), self.tenders_open_at_most.data
        row.gives_bid_time, row.keeps_dates_free = self.gives_bid_time.data, self.keeps_dates_free.data


class StageForm(RevisedForm):
    days = IntegerField(
        "How long does it take? (optional)", subject="The length", maximum=MOST_DAYS, render_kw={"width": "4"}
    )
    days_reason = TextField("Why does it take so long? (optional)", subject="The reason", max_length=500)
    starts_on = DateField(
        "On which day must it start? (optional)",
        subject="The day on which it must start",
        description="Leave it blank and the plan finds the best day",
    )
    pin_reason = TextField("Why must it start on that day? (optional)", subject="The reason", max_length=500)
    began_on = DateField("When did it begin? (optional)", subject="The day on which it began")
    ended_on = DateField(
        "When did it end? (optional)",
        subject="The day on which it ended",
        description="Leave it blank while it is under way",
    )
    record_reason = TextField(
        "Where is that from? (optional)",
        subject="Where that is from",
        max_length=500,
        description="Like: the notice of 3 March 2027",
    )

    def offer(self, rule: StageRule, taken: Sequence[Taken]) -> None:
        own = "".join(f" {_TAKEN[each.whose]} it took {number(each.median)} ({each.basis})." for each in taken)
        floor = f" The law asks for {rule.legal_floor} or more." if rule.legal_floor else ""
        self.days.description = (
            f"In {COUNTING[rule.counting]}. Leave blank for the default of {rule.days}: {rule.source}.{floor}{own}"
        )

    @classmethod
    def stored(cls, planning: Planning, stage: Stage) -> dict[str, Any]:
        length, pin, record = planning.lengths.get(stage), planning.pins.get(stage), planning.records.get(stage)
        return {
            "revision": str(planning.procurement.revision),
            "days": length.days if length else None,
            "days_reason": length.reason if length else "",
            "starts_on": pin.starts_on if pin else None,
            "pin_reason": pin.reason if pin else "",
            "began_on": record.began_on if record else None,
            "ended_on": record.ended_on if record else None,
            "record_reason": record.reason if record else "",
        }

    def said(self) -> SaidOfStage:
        return SaidOfStage(
            days=self.days.data,
            days_reason=self.days_reason.data or "",
            starts_on=self.starts_on.data,
            pin_reason=self.pin_reason.data or "",
            began_on=self.began_on.data,
            ended_on=self.ended_on.data,
            record_reason=self.record_reason.data or "",
        )

    def fits(self, planning: Planning, stage: Stage, calendar: WorkingCalendar, today: date) -> bool:
        """Put what is wrong next to its field. A pin that stays as it is may have come to lie in the past."""
        rules, said, pin = rules_of(planning.procurement.route.value), self.said(), planning.pins.get(stage)
        begun = said.began_on is not None
        found = [
            length_trouble(rules[stage], said.days, said.days_reason),
            record_trouble(tuple(rules), stage, planning.records, said.began_on, said.ended_on, today=today),
        ]
        if pin is None or pin.starts_on != said.starts_on:
            found.append(pin_trouble(calendar, said.starts_on, said.pin_reason, today=today, begun=begun))
        for trouble in found:
            if trouble is not None:
                self.add_error(self[trouble.field], trouble.message)
        return not any(found)


class RouteForm(RevisedForm):
    """The answer to one question; its revision is the number of the answer that stood when the page was opened."""

    asked = HiddenField("Question")
    answer = RadioField("Your answer", [Answered("Choose an answer")])
    reason = TextAreaField(
        "Why is that so?",
        [Answered("Say why that is so")],
        max_length=5000,
        description="It is kept with your name and the date, and shown with the plan",
    )

    def offer(self, question: RouteQuestion, standing: RouteAnswer | None) -> None:
        if not self.is_submitted():
            self.asked.data, self.revision.data = question.id, str(standing.number) if standing else ""
        self.answer.label.text = question.words
        self.answer.description = " ".join(
            part for part in (question.explanation, f"Source: {question.source}.") if part
        )
        self.answer.choices = [choice(option.value, option.words) for option in question.options]

    def is_behind(self, row: object) -> bool:
        sent = self.revision.raw_data or [""]
        return bool(sent[0] != str(getattr(row, "number", None) or ""))

    @classmethod
    def stored(cls, row: RouteAnswer | None) -> dict[str, Any]:
        return {"asked": row.question, "answer": row.answer, "reason": row.reason} if row is not None else {}

    def says(self, standing: RouteAnswer | None) -> bool:
        """Whether it says what stands already, as a button pressed twice does."""
        said = (self.answer.data, self.reason.data)
        return standing is not None and said == (standing.answer, standing.reason)
