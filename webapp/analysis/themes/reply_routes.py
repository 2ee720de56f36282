"""Replying to signed themes, and publishing the replies to everybody."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.themes import replies, reply_pages
from webapp.analysis.themes.forms import PublishRepliesForm, ReplyForm
from webapp.analysis.themes.reach import framework_to_act_on
from webapp.analysis.themes.replies import Signed
from webapp.analysis.themes.signing import NotSignedError
from webapp.engagements.addresses import addresses_of
from webapp.engagements.disposed import still_kept
from webapp.engagements.queries import engagement_of_officer
from webapp.engagements.replies import actions as publishing
from webapp.engagements.replies import queries as published
from webapp.models import Engagement, ReplyDecision, ThemeFramework
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_replies", __name__)


@blueprint.route("/themes/<uuid:framework_id>/theme/<uuid:theme_id>/reply", methods=["GET", "POST"])
@access.officer
def write(framework_id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_act_on(framework_id)
    signed = replies.of_theme(session, framework, theme_id)
    if signed is None:
        return _not_signed(framework)
    form = ReplyForm(obj=signed.reply, data={"number": "0"})
    if not form.validate_on_submit():
        return _writing(signed, form, 422 if form.errors else 200)
    try:
        kept = replies.reply(
            session,
            framework=framework,
            theme_id=theme_id,
            decision=ReplyDecision(form.decision.data),
            done=form.done.data.strip(),
            reason=form.reason.data.strip(),
            seen=form.seen,
            actor=acting(),
            now=arrived_at(),
        )
    except replies.RepliedMeanwhileError:
        return _writing(replies.of_theme(session, framework, theme_id) or signed, form, 409)
    except NotSignedError:
        return _not_signed(framework)
    session.commit()
    flash("The reply is kept. Nobody reads it until it is published" if kept else "It says that already", "success")
    return redirect(url_for(".index", engagement_id=framework.engagement_id))


def _writing(signed: Signed, form: ReplyForm, status: int) -> ResponseReturnValue:
    """With 409 a colleague has replied meanwhile; what was typed is given back, to be kept in its place or given up."""
    if status == 409 and signed.reply is not None:
        form.number.data, form.number.raw_data = str(signed.reply.number), None
    page = reply_pages.writing_page(signed, replies.replies_to(db_session(), uuid.UUID(signed.theme.id)))
    return render_template("themes/reply.html", signed=signed, form=form, page=page, meanwhile=status == 409), status


def _not_signed(framework: ThemeFramework) -> ResponseReturnValue:
    flash("Only a theme that is signed can be replied to. Nothing was changed.")
    return redirect(url_for("themes.show", framework_id=framework.id))


@blueprint.get("/manage/engagements/<uuid:engagement_id>/replies")
@access.officer
def index(engagement_id: uuid.UUID) -> ResponseReturnValue:
    return _replies(_engagement(engagement_id, Permission.READ), None)


@blueprint.post("/manage/engagements/<uuid:engagement_id>/replies")
@access.officer
def publish(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id, Permission.RUN)
    signed, form = replies.of_engagement(session, engagement_id), PublishRepliesForm()
    form.offer(signed)
    if not form.validate_on_submit():
        return _replies(engagement, form, 422)
    try:
        is_new = publishing.publish(
            session,
            engagement=engagement,
            replies=replies.to_publish(signed, form.chosen.data or ()),
            seen=form.seen,
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except (publishing.NotClosedError, publishing.NotNewestError):
        return _replies(engagement, None, 409)
    session.commit()
    if is_new:
        flash("The replies are published. We are telling those who took part", "success")
    else:
        flash("This is published already")
    return redirect(url_for(".index", engagement_id=engagement_id))


def _replies(engagement: Engagement, form: PublishRepliesForm | None, status: int = 200) -> ResponseReturnValue:
    """With 409 nothing was published, because somebody else did meanwhile or the engagement takes responses."""
    session = db_session()
    signed, versions = replies.of_engagement(session, engagement.id), published.versions(session, engagement.id)
    if form is None:
        chosen = reply_pages.chosen_at_first(signed, versions[0] if versions else None)
        form = PublishRepliesForm(formdata=None, data={"chosen": chosen, "version": str(len(versions))})
        form.offer(signed)
    granted = permissions_on(session, engagement.programme_id, acting())
    page = reply_pages.replies_page(
        engagement, signed, versions, engagement.state(arrived_at()), writes=Permission.ANALYSE in granted
    )
    return (
        render_template(
            "themes/replies.html",
            engagement=engagement,
            form=form,
            page=page,
            granted=granted,
            not_published=status == 409,
        ),
        status,
    )


def _engagement(engagement_id: uuid.UUID, permission: Permission) -> Engagement:
    return still_kept(engagement_of_officer(db_session(), engagement_id, acting(), permission)) or abort(404)
