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
from webapp.responses.reminders.by_hand.pages import why_nobody
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("reminding", __name__)


@blueprint.route("/manage/engagements/<uuid:engagement_id>/remind", methods=["GET", "POST"])
@access.officer
def remind(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, form = db_session(), RemindForm()
    engagement = engagement_of_officer(session, engagement_id, acting(), Permission.RUN) or abort(404)
    counts = {group: _count(engagement, group) for group in groups_of(engagement)}
    form.offer(counts)
    if not form.validate_on_submit():
        page = render_template(
            "reminders/by_hand.html",
            form=form,
            engagement=engagement,
            is_open=engagement.state(arrived_at()) is EngagementState.OPEN,
            nobody=_why_nobody(engagement) if set(counts.values()) == {0} else (),
        )
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


def _why_nobody(engagement: Engagement) -> list[str]:
    session = db_session()
    return why_nobody(queries.invited(session, engagement), queries.synthetic(session, engagement))


def _count(engagement: Engagement, group: Group) -> int | None:
    if engagement.waits_for_opening:
        return None
    destination = url_for("engagements.show", engagement_id=engagement.id)
    return queries.count(db_session(), engagement, group, destination=destination)
