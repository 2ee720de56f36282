"""Of which lots a question can be asked at all, and what of that does not fit the lots of the engagement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from webapp.engagements.conditions import Comparison, Condition, in_common, parse
from webapp.models import Lot, Measure, Question, QuestionnaireVersion, Section


def only_lots(question: Question) -> frozenset[str] | None:
    """The ids of the lots to which its section and its own conditions limit it; None: any lot."""
    stored = (question.section.asked_if, question.asked_if)
    return in_common(parse(conditions).lots for conditions in stored if conditions)


def lots_of(question: Question, lots: Iterable[Lot]) -> list[Lot]:
    """Those of these that it can be asked about."""
    only = only_lots(question)
    return [lot for lot in lots if only is None or str(lot.id) in only]


def misfits(version: QuestionnaireVersion) -> list[str]:
    """Sentences about what would be asked of fewer than the conditions seem to say, or of nobody."""
    questions = {question.key: question for section in version.sections for question in section.questions}
    if not any(condition.lots for _part, condition in _conditions(version)):
        return []
    known = {str(entry.lot_id) for entry in version.engagement.engagement_lots}
    found = []
    for part, condition in _conditions(version):
        if not condition.lots <= known:
            found.append(f"{_name(part)} depends on an answer about a lot that the engagement does not ask about.")
        elif condition.lots and _is_never_asked(questions[condition.question], condition):
            asked = questions[condition.question].wording
            found.append(f"{_name(part)} depends on an answer to “{asked}” about lots of which that is not asked.")
    never = (each for each in questions.values() if each.is_about_a_lot and only_lots(each) == frozenset())
    found += [
        f"{_name(each)} is never asked: its conditions and its section’s have no lot in common." for each in never
    ]
    # Of the other lots "nobody was asked" would count as "nobody is interested" in forecasts and what they learn from.
    found += [
        f"{_name(each)} measures interest, and would be asked about some lots only: ask it about all."
        for each in questions.values()
        if each.measure is Measure.INTEREST_LEVEL and only_lots(each) is not None
    ]
    return list(dict.fromkeys(found))


def _conditions(version: QuestionnaireVersion) -> Iterator[tuple[Section | Question, Condition]]:
    for section in version.sections:
        parts: list[Section | Question] = [section, *section.questions]
        for part in parts:
            if part.asked_if:
                yield from ((part, condition) for condition in parse(part.asked_if).each)


def _is_never_asked(about: Question, condition: Condition) -> bool:
    """Whether the question that it depends on is asked about none of its lots, so that no answer can satisfy it."""
    asked = only_lots(about)
    return condition.test is not Comparison.IS_NOT and asked is not None and asked.isdisjoint(condition.lots)


def _name(part: Section | Question) -> str:
    return f"The section “{part.title}”" if isinstance(part, Section) else f"“{part.wording}”"
