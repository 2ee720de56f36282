"""A submission as a document to keep: the same words as on its receipt, and nothing that changes later but a name."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import send_file
from werkzeug.wrappers import Response as Answered

from webapp.exports import pdf
from webapp.language import _, spoken
from webapp.models import Submission
from webapp.responses import answers
from webapp.responses.queries import Submitted
from webapp.responses.receptions import ENTERED, in_words, name_then
from webapp.web.format import moment


def as_pdf(found: Submitted) -> bytes:
    """In the language spoken."""
    submission, response = found.submission, found.response
    return pdf.answers_copy(
        pdf.AnswersCopy(
            language=spoken().code,
            title=_("Answers to %(engagement)s", engagement=response.engagement.title),
            reference=submission.reference,
            organisation=name_then(submission),
            submitted_at=submission.submitted_at,
            facts=(
                pdf.Row(_("Organisation"), name_then(submission)),
                pdf.Row(_("Reference"), submission.reference),
                pdf.Row(_("Version"), str(submission.number)),
                _how_it_came(submission),
            ),
            sections=[_section(section) for section in answers.submitted_answers(found)],
            notes=_notes(found),
        )
    )


def download(found: Submitted) -> Answered:
    octets = io.BytesIO(as_pdf(found))
    return send_file(octets, "application/pdf", as_attachment=True, download_name=f"{found.submission.reference}.pdf")


def _section(section: answers.SectionAnswers) -> pdf.Section:
    return pdf.Section(
        section.title,
        [
            pdf.Group(group.heading, [pdf.Row(row.key, row.value or _("Not answered")) for row in group.rows])
            for group in section.groups
        ],
    )


def _how_it_came(submission: Submission) -> pdf.Row:
    if submission.reception is not None:
        return pdf.Row(str(ENTERED), in_words(submission.reception))
    said = _("%(when)s, by %(name)s", when=moment(submission.submitted_at), name=submission.submitter.name)
    return pdf.Row(_("Submitted"), said)


def _notes(found: Submitted) -> Sequence[str]:
    """What was invented is labelled wherever it is shown."""
    notes = []
    if found.response.synthetic:
        notes.append(_("Synthetic: this response was invented for a demonstration."))
    if about := found.response.engagement.programme.synthetic_note:
        notes.append(_("Synthetic data: %(note)s", note=about))
    return notes
