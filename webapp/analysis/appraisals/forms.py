"""What the pages of appraisals ask for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from intelligence.appraisal.problem import HIGHEST_SCORE, LARGEST_WEIGHT, MOST_CRITERIA
from intelligence.files import digest
from webapp.analysis.appraisals.actions import SaidOfCriterion, SaidOfOption, SaidScore
from webapp.analysis.appraisals.content import AppraisedOption, Evidence
from webapp.analysis.planning.pages.words import ROUTES
from webapp.models import Appraisal, AppraisalCriterion, AppraisalOption, Procurement, Route
from webapp.web.clashes import RevisedForm
from webapp.web.fields import HiddenField, IntegerField, RadioField, SelectField, TextAreaField, TextField, choice
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

NOTHING = "nothing"
LONGEST = 10_000
MOST_LISTED = 30


class BeginForm(OnceForm):
    title = TextField("What is appraised?", [Answered("Enter what is appraised")], subject="What is appraised")
    about = SelectField("Of which procurement?", subject="The procurement")

    def offer(self, procurements: Sequence[Procurement]) -> None:
        self.about.choices = [
            choice("", "The whole programme"),
            *(choice(str(each.id), each.title) for each in procurements),
        ]


class OptionForm(OnceForm, RevisedForm):
    name = TextField("What is the option called?", [Answered("Enter what it is called")], subject="The name")
    lots = TextAreaField(
        "How are the services cut into lots?",
        [Answered("Enter how the services are cut into lots, or that they are not")],
        subject="How the services are cut into lots",
        max_length=1000,
        render_kw={"rows": 3},
    )
    cut = SelectField(
        "Which structure that the newest search compared is it cut like? (optional)",
        subject="The structure",
        description="The best of a search is named with a mark of its lots: another search may find another best",
    )
    route = SelectField("By which route?", [Answered("Choose a route, or that nothing is procured")])
    term = TextField(
        "For how long?",
        [Answered("Enter for how long")],
        subject="The term",
        max_length=500,
        description="Like: 5 years, and 2 more as an option",
    )
    timing = TextField(
        "When?",
        [Answered("Enter when")],
        subject="The timing",
        max_length=500,
        description="Like: all at once, to start on 1 April 2028",
    )
    ruled_out = TextAreaField(
        "Why is it ruled out? (optional)",
        subject="The reason",
        max_length=2000,
        description="Leave blank to keep and score it. What is ruled out stays on the long list, with its reason",
        render_kw={"rows": 3},
    )

    def offer(self, evidence: Evidence | None, stored: AppraisalOption | None) -> None:
        """The structures compared, and the one it was said to be cut like if that is none of them any more."""
        names = [cut.name for cut in evidence.cuts] if evidence else []
        if stored is not None and stored.cut and stored.cut not in names:
            names.append(stored.cut)
        self.cut.choices = [choice("", "None of them"), *(choice(each, each) for each in names)]
        self.route.choices = [
            choice("", "Choose a route"),
            choice(NOTHING, "None: do nothing, or extend what there is"),
            *(choice(each.value, words) for each, words in ROUTES.items()),
        ]

    @classmethod
    def stored(cls, row: AppraisalOption) -> dict[str, Any]:
        return {
            "revision": str(row.revision),
            "name": row.name,
            "lots": row.lots,
            "cut": row.cut or "",
            "route": row.route.value if row.route else NOTHING,
            "term": row.term,
            "timing": row.timing,
            "ruled_out": row.ruled_out or "",
        }

    def leaves_room(self, appraisal: Appraisal) -> bool:
        if len(appraisal.options) < MOST_LISTED:
            return True
        self.add_error(self.name, f"A long list has {MOST_LISTED} options at most. Remove one first")
        return False

    def said(self) -> SaidOfOption:
        ruled_out = self.ruled_out.data or ""
        return SaidOfOption(
            name=self.name.data,
            lots=self.lots.data,
            route=None if self.route.data == NOTHING else Route(self.route.data),
            term=self.term.data,
            timing=self.timing.data,
            cut=self.cut.data or None,
            ruled_out=ruled_out if ruled_out.strip() else None,
        )


class CriterionForm(OnceForm, RevisedForm):
    name = TextField("What is the criterion called?", [Answered("Enter what it is called")], subject="The name")
    meaning = TextAreaField(
        "What does it mean here?",
        [Answered("Enter what it means here")],
        subject="What it means",
        max_length=1000,
        render_kw={"rows": 3},
    )
    weight = IntegerField(
        "What does it weigh?",
        [Answered("Enter what it weighs")],
        subject="The weight",
        minimum=1,
        maximum=LARGEST_WEIGHT,
        description="From 1 to 100. Its share is this over the sum of all weights",
        render_kw={"width": "3"},
    )

    @classmethod
    def stored(cls, row: AppraisalCriterion) -> dict[str, Any]:
        return {"revision": str(row.revision), "name": row.name, "meaning": row.meaning, "weight": row.weight}

    def said(self) -> SaidOfCriterion:
        return SaidOfCriterion(name=self.name.data, meaning=self.meaning.data, weight=self.weight.data)

    def leaves_room(self, appraisal: Appraisal) -> bool:
        if len(appraisal.criteria) < MOST_CRITERIA:
            return True
        self.add_error(self.name, f"An appraisal has {MOST_CRITERIA} criteria at most. Remove one first")
        return False


class ScoresForm(RevisedForm):
    """Made by `scores_form`, with three fields for each criterion."""

    criteria: Sequence[AppraisalCriterion] = ()
    judged_by = HiddenField("Criteria")
    """Which criteria the page showed, as they were defined."""

    @classmethod
    def stored(cls, row: AppraisalOption) -> dict[str, Any]:
        given: dict[str, Any] = {"revision": str(row.revision), "judged_by": cls._as_defined()}
        for score in row.scores:
            key = score.criterion_id.hex
            given |= {f"low_{key}": score.low, f"high_{key}": score.high, f"reason_{key}": score.reason}
        return given

    @classmethod
    def _as_defined(cls) -> str:
        return digest({each.id.hex: each.revision for each in cls.criteria})

    def is_of_other_criteria(self) -> bool:
        """Whether a criterion was added, defined anew or removed since the page was opened."""
        return bool(self.judged_by.data != self._as_defined())

    def show(self) -> None:
        """Have the page carry the criteria that it shows now, whatever was sent."""
        self.judged_by.data, self.judged_by.raw_data = self._as_defined(), None

    def left_over(self, sent: Mapping[str, str]) -> list[str]:
        """What was written of criteria that are gone."""
        known = {each.id.hex for each in self.criteria}
        gone = (name.removeprefix("reason_") for name in sent if name.startswith("reason_"))
        return [
            f"From {sent.get(f'low_{key}') or '-'} to {sent.get(f'high_{key}') or '-'}: {sent[f'reason_{key}']}"
            for key in gone
            if key not in known and any(sent.get(f"{part}_{key}") for part in ("low", "high", "reason"))
        ]

    def rows(self) -> list[tuple[AppraisalCriterion, Any, Any, Any]]:
        """Each criterion with its fields: lowest, highest, reason."""
        return [
            (each, self[f"low_{each.id.hex}"], self[f"high_{each.id.hex}"], self[f"reason_{each.id.hex}"])
            for each in self.criteria
        ]

    def fits(self) -> bool:
        """A criterion is scored in full or not at all. What cannot be read keeps the message that says so."""
        for criterion, low, high, reason in self.rows():
            said = bool((reason.data or "").strip())
            if low.data is None and high.data is None and not said:
                continue
            for field, given, missing in (
                (low, low.data is not None, f"Enter the lowest score of “{criterion.name}”"),
                (high, high.data is not None, f"Enter the highest score of “{criterion.name}”"),
                (reason, said, f"Say why it scores so by “{criterion.name}”"),
            ):
                if not given and not field.errors:
                    self.add_error(field, missing)
            if low.data is not None and high.data is not None and low.data > high.data:
                self.add_error(high, f"The highest score of “{criterion.name}” must not be below the lowest")
        return not self.errors

    def said(self) -> Mapping[uuid.UUID, SaidScore]:
        return {
            each.id: SaidScore(low.data, high.data, reason.data)
            for each, low, high, reason in self.rows()
            if low.data is not None
        }


def scores_form(criteria: Sequence[AppraisalCriterion]) -> type[ScoresForm]:
    fields: dict[str, Any] = {"criteria": criteria}
    for each in criteria:
        for end, words in (("low", "Lowest score"), ("high", "Highest score")):
            fields[f"{end}_{each.id.hex}"] = IntegerField(
                f"{words}: {each.name}", maximum=HIGHEST_SCORE, render_kw={"width": "2"}
            )
        fields[f"reason_{each.id.hex}"] = TextAreaField(f"Why: {each.name}", max_length=2000, render_kw={"rows": 2})
    return type("ScoresOfCriteriaForm", (ScoresForm,), fields)


class ConclusionForm(OnceForm):
    """Made by `conclusion_form`, with a reason for each option that could be preferred."""

    kept: Sequence[AppraisedOption] = ()
    seen = HiddenField("Seen")
    """Which options, scores and figures the page showed."""
    preferred = RadioField("Which option is preferred?", [Answered("Choose the option that is preferred")])
    reasons = TextAreaField(
        "Why is it preferred?",
        [Answered("Enter why it is preferred")],
        subject="The reasons",
        max_length=LONGEST,
        render_kw={"rows": 6},
    )

    def offer(self) -> None:
        self.preferred.choices = [choice(each.id, each.name) for each in self.kept]

    def show(self, seen: str) -> None:
        """Have the page carry what it shows now, whatever was sent."""
        self.seen.data, self.seen.raw_data = seen, None

    def why_not_fields(self) -> list[Any]:
        return [self[f"why_not_{uuid.UUID(each.id).hex}"] for each in self.kept]

    def fits(self) -> bool:
        for each, field in zip(self.kept, self.why_not_fields(), strict=True):
            if each.id != self.preferred.data and not (field.data or "").strip():
                self.add_error(field, f"Say why “{each.name}” is not preferred")
        return not self.errors

    def why_not(self) -> Mapping[str, str]:
        """By option, without the one that is preferred."""
        pairs = zip(self.kept, self.why_not_fields(), strict=True)
        return {each.id: field.data for each, field in pairs if each.id != self.preferred.data}


def conclusion_form(kept: Sequence[AppraisedOption]) -> type[ConclusionForm]:
    fields: dict[str, Any] = {"kept": kept}
    for each in kept:
        fields[f"why_not_{uuid.UUID(each.id).hex}"] = TextAreaField(
            f"If it is not preferred, why not “{each.name}”?",
            subject="The reason",
            max_length=LONGEST,
            render_kw={"rows": 3},
        )
    return type("ConclusionOfOptionsForm", (ConclusionForm,), fields)


class RemoveForm(RevisedForm):
    """Its button alone."""

    def show(self, row: AppraisalOption | AppraisalCriterion) -> None:
        """Have the page carry the revision that it shows now, whatever was sent."""
        self.revision.data, self.revision.raw_data = str(row.revision), None
