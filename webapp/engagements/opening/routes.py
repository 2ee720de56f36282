"""Where a lead officer opens sealed responses."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.opening import actions
from webapp.engagements.opening.forms import OpenForm
from webapp.engagements.queries import engagement_of_officer
from webapp.models import EngagementState
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("opening", __name__)


@blueprint.route("/manage/engagements/<uuid:engagement_id>/open", methods=["GET", "POST"])
@access.officer
def open_responses(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, form = db_session(), OpenForm()
    engagement = engagement_of_officer(session, engagement_id, acting(), Permission.LEAD) or abort(404)
    if not form.validate_on_submit():
        is_closed = engagement.state(arrived_at()) is EngagementState.CLOSED
        page = render_template("engagements/opening/open.html", form=form, engagement=engagement, is_closed=is_closed)
        return page, 422 if form.errors else 200
    managing = url_for("engagements.manage", engagement_id=engagement_id)
    try:
        actions.open_responses(
            session, engagement=engagement, witnesses=form.witnesses.data, actor=acting(), now=arrived_at()
        )
    except actions.NotSealedError:
        flash("There is nothing sealed to open")
        return redirect(managing)
    except actions.NotClosedError:
        flash("Sealed responses are opened only after the engagement has closed")
        return redirect(managing)
    session.commit()
    flash("The responses are open to the team", "success")
    return redirect(managing)
