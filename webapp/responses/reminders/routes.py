"""The page that a reminder leads to for those who want no more."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.language import _
from webapp.responses.forms import ConfirmForm
from webapp.responses.reminders import actions, queries
from webapp.responses.reminders.stop_links import reminder_of
from webapp.web import access
from webapp.web.request import db_session

blueprint = Blueprint("reminders", __name__)


@blueprint.route("/reminders/<reminder_token>/stop", methods=["GET", "POST"])
@access.anyone
def stop(reminder_token: str) -> ResponseReturnValue:
    session, form = db_session(), ConfirmForm()
    reminder = reminder_of(session, reminder_token)
    if reminder is None:
        abort(404)
    engagement = queries.engagement_of(session, reminder)
    if not form.validate_on_submit():
        return render_template("reminders/stop.html", engagement=engagement, form=form)
    actions.stop(session, reminder=reminder)
    session.commit()
    flash(_("You get no more reminders of this engagement."), "success")
    return redirect(url_for("engagements.show", engagement_id=engagement.id))
