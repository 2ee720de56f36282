"""The e-mails about a response, in plain text and the language spoken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from webapp.language import _
from webapp.mail import Mail
from webapp.models import Engagement, Response, Submission
from webapp.responses import questions
from webapp.responses.answers import AnswerRow, groups
from webapp.responses.drafts import Draft
from webapp.web.format import moment


def receipt(response: Response, submission: Submission, draft: Draft, person: str, link: str) -> Mail:
    """The subject and body of a receipt, with a copy of what was submitted."""
    engagement = response.engagement
    closes = moment(engagement.closes_at)
    lines = [
        _(
            "%(organisation)s answered “%(engagement)s”.",
            organisation=response.organisation.name,
            engagement=engagement.title,
        ),
        "",
        _("Reference: %(reference)s", reference=submission.reference),
        _("Version: %(number)s", number=submission.number),
        _("Submitted at %(when)s by %(name)s", when=moment(submission.submitted_at), name=person),
        "",
        _("You can change your answers and submit again, or withdraw, until %(when)s:", when=closes),
        link,
        "",
        *_copy(draft),
        *_contact(engagement),
    ]
    subject = _("Receipt %(reference)s: %(engagement)s", reference=submission.reference, engagement=engagement.title)
    return _mail(subject, lines)


def submitted(response: Response, submission: Submission, person: str, link: str) -> Mail:
    """To a colleague who worked on it: the copy of the answers goes to who submitted them."""
    engagement = response.engagement
    lines = [
        _(
            "%(name)s submitted the response of %(organisation)s to “%(engagement)s” at %(when)s.",
            name=person,
            organisation=response.organisation.name,
            engagement=engagement.title,
            when=moment(submission.submitted_at),
        ),
        _(
            "Version %(number)s, reference %(reference)s, counts.",
            number=submission.number,
            reference=submission.reference,
        ),
        "",
        _("You can read what was submitted. Until %(when)s it can be changed here:", when=moment(engagement.closes_at)),
        link,
        "",
        *_contact(engagement),
    ]
    return _mail(_("Submitted: %(engagement)s", engagement=engagement.title), lines)


def request_to_submit(response: Response, person: str, note: str | None, link: str) -> Mail:
    """To a signatory, from a contributor who finds the answers ready."""
    engagement = response.engagement
    return _request(
        _("Ready for you to submit: %(engagement)s", engagement=engagement.title),
        _(
            "%(name)s asks you to check and submit the answers of %(organisation)s to “%(engagement)s”.",
            name=person,
            organisation=response.organisation.name,
            engagement=engagement.title,
        ),
        _counts_until_then(response.current_submission),
        link,
        engagement,
        said=_("What %(name)s says about it: %(note)s", name=person, note=note) if note else "",
    )


def sent_back(response: Response, person: str, remark: str, link: str) -> Mail:
    """To whoever asked for it to be submitted, from a signatory who wants something of it changed first."""
    engagement = response.engagement
    return _request(
        _("Sent back to you: %(engagement)s", engagement=engagement.title),
        _(
            "%(name)s has not submitted the answers of %(organisation)s to “%(engagement)s”, and sends the draft back.",
            name=person,
            organisation=response.organisation.name,
            engagement=engagement.title,
        ),
        _("Nothing of the draft is lost. Change it, then ask a signatory again to submit it:"),
        link,
        engagement,
        said=_("What %(name)s says about it: %(note)s", name=person, note=remark),
    )


def _counts_until_then(submitted: Submission | None) -> str:
    if submitted is None:
        return _("Only a signatory can submit. Nothing counts until you do. Check the answers here:")
    return _(
        "Only a signatory can submit. Version %(number)s counts until you do. "
        "See what has changed since, and check the answers, here:",
        number=submitted.number,
    )


def request_to_withdraw(response: Response, person: str, link: str) -> Mail:
    """To a signatory, from a contributor who thinks that the submission should not count."""
    engagement = response.engagement
    return _request(
        _("You are asked to withdraw: %(engagement)s", engagement=engagement.title),
        _(
            "%(name)s asks you to withdraw the response of %(organisation)s to “%(engagement)s”.",
            name=person,
            organisation=response.organisation.name,
            engagement=engagement.title,
        ),
        _("Only a signatory can withdraw. What was submitted counts unless you do. You can withdraw it here:"),
        link,
        engagement,
    )


def withdrawal(response: Response, person: str, now: datetime, reason: str | None, link: str) -> Mail:
    engagement = response.engagement
    lines = [
        _(
            "%(name)s withdrew the response of %(organisation)s to “%(engagement)s” at %(when)s.",
            name=person,
            organisation=response.organisation.name,
            engagement=engagement.title,
            when=moment(now),
        ),
        *([_("The reason given to the buyer: %(reason)s", reason=reason)] if reason else ()),
        _("Nothing of it counts any more. Your draft is kept."),
        "",
        _("You can submit again until %(when)s:", when=moment(engagement.closes_at)),
        link,
        "",
        *_contact(engagement),
    ]
    return _mail(_("Withdrawn: %(engagement)s", engagement=engagement.title), lines)


def _request(subject: str, asked: str, meaning: str, link: str, engagement: Engagement, said: str = "") -> Mail:
    """Who asks for what, in which words of their own, what it means to do it or not, and until when."""
    closes = _("It closes at %(when)s.", when=moment(engagement.closes_at))
    return _mail(subject, [asked, *([said] if said else []), "", meaning, link, "", closes, ""])


def _mail(subject: str, lines: list[str]) -> Mail:
    return Mail(subject, "\n".join(lines))


def _contact(engagement: Engagement) -> Iterator[str]:
    yield _("Questions about this engagement: %(address)s", address=engagement.contact_email)
    yield ""


def _copy(draft: Draft) -> Iterator[str]:
    yield _("YOUR ANSWERS")
    if draft.lots_with_problems:
        left_out = ", ".join(lot.code for lot in draft.lots_with_problems)
        yield ""
        yield _("Not submitted, because answers about them need correcting: %(lots)s", lots=left_out)
    for section in draft.sections:
        answered = [item for item in draft.items(section) if item in draft.answers]
        if answered:
            yield from ("", f"== {section.title} ==", "")
        for group in groups(answered, lambda label, item: AnswerRow(label, questions.show(item, draft.answers[item]))):
            if group.heading:
                yield from (f"-- {group.heading}", "")
            for row in group.rows:
                yield from (row.key, row.value, "")
