"""Attaching files to a draft and letting go of them.

Whoever does either holds the response as a submission does, so that a submission and a removal never cross.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.throttle import Limit, count_tries
from webapp.audit import Actor
from webapp.language import _, ngettext
from webapp.models import QuestionKind, Response, ResponseFile, Section, Submission, SubmissionFile
from webapp.responses.drafts import Problem
from webapp.responses.files import queries
from webapp.responses.files.uploads import RefusedError, Upload
from webapp.responses.items import Item, Typed, Value, rows_of
from webapp.responses.kinds.files import MOST_FILES, FileUpload, answered
from webapp.responses.queries import Journey
from webapp.web.format import file_size

MOST_RESPONSE_BYTES = 50_000_000
"""Of one response, with all that its submissions name."""
UPLOADS = Limit("attaching of person", 60)
UNNAMED_KEPT = timedelta(days=1)
"""How long a file stays that came with a version which clashed, and which nobody saved."""


@dataclass
class Attachments:
    """The files of a response while more are attached to it."""

    session: Session
    response: Response
    actor: Actor
    files: Sequence[ResponseFile] = field(init=False)
    bytes: int = field(init=False)

    def __post_init__(self) -> None:
        _hold(self.session, self.response.id)
        self.files = queries.files_of(self.session, self.response.id)
        self.bytes = sum(file.size for file in self.files)

    def attach(self, item: Item, rows: list[list[str]], upload: Upload) -> list[list[str]]:
        """The rows with one more file, unless they have it. Raises RefusedError."""
        alike = (
            file
            for file in self.files
            if queries.answers(file, item) and (file.name, file.sha256) == (upload.name, upload.sha256)
        )
        found = next(alike, None)
        if found is not None and str(found.id) in (row[0] for row in rows):
            return rows
        if len(rows) >= MOST_FILES:
            raise RefusedError(_too_many)
        return [*rows, queries.attached(found or self._add(item, upload)).row]

    def _add(self, item: Item, upload: Upload) -> ResponseFile:
        if self.bytes + len(upload.content) > MOST_RESPONSE_BYTES:
            raise RefusedError(_too_much)
        file = ResponseFile(
            response_id=self.response.id,
            question_key=item.question.key,
            lot_id=item.lot.id if item.lot else None,
            name=upload.name,
            kind=upload.kind,
            size=len(upload.content),
            sha256=upload.sha256,
            content=upload.content,
            uploaded_by=self.actor.person_id,
        )
        self.session.add(file)
        self.session.flush()
        self.bytes += file.size
        self.files = [*self.files, file]
        audit.record(
            self.session,
            "response.file_attached",
            subject=self.response,
            actor=self.actor,
            organisation_id=self.response.organisation_id,
            file=str(file.id),
            kind=file.kind,
            size=file.size,
            sha256=file.sha256,
        )
        return file


def attach(
    session: Session,
    *,
    journey: Journey,
    typed: Mapping[Item, Typed],
    uploads: Mapping[Item, Sequence[Upload]],
    actor: Actor,
    now: datetime,
) -> tuple[dict[Item, Typed], list[Problem]]:
    """Keep what was uploaded: returns what was typed with the new files, and what of them cannot be kept.

    The same file sent again, as by a second click, is the file that is there. Nothing is kept outside of the dates of
    the engagement.
    """
    attached, problems = dict(typed), list[Problem]()
    if not uploads:
        return attached, problems
    if not journey.is_open(now):
        return _named_only(typed, uploads), problems
    if count_tries(session, (UPLOADS, str(actor.person_id)), now=now) is not None:
        return attached, [Problem(item, _too_often, part=FileUpload.first) for item in uploads]
    attachments = Attachments(session, journey.response, actor)
    for item, sent in uploads.items():
        for upload in sent:
            try:
                attached[item] = attachments.attach(item, rows_of(attached[item]), upload)
            except RefusedError as refusal:
                problems.append(Problem(item, refusal.about, part=FileUpload.first))
    return attached, problems


def _named_only(typed: Mapping[Item, Typed], uploads: Mapping[Item, Sequence[Upload]]) -> dict[Item, Typed]:
    new = {item: [each.without_id.row for each in sent] for item, sent in uploads.items()}
    return {item: [*rows_of(given), *new[item]] if item in new else given for item, given in typed.items()}


def let_go(
    session: Session,
    *,
    response_id: uuid.UUID,
    section: Section,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    now: datetime,
) -> None:
    """Delete the files that a section's saved answers named before and no longer name, unless a submission does.

    A file that no saved version has named may belong to one that a person still decides about: it has a day.
    """
    keys = _keys(section)
    if not keys:
        return
    named = _named(after, keys)
    session.execute(
        delete(ResponseFile)
        .where(
            ResponseFile.response_id == response_id,
            ResponseFile.question_key.in_(keys),
            ResponseFile.id.not_in(named),
            or_(ResponseFile.id.in_(_named(before, keys)), ResponseFile.uploaded_at < now - UNNAMED_KEPT),
            ~exists().where(SubmissionFile.file_id == ResponseFile.id),
        )
        .execution_options(synchronize_session=False)
    )


def name_files(session: Session, submission: Submission, answers: Mapping[Item, Value]) -> None:
    """Bind the files among the answers of a submission: from here on they stay as they are."""
    rows = [
        {"submission_id": submission.id, "file_id": uuid.UUID(file.id), "question_id": item.question.id}
        for item, value in answers.items()
        if item.takes_files and isinstance(value, list)
        for file in answered(value)
    ]
    if rows:
        session.execute(insert(SubmissionFile), rows)


def hold_for(session: Session, response_id: uuid.UUID, section: Section) -> None:
    """Before anything of a section that takes files is written."""
    if _keys(section):
        _hold(session, response_id)


def _hold(session: Session, response_id: uuid.UUID) -> None:
    session.execute(select(Response.id).where(Response.id == response_id).with_for_update(key_share=True))


def _keys(section: Section) -> list[str]:
    """Of the questions that are answered with files."""
    return [question.key for question in section.questions if question.kind is QuestionKind.FILE_UPLOAD]


def _named(answers: Mapping[str, Any], keys: Sequence[str]) -> set[uuid.UUID]:
    """The ids of the files that saved answers to these questions name."""
    kept = (answers.get(key) for key in keys)
    lists = chain.from_iterable(found.values() if isinstance(found, dict) else [found or []] for found in kept)
    return {uuid.UUID(row[0]) for rows in lists for row in rows}


def _too_many(subject: str) -> str:
    return ngettext(
        "%(subject)s can have up to %(num)s file",
        "%(subject)s can have up to %(num)s files",
        MOST_FILES,
        subject=subject,
    )


def _too_often(subject: str) -> str:
    return _(
        "%(subject)s: too many files were sent in a short time. Wait a few minutes, then try again", subject=subject
    )


def _too_much(subject: str) -> str:
    size = file_size(MOST_RESPONSE_BYTES)
    return _("%(subject)s: all files of your response together must be %(size)s or smaller", subject=subject, size=size)
