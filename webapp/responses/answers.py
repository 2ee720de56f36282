"""Answers in words: of a draft, of a submission, and in two versions side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.language import _
from webapp.models import Section
from webapp.responses import questions
from webapp.responses.drafts import Block, Draft, Together, blocks
from webapp.responses.items import AnswerKey, Item, Typed
from webapp.responses.kinds.files import Attached, answered, attached_in
from webapp.responses.kinds.lots import title_of
from webapp.responses.queries import Submitted

WITHHELD = "Declared: restricted to the lead officer"

FileUrl = Callable[[Attached], str]
"""Where a reader fetches a file."""


@dataclass(frozen=True)
class FileLink:
    text: str
    href: str


@dataclass(frozen=True)
class AnswerRow:
    key: str
    """What was asked, or the lots that it was asked about, one on a line."""
    value: str
    problem: str = ""
    files: Sequence[FileLink] = ()
    """Instead of the value, where it is files and they can be fetched."""


@dataclass(frozen=True)
class AnswerGroup:
    heading: str
    rows: Sequence[AnswerRow]


@dataclass(frozen=True)
class SectionAnswers:
    title: str
    slug: str
    groups: Sequence[AnswerGroup]


@dataclass(frozen=True)
class Difference:
    """What was answered in two versions."""

    question: str
    """With the lots of which this was said, one on a line where there are several."""
    theirs: str
    mine: str


def typed_answers(typed: Mapping[Item, Typed]) -> list[AnswerGroup]:
    """What was sent, where it was anything."""
    sent = [item for item in typed if not questions.is_blank(typed[item])]
    return groups(sent, lambda label, item: AnswerRow(label, questions.show_typed(item, typed[item])))


def draft_answers(draft: Draft, file_url: FileUrl) -> list[SectionAnswers]:
    """Everything asked, as it was typed, with what stands in the way."""
    return _sections(draft, draft.items, lambda section: _draft_row(draft, section, file_url))


def _draft_row(draft: Draft, section: Section, file_url: FileUrl) -> Callable[[str, Item], AnswerRow]:
    errors: dict[Item, list[str]] = {}
    for problem in draft.problems(section):
        errors.setdefault(problem.item, []).append(problem.text_beside)

    def row(label: str, item: Item) -> AnswerRow:
        typed = draft.typed(section, item)
        files = _links(attached_in(typed), file_url) if item.takes_files else ()
        return AnswerRow(label, questions.show_typed(item, typed), ". ".join(errors.get(item, ())), files)

    return row


def submitted_answers(submitted: Submitted, file_url: FileUrl | None = None) -> list[SectionAnswers]:
    """What a submission answered; what was not asked or left blank is left out.

    Of restricted answers only that there is one, and nothing where being asked would tell what was declared before.
    """
    draft = submitted.draftless

    def shown(section: Section) -> list[Item]:
        recorded = {*submitted.values, *submitted.withheld}
        return [item for item in draft.recorded_items(section, recorded) if _is_shown(submitted, item)]

    def row(label: str, item: Item) -> AnswerRow:
        if item.key in submitted.withheld:
            return AnswerRow(label, WITHHELD)
        value = submitted.values[item.key]
        files = _links(answered(value), file_url) if item.takes_files and file_url else ()
        return AnswerRow(label, questions.show(item, value), files=files)

    return _sections(draft, shown, lambda _section: row)


def _is_shown(submitted: Submitted, item: Item) -> bool:
    if item.key in submitted.withheld:
        return item.question.asked_if is None
    return item.key in submitted.values


def differences(draft: Draft, section: Section, typed: Mapping[Item, Typed]) -> list[Difference]:
    """Where a person's version of a section differs from the saved one."""
    found = []
    for item, mine in typed.items():
        theirs = draft.typed(section, item)
        if (theirs or "") != (mine or ""):
            found.append((item, questions.show_typed(item, theirs), questions.show_typed(item, mine)))
    return _together(found)


def changes(draft: Draft, counting: Mapping[AnswerKey, Any]) -> list[Difference]:
    """Where submitting a draft would change the submission that counts, whose answers these are: that one is `theirs`.

    Nothing where it answered another version of the questionnaire, which asked questions of its own.
    """
    questions_asked = {question.id for section in draft.sections for question in section.questions}
    if any(question_id not in questions_asked for question_id, _lot_id in counting):
        return []
    submitting = draft.answers_by_key
    found = []
    for section in draft.sections:
        asked = {item.key: item for item in draft.items(section)}
        for item in draft.recorded_items(section, {*counting, *submitting}):
            before = counting.get(item.key)
            if before != submitting.get(item.key):
                theirs = "" if before is None else questions.show(item, before)
                now = asked.get(item.key)
                mine = _as_typed(draft, section, now, theirs) if now else _("No longer asked")
                found.append((item, theirs, mine))
    return _together(found)


def _together(found: Iterable[tuple[Item, str, str]]) -> list[Difference]:
    """Lots of which the same was and is said in answer to one question are named together. Two files of one name need
    not be the same.
    """
    alike: dict[object, list[tuple[Item, str, str]]] = {}
    for item, theirs, mine in found:
        alike.setdefault(item if item.takes_files else (item.question, theirs, mine), []).append((item, theirs, mine))
    return [Difference(_asked_of([item for item, *_versions in same]), *same[0][1:]) for same in alike.values()]


def _as_typed(draft: Draft, section: Section, item: Item, theirs: str) -> str:
    """What a draft says that submitting would change, although it may read like what was submitted."""
    mine = questions.show_typed(item, draft.typed(section, item))
    if mine != theirs:
        return mine
    if item.takes_files and item in draft.answers:
        return "\n".join([mine, _("Another file of the same name")])
    if item.lot and item not in draft.answers:
        return "\n".join([mine, _("Left out, because an answer about this lot needs your attention")])
    return mine


def _asked_of(items: Sequence[Item]) -> str:
    wording = items[0].question.wording
    lots = [title_of(item.lot) for item in items if item.lot]
    return "\n".join([wording, *lots]) if len(lots) > 1 else ": ".join([*lots, wording])


def _sections(
    draft: Draft,
    items_of: Callable[[Section], Sequence[Item]],
    row_of: Callable[[Section], Callable[[str, Item], AnswerRow]],
) -> list[SectionAnswers]:
    made = []
    for section in draft.sections:
        if found := groups(items_of(section), row_of(section)):
            made.append(SectionAnswers(section.title, section.slug, found))
    return made


def groups(items: Sequence[Item], row: Callable[[str, Item], AnswerRow]) -> list[AnswerGroup]:
    return [AnswerGroup(block.heading, _rows(block, row)) for block in blocks(items)]


def _rows(block: Block, row: Callable[[str, Item], AnswerRow]) -> list[AnswerRow]:
    """One for each answer: lots of which the same is said in answer to one question are named together. Two files of
    one name need not be the same.
    """
    rows: dict[object, AnswerRow] = {}
    for item in block.items:
        new = row(block.label(item), item)
        alone = block.together is not Together.QUESTION or new.problem or item.takes_files
        said = item if alone else new.value
        rows[said] = replace(new, key=f"{rows[said].key}\n{new.key}") if said in rows else new
    return list(rows.values())


def _links(files: Sequence[Attached], file_url: FileUrl) -> list[FileLink]:
    return [FileLink(attached.text, file_url(attached)) for attached in files]
