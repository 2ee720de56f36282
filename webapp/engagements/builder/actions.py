"""Drawing up a questionnaire, one act at a time. Every act holds the engagement's row, so that order and keys hold."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.builder.arrangement import (
    MOST_STEPS,
    DependedOnError,
    arrangement_of,
    check,
    dependents_on,
    never_satisfied,
    newly_too_deep,
    newly_without_lots,
    place_of,
)
from webapp.engagements.builder.keys import new_key
from webapp.engagements.builder.queries import keys_used
from webapp.engagements.conditions import Conditions
from webapp.engagements.contents import SectionContent
from webapp.engagements.lot_limits import never_since
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Engagement, Question, QuestionnaireVersion, Section
from webapp.programmes.permissions import Permission, within_reach

UP, DOWN = -1, 1
MOST_CONDITIONS = 10


class RefusedConditionsError(Exception):
    """It cannot be asked under these conditions; the message says why."""


class NoLotLeftError(RefusedConditionsError):
    """With its other conditions and those of its section it could be asked about no lot."""


class AskedOnceError(DependedOnError):
    """These look at the answers for some lots only, so it cannot be asked once."""


def lock(session: Session, engagement_id: uuid.UUID, actor: Actor) -> None:
    """Until the transaction ends nobody else changes or publishes the questionnaire.

    Who may not change it holds nothing: having to wait for somebody would tell that there is something.
    """
    session.execute(
        select(Engagement.id)
        .join(Engagement.programme)
        .where(Engagement.id == engagement_id, within_reach(actor, Permission.RUN))
        .with_for_update(of=Engagement, key_share=True)
    )


def begin(
    session: Session, *, engagement: Engagement, sections: Sequence[SectionContent], source: str, actor: Actor
) -> QuestionnaireVersion:
    """The next version, with these contents."""
    version = add_questionnaire(session, engagement, tuple(sections))
    _record(session, "begun", version, actor, source=source)
    return version


def discard(session: Session, *, version: QuestionnaireVersion, actor: Actor) -> None:
    """Remove a version that was never published, with all it asks."""
    _record(session, "discarded", version, actor)
    of_version = select(Section.id).where(Section.version_id == version.id)
    for rows in (
        delete(Question).where(Question.section_id.in_(of_version)),
        delete(Section).where(Section.version_id == version.id),
        delete(QuestionnaireVersion).where(QuestionnaireVersion.id == version.id),
    ):
        session.execute(rows, execution_options={"synchronize_session": False})
    session.expire_all()


def add_section(
    session: Session,
    *,
    section_id: uuid.UUID,
    version: QuestionnaireVersion,
    title: str,
    introduction: str | None,
    actor: Actor,
) -> Section:
    section = Section(
        id=section_id,
        version_id=version.id,
        position=max((each.position for each in version.sections), default=0) + 1,
        slug=new_key(title, {each.slug for each in version.sections}, "-"),
        title=title,
        introduction=introduction,
    )
    session.add(section)
    _record(session, "section_added", version, actor, section=title)
    return section


def change_section(session: Session, *, section: Section, title: str, introduction: str | None, actor: Actor) -> None:
    section.title, section.introduction = title, introduction
    section.revision += 1
    _record(session, "section_changed", section.version, actor, section=section.slug)


def move_section(session: Session, *, section: Section, seen: str, by: int, actor: Actor) -> bool:
    """One place up or down from the place where it was seen; false at the ends, and if it stands elsewhere by now.

    Raises DependedOnError.
    """
    if seen != place_of(section):
        return False
    version = section.version
    order = arrangement_of(version)
    place = version.sections.index(section)
    if not 0 <= place + by < len(order):
        return False
    order[place], order[place + by] = order[place + by], order[place]
    check(order)
    _renumber(session, [each for each, _questions in order])
    _record(session, "section_moved", version, actor, section=section.slug)
    return True


def remove_section(session: Session, *, section: Section, actor: Actor) -> None:
    """With its questions. Raises DependedOnError if others depend on one of them."""
    version, own = section.version, {question.id for question in section.questions}
    left = [part for part in arrangement_of(version) if part[0] is not section]
    check(left)
    session.execute(delete(Question).where(Question.section_id == section.id))
    session.execute(delete(Section).where(Section.id == section.id))
    session.expire(version)
    _record(session, "section_removed", version, actor, section=section.slug, questions=len(own))


def add_question(
    session: Session, *, section: Section, question: Question, after: Question | None = None, actor: Actor
) -> Question:
    """At the end of the section or after another. It gets a key from its wording, unless it brings one."""
    version = section.version
    used = keys_used(session, version.engagement_id)
    in_version = {other.key for each in version.sections for other in each.questions}
    if not question.key or question.key in in_version:
        question.key = new_key(question.wording, used)
    last = max((each.position for each in section.questions), default=0)
    question.section_id, question.position = section.id, last + 1
    session.add(question)
    session.flush()
    session.expire(section, ["questions"])
    if after is not None:
        following = [each for each in section.questions if each is not question]
        following.insert(following.index(after) + 1, question)
        _renumber(session, following)
    _record(session, "question_added", version, actor, question=question.key)
    return question


def change_question(session: Session, *, question: Question, actor: Actor) -> None:
    """Record what the form has put into the question. Raises DependedOnError if an answer that others need is gone, and
    AskedOnceError.
    """
    version = question.section.version
    limited = [dependent.name for dependent in dependents_on(version, question.key) if dependent.condition.lots]
    if limited and not question.is_about_a_lot:
        raise AskedOnceError(limited)
    values = {option["value"] for option in question.options}
    if values:
        needing = [
            dependent.name
            for dependent in dependents_on(version, question.key)
            if not values.issuperset(dependent.condition.values)
        ]
        if needing:
            raise DependedOnError(needing)
    question.revision += 1
    _record(session, "question_changed", version, actor, question=question.key)


def copy_question(session: Session, *, question: Question, copy_id: uuid.UUID, actor: Actor) -> Question:
    """The same once more after it, under a new key; the analysis takes the first one's answer where it takes one."""
    copied = Question(
        id=copy_id,
        key="",
        kind=question.kind,
        asked_per=question.asked_per,
        wording=question.wording,
        hint=question.hint,
        why=question.why,
        required=question.required,
        options=[dict(option) for option in question.options],
        asked_if=question.asked_if,
        most_words=question.most_words,
        restricted=question.restricted,
    )
    return add_question(session, section=question.section, question=copied, after=question, actor=actor)


