"""Engagements: the public pages, and what their officers do with them."""

from __future__ import annotations

import io
import uuid
from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements import actions, dates, pages, queries
from webapp.engagements.addresses import addresses_of
from webapp.engagements.clarifications import queries as clarifications
from webapp.engagements.clarifications.pages import inbox_page, public_questions
from webapp.engagements.declining.queries import NOTHING_DONE, standing_of
from webapp.engagements.documents.pages import public_documents
from webapp.engagements.documents.queries import all_documents
from webapp.engagements.forms import CloseEarlyForm, ExtendForm, FindForm, InviteForm
from webapp.engagements.inviting import actions as inviting
from webapp.engagements.inviting.invitees import InvitedForAnotherError
from webapp.engagements.monitoring import monitoring_of
from webapp.engagements.monitoring_pages import monitoring_page
from webapp.engagements.questionnaire_pages import questionnaire_page
from webapp.engagements.replies.pages import published_on
from webapp.engagements.summaries import queries as summaries
from webapp.engagements.summaries.pages import public_summary
from webapp.models import Engagement, EngagementState
from webapp.once import WrittenAlreadyError
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.format import clock, moment
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.request import acting, arrived_at, current_actor, db_session

blueprint = Blueprint("engagements", __name__)


@blueprint.get("/")
@access.anyone
def index() -> ResponseReturnValue:
    form, now = FindForm(request.args), arrived_at()
    if not form.validate():
        return render_template("engagements/index.html", form=form, page=None), 422
    words, state = form.words(), form.wanted_state()
    engagements = queries.published_engagements(db_session(), words=words, state=state, now=now)
    summarised = summaries.first_published(db_session(), (engagement.id for engagement in engagements))
    page = pages.engagement_list(engagements, summarised, now, narrowed=bool(words or state))
    return render_template("engagements/index.html", form=form, page=page)


