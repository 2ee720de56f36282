"""A person's passkeys, and signing in with one. What the browser does between the pages is in static/passkeys.js."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from webapp.accounts import session as browser
from webapp.accounts.forms import ConfirmForm
from webapp.accounts.onward import onward, wanted
from webapp.accounts.passkeys import actions, queries
from webapp.accounts.passkeys.ceremonies import RelyingParty
from webapp.accounts.passkeys.forms import AddForm, ShownForm
from webapp.accounts.personal.actions import require_strongest
from webapp.accounts.throttle import PASSKEY_FROM_ADDRESS, SIGN_IN_FROM_ADDRESS
from webapp.accounts.tries import too_many_tries
from webapp.language import _
from webapp.models import Passkey
from webapp.web import access
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, current_actor, db_session

blueprint = Blueprint("passkeys", __name__)

_CHALLENGE = "passkey_challenge"


@blueprint.route("/account/passkeys/add", methods=["GET", "POST"])
@access.account_holder
def add() -> ResponseReturnValue:
    session, actor, form = db_session(), acting(), AddForm()
    require_strongest(session, actor=actor, now=arrived_at())
    if not form.validate_on_submit():
        return _form_page("add", form)
    added = actions.add(
        session,
        party=_party(),
        token=cookie.pop(_CHALLENGE, None),
        credential=form.credential.data or "",
        name=form.name.data,
        actor=actor,
        now=arrived_at(),
    )
    session.commit()
    if not added:
        form.form_errors.append(_("Your browser made no passkey that we can use. Try again, or try another device."))
        return _form_page("add", form)
    flash(_("The passkey is added. You can sign in with it from now on."), "success")
    return redirect(url_for("personal.index"))


@blueprint.post("/account/passkeys/options")
@access.account_holder
def options_to_add() -> ResponseReturnValue:
    """422 for a form with faults, which the browser then sends as it is, so that its page says what they are."""
    if not AddForm().validate_on_submit():
        return _json("{}"), 422
    session = db_session()
    cookie[_CHALLENGE], options = actions.offer_to_add(session, party=_party(), actor=acting(), now=arrived_at())
    session.commit()
    return _json(options)


@blueprint.route("/account/passkeys/<uuid:passkey_id>/remove", methods=["GET", "POST"])
@access.account_holder
def remove(passkey_id: uuid.UUID) -> ResponseReturnValue:
    session, form, passkey = db_session(), ConfirmForm(), _own(passkey_id)
    actions.require_removable(session, passkey=passkey, actor=acting(), now=arrived_at())
    if not form.validate_on_submit():
        return _form_page("remove", form, passkey=passkey)
    actions.remove(session, passkey=passkey, actor=acting(), now=arrived_at())
    session.commit()
    flash(_("The passkey is removed. Remove it from your device or password manager too."), "success")
    return redirect(url_for("personal.index"))


@blueprint.post("/sign-in/passkey/options")
@access.anyone
def options_to_sign_in() -> ResponseReturnValue:
    if (refusal := too_many_tries((PASSKEY_FROM_ADDRESS, request.remote_addr or ""))) is not None:
        return refusal
    session = db_session()
    cookie[_CHALLENGE], options = actions.offer_to_sign_in(session, party=_party(), now=arrived_at())
    session.commit()
    return _json(options)


@blueprint.post("/sign-in/passkey")
@access.anyone
def sign_in() -> ResponseReturnValue:
    form = ShownForm()
    if not form.validate_on_submit():
        abort(400)
    if (refusal := too_many_tries((SIGN_IN_FROM_ADDRESS, request.remote_addr or ""))) is not None:
        return refusal
    session = db_session()
    token = actions.sign_in(
        session,
        party=_party(),
        token=cookie.pop(_CHALLENGE, None),
        credential=form.credential.data or "",
        replacing=current_actor(),
        now=arrived_at(),
    )
    session.commit()
    if token is None:
        return render_template("accounts/passkeys/refused.html", next=wanted()), 422
    return redirect(onward(browser.enter(token), wanted()))


def _party() -> RelyingParty:
    return RelyingParty.at(current_app.config["SETTINGS"].base_url)


def _own(passkey_id: uuid.UUID) -> Passkey:
    found = queries.own(db_session(), passkey_id=passkey_id, person_id=acting().person_id)
    return found if found is not None else abort(404)


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"accounts/passkeys/{template}.html", form=form, **page), 422 if form.errors else 200
