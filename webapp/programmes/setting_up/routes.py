"""Setting a programme up: an overview, and for each part its list and the form of one row."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.programmes.setting_up import actions, pages
from webapp.programmes.setting_up.part import Part, Row
from webapp.programmes.setting_up.parts import PARTS
from webapp.programmes.setting_up.plan import Plan, plan_of
from webapp.web import access
from webapp.web.clashes import Difference, differences, is_saved, sent_again
from webapp.web.format import LONDON
from webapp.web.forms import BaseForm
from webapp.web.request import SAFE_METHODS, acting, arrived_at, db_session

blueprint = Blueprint("setting_up", __name__, url_prefix="/programmes/<uuid:programme_id>/set-up")


@blueprint.get("")
@access.officer
def overview(programme_id: uuid.UUID) -> str:
    plan = _plan(programme_id)
    return render_template("programmes/setting_up/overview.html", plan=plan, tasks=pages.overview(plan))


@blueprint.get("/<part_slug>")
@access.officer
def part(programme_id: uuid.UUID, part_slug: str) -> str:
    plan, shown = _plan(programme_id), _part(part_slug)
    page = pages.part_page(plan, shown, request.args.get("page"))
    return render_template("programmes/setting_up/part.html", plan=plan, page=page)


@blueprint.route("/<part_slug>/add", methods=["GET", "POST"])
@access.officer
def add(programme_id: uuid.UUID, part_slug: str) -> ResponseReturnValue:
    part, plan = _part(part_slug), _plan(programme_id)
    if pages.first(plan, part):
        return redirect(url_for(".part", programme_id=programme_id, part_slug=part_slug))
    form = part.form()
    form.offer(plan)
    valid = form.validate_on_submit()
    if not (valid and part.find(plan, form.entry_id(acting().person_id))):  # else it was sent twice, and is there
        if not (valid and form.fits(plan, None, _today())):
            return _form_page("add", plan, part, form)
        actions.add(db_session(), plan=plan, part=part, form=form, actor=acting())
        db_session().commit()
    flash(f"The {part.noun} is saved", "success")
    again = request.form.get("then") == "another"
    return redirect(url_for(".add" if again else ".part", programme_id=programme_id, part_slug=part_slug))


@blueprint.route("/<part_slug>/<uuid:row_id>", methods=["GET", "POST"])
@access.officer
def change(programme_id: uuid.UUID, part_slug: str, row_id: uuid.UUID) -> ResponseReturnValue:
    part, plan = _part(part_slug), _plan(programme_id)
    row = part.find(plan, row_id) or abort(404)
    form = part.form(data=part.form.stored(row) | {"revision": str(row.revision)})
    form.offer(plan)
    if not (form.validate_on_submit() and form.fits(plan, row, _today())):
        return _form_page("change", plan, part, form, row=row, notice=part.notice(row))
    if form.is_behind(row):
        saved = pages.saved_form(part, row, plan)
        if not is_saved(saved, form):
            return _clash_page(plan, part, differences(saved, form), row)
    else:
        actions.change(db_session(), plan=plan, part=part, row=row, form=form, actor=acting())
        db_session().commit()
    flash(f"The {part.noun} is saved", "success")
    return redirect(url_for(".part", programme_id=programme_id, part_slug=part_slug))


@blueprint.route("/<part_slug>/<uuid:row_id>/remove", methods=["GET", "POST"])
@access.officer
def remove(programme_id: uuid.UUID, part_slug: str, row_id: uuid.UUID) -> ResponseReturnValue:
    part, plan, form = _part(part_slug), _plan(programme_id), BaseForm()
    row = part.find(plan, row_id) or abort(404)
    kept_for = part.kept_for(row, plan)
    if kept_for or not form.validate_on_submit():
        return _form_page("remove", plan, part, form, row=row, kept_for=kept_for)
    actions.remove(db_session(), plan=plan, part=part, row=row, actor=acting())
    db_session().commit()
    flash(f"The {part.noun} is removed", "success")
    return redirect(url_for(".part", programme_id=programme_id, part_slug=part_slug))


def _plan(programme_id: uuid.UUID) -> Plan:
    if request.method not in SAFE_METHODS:
        actions.lock(db_session(), programme_id, acting())
    return plan_of(db_session(), programme_id, acting()) or abort(404)


def _today() -> date:
    return arrived_at().astimezone(LONDON).date()


def _part(part_slug: str) -> Part:
    return PARTS.get(part_slug) or abort(404)


def _form_page(template: str, plan: Plan, part: Part, form: BaseForm, **page: object) -> ResponseReturnValue:
    html = render_template(f"programmes/setting_up/{template}.html", plan=plan, part=part, form=form, **page)
    return html, 422 if form.errors else 200


def _clash_page(plan: Plan, part: Part, found: list[Difference], row: Row) -> ResponseReturnValue:
    """With what somebody else saved, what was sent, and a way to keep either."""
    html = render_template(
        "programmes/setting_up/clash.html",
        plan=plan,
        part=part,
        row=row,
        name=part.cells(row, plan)[0],
        differences=found,
        sent=sent_again(),
    )
    return html, 409