@blueprint.get("/engagements/<uuid:engagement_id>")
@access.anyone
def show(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    engagement = queries.engagement_to_show(session, engagement_id, actor)
    if engagement is None:
        abort(404)
    if engagement.state(arrived_at()) is EngagementState.DRAFT:
        return redirect(url_for("engagements.manage", engagement_id=engagement_id))
    provider = actor.provider if actor else None
    standing = standing_of(session, engagement_id, provider.organisation_id) if provider else NOTHING_DONE
    moves = queries.closing_moves(session, engagement_id)
    manages = bool(permissions_on(session, engagement.programme_id, actor))
    page = pages.engagement_page(engagement, moves, standing, actor, arrived_at(), manages=manages)
    answers = clarifications.published(session, engagement_id)
    questions = public_questions(engagement, answers, actor, arrived_at())
    summary, replied = queries.heard(session, engagement_id)
    return render_template(
        "engagements/show.html",
        page=page,
        questions=questions,
        documents=public_documents(engagement, all_documents(session, engagement_id)),
        summary=public_summary(summary),
        replied=published_on(replied) if replied else "",
    )


@blueprint.get("/engagements/<uuid:engagement_id>/calendar.ics")
@access.anyone
def calendar(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    engagement = queries.published_engagement(session, engagement_id)
    if engagement is None:
        abort(404)
    moves = len(queries.closing_moves(session, engagement_id))
    octets = dates.calendar_of(engagement, moves, address=addresses_of(engagement).engagement_page, now=arrived_at())
    name = clean_name(engagement.reference.replace("/", "-") + ".ics", "ics")
    return send_file(io.BytesIO(octets), "text/calendar", as_attachment=True, download_name=name)


@blueprint.get("/engagements/<uuid:engagement_id>/questionnaire")
@access.anyone
def questionnaire(engagement_id: uuid.UUID) -> str:
    version = queries.published_questionnaire(db_session(), engagement_id)
    if version is None:
        abort(404)
    lots = [entry.lot for entry in version.engagement.engagement_lots]
    return render_template("engagements/questionnaire.html", page=questionnaire_page(version, lots))


@blueprint.get("/manage/engagements/<uuid:engagement_id>")
@access.officer
def manage(engagement_id: uuid.UUID) -> str:
    engagement = _engagement_or_404(engagement_id)
    monitoring = monitoring_of(
        db_session(),
        engagement_id,
        destination=url_for("engagements.show", engagement_id=engagement_id),
        invitations_page=request.args.get("invitations"),
    )
    granted = permissions_on(db_session(), engagement.programme_id, acting())
    page = monitoring_page(engagement, monitoring, arrived_at(), granted=granted)
    inbox = clarifications.inbox(db_session(), engagement_id, request.args.get("questions"))
    return render_template(
        "engagements/manage.html", page=page, inbox=inbox_page(engagement, inbox), once=OnceForm.opened()
    )


@blueprint.route("/manage/engagements/<uuid:engagement_id>/invite", methods=["GET", "POST"])
@access.officer
def invite(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement_or_404(engagement_id, Permission.RUN)
    form = InviteForm(organisation_id=request.args.get("provider"))
    form.offer(queries.known_providers(session, acting(), engagement.programme_id))
    if not form.validate_on_submit():
        return _form_page("engagements/invite.html", form, engagement)
    managing = _managing(engagement)
    invitee, once = form.invitee(), form.entry_id(acting().person_id)
    if not inviting.is_invited(session, engagement=engagement, invitee=invitee, once=once):
        if not form.fits():
            return _form_page("engagements/invite.html", form, engagement)
        try:
            with suppress(WrittenAlreadyError):
                inviting.invite(
                    session,
                    engagement=engagement,
                    invitee=invitee,
                    once=once,
                    addresses=addresses_of(engagement),
                    actor=acting(),
                    now=arrived_at(),
                )
                session.commit()
        except InvitedForAnotherError:
            form.add_error(form.email, "This address has already been invited for another provider")
            return _form_page("engagements/invite.html", form, engagement)
        except inviting.NotTakingPartError as refusal:
            flash(str(refusal))
            return redirect(managing)
    flash(f"We have sent the invitation to {form.email.data}", "success")
    return redirect(managing)


@blueprint.post("/manage/engagements/<uuid:engagement_id>/invitations/<uuid:invitation_id>/send-again")
@access.officer
def send_again(engagement_id: uuid.UUID, invitation_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement_or_404(engagement_id, Permission.RUN)
    invitation = queries.invitation_of(session, invitation_id, engagement_id) or abort(404)
    sent_to, managing = invitation.email.lower(), redirect(_managing(engagement))
    try:
        with suppress(WrittenAlreadyError):
            inviting.send_again(
                session,
                engagement=engagement,
                invitation=invitation,
                once=OnceForm().entry_id(acting().person_id),
                addresses=addresses_of(engagement),
                actor=acting(),
                now=arrived_at(),
            )
            session.commit()
    except inviting.NotTakingPartError as refusal:
        flash(str(refusal))
        return managing
    flash(f"We have sent the invitation to {sent_to} again", "success")
    return managing


@blueprint.route("/manage/engagements/<uuid:engagement_id>/extend", methods=["GET", "POST"])
@access.officer
def extend(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement_or_404(engagement_id, Permission.RUN)
    form = ExtendForm(data={"time": clock(queries.meant_to_close(session, engagement))})
    if not (form.validate_on_submit() and form.fits(arrived_at())):
        return _form_page("engagements/extend.html", form, engagement)
    try:
        actions.extend(
            session,
            engagement=engagement,
            closes_at=form.closes_at(),
            questions_close_at=form.questions_close_at(),
            reason=form.reason.data,
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except (actions.NotLaterError, actions.QuestionsDeadlineError) as refusal:
        form.refuse(refusal)
        return _form_page("engagements/extend.html", form, engagement)
    except actions.NotReadyError:
        flash(
            "Only a published engagement can be extended, and no more once its sealed responses are opened, or it is "
            "asked that its responses be destroyed"
        )
        return redirect(_managing(engagement))
    session.commit()
    flash(f"The engagement now closes at {moment(engagement.closes_at)}. We are telling everybody concerned", "success")
    return redirect(_managing(engagement))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/close", methods=["GET", "POST"])
@access.officer
def close_early(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement_or_404(engagement_id, Permission.RUN), CloseEarlyForm()
    if not form.validate_on_submit():
        return _form_page("engagements/close_early.html", form, engagement)
    try:
        actions.close_early(
            session,
            engagement=engagement,
            reason=form.reason.data,
            addresses=addresses_of(engagement),
            actor=acting(),
        )
    except actions.NotOpenError:
        flash("Only an engagement that is open can be closed early")
        return redirect(_managing(engagement))
    session.commit()
    flash("The engagement is closed. We are telling everybody concerned", "success")
    return redirect(_managing(engagement))


def _engagement_or_404(engagement_id: uuid.UUID, permission: Permission = Permission.READ) -> Engagement:
    engagement = queries.engagement_of_officer(db_session(), engagement_id, acting(), permission)
    if engagement is None:
        abort(404)
    return engagement


def _form_page(template: str, form: BaseForm, engagement: Engagement) -> ResponseReturnValue:
    page = render_template(template, form=form, engagement=engagement, state=engagement.state(arrived_at()))
    return page, 422 if form.errors else 200


def _managing(engagement: Engagement) -> str:
    return url_for("engagements.manage", engagement_id=engagement.id)
