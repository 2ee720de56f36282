"""Until when responses are kept, and destroying them: what the team says, asks for, agrees to and takes back."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.disposal import actions, queries
from webapp.disposal.forms import AgreeForm, AskForm, RetentionForm, StopForm
from webapp.disposal.pages import DisposalPage, disposal_page, stated_rows
from webapp.engagements.addresses import addresses_of
from webapp.engagements.disposed import DisposedError
from webapp.engagements.queries import engagement_of_officer
from webapp.models import Engagement
from webapp.programmes.found import programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.format import day
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("disposal", __name__)

OWN = "You asked for it, so somebody else has to agree: another lead officer, or an approver"


@blueprint.app_errorhandler(DisposedError)
def lead_to_certificate(error: DisposedError) -> ResponseReturnValue:
    return redirect(url_for("disposal.show", engagement_id=error.engagement_id))


@blueprint.route("/programmes/<uuid:programme_id>/retention", methods=["GET", "POST"])
@access.officer
def state(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), programme_or_404(programme_id, Permission.LEAD)
    stands = {"keep_until": programme.keep_until, "policy": programme.retention_policy}
    form, changed = RetentionForm(data={**stands, "seen": actions.stated_now(programme)}), False
    if form.validate_on_submit():
        try:
            actions.state_retention(
                session,
                programme=programme,
                keep_until=form.keep_until.data,
                policy=form.policy.data,
                seen=form.seen.data or "",
                actor=acting(),
            )
        except actions.ChangedError:
            form.seen.raw_data, changed = [actions.stated_now(programme)], True
        except actions.NotPossibleError as refusal:
            form.add_error(form.keep_until, str(refusal))
        else:
            session.commit()
            flash(f"Responses are kept until {day(form.keep_until.data)}", "success")
            return redirect(url_for("programmes.show", programme_id=programme_id))
    rows = stated_rows(queries.stated(session, programme_id))
    page = render_template("disposal/retention.html", programme=programme, form=form, rows=rows, changed=changed)
    return page, 409 if changed else 422 if form.errors else 200


@blueprint.get("/manage/engagements/<uuid:engagement_id>/disposal")
@access.officer
def show(engagement_id: uuid.UUID) -> str:
    engagement = _engagement(engagement_id)
    return render_template("disposal/show.html", engagement=engagement, page=_page(engagement))


@blueprint.route("/manage/engagements/<uuid:engagement_id>/disposal/ask", methods=["GET", "POST"])
@access.officer
def ask(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id, Permission.LEAD), AskForm()
    if not form.validate_on_submit():
        return _form_page("ask", engagement, form)
    try:
        actions.ask(
            session,
            engagement=engagement,
            disposal_id=form.entry_id(acting().person_id),
            note=form.note.data or "",
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.NotPossibleError as refusal:
        return _refused(engagement, refusal)
    session.commit()
    flash("You have asked for it. Nothing happens unless somebody else agrees", "success")
    return _back(engagement)


@blueprint.route("/manage/engagements/<uuid:engagement_id>/disposal/agree", methods=["GET", "POST"])
@access.officer
def agree(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id, Permission.DISPOSE), AgreeForm()
    if not form.validate_on_submit():
        return _form_page("agree", engagement, form)
    try:
        actions.agree(
            session, engagement=engagement, addresses=addresses_of(engagement), actor=acting(), now=arrived_at()
        )
    except actions.OwnRequestError:
        flash(OWN)
        return _back(engagement)
    except actions.NotPossibleError as refusal:
        return _refused(engagement, refusal)
    session.commit()
    flash("It is agreed. We are telling everybody whose answers go, and you can still take it back", "success")
    return _back(engagement)


@blueprint.route("/manage/engagements/<uuid:engagement_id>/disposal/stop", methods=["GET", "POST"])
@access.officer
def stop(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id, Permission.DISPOSE), StopForm()
    if not form.validate_on_submit():
        return _form_page("stop", engagement, form)
    try:
        actions.stop(
            session,
            engagement=engagement,
            reason=form.reason.data,
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.NotPossibleError as refusal:
        return _refused(engagement, refusal)
    session.commit()
    flash("The responses are kept. We are telling those who were told otherwise", "success")
    return _back(engagement)


def _engagement(engagement_id: uuid.UUID, permission: Permission = Permission.READ) -> Engagement:
    return engagement_of_officer(db_session(), engagement_id, acting(), permission) or abort(404)


def _page(engagement: Engagement) -> DisposalPage:
    session, programme_id = db_session(), engagement.programme_id
    disposals = queries.disposals(session, engagement.id)
    asked = next((each for each in disposals if each.is_only_asked), None)
    told = next((each for each in disposals if each.is_being_told), None)
    return disposal_page(
        engagement,
        disposals,
        asked is None or queries.asker_leads(session, asked, programme_id),
        queries.telling(session, told) if told is not None else None,
        queries.stated(session, programme_id),
        permissions_on(session, programme_id, acting()),
        acting().person_id,
        arrived_at(),
    )


def _form_page(name: str, engagement: Engagement, form: BaseForm) -> ResponseReturnValue:
    """Only with what can be asked now; otherwise the page says how it stands."""
    page = _page(engagement)
    if not getattr(page, f"can_{name}"):
        return _back(engagement)
    return (
        render_template(f"disposal/{name}.html", engagement=engagement, form=form, page=page),
        422 if form.errors else 200,
    )


def _refused(engagement: Engagement, refusal: actions.NotPossibleError) -> ResponseReturnValue:
    flash(str(refusal).rstrip("."))
    return _back(engagement)


def _back(engagement: Engagement) -> ResponseReturnValue:
    return redirect(url_for("disposal.show", engagement_id=engagement.id))
