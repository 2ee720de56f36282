"""The assumptions of a programme: what they are, and changing one."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intelligence import DEFAULT_PRIORS, Prior
from webapp.analysis.priors import actions, pages, queries
from webapp.analysis.priors.forms import MEASURED, AssumptionForm
from webapp.models import ChangedAssumption, Programme
from webapp.programmes.found import held_programme_or_404, programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.clashes import differences, sent_again
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("priors", __name__, url_prefix="/programmes/<uuid:programme_id>/assumptions")


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ)
    may_change = Permission.ANALYSE in permissions_on(session, programme_id, acting())
    rows = pages.rows(queries.newest(session, programme_id), programme_id=programme_id, may_change=may_change)
    return render_template("analysis/priors/index.html", programme=programme, rows=rows, may_change=may_change)


@blueprint.route("/<assumption>", methods=["GET", "POST"])
@access.officer
def change(programme_id: uuid.UUID, assumption: str) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    standard: Prior = getattr(DEFAULT_PRIORS, assumption) if assumption in pages.NAMES else abort(404)
    row = queries.newest(session, programme_id).get(assumption)
    held = queries.held(assumption, row)
    form = AssumptionForm(data=AssumptionForm.stored(row, held))
    if not (form.validate_on_submit() and form.fits(assumption, held, queries.standing(session, programme_id))):
        return _change_page(programme, assumption, standard, form), 422 if form.errors else 200
    if not form.is_behind(row):
        _save(programme, assumption, row, form, held)
        session.commit()
    elif not form.says(row, held):
        return _clash_page(programme, row, held, form)
    flash("The assumption is saved. It holds from the next analysis on", "success")
    return redirect(url_for(".index", programme_id=programme_id))


def _save(programme: Programme, name: str, row: ChangedAssumption | None, form: AssumptionForm, held: Prior) -> None:
    number, actor, now = (row.number if row else 0) + 1, acting(), arrived_at()
    if form.puts_back:
        actions.put_back(
            db_session(), programme=programme, name=name, number=number, reason=form.reason.data, actor=actor, now=now
        )
        return
    value, spread = form.read(held)
    actions.change(
        db_session(),
        programme=programme,
        name=name,
        number=number,
        value=value,
        spread=spread,
        measured=form.what.data == MEASURED,
        reason=form.reason.data,
        actor=actor,
        now=now,
    )


def _change_page(programme: Programme, name: str, standard: Prior, form: AssumptionForm) -> str:
    session = db_session()
    changes = paginate(
        queries.count_changes(session, programme.id, name),
        lambda limit, offset: queries.changes(session, programme.id, name, limit, offset),
        request.args.get("page"),
    )
    return render_template(
        "analysis/priors/change.html",
        programme=programme,
        assumption=name,
        title=pages.title_of(standard),
        standard=pages.said(standard, standard.value, standard.spread),
        unit=pages.unit_of(standard),
        source=standard.source,
        form=form,
        changes=changes,
        change_rows=pages.change_rows(standard, changes.items),
    )


def _clash_page(
    programme: Programme, row: ChangedAssumption | None, held: Prior, form: AssumptionForm
) -> ResponseReturnValue:
    """With what somebody else saved, what was sent, and a way to keep either."""
    saved = AssumptionForm(formdata=None, data=AssumptionForm.stored(row, held))
    html = render_template(
        "analysis/priors/clash.html",
        programme=programme,
        title=pages.title_of(held),
        revision=row.number if row is not None else "",
        differences=differences(saved, form),
        sent=sent_again(),
    )
    return html, 409
