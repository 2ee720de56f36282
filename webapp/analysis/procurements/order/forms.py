"""What the pages about the order of procurements and about fixed starts ask for."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.analysis.procurements.order.rules import SaidOfOrder, order_trouble
from webapp.analysis.procurements.pages import stage_name
from webapp.analysis.procurements.rules import rules_of
from webapp.models import FixedStart, Following, Procurement, Stage
from webapp.web.clashes import RevisedForm
from webapp.web.fields import CheckboxField, IntegerField, SelectField, TextField, choice
from webapp.web.format import day
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

MOST_LAG = 1000


class OrderForm(OnceForm):
    first = SelectField("Which procurement must it wait for?", [Answered("Choose the procurement that it waits for")])
    after = SelectField("Which stage of that one must have ended?", [Answered("Choose the stage that must have ended")])
    before = SelectField("Which stage of this one waits for it?", [Answered("Choose the stage that waits")])
    lag_days = IntegerField(
        "How many working days must lie in between? (optional)",
        subject="The working days in between",
        maximum=MOST_LAG,
        description="Leave blank if it may start on the next working day",
        render_kw={"width": "4"},
    )
    reason = TextField("Why must it wait?", [Answered("Say why it must wait")], max_length=500)

    def offer(self, procurement: Procurement, others: Sequence[Procurement]) -> None:
        self._others = {str(each.id): each for each in others}
        routes = {each.route for each in others}
        first_stages = [stage for stage in Stage if any(stage in rules_of(route.value) for route in routes)]
        self.first.choices = [
            choice("", "Choose a procurement"),
            *(choice(k, e.title) for k, e in self._others.items()),
        ]
        self.after.choices = [
            choice("", "Choose a stage"),
            *(choice(each.value, stage_name(each)) for each in first_stages),
        ]
        own = rules_of(procurement.route.value)
        self.before.choices = [choice("", "Choose a stage"), *(choice(each.value, stage_name(each)) for each in own)]

    def said(self) -> SaidOfOrder:
        return SaidOfOrder(
            first=self._others[self.first.data],
            after=Stage(self.after.data),
            before=Stage(self.before.data),
            lag_days=self.lag_days.data or 0,
            reason=self.reason.data or "",
        )

    def fits(self, procurement: Procurement, known: Sequence[Following]) -> bool:
        """Put what is wrong next to its field."""
        trouble = order_trouble(procurement, self.said(), known)
        if trouble is not None:
            self.add_error(self[trouble.field], trouble.message)
        return trouble is None


class FixedStartForm(RevisedForm):
    is_fixed = CheckboxField("The services must start on that day and on no other")
    reason = TextField(
        "Why must they start on that day? (optional)",
        subject="The reason",
        max_length=500,
        description="Needed where the day is fixed",
    )

    def offer(self, procurement: Procurement) -> None:
        self.is_fixed.label.text = f"The services must start on {day(procurement.service_start)} and on no other day"

    @classmethod
    def stored(cls, procurement: Procurement, row: FixedStart | None) -> dict[str, object]:
        said = {"is_fixed": row is not None, "reason": row.reason if row else ""}
        return said | {"revision": str(procurement.revision)}

    def validate_reason(self, field: Field) -> None:
        if self.is_fixed.data and not field.data:
            raise ValidationError("Say why they must start on that day")
