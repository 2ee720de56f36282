"""The provider's journey, from beginning a response to its receipt, and back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answered

from webapp.accounts.throttle import ASK_SIGNATORIES, SEND_BACK
from webapp.accounts.tries import fetched
from webapp.audit import ActingFor
from webapp.engagements.declining.queries import declined_by, has_said_no
from webapp.exports.pdf import BusyError
from webapp.language import _, ngettext
from webapp.models import Section
from webapp.responses import (
    actions,
    answers,
    autosaving,
    clashes,
    copies,
    forms,
    pages,
    queries,
    remarks,
    removed,
    section_pages,
    sign_off,
    withdrawing,
)
from webapp.responses.check_pages import check_page
from webapp.responses.disposed import disposals_of, going_and_gone
from webapp.responses.files import actions as attaching
from webapp.responses.files.queries import with_files
from webapp.responses.files.routes import url_for_provider
from webapp.responses.files.uploads import MOST_SENT_BYTES, read_uploads
from webapp.responses.items import Item, Typed
from webapp.responses.mailing import absolute, mailed
from webapp.responses.published import questionnaire_of
from webapp.responses.receptions import received_in_words
from webapp.web import access
from webapp.web.errors import error_page
from webapp.web.files import takes_file
from webapp.web.once import OnceForm
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("responses", __name__)

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Answered


for refusal, status in (
    (actions.NotFoundError, 404),
    (actions.NotSignatoryError, 403),
    (withdrawing.NothingToWithdrawError, 409),
    (BusyError, 503),
):
    blueprint.register_error_handler(refusal, lambda _error, status=status: error_page(status))


@blueprint.errorhandler(actions.NotOpenError)
def not_open(error: actions.NotOpenError) -> Page:
    """Nothing of it was done: say by how much it missed, give back what was typed, and name whom to ask."""
    title, reason = pages.why_not_open(error.engagement, arrived_at())
    page = render_template(
        "responses/not_open.html",
        engagement=error.engagement,
        title=title,
        reason=reason,
        groups=answers.typed_answers(error.typed),
        words=error.words,
    )
    return page, 409


@blueprint.errorhandler(withdrawing.AlreadyWithdrawnError)
def already_withdrawn(error: withdrawing.AlreadyWithdrawnError) -> Page:
    title, reason = pages.why_not_withdrawn_again(error.withdrawn_at, error.reason)
    page = render_template(
        "responses/not_open.html", engagement=error.engagement, title=title, reason=reason, groups=[], words=error.words
    )
    return page, 409


@blueprint.errorhandler(removed.SectionRemovedError)
def section_removed(error: removed.SectionRemovedError) -> Page:
    """A new version of the questionnaire came out while the page was open: say so, and give back what was typed."""
    page = render_template(
        "responses/removed.html",
        journey=error.journey,
        section=error.sent.section,
        groups=answers.typed_answers(error.sent.typed),
        banner=pages.banner(error.journey, arrived_at()),
    )
    return page, 409


@blueprint.get("/responses")
@access.provider
def index() -> Page:
    found = queries.responses_of(db_session(), _organisation_id())
    now = arrived_at()
    rows = [(response, pages.state_of(response), pages.deadline(response.engagement, now)) for response in found]
    declined = declined_by(db_session(), _organisation_id())
    going, gone = going_and_gone(disposals_of(db_session(), _organisation_id()))
    return render_template("responses/index.html", rows=rows, declined=declined, going=going, gone=gone)


@blueprint.get("/engagements/<uuid:engagement_id>/response")
@access.provider
def begin(engagement_id: uuid.UUID) -> Page:
    organisation_id = _organisation_id()
    found = queries.beginning(db_session(), engagement_id=engagement_id, organisation_id=organisation_id) or abort(404)
    if found.response_id is not None:
        return redirect(url_for(".show", response_id=found.response_id))
    version_id = queries.published_version_id(db_session(), engagement_id) or abort(404)
    return render_template(
        "responses/begin.html",
        engagement=found.engagement,
        when=pages.deadline(found.engagement, arrived_at()),
        length=pages.length(questionnaire_of(db_session(), version_id)),
        form=forms.ConfirmForm(),
    )


@blueprint.post("/engagements/<uuid:engagement_id>/response")
@access.provider
def start(engagement_id: uuid.UUID) -> Page:
    if not forms.ConfirmForm().validate_on_submit():
        abort(400)
    session = db_session()
    response_id = actions.start(session, engagement_id=engagement_id, actor=acting(), now=arrived_at())
    session.commit()
    return redirect(url_for(".show", response_id=response_id))


@blueprint.get("/responses/<uuid:response_id>")
@access.provider
def show(response_id: uuid.UUID) -> Page:
    journey, now = _journey(response_id), arrived_at()
    return render_template(
        "responses/show.html",
        journey=journey,
        banner=pages.banner(journey, now),
        is_open=journey.is_open(now),
        takes_questions=journey.engagement.takes_questions(now),
        tasks=pages.tasks(journey.draft, lambda section: section_pages.url(response_id, section), journey.is_open(now)),
        history=queries.history(db_session(), response_id),
        said=remarks.in_words(remarks.standing(db_session(), response_id)),
        declined=has_said_no(db_session(), journey.engagement.id, _organisation_id()),
    )


@blueprint.get("/responses/<uuid:response_id>/sections/<slug>")
@access.provider
def section(response_id: uuid.UUID, slug: str) -> Page:
    journey = _journey(response_id)
    asked = journey.draft.section(slug)
    if asked is None:
        return _without_section(journey, slug)
    if not journey.is_open(arrived_at()) or not journey.draft.items(asked):
        return redirect(url_for(".show", response_id=response_id))
    typed, filled_in = section_pages.typed_before(journey, asked)
    wrong = [problem for problem in journey.draft.problems(asked) if not problem.missing]
    opened_with, grown = section_pages.as_opened(journey, asked, typed), request.args.get("more", "")
    return section_pages.section_page(journey, asked, typed, wrong, opened_with, grown=grown, filled_in=filled_in)


@blueprint.post("/responses/<uuid:response_id>/sections/<slug>")
@access.provider
@takes_file(MOST_SENT_BYTES)
def save_section(response_id: uuid.UUID, slug: str) -> Page:
    journey, session = _journey(response_id), db_session()
    asked = _section_sent(journey, slug)
    typed, revision = _sent(journey, asked)
    if refused := forms.unkeepable(typed):
        opened_with = forms.opened_with(revision, forms.SectionForm().shown)
        return section_pages.section_page(journey, asked, typed, refused, opened_with), 422
    actor, now = acting(), arrived_at()
    uploads, unfit = read_uploads(request.files, typed)
    try:
        typed, refused = attaching.attach(session, journey=journey, typed=typed, uploads=uploads, actor=actor, now=now)
        saved = actions.save_section(
            session, journey=journey, section=asked, typed=typed, revision=revision, actor=actor, now=now
        )
    except actions.ClashError:
        page = section_pages.clash_page(journey, asked, typed)
        session.commit()  # the files that came with it, for the person may save this version
        return page, 409
    session.commit()
    return section_pages.after_saving(journey.with_saved(saved), asked, typed, [*unfit, *refused])


@blueprint.post("/responses/<uuid:response_id>/sections/<slug>/autosave")
@access.provider
def autosave(response_id: uuid.UUID, slug: str) -> tuple[dict[str, Any], int]:
    """The same without leaving the page, for its script: nobody needs it. It leaves files alone."""
    journey, session = _journey(response_id), db_session()
    try:
        asked = _section_sent(journey, slug)
    except removed.SectionRemovedError:
        return asdict(autosaving.section_removed()), 409
    sent, revision = _sent(journey, asked)
    typed = {item: given for item, given in sent.items() if not item.takes_files}
    actor, now = acting(), arrived_at()
    if refused := forms.unkeepable(typed):
        return asdict(autosaving.refused(refused)), 422
    try:
        saved = actions.save_section(
            session, journey=journey, section=asked, typed=typed, revision=revision, actor=actor, now=now
        )
    except actions.NotOpenError as closed:
        return asdict(autosaving.not_open(closed.engagement, now)), 409
    except actions.ClashError:
        newest = queries.drafts_of(session, journey.response.id).get(asked.id)
        moved = forms.SectionForm().is_of_another_version(journey.response.version_id)
        return asdict(autosaving.clash(newest, person_id=actor.person_id, moved=moved)), 409
    session.commit()
    journey = journey.with_saved(saved)
    kept = {item: journey.draft.typed(asked, item) or "" for item in sent}
    opened_with = section_pages.as_opened(journey, asked, kept)
    return asdict(autosaving.saved(saved, opened_with, journey.engagement, now)), 200


@blueprint.get("/responses/<uuid:response_id>/check")
@access.provider
def check(response_id: uuid.UUID) -> Page:
    return check_page(_journey(response_id))


@blueprint.post("/responses/<uuid:response_id>/check")
@access.provider
def submit(response_id: uuid.UUID) -> Page:
    form, session = forms.CheckForm(), db_session()
    if form.nonce_value is None:
        abort(400)
    if not form.validate_on_submit():
        return check_page(_journey(response_id), form), 422
    try:
        submission_id = actions.submit(
            session,
            response_id=response_id,
            nonce=form.nonce_value,
            seen=form.seen.data or "",
            leave_out=bool(form.leave_out.data),
            link=absolute(url_for(".show", response_id=response_id)),
            actor=acting(),
            now=arrived_at(),
        )
    except (actions.StaleCheckError, actions.NotReadyError) as refusal:
        session.rollback()
        return check_page(_journey(response_id), refusal=refusal), 409
    session.commit()
    return redirect(url_for(".receipt", response_id=response_id, submission_id=submission_id))


@blueprint.post("/responses/<uuid:response_id>/check/ask")
@access.provider
def ask_signatories(response_id: uuid.UUID) -> Page:
    form, page = forms.AskToSubmitForm(), url_for(".check", response_id=response_id)
    if not form.validate_on_submit():
        return check_page(_journey(response_id), asking=form), 422
    return _ask(partial(sign_off.ask_to_submit, note=form.given), form, response_id, page)


@blueprint.post("/responses/<uuid:response_id>/check/send-back")
@access.provider
def send_back(response_id: uuid.UUID) -> Page:
    form, session, page = forms.SendBackForm(), db_session(), url_for(".show", response_id=response_id)
    if not form.validate_on_submit():
        return check_page(_journey(response_id), sending_back=form), 422
    back = partial(sign_off.send_back, remark=form.given)
    try:
        told = mailed(back, SEND_BACK, form, response_id, page)
    except sign_off.NotAskedError:
        session.rollback()
        form.add_error(form.remark, _("Nobody asks for this draft to be submitted any more, so it was not sent back"))
        return check_page(_journey(response_id), sending_back=form), 409
    if not isinstance(told, int):
        return told
    flash(pages.said_of_sending_back(told), "success")
    return redirect(page)


@blueprint.get("/responses/<uuid:response_id>/receipts/<uuid:submission_id>")
@access.provider
def receipt(response_id: uuid.UUID, submission_id: uuid.UUID) -> Page:
    found, now = _receipt(response_id, submission_id), arrived_at()
    counts = found.response.current_submission_id == submission_id
    return render_template(
        "responses/receipt.html",
        found=found,
        answers_of=answers.submitted_answers(found, url_for_provider(response_id)),
        counts=counts,
        next_steps=pages.next_steps(found.response.engagement, now) if counts else [],
        received=received_in_words(found.submission),
        when=pages.deadline(found.response.engagement, now),
    )


@blueprint.get("/responses/<uuid:response_id>/receipts/<uuid:submission_id>/copy.pdf")
@access.provider
@fetched
def copy(response_id: uuid.UUID, submission_id: uuid.UUID) -> Page:
    return copies.download(_receipt(response_id, submission_id))


@blueprint.get("/responses/<uuid:response_id>/withdraw")
@access.provider
def withdraw(response_id: uuid.UUID) -> Page:
    journey = _journey(response_id)
    if journey.submitted is None or not journey.is_open(arrived_at()):
        return redirect(url_for(".show", response_id=response_id))
    return _withdraw_page(journey, forms.WithdrawForm())


@blueprint.post("/responses/<uuid:response_id>/withdraw")
@access.provider
def confirm_withdrawal(response_id: uuid.UUID) -> Page:
    form, session, link = forms.WithdrawForm(), db_session(), absolute(url_for(".show", response_id=response_id))
    if not form.validate_on_submit():
        words = form.reason.typed
        withdrawing.to_withdraw(session, response_id=response_id, words=words, actor=acting(), now=arrived_at())
        return _withdraw_page(_journey(response_id), form), 422
    withdrawing.withdraw(
        session, response_id=response_id, reason=form.given, link=link, actor=acting(), now=arrived_at()
    )
    session.commit()
    flash(_("Your response is withdrawn. Your draft is kept."), "success")
    return redirect(url_for(".show", response_id=response_id))


@blueprint.post("/responses/<uuid:response_id>/withdraw/ask")
@access.provider
def ask_to_withdraw(response_id: uuid.UUID) -> Page:
    form = forms.AskForm()
    if not form.validate_on_submit():
        abort(400)
    return _ask(sign_off.ask_to_withdraw, form, response_id, url_for(".withdraw", response_id=response_id))


def _ask(ask: Callable[..., int], form: OnceForm, response_id: uuid.UUID, page: str) -> Page:
    """Have the signatories mailed the way to a page where only they can act."""
    asked = mailed(ask, ASK_SIGNATORIES, form, response_id, page)
    if not isinstance(asked, int):
        return asked
    said = ngettext("We have asked %(num)s signatory by email.", "We have asked %(num)s signatories by email.", asked)
    flash(said, "success")
    return redirect(url_for(".show", response_id=response_id))


def _receipt(response_id: uuid.UUID, submission_id: uuid.UUID) -> queries.Submitted:
    found = queries.receipt(
        db_session(), response_id=response_id, submission_id=submission_id, organisation_id=_organisation_id()
    )
    return found if found is not None else abort(404)


def _journey(response_id: uuid.UUID) -> queries.Journey:
    found = queries.journey(db_session(), response_id=response_id, organisation_id=_organisation_id())
    return found if found is not None else abort(404)


def _without_section(journey: queries.Journey, slug: str) -> Answered:
    if not queries.had_section(db_session(), journey.response.engagement_id, slug):
        abort(404)
    flash(_("The buyer published a new version of the questionnaire, which no longer has that section"))
    return redirect(url_for(".show", response_id=journey.response.id))


def _section_sent(journey: queries.Journey, slug: str) -> Section:
    """Raises SectionRemovedError of one that was there when its page was opened."""
    asked = journey.draft.section(slug)
    if asked is None and (sent := removed.sent_before(db_session(), journey, slug)):
        raise removed.SectionRemovedError(journey, sent)
    return asked or abort(404)


def _sent(journey: queries.Journey, asked: Section) -> tuple[dict[Item, Typed], int]:
    """What was typed into a section's page, and the revision that the page showed."""
    form = forms.SectionForm()
    if not form.validate_on_submit():
        abort(400)
    read = forms.read_typed(request.form, form.items_shown(journey.draft, asked))
    typed = with_files(db_session(), journey.response.id, read)
    if request.form.get("then") == "both":
        typed = clashes.together(journey.draft, asked, typed, form.shown) or typed
    return typed, form.from_revision


def _withdraw_page(journey: queries.Journey, form: forms.WithdrawForm) -> str:
    return render_template(
        "responses/withdraw.html",
        journey=journey,
        banner=pages.banner(journey, arrived_at()),
        form=form,
        is_signatory=_acting_for().is_signatory,
        once=forms.AskForm.opened(),
    )


def _acting_for() -> ActingFor:
    return acting().provider or abort(404)


def _organisation_id() -> uuid.UUID:
    return _acting_for().organisation_id
