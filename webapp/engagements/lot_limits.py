"""Of which lots a question can be asked at all, and what of that does not fit the lots of the engagement."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from webapp.engagements.conditions import Comparison, Condition, Conditions, Limit, in_common, parse
from webapp.models import AskedPer, InterestLevel, Lot, Measure, Question, QuestionnaireVersion, Section

NO_LOT: Limit = frozenset()
Limits = Mapping[str, Limit]
"""Of each question by its key, in order. What is asked once is about any lot, or never asked and so about none."""


def conditions_of(part: Section | Question) -> Conditions | None:
    return parse(part.asked_if) if part.asked_if else None


def limits(
    sections: Iterable[Section], under: Callable[[Section | Question], Conditions | None] = conditions_of
) -> Limits:
    """What conditions leave of the lots, whatever is answered: those of a question and its section, and of what these
    depend on. `under` says what each part is asked under.
    """
    found: dict[str, Limit] = {}
    interest: set[str] = set()
    bears = partial(lots_of_condition, limits=found)
    bears_if_chosen = partial(_chosen_lots_of, limits=found, interest=interest)
    for section in sections:
        of_section = under(section)
        for question in section.questions:
            both = [each for each in (of_section, under(question)) if each]
            if question.is_about_a_lot:
                of_one = bears_if_chosen if question.asked_per is AskedPer.CHOSEN_LOT else bears
                found[question.key] = in_common(each.lots(of_one) for each in both)
            else:  # each condition may hold for another lot
                can_be_asked = all(each.hold(lambda one: bears(one) != NO_LOT) for each in both)
                found[question.key] = None if can_be_asked else NO_LOT
            if question.measure is Measure.INTEREST_LEVEL:
                interest.add(question.key)
    return found


def lots_of_condition(condition: Condition, limits: Limits) -> Limit:
    """Those for which it can hold. Where the other question is not asked it has no answer, which passes `is_not`."""
    own = condition.lots or None
    return own if condition.test is Comparison.IS_NOT else in_common((own, limits.get(condition.question)))


def _chosen_lots_of(condition: Condition, limits: Limits, interest: Collection[str]) -> Limit:
    """Those of the lots in which an interest is declared: of none of them the answer is that there is none."""
    of_no_interest = condition.question in interest and set(condition.values) == {InterestLevel.NO}
    is_wanted = condition.test is not Comparison.IS_NOT
    return NO_LOT if of_no_interest and is_wanted else lots_of_condition(condition, limits)


def never_since(question: Question) -> str:
    """Why it is never asked, where its limit is no lot."""
    if question.asked_per is AskedPer.CHOSEN_LOT:
        return (
            "no lot in which an interest is declared can meet its conditions, its section’s and those of what they "
            "depend on"
        )
    return "its conditions, its section’s and those of what they depend on have no lot in common"


def lots_within(limit: Limit, lots: Iterable[Lot]) -> list[Lot]:
    return [lot for lot in lots if limit is None or str(lot.id) in limit]


def misfits(version: QuestionnaireVersion) -> list[str]:
    """Sentences about what would be asked of fewer than the conditions seem to say, or of nobody."""
    within = limits(version.sections)
    told = list(_misfitting_conditions(version, within))
    parts = {part for part, _sentence in told}
    for each in (question for section in version.sections for question in section.questions):
        if within[each.key] == NO_LOT and parts.isdisjoint((each, each.section)):
            told.append((each, f"{_name(each)} is never asked: {never_since(each)}."))
        # Of the others "nobody was asked" would count as "nobody is interested" in forecasts and what they learn from.
        elif each.measure is Measure.INTEREST_LEVEL and within[each.key] is not None:
            only = f"{_name(each)} measures interest, and would be asked about some lots only: ask it about all."
            told.append((each, only))
    return list(dict.fromkeys(sentence for _part, sentence in told))


def _misfitting_conditions(version: QuestionnaireVersion, within: Limits) -> Iterator[tuple[Section | Question, str]]:
    questions = {question.key: question for section in version.sections for question in section.questions}
    every = list(_conditions(version))
    any_limited = any(condition.lots for _part, condition in every)
    known = {str(entry.lot_id) for entry in version.engagement.engagement_lots} if any_limited else set()
    for part, condition in every:
        asked = questions[condition.question].wording
        if not condition.lots <= known:
            yield part, f"{_name(part)} depends on an answer about a lot that the engagement does not ask about."
        elif lots_of_condition(condition, within) != NO_LOT:
            continue
        elif within[condition.question] == NO_LOT:
            yield part, f"{_name(part)} depends on an answer to “{asked}”, which is never asked."
        else:
            yield part, f"{_name(part)} depends on an answer to “{asked}” about lots of which that is not asked."


def _conditions(version: QuestionnaireVersion) -> Iterator[tuple[Section | Question, Condition]]:
    for section in version.sections:
        parts: list[Section | Question] = [section, *section.questions]
        for part in parts:
            if conditions := conditions_of(part):
                yield from ((part, condition) for condition in conditions.each)


def _name(part: Section | Question) -> str:
    return f"The section “{part.title}”" if isinstance(part, Section) else f"“{part.wording}”"
