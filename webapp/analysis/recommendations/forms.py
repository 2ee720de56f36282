"""What putting a recommendation up and ruling on it ask for."""

from __future__ import annotations

from typing import Any

from webapp.models import Recommendation, Verdict
from webapp.web.fields import CheckboxField, HiddenField, RadioField, TextAreaField, choice
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

LONGEST = 10_000


class RecommendationForm(OnceForm):
    seen = HiddenField("Seen")
    """Which figures the page showed, and which number the recommendation would have had."""
    rests_on_appraisal = CheckboxField("It rests on this appraisal of options")
    reasons = TextAreaField(
        "Why is this recommended?",
        [Answered("Enter why this is recommended")],
        subject="The reasons",
        max_length=LONGEST,
        description="In your own words. For health care, how each key criterion counted: quality and innovation; "
        "value; integration, collaboration and service sustainability; access, inequalities and choice; social value",
        render_kw={"rows": 8},
    )
    alternatives = TextAreaField(
        "What else was looked at, and why is it not recommended?",
        [Answered("Enter what else was looked at, and why it is not recommended")],
        subject="What else was looked at",
        max_length=LONGEST,
        description="Such as other lots, routes, terms and dates",
        render_kw={"rows": 6},
    )

    @classmethod
    def stored(cls, earlier: Recommendation | None, *, rests_on_appraisal: bool) -> dict[str, Any]:
        """The words of the one before, to begin from."""
        words = {"reasons": earlier.reasons, "alternatives": earlier.alternatives} if earlier else {}
        return words | {"rests_on_appraisal": rests_on_appraisal}

    def show(self, seen: str) -> None:
        """Have the page carry what it shows now, whatever was sent."""
        self.seen.data, self.seen.raw_data = seen, None


class RulingForm(OnceForm):
    verdict = RadioField(
        "What do you decide?",
        [Answered("Choose whether you sign it or send it back")],
        choices=[
            choice(Verdict.SIGNED.value, "I sign it", "Its run’s forecast is frozen with it, to be scored later"),
            choice(Verdict.SENT_BACK.value, "I send it back", "Another can be put up in its place"),
        ],
    )
    reason = TextAreaField(
        "Why?",
        [Answered("Enter why")],
        subject="The reason",
        max_length=LONGEST,
        description="Such as the board’s decision and its conditions, or what must change. It is kept with your name "
        "and the time",
        render_kw={"rows": 4},
    )
    sure = CheckboxField(
        "I have no interest that could conflict with this decision, or it is on record",
        [Answered("Confirm that you have no such interest, or that it is on record")],
    )
