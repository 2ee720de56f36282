"""The builder's forms: a section, a question with the fields of its kind, a condition, where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.builder.options import (
    MOST_COLUMNS,
    MOST_OPTIONS,
    column_lines,
    column_parts,
    lines_of,
    repeated,
)
from webapp.engagements.builder.words import READ_BY_VALUE, SCOPES, USES
from webapp.engagements.conditions import Comparison, Condition, Joining
from webapp.models import AskedPer, Lot, Measure, Question, QuestionKind, Section
from webapp.web.clashes import RevisedForm
from webapp.web.fields import (
    CheckboxesField,
    CheckboxField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.text import hides, revealed
from webapp.web.validators import Answered

OF_OPTIONS = (QuestionKind.ONE_OF, QuestionKind.SOME_OF)
ASKED_ONCE = frozenset(
    {
        QuestionKind.RANKING,
        QuestionKind.PACKAGES,
        QuestionKind.MONEY_RANGE,
        QuestionKind.DATE_RANGES,
        QuestionKind.ROWS,
    }
)
"""Kinds that are about all lots together, or too large to be asked for each."""
MOST_WORDS = 2_000
NO_USE = ""
ANY_LOT, SOME_LOTS = "any", "some"


class SectionForm(OnceForm, RevisedForm):
    title = TextField("Title of the section", [Answered("Enter the title of the section")])
    introduction = TextAreaField(
        "Introduction (optional)",
        subject="Introduction",
        description="Stands above the questions. Say what they are for, or what need not be exact.",
        max_length=2000,
        render_kw={"rows": 3},
    )

    @classmethod
    def stored(cls, section: Section) -> dict[str, Any]:
        return {
            "title": section.title,
            "introduction": section.introduction,
            "revision": str(section.revision),
        }


class KindForm(BaseForm):
    kind = RadioField("What kind of answer do you want?", [Answered("Choose the kind of answer")])


class QuestionForm(OnceForm, RevisedForm):
    """`fit` takes away the fields that a question of this kind does not need."""

    wording = TextField("Question", [Answered("Enter the question")], max_length=500)
    hint = TextAreaField(
        "Hint (optional)",
        subject="Hint",
        description="Stands under the question: how to answer it, with an example.",
        max_length=1000,
        render_kw={"rows": 2},
    )
    why = TextAreaField(
        "Why you ask this (optional)",
        subject="Why you ask this",
        description="Providers answer more fully when they know.",
        max_length=1000,
        render_kw={"rows": 2},
    )
    options = TextAreaField(
        "Answers to choose from",
        [Answered("Enter the answers to choose from, one on each line")],
        subject="Answers to choose from",
        description="One on each line.",
        max_length=5000,
    )
    columns = TextAreaField(
        "Columns",
        [Answered("Enter the columns of the table, one on each line")],
        description="One on each line. Write (month) or (money) after a name for a month or an amount: for example, "
        "Annual value (money). The first column must be filled in every row.",
        max_length=2000,
    )
    most_words = IntegerField(
        "Most words (optional)", subject="Most words", minimum=1, maximum=MOST_WORDS, render_kw={"width": "5"}
    )
    asked_per = RadioField(
        "How often is it asked?",
        [Answered("Choose how often it is asked")],
        choices=[choice(scope.value, words) for scope, words in SCOPES.items()],
    )
    measure = SelectField("What does the analysis use the answer for?", subject="What the analysis uses it for")
    required = CheckboxField("Providers must answer it")
    restricted = CheckboxField(
        "Only lead officers may read the answers",
        description="For conflicts of interest and the like.",
    )

    kind: QuestionKind
    _present: Measure | None = None
    _lines = 0
    _others: Sequence[Question] = ()

    def fit(self, kind: QuestionKind, others: Sequence[Question], present: Question | None = None) -> None:
        """`others` are the other questions of the questionnaire; `present` is the one to change, if any."""
        self.kind, self._others = kind, others
        self._present = present.measure if present else None
        self._lines = len(present.options) if present else 0
        uses = self._uses()
        self.measure.choices = [choice(NO_USE, "Nothing: it is read by people only"), *uses]
        for name, is_needed in (
            ("options", kind in OF_OPTIONS),
            ("columns", kind is QuestionKind.ROWS),
            ("most_words", kind is QuestionKind.LONG_TEXT),
            ("asked_per", kind not in ASKED_ONCE),
            ("measure", bool(uses)),
        ):
            if not is_needed:
                del self[name]

    def _uses(self) -> list[Any]:
        """Those of questions of this kind. Of what is read answer by answer, only that which the question has."""
        return [
            choice(measure.value, use.words)
            for measure, use in USES.items()
            if use.kind is self.kind and (measure not in READ_BY_VALUE or measure is self._present)
        ]

    @classmethod
    def stored(cls, question: Question) -> dict[str, Any]:
        names = ("wording", "hint", "why", "most_words", "required", "restricted")
        return {name: getattr(question, name) for name in names} | {
            "revision": str(question.revision),
            "asked_per": question.asked_per.value,
            "measure": question.measure.value if question.measure else None,
            "options": "\n".join(option["label"] for option in question.options),
            "columns": column_lines(question.options) if question.kind is QuestionKind.ROWS else "",
        }

    def validate_options(self, field: Field) -> None:
        labels = lines_of(field.data)
        if self._present in READ_BY_VALUE and len(labels) != self._lines:
            raise ValidationError(
                f"The analysis knows these answers by their place: keep {self._lines} lines in the same order, "
                "and change only their wording"
            )
        if len(labels) < 2:
            raise ValidationError("Enter at least 2 answers to choose from, each on a line of its own")
        _check_lines(labels, MOST_OPTIONS, "answers")

    def validate_columns(self, field: Field) -> None:
        _check_lines([column_parts(line)[0] for line in lines_of(field.data)], MOST_COLUMNS, "columns")

    def validate_measure(self, field: Field) -> None:
        if not field.data:
            return
        measure = Measure(field.data)
        use = USES[measure]
        if "asked_per" in self and self.asked_per.data and self.asked_per.data != use.asked_per.value:
            raise ValidationError(f"For this use the question must be asked: {SCOPES[use.asked_per].lower()}")
        twin = next((other for other in self._others if other.measure is measure), None)
        if twin is not None and not use.many:
            raise ValidationError(f"“{twin.wording}” is used for this already. Take it away there first")

    def scope(self) -> AskedPer:
        return AskedPer(self.asked_per.data) if "asked_per" in self else AskedPer.RESPONSE

    def use(self) -> Measure | None:
        return Measure(self.measure.data) if "measure" in self and self.measure.data else None


class ConditionForm(RevisedForm):
    """`offer` puts in the answers of the question that it is about, and its lots."""

    question = HiddenField("Question")
    test = RadioField(
        "Ask it only if the answer",
        [Answered("Choose whether the answer is or is not what you tick")],
        choices=[
            choice("is", "is one of those ticked below"),
            choice(
                "is_not",
                "is not the one ticked below",
                "Also asked if the question was left blank. For some lots only, it holds where they are of interest.",
            ),
        ],
    )
    values = CheckboxesField("Answers", [Answered("Tick an answer")])
    limit = RadioField(
        "For which lots?",
        [Answered("Choose whether it is for any lot or only for some")],
        default=ANY_LOT,
        choices=[
            choice(ANY_LOT, "Any lot"),
            choice(SOME_LOTS, "Only the lots ticked below", "It never holds for the others, whatever is answered."),
        ],
    )
    lots = CheckboxesField("Lots")

    def offer(self, answers: Sequence[tuple[str, str]], lots: Sequence[Lot]) -> None:
        """`lots` are those that the question it is about can be asked of; none if it is asked once. A limit that is
        stored is never left out, so that it goes only where somebody says so.
        """
        self.values.choices = [choice(value, label) for value, label in answers]
        self.lots.choices = [choice(str(lot.id), f"{lot.code}: {lot.title}") for lot in lots]
        if not lots and self.limit.data != SOME_LOTS:
            del self.limit
            del self.lots

    def validate_values(self, field: Field) -> None:
        if self.test.data == "is_not" and len(field.data or ()) > 1:
            raise ValidationError("Tick only one answer if the answer is not to be it")

    def validate_lots(self, field: Field) -> None:
        if self.limit.data == SOME_LOTS and not field.data:
            raise ValidationError("Tick the lots that it is for")
        if self.limit.data == ANY_LOT and field.data:
            raise ValidationError("You ticked lots. Choose that it is only for these, or untick them")

    @classmethod
    def stored(cls, condition: Condition) -> dict[str, Any]:
        return {
            "test": "is_not" if condition.test is Comparison.IS_NOT else "is",
            "values": list(condition.values),
            "limit": SOME_LOTS if condition.lots else ANY_LOT,
            "lots": list(condition.lots),
        }

    def condition(self) -> Condition:
        values = tuple(self.values.data or ())
        lots = frozenset(self.lots.data or ()) if "lots" in self else frozenset()
        if self.test.data == "is_not":
            return Condition(self.question.data, Comparison.IS_NOT, values, lots)
        return Condition(self.question.data, Comparison.IS if len(values) == 1 else Comparison.ANY_OF, values, lots)


class JoiningForm(RevisedForm):
    joining = RadioField(
        "When is it asked?",
        [Answered("Choose whether all conditions must hold or one is enough")],
        choices=[
            choice(Joining.ALL.value, "When all of these conditions hold"),
            choice(Joining.ANY.value, "When at least one of them holds"),
        ],
    )


class StartForm(BaseForm):
    source = RadioField("What do you want to begin with?", [Answered("Choose what to begin with")])
    engagement = SelectField("Which engagement?", subject="Which engagement")

    def validate_engagement(self, field: Field) -> None:
        if self.source.data == "engagement" and not field.data:
            raise ValidationError("Choose the engagement whose questionnaire you want to begin with")


class LibraryForm(BaseForm):
    questions = CheckboxesField("Questions to add", [Answered("Tick the questions to add")])


class PublishForm(BaseForm):
    drafts = RadioField(
        "What happens to drafts that were never submitted?",
        choices=[
            choice(
                "stay",
                "They stay with the version that they began with",
                "Nothing changes for these providers. Their answers are read beside those to the new version.",
            ),
            choice(
                "move",
                "They move to the new version",
                "Every answer whose question has kept its kind goes along. Those whose question is gone stay saved.",
            ),
        ],
    )
    reason = TextAreaField(
        "What has changed, and why?",
        [Answered("Enter what has changed, and why")],
        subject="What has changed",
        description="It is emailed to everybody who has begun to answer.",
        max_length=1000,
    )

    def fit(self, *, may_have_drafts: bool) -> None:
        """Ask about drafts only where there may be any."""
        if not may_have_drafts:
            del self.drafts

    def validate_drafts(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Choose what happens to drafts")

    @property
    def moves_drafts(self) -> bool:
        return "drafts" in self and self.drafts.data == "move"


def _check_lines(labels: Sequence[str], most: int, noun: str) -> None:
    if len(labels) > most:
        raise ValidationError(f"Enter at most {most} {noun}")
    if any(len(label) > 200 for label in labels):
        raise ValidationError("Each line must be 200 characters or fewer")
    if hidden := next((label for label in labels if hides(label)), ""):
        raise ValidationError(f"“{revealed(hidden)}” contains a character that cannot be seen. Remove it")
    if twice := repeated(labels):
        raise ValidationError(f"“{twice}” stands there twice")
