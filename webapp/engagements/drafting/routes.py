"""Setting up an engagement, changing the draft, and publishing it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.actions import ChangedError, NotReadyError
from webapp.engagements.actions import publish as publish_engagement
from webapp.engagements.drafting import actions, pages, queries
from webapp.engagements.drafting.forms import NewNoticeForm, NoticeForm, PublishForm, stored
from webapp.engagements.queries import engagement_of_officer
from webapp.models import Engagement
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.clashes import Difference, differences, is_saved, sent_again
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("drafting", __name__)

REFERENCE_TAKEN = "An engagement of this programme has this reference already. Enter another"


@blueprint.route("/programmes/<uuid:programme_id>/engagements/new", methods=["GET", "POST"])
@access.officer
def create(programme_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    programme = queries.programme(session, programme_id, acting()) or abort(404)
    lots = queries.lots_of(session, programme_id)
    usual = {"contact_email": acting().email, "opens_time": "9am", "closes_time": "noon"}
    form = NewNoticeForm(data={**usual, "lots": [str(lot.id) for lot in lots]})
    form.offer(lots)
    if not form.validate_on_submit():
        page = render_template("engagements/drafting/create.html", form=form, programme=programme)
        return page, 422 if form.errors else 200
    try:
        engagement = actions.create(
            session,
            engagement_id=form.entry_id(acting().person_id),
            programme=programme,
            notice=form.notice(),
            lots=form.chosen(lots),
            actor=acting(),
        )
    except actions.ReferenceTakenError:
        form.add_error(form.reference, REFERENCE_TAKEN)
        return render_template("engagements/drafting/create.html", form=form, programme=programme), 422
    session.commit()
    flash("The engagement is set up as a draft. Only the programme’s team sees it", "success")
    return redirect(url_for("engagements.manage", engagement_id=engagement.id))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/edit", methods=["GET", "POST"])
@access.officer
def edit(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    if engagement.published_at is not None:
        return render_template("engagements/drafting/published.html", engagement=engagement)
    lots = queries.lots_of(session, engagement.programme_id)
    form = NoticeForm(data=stored(engagement))
    form.offer(lots)
    if not form.validate_on_submit():
        return _edit_page(form, engagement)
    try:
        actions.change(
            session,
            engagement=engagement,
            notice=form.notice(),
            lots=form.chosen(lots),
            seen=form.revision_seen(),
            actor=acting(),
        )
    except actions.ReferenceTakenError:
        form.add_error(form.reference, REFERENCE_TAKEN)
        return _edit_page(form, engagement)
    except actions.ChangedError:
        saved = pages.saved_form(engagement, lots)
        if not is_saved(saved, form):
            return _clash_page(differences(saved, form), engagement)
    except actions.PublishedError:
        return render_template("engagements/drafting/published.html", engagement=engagement), 409
    session.commit()
    flash("The draft is saved", "success")
    return redirect(url_for("engagements.manage", engagement_id=engagement_id))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/publish", methods=["GET", "POST"])
@access.officer
def publish(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    engagement = queries.draft_with_lots(session, engagement_id, acting()) or abort(404)
    form = PublishForm(data={"revision": str(engagement.revision)})
    if engagement.published_at is not None:
        return render_template("engagements/drafting/published.html", engagement=engagement)
    if not form.validate_on_submit():
        return _publish_page(form, engagement, 422 if form.errors else 200)
    try:
        publish_engagement(session, engagement=engagement, actor=acting(), now=arrived_at(), seen=form.revision_seen())
    except NotReadyError as missing:
        form.form_errors = [f"The engagement cannot be published: {missing}"]
        form.revision.raw_data = [str(engagement.revision)]
        return _publish_page(form, engagement, 409 if isinstance(missing, ChangedError) else 422)
    session.commit()
    flash("The engagement is published. Invite providers next", "success")
    return redirect(url_for("engagements.manage", engagement_id=engagement_id))


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return engagement_of_officer(db_session(), engagement_id, acting(), Permission.RUN) or abort(404)


def _edit_page(form: NoticeForm, engagement: Engagement) -> ResponseReturnValue:
    page = render_template("engagements/drafting/edit.html", form=form, engagement=engagement)
    return page, 422 if form.errors else 200


def _clash_page(found: list[Difference], engagement: Engagement) -> ResponseReturnValue:
    """Both versions, with what was sent ready to be sent again over the one that is saved."""
    page = render_template(
        "engagements/drafting/clash.html",
        engagement=engagement,
        differences=found,
        sent=sent_again(),
    )
    return page, 409


def _publish_page(form: PublishForm, engagement: Engagement, status: int) -> ResponseReturnValue:
    page = pages.publish_page(
        engagement,
        questionnaire=queries.newest_questionnaire(db_session(), engagement.id),
        documents=queries.count_documents(db_session(), engagement.id),
        granted=permissions_on(db_session(), engagement.programme_id, acting()),
        now=arrived_at(),
    )
    return render_template("engagements/drafting/publish.html", form=form, page=page), status
