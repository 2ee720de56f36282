"""What the pages of a framework ask for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from webapp.analysis.themes.learned import Unplaced
from webapp.analysis.themes.places import place_of
from webapp.analysis.themes.replies import Signed
from webapp.analysis.themes.sorting import MOST_CHOSEN, Chosen
from webapp.analysis.themes.statements import Show, Wanted
from webapp.analysis.themes.words import PILES
from webapp.engagements.replies.pages import DECISIONS
from webapp.models import LONGEST_DESCRIPTION, LONGEST_REPLY, LONGEST_TITLE, Pile, Theme
from webapp.web.fields import (
    CheckboxesField,
    CheckboxField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

LONGEST_EXAMPLE = 1_000
MOST_EXAMPLES = 40
MOST_DIGITS = 9
TAKEN = "Another theme has this title: enter one that tells them apart"


class ActForm(BaseForm):
    """An act upon what the page showed; `revision` is that of the framework then."""

    revision = HiddenField("Revision")

    @property
    def seen(self) -> int:
        return next(iter(whole_numbers([self.revision.data or ""])), 0)


class SignForm(ActForm):
    """A signature by name."""

    sure = CheckboxField("I sign these themes", [Answered("Confirm that you sign these themes")])

    def name(self, words: str) -> None:
        self.sure.label.text = words


class ThemeForm(ActForm):
    title = TextField("Title", [Answered("Enter a title")], max_length=LONGEST_TITLE)
    description = TextAreaField(
        "Description (optional)",
        max_length=LONGEST_DESCRIPTION,
        subject="The description",
        description="What belongs to it and what does not",
        render_kw={"rows": 3},
    )

    def refuse_taken(self) -> None:
        self.add_error(self.title, TAKEN)


class AddForm(ThemeForm, OnceForm):
    examples = TextAreaField(
        "What would people say who speak of it?",
        [Answered("Enter at least one example")],
        subject="The examples",
        description="One example a line, in anybody’s words. Ten or more make it reliable",
    )

    def validate_examples(self, field: Field) -> None:
        if len(self.example_lines) > MOST_EXAMPLES:
            raise ValidationError(f"Enter {MOST_EXAMPLES} examples at most")
        if any(len(line) > LONGEST_EXAMPLE for line in self.example_lines):
            raise ValidationError(f"Each example must be {LONGEST_EXAMPLE:,} characters or fewer")

    @property
    def example_lines(self) -> list[str]:
        return [line.strip() for line in (self.examples.data or "").splitlines() if line.strip()]


class MergeForm(ActForm):
    into = SelectField("Merge it into", [Answered("Choose the theme that it becomes part of")])

    def offer(self, themes: Sequence[Theme], without: uuid.UUID) -> None:
        others = [choice(str(theme.id), theme.title) for theme in themes if theme.id != without]
        self.into.choices = [choice("", "Choose a theme"), *others]


class ReplyForm(BaseForm):
    """What was decided about a theme; `seen` is the number of the reply that the page showed, 0 for none."""

    decision = RadioField(
        "What did you decide?",
        [Answered("Choose what you decided")],
        choices=[choice(decision.value, words) for decision, (words, _) in DECISIONS.items()],
    )
    done = TextAreaField(
        "What you did or will do",
        [Answered("Enter what you did or will do")],
        max_length=LONGEST_REPLY,
        subject="What you did",
        description="Of what is under consideration, say until when. Without names, and without anything that tells "
        "who said it: everybody may read it later",
    )
    reason = TextAreaField("Why", [Answered("Enter why")], max_length=LONGEST_REPLY, subject="Why")
    number = HiddenField("Reply")

    @property
    def seen(self) -> int:
        return next(iter(whole_numbers([self.number.data or ""])), 0)


class PublishRepliesForm(BaseForm):
    """The replies that everybody is to read; `seen` is the version that the page showed, 0 for none."""

    chosen = CheckboxesField(
        "Which replies do you publish?",
        [Answered("Choose at least one reply")],
        subject="A reply or a signature has changed since you opened this page",
    )
    sure = CheckboxField(
        "I have checked that nothing in these titles and replies tells who said what",
        [Answered("Confirm that nothing tells who said what")],
    )
    version = HiddenField("Version")

    def offer(self, signed: Iterable[Signed]) -> None:
        self.chosen.choices = [
            choice(each.key, each.theme.title, f"{DECISIONS[each.reply.decision][0]}. {each.framework.wording}")
            for each in signed
            if each.reply
        ]

    @property
    def seen(self) -> int:
        return next(iter(whole_numbers([self.version.data or ""])), 0)


class AdoptForm(BaseForm):
    """A theme that arrivals proposed, by the number of their act and its place among what they proposed: "7:0"."""

    proposal = HiddenField("Proposal")


class FindForm(BaseForm):
    """Sent with GET, so that the address keeps what was asked for. What makes no sense is left out."""

    class Meta(BaseForm.Meta):
        csrf = False  # it changes nothing

    q = TextField("Words in the answer")
    place = SelectField("Theme or pile")
    show = SelectField(
        "Show",
        choices=[
            choice(Show.ALL.value, "All"),
            choice(Show.UNSURE.value, "Unsure ones"),
            choice(Show.UNCONFIRMED.value, "Not confirmed"),
            choice(Show.CONFIRMED.value, "Confirmed"),
            choice(Show.ARRIVED.value, "Arrived later"),
        ],
    )

    def __init__(self, asked: MultiDict[str, str], themes: Sequence[Theme]) -> None:
        super().__init__(asked)
        self.place.choices = [choice("", "Any theme"), *_places(themes)]

    def wanted(self) -> Wanted:
        known = {value for value, *_ in self.place.iter_choices()}
        return Wanted(
            place=place_of(self.place.data) if self.place.data in known else None,
            show=Show(self.show.data) if self.show.data in set(Show) else Show.ALL,
            words=(self.q.data or "").split()[:10],
        )


class SortForm(ActForm):
    """What to do with the statements whose boxes were ticked: the button that was pressed says it."""

    shown = HiddenField("Shown")
    """The numbers on the page, in its order."""
    to = SelectField("Move to")
    title = TextField("New theme", max_length=LONGEST_TITLE)

    def __init__(self, themes: Sequence[Theme]) -> None:
        super().__init__()
        self.to.choices = [choice("", "Choose a theme or pile"), *_places(themes)]

    def chosen(self, sent: Sequence[str]) -> Chosen:
        """The boxes that were ticked, each as its number and where it stood; what makes no sense is left out."""
        places: dict[int, uuid.UUID | Pile] = {}
        for value in sent[:MOST_CHOSEN]:
            number, _, place = value.partition(":")
            stood_in = place_of(place)
            if stood_in is not None:
                places |= dict.fromkeys(whole_numbers([number]), stood_in)
        return Chosen(places, self.seen)

    def carry(self, revision: int, shown: Sequence[int]) -> None:
        """What the page shows now, whatever was sent."""
        for field, value in ((self.revision, str(revision)), (self.shown, ",".join(map(str, shown)))):
            field.data, field.raw_data = value, None

    def next_after(self, chosen: Chosen) -> int | None:
        """Where to go on: the first statement on the page after those chosen, or the last before them."""
        shown = whole_numbers((self.shown.data or "").split(",")[:MOST_CHOSEN])
        last = max((place for place, each in enumerate(shown) if each in chosen.places), default=-1)
        left = [each for each in shown[last + 1 :] + shown[last::-1] if each not in chosen.places]
        return left[0] if left and last >= 0 else None


def _places(themes: Sequence[Theme]) -> list[tuple[str, str]]:
    piles = [choice(pile.value, f"Pile: {words}") for pile, words in PILES.items()]
    return [*(choice(str(theme.id), theme.title) for theme in themes), *piles]


def whole_numbers(sent: Iterable[str]) -> list[int]:
    """Without what no page has sent."""
    return [int(each) for each in sent if each.isascii() and each.isdigit() and len(each) <= MOST_DIGITS]


def chosen_places(
    unplaced: Iterable[Unplaced], ticked: Collection[str], answered: Mapping[str, str]
) -> dict[int, uuid.UUID | Pile]:
    """Where each statement shall go: as proposed where its box was ticked, or as somebody answered."""
    places: dict[int, uuid.UUID | Pile] = {}
    for each in unplaced:
        proposed = each.guess.theme_id if each.guess and str(each.number) in ticked else None
        to = place_of(answered.get(f"theme-{each.number}") or proposed)
        if to is not None and to is not Pile.DROPPED:
            places[each.number] = to
    return places