def move_question(session: Session, *, question: Question, seen: str, by: int, actor: Actor) -> bool:
    """As a section, over the border of its section too. Raises DependedOnError."""
    if seen != place_of(question):
        return False
    version = question.section.version
    order = arrangement_of(version)
    at = version.sections.index(question.section)
    own = order[at][1]
    place = own.index(question)
    if 0 <= place + by < len(own):
        own[place], own[place + by] = own[place + by], own[place]
        changed = own
    elif 0 <= at + by < len(order):
        own.remove(question)
        changed = order[at + by][1]
        changed.insert(len(changed) if by == UP else 0, question)
    else:
        return False
    check(order)
    question.section_id = order[at + by][0].id if question not in own else question.section_id
    _renumber(session, changed)
    _record(session, "question_moved", version, actor, question=question.key)
    return True


def remove_question(session: Session, *, question: Question, actor: Actor) -> None:
    """Raises DependedOnError."""
    version = question.section.version
    if needing := dependents_on(version, question.key):
        raise DependedOnError([dependent.name for dependent in needing])
    session.execute(delete(Question).where(Question.id == question.id))
    session.expire(question.section)
    _record(session, "question_removed", version, actor, question=question.key)


def set_conditions(session: Session, *, part: Section | Question, conditions: Conditions | None, actor: Actor) -> None:
    """Ask it only then, or always.

    Raises RefusedConditionsError, and DependedOnError if what it depends on is asked later.
    """
    version = part.version if isinstance(part, Section) else part.section.version
    if conditions:
        _check_conditions(part, conditions, version)
    part.asked_if = conditions.as_json() if conditions else None
    part.revision += 1
    check(arrangement_of(version))
    _record(
        session,
        "condition_set" if conditions else "condition_removed",
        version,
        actor,
        on=part.slug if isinstance(part, Section) else part.key,
    )


def _check_conditions(part: Section | Question, conditions: Conditions, version: QuestionnaireVersion) -> None:
    if len(set(conditions.each)) < len(conditions.each):
        raise RefusedConditionsError("This is among its conditions already")
    if len(conditions.each) > MOST_CONDITIONS:
        raise RefusedConditionsError(f"It has {MOST_CONDITIONS} conditions already. Remove one first")
    questions = {question.key: question for section in version.sections for question in section.questions}
    if question := never_satisfied(conditions, questions, about_a_lot=part.is_about_a_lot):
        raise RefusedConditionsError(
            f"It would never be asked: no answer to “{question.wording}” satisfies all its conditions"
        )
    if left := newly_without_lots(part, conditions, version.sections):
        raise NoLotLeftError(f"“{left.wording}” would never be asked: {never_since(left)}")
    if deep := newly_too_deep(part, conditions, version.sections):
        raise RefusedConditionsError(
            f"“{deep.wording}” would be asked only after more than {MOST_STEPS} answers, each of which the next needs"
        )


def _renumber(session: Session, rows: Sequence[Section | Question]) -> None:
    """Give rows the places 1, 2, 3 and so on, by way of places that no row has."""
    for sign in (-1, 1):
        for place, row in enumerate(rows, 1):
            row.position = sign * place
        session.flush()
    session.expire_all()


def _record(session: Session, act: str, version: QuestionnaireVersion, actor: Actor, **detail: str | int) -> None:
    session.flush()
    audit.record(
        session,
        f"questionnaire.{act}",
        subject=version,
        actor=actor,
        organisation_id=None,
        number=version.number,
        **detail,
    )
    session.flush()
