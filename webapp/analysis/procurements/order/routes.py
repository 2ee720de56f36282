"""Saying which procurement waits for which, and which services start on their day and no other."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.procurements import queries as procurements
from webapp.analysis.procurements.clashing import clash_page
from webapp.analysis.procurements.order import actions, queries
from webapp.analysis.procurements.order.forms import FixedStartForm, OrderForm
from webapp.models import Procurement, Programme
from webapp.programmes.found import held_programme_or_404
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.clashes import is_saved
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint(
    "order", __name__, url_prefix="/programmes/<uuid:programme_id>/planning/procurements/<uuid:procurement_id>"
)


@blueprint.route("/order", methods=["GET", "POST"])
@access.officer
def follow(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> ResponseReturnValue:
    session, (programme, procurement) = db_session(), _procurement(programme_id, procurement_id)
    form = OrderForm()
    form.offer(procurement, queries.others(session, procurement))
    known, following_id = queries.followings(session, programme_id), form.entry_id(acting().person_id)
    is_there = any(each.id == following_id for each in known)  # it was sent twice
    if not (form.validate_on_submit() and (is_there or form.fits(procurement, known))):
        page = render_template("planning/order.html", form=form, programme=programme, procurement=procurement)
        return page, 422 if form.errors else 200
    if not is_there:
        actions.follow(
            session,
            following_id=following_id,
            procurement=procurement,
            said=form.said(),
            actor=acting(),
            now=arrived_at(),
        )
        session.commit()
    flash("The order is saved. The next plan that holds both procurements keeps to it", "success")
    return _back(procurement)


@blueprint.post("/order/remove")
@access.officer
def unfollow(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> ResponseReturnValue:
    session, (_, procurement) = db_session(), _procurement(programme_id, procurement_id)
    asked = request.form.get("following_id", type=uuid.UUID)
    actions.unfollow(session, procurement=procurement, following_id=asked, actor=acting())
    session.commit()
    flash("It does not have to wait for that any more")
    return _back(procurement)


@blueprint.route("/fixed-start", methods=["GET", "POST"])
@access.officer
def fix_start(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> ResponseReturnValue:
    session, (programme, procurement) = db_session(), _procurement(programme_id, procurement_id)
    form = _fixed_start_form(procurement, sent=True)
    if not form.validate_on_submit():
        page = render_template("planning/fixed_start.html", form=form, programme=programme, procurement=procurement)
        return page, 422 if form.errors else 200
    if form.is_behind(procurement):
        saved = _fixed_start_form(procurement, sent=False)
        if not is_saved(saved, form):
            return clash_page(programme, saved, form, procurement.title, procurement.revision)
    else:
        actions.fix_start(
            session,
            procurement=procurement,
            is_fixed=form.is_fixed.data,
            reason=form.reason.data or "",
            actor=acting(),
            now=arrived_at(),
        )
        session.commit()
    flash("The start of the services is saved. The next plan that holds the procurement keeps to it", "success")
    return _back(procurement)


def _procurement(programme_id: uuid.UUID, procurement_id: uuid.UUID) -> tuple[Programme, Procurement]:
    programme = held_programme_or_404(programme_id, Permission.ANALYSE)
    planning = procurements.procurement(db_session(), programme_id, procurement_id) or abort(404)
    return programme, planning.procurement


def _fixed_start_form(procurement: Procurement, *, sent: bool) -> FixedStartForm:
    stored = FixedStartForm.stored(procurement, queries.fixed_start(db_session(), procurement.id))
    form = FixedStartForm(data=stored) if sent else FixedStartForm(formdata=None, data=stored)
    form.offer(procurement)
    return form


def _back(procurement: Procurement) -> ResponseReturnValue:
    return redirect(url_for("procurements.show", programme_id=procurement.programme_id, procurement_id=procurement.id))
