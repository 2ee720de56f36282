"""Giving suppliers that are only names the providers that they are: one by a person's choice, or all by their names."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.models import Programme
from webapp.programmes import queries, suppliers
from webapp.programmes.permissions import Permission
from webapp.programmes.setting_up import actions
from webapp.programmes.setting_up.supplier_form import SupplierForm
from webapp.web import access
from webapp.web.format import plural
from webapp.web.request import SAFE_METHODS, acting, db_session

blueprint = Blueprint("suppliers", __name__, url_prefix="/programmes/<uuid:programme_id>/set-up/contracts")

CHOSEN = "The supplier is that provider now, in each contract here whose supplier was only this name"


@blueprint.route("/<uuid:contract_id>/supplier", methods=["GET", "POST"])
@access.officer
def choose(programme_id: uuid.UUID, contract_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), _programme(programme_id)
    contract = next((each for each in programme.contracts if each.id == contract_id), None) or abort(404)
    if contract.supplier_id is None:
        form = SupplierForm()
        form.offer(suppliers.fitting(session, acting(), contract), contract)
        if not (form.provider.choices and form.validate_on_submit()):
            html = render_template("programmes/setting_up/supplier.html", contract=contract, form=form)
            return html, 422 if form.errors else 200
        suppliers.choose(session, programme=programme, contract=contract, provider_id=form.chosen(), actor=acting())
        session.commit()
        flash(CHOSEN, "success")
    return redirect(url_for("setting_up.part", programme_id=programme_id, part_slug="contracts"))


@blueprint.post("/suppliers")
@access.officer
def settle(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), _programme(programme_id)
    before = suppliers.nameless(programme)
    suppliers.stand_behind(session, programme=programme, contracts=before, actor=acting())
    session.commit()
    left = len(suppliers.nameless(programme))
    said = f"{plural(len(before) - left, 'supplier')} got a provider"
    flash(f"{said}. For the rest, say which provider it is beside each" if left else said, "success")
    return redirect(url_for("setting_up.part", programme_id=programme_id, part_slug="contracts"))


def _programme(programme_id: uuid.UUID) -> Programme:
    if request.method not in SAFE_METHODS:
        actions.lock(db_session(), programme_id, acting())
    return queries.programme(db_session(), programme_id, acting(), Permission.SET_UP) or abort(404)
