"""Where a provider says that it will not respond."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.audit import ActingFor
from webapp.engagements.addresses import addresses_of
from webapp.engagements.declining import actions, queries
from webapp.engagements.declining.forms import DeclineForm, TakeBackForm
from webapp.engagements.declining.pages import decline_page
from webapp.engagements.queries import published_engagement
from webapp.language import _
from webapp.models import Engagement
from webapp.web import access
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("declining", __name__, url_prefix="/engagements/<uuid:engagement_id>/not-responding")


@blueprint.route("", methods=["GET", "POST"])
@access.provider
def decline(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    form = DeclineForm()
    standing = queries.standing_of(session, engagement_id, _organisation_id())
    form.offer(standing.decline)
    if not form.validate_on_submit():
        return _page(engagement, standing, form, 422 if form.errors else 200)
    try:
        actions.decline(
            session,
            engagement=engagement,
            declining=form.declining(),
            organisation_id=_organisation_id(),
            addresses=addresses_of(engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except (actions.ClosedError, actions.SubmittedError, actions.ChangedError):
        session.rollback()
        standing = queries.standing_of(session, engagement_id, _organisation_id())
        form.open_anew(standing.decline)
        return _page(engagement, standing, form, 409)
    session.commit()
    flash(_("We have recorded that you will not respond. Thank you for saying so"), "success")
    return redirect(url_for(".decline", engagement_id=engagement_id))


@blueprint.post("/take-back")
@access.provider
def take_back(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    form = TakeBackForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        actions.take_back(
            session,
            engagement=engagement,
            organisation_id=_organisation_id(),
            seen=form.nonce,
            actor=acting(),
            now=arrived_at(),
        )
    except actions.ClosedError:
        return redirect(url_for(".decline", engagement_id=engagement_id))
    except actions.ChangedError:
        flash(_("Nothing was taken back, since your organisation has said something else after you opened that page"))
        return redirect(url_for(".decline", engagement_id=engagement_id))
    session.commit()
    flash(_("You have taken back that you will not respond. Nothing of what you said is kept"), "success")
    return redirect(url_for("engagements.show", engagement_id=engagement_id))


def _page(engagement: Engagement, standing: queries.Standing, form: DeclineForm, status: int) -> tuple[str, int]:
    """With 409, it was not taken: what stands is shown, and what was typed is given back."""
    sent = form.is_submitted()
    page = decline_page(
        engagement,
        standing,
        arrived_at(),
        is_signatory=_acting_for().is_signatory,
        changes=sent or request.args.get("change") == "yes",
        refused=status == 409,
        typed=form.comment.typed if sent else "",
    )
    return render_template("engagements/declining/decline.html", engagement=engagement, page=page, form=form), status


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return published_engagement(db_session(), engagement_id) or abort(404)


def _organisation_id() -> uuid.UUID:
    return _acting_for().organisation_id


def _acting_for() -> ActingFor:
    return acting().provider or abort(404)
