"""Where an officer reminds a group by hand."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.queries import engagement_of_officer
from webapp.models import Engagement, EngagementState
from webapp.programmes.permissions import Permission
from webapp.responses.reminders.by_hand import actions, queries
from webapp.responses.reminders.by_hand.forms import RemindForm
from webapp.responses.reminders.by_hand.groups import Group, groups_of
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("reminding", __name__)


@blueprint.route("/manage/engagements/<uuid:engagement_id>/remind", methods=["GET", "POST"])
@access.officer
def remind(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, form = db_session(), RemindForm()
    engagement = engagement_of_officer(session, engagement_id, acting(), Permission.RUN) or abort(404)
    form.offer({group: _count(engagement, group) for group in groups_of(engagement)})
    if not form.validate_on_submit():
        is_open = engagement.state(arrived_at()) is EngagementState.OPEN
        page = render_template("reminders/by_hand.html", form=form, engagement=engagement, is_open=is_open)
        return page, 422 if form.errors else 200
    managing = redirect(url_for("engagements.manage", engagement_id=engagement_id))
    try:
        actions.ask(session, engagement=engagement, group=Group(form.group.data), actor=acting(), now=arrived_at())
    except (actions.NotOpenError, actions.NotOfferedError):
        flash("You can remind providers only while the engagement is open")
        return managing
    session.commit()
    flash("We are sending the reminders", "success")
    return managing


def _count(engagement: Engagement, group: Group) -> int | None:
    if engagement.waits_for_opening:
        return None
    destination = url_for("engagements.show", engagement_id=engagement.id)
    return queries.count(db_session(), engagement, group, destination=destination)
