"""Of which lots a question can be asked at all, and what of that does not fit the lots of the engagement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from webapp.engagements.conditions import Comparison, Condition, Conditions, Limit, in_common, parse
from webapp.models import AskedPer, InterestLevel, Lot, Measure, Question, QuestionnaireVersion, Section

NO_LOT: Limit = frozenset()
Limits = Mapping[str, Limit]
"""Of each question by its key, in order. What is asked once is about any lot, or never asked and so about none."""


def conditions_of(part: Section | Question) -> Conditions | None:
    return parse(part.asked_if) if part.asked_if else None


def limits(
    sections: Sequence[Section], under: Callable[[Section | Question], Conditions | None] = conditions_of
) -> Limits:
    """What conditions leave of the lots, whatever is answered: those of a question and its section, and of what these
    depend on. `under` says what each part is asked under.
    """
    found: dict[str, Limit] = {}
    at_first: dict[str, Limit] = {}  # while no interest is declared, and so no lot chosen
    if_chosen: dict[str, Limit] = {}  # of the lots in which one is declared
    questions = {question.key: question for section in sections for question in section.questions}
    for section in sections:
        of_section = under(section)
        for question in section.questions:
            both = [each for each in (of_section, under(question)) if each]
            of_any = _left(question, both, partial(lots_of_condition, limits=found))
            of_chosen = _left(question, both, partial(_chosen_lots_of, limits=if_chosen, questions=questions))
            of_none_yet = _left(
                question, both, partial(_lots_at_first, limits=at_first, questions=questions, depending=question)
            )
            if question.measure is Measure.INTEREST_LEVEL:
                of_any = of_none_yet
            elif question.asked_per is AskedPer.CHOSEN_LOT:
                of_any, of_none_yet = of_chosen, NO_LOT
            found[question.key], at_first[question.key] = of_any, of_none_yet
            if_chosen[question.key] = of_chosen if question.is_about_a_lot else of_any
    return found


def _left(question: Question, both: Iterable[Conditions], bears: Callable[[Condition], Limit]) -> Limit:
    """What its section's conditions and its own leave to a question, of the lots for which each one can hold."""
    if question.is_about_a_lot:
        return in_common(each.lots(bears) for each in both)
    # Each condition may hold for another lot.
    return None if all(each.hold(lambda one: bears(one) != NO_LOT) for each in both) else NO_LOT


def lots_of_condition(condition: Condition, limits: Limits) -> Limit:
    """Those for which it can hold. Where the other question is not asked it has no answer, which passes `is_not`."""
    own = condition.lots or None
    return own if condition.test is Comparison.IS_NOT else in_common((own, limits.get(condition.question)))


def _chosen_lots_of(condition: Condition, limits: Limits, questions: Mapping[str, Question]) -> Limit:
    """Those of the lots in which an interest is declared: of none of them the answer is that there is none."""
    about_interest = questions[condition.question].measure is Measure.INTEREST_LEVEL
    of_no_interest = about_interest and set(condition.values) == {InterestLevel.NO}
    is_wanted = condition.test is not Comparison.IS_NOT
    return NO_LOT if of_no_interest and is_wanted else lots_of_condition(condition, limits)


def _lots_at_first(
    condition: Condition, limits: Limits, questions: Mapping[str, Question], depending: Question
) -> Limit:
    """Those for which it can hold while no lot is chosen: where that counts that an answer is not given, it does not
    count yet.
    """
    only_of_chosen = condition.lots or not depending.is_about_a_lot
    if condition.test is Comparison.IS_NOT and questions[condition.question].is_about_a_lot and only_of_chosen:
        return NO_LOT
    return lots_of_condition(condition, limits)


def never_since(question: Question) -> str:
    """Why it is never asked, where its limit is no lot."""
    depended = "its conditions, its section’s and those of what they depend on"
    if question.asked_per is AskedPer.CHOSEN_LOT:
        return f"no lot in which an interest is declared can meet {depended}"
    if question.measure is Measure.INTEREST_LEVEL:
        return f"no lot can meet {depended} before an interest is declared"
    return f"{depended} have no lot in common"


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
