"""Where an officer writes the summary of an engagement; everybody reads it on the engagement's own page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.addresses import addresses_of
from webapp.engagements.disposed import still_kept
from webapp.engagements.queries import engagement_of_officer
from webapp.engagements.summaries import actions, pages, queries
from webapp.engagements.summaries.forms import SummaryForm
from webapp.models import Engagement, EngagementState, EngagementSummary
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("summaries", __name__)


@blueprint.route("/manage/engagements/<uuid:engagement_id>/summary", methods=["GET", "POST"])
@access.officer
def write(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    engagement = still_kept(engagement_of_officer(session, engagement_id, acting(), Permission.RUN))
    if engagement is None:
        abort(404)
    versions = queries.versions(session, engagement_id)
    form = SummaryForm(obj=versions[0] if versions else None, data={"seen": str(len(versions))})
    if not form.validate_on_submit():
        return _page(engagement, versions, form, 422 if form.errors else 200)
    try:
        is_new = actions.publish(
            session,
            engagement=engagement,
            words=form.words(),
            seen=form.version_seen(),
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except (actions.NotClosedError, actions.NotNewestError):
        return _page(engagement, queries.versions(session, engagement_id), form, 409)
    session.commit()
    flash("The summary is published. We are telling those who took part" if is_new else "This is published already")
    return redirect(url_for("engagements.manage", engagement_id=engagement_id))


def _page(
    engagement: Engagement, versions: Sequence[EngagementSummary], form: SummaryForm, status: int
) -> ResponseReturnValue:
    """With 409, nothing was published, and what was typed is given back."""
    page = render_template(
        "summaries/write.html",
        engagement=engagement,
        form=form,
        is_closed=engagement.state(arrived_at()) is EngagementState.CLOSED,
        not_published=status == 409,
        published=pages.public_summary(versions[0] if versions else None),
        earlier=pages.earlier_rows(versions[1:]),
        signed=pages.signed(queries.signed_themes(db_session(), engagement.id)),
    )
    return page, status
