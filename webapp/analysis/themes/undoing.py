"""Undoing the newest act on themes, from whichever page."""

from __future__ import annotations

from flask import abort, flash
from flask.typing import ResponseReturnValue

from webapp.analysis.themes import log
from webapp.analysis.themes.clashing import clash_page
from webapp.analysis.themes.forms import ActForm
from webapp.models import ThemeFramework
from webapp.web.request import acting, arrived_at, db_session


def undo(framework: ThemeFramework) -> ResponseReturnValue | None:
    """Undo the act that the form names, once if it is sent twice; or give the page that says what was done since."""
    session, form = db_session(), ActForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        log.undo(session, framework=framework, number=form.seen, actor=acting(), now=arrived_at())
    except log.ClashError as clash:
        if not any(act.undoes == form.seen and act.done_by == acting().person_id for act in clash.acts):
            return clash_page(framework, clash, sent=())
    session.commit()
    flash("The act is undone", "success")
    return None
