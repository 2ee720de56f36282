"""A submission as a document to keep: the same words as on its receipt, and nothing that changes later."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.exports import pdf
from webapp.responses import pages
from webapp.responses.queries import Submitted
from webapp.web.format import moment

NO_ANSWER = "Not answered"


def as_pdf(found: Submitted) -> bytes:
    submission, response = found.submission, found.response
    return pdf.answers_copy(
        pdf.AnswersCopy(
            title=f"Answers to {response.engagement.title}",
            reference=submission.reference,
            organisation=response.organisation.name,
            submitted_at=submission.submitted_at,
            facts=(
                pdf.Row("Organisation", response.organisation.name),
                pdf.Row("Reference", submission.reference),
                pdf.Row("Version", str(submission.number)),
                pdf.Row("Submitted", f"{moment(submission.submitted_at)}, by {submission.submitter.name}"),
            ),
            sections=[_section(section) for section in pages.submitted_answers(found)],
            notes=_notes(found),
        )
    )


def _section(section: pages.SectionAnswers) -> pdf.Section:
    return pdf.Section(
        section.title,
        [
            pdf.Group(group.heading, [pdf.Row(row.key, row.value or NO_ANSWER) for row in group.rows])
            for group in section.groups
        ],
    )


def _notes(found: Submitted) -> Sequence[str]:
    """What was invented is labelled wherever it is shown."""
    invented = "Synthetic: this response was invented for a demonstration."
    about = found.response.engagement.programme.synthetic_note
    return [*([invented] if found.response.synthetic else []), *([f"Synthetic data: {about}"] if about else [])]
