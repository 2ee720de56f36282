"""Questions about an engagement: asked in confidence or entered by an officer, answered to everybody."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.throttle import Limit, count_tries
from webapp.engagements.addresses import addresses_of
from webapp.engagements.clarifications import actions, pages, queries
from webapp.engagements.clarifications.forms import AnswerForm, AskForm, CorrectionForm, EntryForm, RemovalForm
from webapp.engagements.clarifications.names import identity_of
from webapp.engagements.disposed import still_kept
from webapp.engagements.queries import engagement_of_officer
from webapp.language import _
from webapp.models import Clarification, Engagement
from webapp.once import WrittenAlreadyError
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.format import moment
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("clarifications", __name__)

QUESTIONS = Limit("question of organisation", 30)


@blueprint.route("/engagements/<uuid:engagement_id>/questions", methods=["GET", "POST"])
@access.provider
def ask(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, organisation_id = db_session(), _organisation_id()
    engagement = queries.engagement_to_ask_about(session, engagement_id)
    if engagement is None:
        abort(404)
    form = AskForm(data={"nonce": str(uuid.uuid4())})
    form.offer(engagement.engagement_lots)
    if not form.validate_on_submit():
        return _ask_page(engagement, form, 422 if form.errors else 200)
    if count_tries(session, (QUESTIONS, str(organisation_id)), now=arrived_at()) is not None:
        abort(429)
    try:
        actions.ask(
            session,
            engagement=engagement,
            asking=form.asking(),
            organisation_id=organisation_id,
            actor=acting(),
            now=arrived_at(),
        )
    except actions.QuestionsClosedError:
        return _ask_page(engagement, form, 409)
    session.commit()
    flash(_("We have sent your question to the buyer"), "success")
    return redirect(url_for(".ask", engagement_id=engagement_id))


@blueprint.get("/engagements/<uuid:engagement_id>/questions/<uuid:clarification_id>")
@access.provider
def show(engagement_id: uuid.UUID, clarification_id: uuid.UUID) -> str:
    clarification = queries.own_question(db_session(), clarification_id, engagement_id, _organisation_id())
    if clarification is None:
        abort(404)
    return render_template("clarifications/show.html", clarification=clarification, state=pages.state(clarification))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/questions/enter", methods=["GET", "POST"])
@access.officer
def enter(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement_or_404(engagement_id)
    if engagement.published_at is None:
        abort(404)
    still_kept(engagement)
    form = EntryForm()
    form.offer(queries.invited_providers(session, engagement_id), engagement.engagement_lots)
    if form.validate_on_submit():
        form.judge(engagement, arrived_at())
    if not form.is_submitted() or form.errors:
        return _entry_page(engagement, form)
    key = form.entry_id(acting().person_id)
    try:
        actions.enter(session, clarification_id=key, engagement=engagement, received=form.received(), actor=acting())
        session.commit()
    except WrittenAlreadyError:
        pass
    except actions.QuestionsClosedError:  # somebody has closed questions since this request came
        form.refuse_late(engagement)
        return _entry_page(engagement, form)
    flash("The question is entered. Answer it here for everybody", "success")
    return redirect(url_for(".answer", engagement_id=engagement_id, clarification_id=key))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/questions/<uuid:waiting_id>/remove", methods=["GET", "POST"])
@access.officer
def remove(engagement_id: uuid.UUID, waiting_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement_or_404(engagement_id), RemovalForm()
    clarification = queries.question_to_answer(session, waiting_id, engagement_id)
    if clarification is None or clarification.entered_by is None:
        abort(404)
    if not form.validate_on_submit() and clarification.published_at is None:
        page = render_template("clarifications/remove.html", clarification=clarification, form=form)
        return page, 422 if form.errors else 200
    try:
        actions.remove(session, clarification=clarification, reason=form.reason.data, actor=acting())
    except actions.PublishedAlreadyError:
        flash("The question has been answered for everybody, so it stays")
        return redirect(url_for(".answer", engagement_id=engagement_id, clarification_id=waiting_id))
    except actions.NotEnteredError:  # somebody else has removed it meanwhile
        abort(404)
    session.commit()
    flash("The question is removed. Nobody is told of it")
    return redirect(url_for("engagements.manage", engagement_id=engagement.id, _anchor="questions"))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/questions/<uuid:clarification_id>", methods=["GET", "POST"])
@access.officer
def answer(engagement_id: uuid.UUID, clarification_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement_or_404(engagement_id)
    clarification = queries.question_to_answer(session, clarification_id, engagement_id)
    if not clarification:
        abort(404)
    form = AnswerForm(data={"question": clarification.question})
    form.guard(identity_of(clarification.organisation, queries.invited_people(session, clarification)))
    if not form.validate_on_submit():
        return _answer_page(engagement, clarification, form, 422 if form.errors else 200)
    try:
        actions.publish(
            session,
            engagement=engagement,
            clarification=clarification,
            question=form.question.data,
            answer=form.answer.data,
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except (actions.PublishedAlreadyError, actions.RemovedError):
        return _answer_page(engagement, clarification, form, 409)
    session.commit()
    flash("Question and answer are published. We are telling everybody concerned", "success")
    return redirect(url_for("engagements.manage", engagement_id=engagement_id, _anchor="questions"))


@blueprint.route(
    "/manage/engagements/<uuid:engagement_id>/questions/<uuid:answered_id>/correct", methods=["GET", "POST"]
)
@access.officer
def correct(engagement_id: uuid.UUID, answered_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    engagement, clarification = _published_or_404(engagement_id, answered_id)
    since = clarification.published_since
    stands = {"question": clarification.published_question, "answer": clarification.answer}
    form = CorrectionForm(data={**stands, "seen": since and since.isoformat()})
    form.guard(identity_of(clarification.organisation, queries.invited_people(session, clarification)))
    if not form.validate_on_submit():
        return _correction_page(engagement, clarification, form, 422 if form.errors else 200)
    try:
        is_new = actions.correct(
            session,
            engagement=engagement,
            clarification=clarification,
            question=form.question.data,
            answer=form.answer.data,
            seen=form.seen_since(),
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.CorrectedAlreadyError:
        return _correction_page(engagement, clarification, form, 409)
    session.commit()
    flash("The correction is published. We are telling everybody concerned" if is_new else "This is published already")
    return redirect(url_for(".answer", engagement_id=engagement_id, clarification_id=answered_id))


def _published_or_404(engagement_id: uuid.UUID, clarification_id: uuid.UUID) -> tuple[Engagement, Clarification]:
    engagement = _engagement_or_404(engagement_id)
    clarification = queries.question_to_answer(db_session(), clarification_id, engagement_id)
    if not clarification or clarification.published_at is None:
        abort(404)
    return engagement, clarification


def _engagement_or_404(engagement_id: uuid.UUID) -> Engagement:
    return engagement_of_officer(db_session(), engagement_id, acting(), Permission.RUN) or abort(404)


def _entry_page(engagement: Engagement, form: EntryForm) -> ResponseReturnValue:
    page = render_template("clarifications/enter.html", engagement=engagement, form=form)
    return page, 422 if form.errors else 200


def _ask_page(engagement: Engagement, form: AskForm, status: int) -> ResponseReturnValue:
    """With 409, the question came too late and is given back."""
    now, until = arrived_at(), engagement.questions_until
    page = render_template(
        "clarifications/ask.html",
        engagement=engagement,
        form=form,
        is_open=engagement.takes_questions(now),
        late=pages.lateness(until, now) if status == 409 else "",
        until=moment(until),
        own=pages.own_rows(queries.own_questions(db_session(), engagement.id, _organisation_id())),
    )
    return page, status


def _answer_page(
    engagement: Engagement, clarification: Clarification, form: AnswerForm, status: int
) -> ResponseReturnValue:
    """With 409, somebody else was faster: their answer is shown, and what was typed here is given back."""
    page = render_template(
        "clarifications/answer.html",
        engagement=engagement,
        clarification=clarification,
        asked=pages.asked_in_words(clarification),
        form=form,
        not_published=status == 409,
        identity=form.identity,
        earlier=queries.earlier_answers(db_session(), clarification.id) if clarification.corrected_at else (),
    )
    return page, status


def _correction_page(
    engagement: Engagement, clarification: Clarification, form: CorrectionForm, status: int
) -> ResponseReturnValue:
    """With 409, somebody else has corrected it meanwhile, and what was typed here is given back."""
    page = render_template(
        "clarifications/correct.html",
        engagement=engagement,
        clarification=clarification,
        form=form,
        not_published=status == 409,
        identity=form.identity,
    )
    return page, status


def _organisation_id() -> uuid.UUID:
    provider = acting().provider
    if provider is None:
        abort(404)
    return provider.organisation_id
