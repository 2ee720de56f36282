"""What the page of proposals shows: where a statement stands, where it might belong, how surely, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.analysis.themes.learned import LIKELIER_THAN_NOT, Guess, Unplaced
from webapp.analysis.themes.lessons import FEWEST_TAUGHT, FEWEST_THEMES, Taught
from webapp.analysis.themes.statement_pages import StatementOnPage, shown
from webapp.analysis.themes.statements import Statement
from webapp.analysis.themes.teaching import Accepted
from webapp.models import RunState, Theme, ThemeFramework, ThemeLearning
from webapp.web.format import percent, plural
from webapp.web.text import shortened

LONGEST_NEIGHBOUR = 160
NOWHERE = "None of them: set it aside"


@dataclass(frozen=True, slots=True)
class OnPage:
    """A statement with its proposal in words; `why` is empty without one. `theme_id` is the theme proposed."""

    number: int
    statement: StatementOnPage
    proposed: str
    theme_id: str
    why: list[str]


def progress_text(learning: ThemeLearning) -> str:
    if learning.failure:
        return learning.failure
    if learning.state is RunState.WAITING:
        return "Waiting for a worker to begin."
    return "Finished." if not learning.is_under_way else "Learning from what people have placed."


def too_few(taught: Taught) -> str:
    """Why nothing can be proposed yet; empty when it can."""
    if taught.is_enough:
        return ""
    placed = f"{plural(taught.statements, 'statement')} in {plural(taught.themes, 'theme')}"
    return (
        f"There is too little to learn from: people have confirmed or moved {placed}. "
        f"It takes {FEWEST_TAUGHT} statements in {FEWEST_THEMES} themes at least."
    )


def done(accepted: Accepted) -> str:
    """What came of accepting, in a sentence."""
    parts = [
        f"{words} {plural(count, 'statement')}"
        for words, count in (("Confirmed", accepted.confirmed), ("Moved", accepted.moved))
        if count
    ]
    if accepted.already:
        were = "was" if accepted.already == 1 else "were"
        parts.append(f"{plural(accepted.already, 'statement')} {were} there already")
    if accepted.skipped:
        count = plural(accepted.skipped, "statement")
        parts.append(f"Skipped {count} that changed, or whose theme went, since the proposals were made")
    return ". ".join(parts)


def numbers_of(unplaced: Iterable[Unplaced]) -> set[int]:
    """The statements to read for these, with those that explain them."""
    found = set()
    for each in unplaced:
        found |= {each.number, *(each.guess.neighbours if each.guess else ())}
    return found


def on_page(
    unplaced: Sequence[Unplaced],
    read: Mapping[int, Statement],
    themes: Sequence[Theme],
    framework: ThemeFramework,
    *,
    takes_sides: bool,
) -> list[OnPage]:
    titles = {str(theme.id): theme.title for theme in themes}
    there = [each for each in unplaced if each.number in read]
    statements = shown([read[each.number] for each in there], themes, {}, framework, takes_sides=takes_sides)
    return [_on_page(each, statement, read, titles) for each, statement in zip(there, statements, strict=True)]


def _on_page(
    each: Unplaced, statement: StatementOnPage, read: Mapping[int, Statement], titles: Mapping[str, str]
) -> OnPage:
    if each.guess is None or each.guess.theme_id not in titles:
        return OnPage(each.number, statement, "", "", [])
    title, surely = titles[each.guess.theme_id], percent(each.guess.confidence)
    if each.guess.confidence < LIKELIER_THAN_NOT:
        proposed = f"Perhaps “{title}”"
    else:
        proposed = f"Stay in “{title}”" if each.agrees else f"Move to “{title}”"
    return OnPage(each.number, statement, f"{proposed}, {surely} sure", each.guess.theme_id, _why(each.guess, read))


def _why(guess: Guess, read: Mapping[int, Statement]) -> list[str]:
    placed = (" ".join(read[number].text.split()) for number in guess.neighbours if number in read)
    near = [f"Placed there: “{shortened(text, LONGEST_NEIGHBOUR)}”" for text in placed]
    return [f"Shared words: {', '.join(guess.words)}", *near] if guess.words else near
