"""What the pages of a schedule ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import Field
from wtforms.validators import ValidationError

from intelligence import Contract, ScheduleProblem
from intelligence.schedule.altered import with_board_moved, with_contract_extended
from webapp.web.dates import DateField
from webapp.web.fields import RadioField, SelectField, choice
from webapp.web.format import day
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

BOARD, CONTRACT = "board", "contract"


class WhatIfForm(OnceForm):
    what = RadioField(
        "What would change?",
        [Answered("Choose what would change")],
        choices=[
            choice(BOARD, "A board meets on another day, or not at all"),
            choice(CONTRACT, "A contract ends later"),
        ],
    )
    board = SelectField("Which board date?")
    board_to = DateField(
        "On which day would the board meet instead? (optional)",
        subject="The day on which it would meet",
        description="Leave it blank if the meeting would be cancelled",
    )
    contract = SelectField("Which contract?")
    ends = DateField("When would the contract end?", subject="The day on which it would end")

    def offer(self, problem: ScheduleProblem) -> None:
        boards = [board for board in problem.board_dates if board >= problem.as_of]
        self._boards, self._as_of = boards, problem.as_of
        self.board.choices = [choice("", "Choose a date"), *(choice(each.isoformat(), day(each)) for each in boards)]
        in_order = sorted(problem.contracts, key=lambda each: (each.title.casefold(), each.end, each.id))
        named = [choice(each.id, f"{each.title}, ends {day(each.end)}") for each in in_order]
        self.contract.choices = [choice("", "Choose a contract"), *named]
        self._contracts: Sequence[Contract] = problem.contracts

    def validate_board(self, field: Field) -> None:
        if self.what.data == BOARD and not field.data:
            raise ValidationError("Choose the board date that would change")

    def validate_board_to(self, field: Field) -> None:
        if self.what.data != BOARD or field.data is None:
            return
        if field.data < self._as_of:
            raise ValidationError(f"The day on which it would meet must be {day(self._as_of)} or later")
        if field.data in self._boards:
            raise ValidationError(f"A board meets on {day(field.data)} already. Enter another day, or leave it blank")

    def validate_contract(self, field: Field) -> None:
        if self.what.data == CONTRACT and not field.data:
            raise ValidationError("Choose the contract that would end later")

    def validate_ends(self, field: Field) -> None:
        if self.what.data != CONTRACT:
            return
        if field.data is None:
            raise ValidationError("Enter the day on which it would end")
        chosen = next((each for each in self._contracts if each.id == self.contract.data), None)
        if chosen is not None and field.data <= chosen.end:
            raise ValidationError(f"The day on which it would end must be after {day(chosen.end)}")

    def changed(self, problem: ScheduleProblem) -> tuple[str, ScheduleProblem]:
        """The change in words, and the problem with it."""
        if self.what.data == CONTRACT:
            title = next(each.title for each in self._contracts if each.id == self.contract.data)
            words = f"{title} ends on {day(self.ends.data)}"
            return words, with_contract_extended(problem, self.contract.data, self.ends.data)
        was = date.fromisoformat(self.board.data)
        words = f"The board of {day(was)} " + (
            f"meets on {day(self.board_to.data)}" if self.board_to.data else "is cancelled"
        )
        return words, with_board_moved(problem, was, self.board_to.data)
