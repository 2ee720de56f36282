"""A person's own account: how it signs in, where it is signed in, and what is held about it."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import actions as sign_in
from webapp.accounts import codes
from webapp.accounts import session as browser
from webapp.accounts.forms import CodeForm, ConfirmForm
from webapp.accounts.passwords import WeakPasswordError
from webapp.accounts.personal import actions, addresses, erasing, held, queries
from webapp.accounts.personal.forms import EmailForm, NameForm, PasswordForm
from webapp.accounts.personal.mails import EMAIL_LINK, STOP_LINK
from webapp.accounts.queries import person as find_person
from webapp.accounts.throttle import CHANGE_EMAIL, CHANGE_NAME, CHANGE_TO_EMAIL, CODE_OF_PERSON, LINK_TO_EMAIL
from webapp.accounts.tokens import digest
from webapp.accounts.tries import fetched, too_many_tries
from webapp.language import _
from webapp.web import access
from webapp.web.errors import error_page
from webapp.web.format import moment
from webapp.web.forms import BaseForm
from webapp.web.request import SAFE_METHODS, acting, arrived_at, db_session

blueprint = Blueprint("personal", __name__)


@blueprint.app_errorhandler(actions.NotConfirmedError)
def not_confirmed(error: actions.NotConfirmedError) -> ResponseReturnValue:
    """Ask for a link by which the person shows who it is; it leads back here."""
    return _explained("confirm", email=acting().email)


@blueprint.errorhandler(actions.OfficerError)
def officer(error: actions.OfficerError) -> tuple[str, int]:
    return error_page(403)


@blueprint.app_errorhandler(actions.PasskeyOwedError)
def passkey_owed(error: actions.PasskeyOwedError) -> ResponseReturnValue:
    return _explained("show_passkey")


@blueprint.errorhandler(addresses.NotOwnAddressError)
def not_own_address(error: addresses.NotOwnAddressError) -> ResponseReturnValue:
    return _explained("email_of_organisation", email=acting().email)


@blueprint.errorhandler(erasing.LastSignatoryError)
def last_signatory(error: erasing.LastSignatoryError) -> tuple[str, int]:
    """A colleague ceased to be a signatory while this person looked at the page, which now says what to do."""
    return error_page(409)


@blueprint.get("/account")
@access.account_holder
def index() -> ResponseReturnValue:
    session, actor = db_session(), acting()
    return render_template(
        "accounts/personal/index.html",
        actor=actor,
        person=find_person(session, actor.person_id),
        sessions=queries.sessions(session, actor.person_id, arrived_at()),
        passkeys=queries.passkeys(session, actor.person_id),
        wanted=queries.wanted(session, actor.person_id, arrived_at()),
        on_record=actions.is_on_record(actor),
    )


@blueprint.post("/account/confirm")
@access.account_holder
def confirm() -> ResponseReturnValue:
    actor = acting()
    if not ConfirmForm().validate_on_submit():
        abort(400)
    if (refusal := too_many_tries((LINK_TO_EMAIL, actor.email))) is not None:
        return refusal
    session = db_session()
    sign_in.ask_for_link(session, email=actor.email, destination=access.local_path(request.form.get("next")))
    session.commit()
    flash(_("We have sent a link to %(email)s. Use it in this browser to go on.", email=actor.email), "success")
    return redirect(url_for("personal.index"))


@blueprint.route("/account/name", methods=["GET", "POST"])
@access.account_holder
def name() -> ResponseReturnValue:
    actor = acting()
    actions.require_off_record(actor)
    form = NameForm(data={"name": actor.name})
    if not form.validate_on_submit():
        return _form_page("name", form)
    if (refusal := too_many_tries((CHANGE_NAME, str(actor.person_id)))) is not None:
        return refusal
    session = db_session()
    actions.change_name(session, name=form.name.data, actor=actor)
    session.commit()
    flash(_("Your name is saved"), "success")
    return redirect(url_for(".index"))


@blueprint.route("/account/email", methods=["GET", "POST"])
@access.account_holder
def email() -> ResponseReturnValue:
    session, actor, form = db_session(), acting(), EmailForm()
    addresses.require_may_change(session, actor=actor, now=arrived_at())
    if form.validate_on_submit() and form.email.data.lower() == actor.email.lower():
        form.add_error(form.email, _("This is your email address already"))
    if form.errors or not form.is_submitted():
        return _form_page("email", form, email=actor.email)
    tries = (CHANGE_EMAIL, str(actor.person_id)), (CHANGE_TO_EMAIL, form.email.data)
    if (refusal := too_many_tries(*tries)) is not None:
        return refusal
    addresses.ask(
        session,
        change_id=form.entry_id(actor.person_id),
        email=form.email.data,
        actor=actor,
        base_url=current_app.config["SETTINGS"].base_url,
        now=arrived_at(),
    )
    session.commit()
    flash(_("We have written to %(email)s. The email there says what to do next.", email=form.email.data), "success")
    return redirect(url_for(".index"))


@blueprint.post("/account/email/stop")
@access.account_holder
def call_off_email() -> ResponseReturnValue:
    if not ConfirmForm().validate_on_submit():
        abort(400)
    session = db_session()
    addresses.call_off(session, actor=acting())
    session.commit()
    flash(_("Your email address stays as it is"), "success")
    return redirect(url_for(".index"))


@blueprint.route(f"{EMAIL_LINK}<email_token>", methods=["GET", "POST"])
@access.account_holder
def confirm_email(email_token: str) -> ResponseReturnValue:
    session, actor, form, now = db_session(), acting(), ConfirmForm(), arrived_at()
    if not form.validate_on_submit():
        asked = queries.to_confirm(session, token_digest=digest(email_token), person_id=actor.person_id, now=now)
        if asked is None:
            return _dead_email_link()
        return _form_page("confirm_email", form, old=actor.email, new=asked.email, due_at=now + addresses.WAIT)
    due_at = addresses.confirm(session, token=email_token, actor=actor, now=now)
    if due_at is None:
        return _dead_email_link()
    session.commit()
    flash(_("Your email address changes at %(when)s", when=moment(due_at)), "success")
    return redirect(url_for(".index"))


@blueprint.route(f"{STOP_LINK}<stop_token>", methods=["GET", "POST"])
@access.anyone
def stop_email(stop_token: str) -> ResponseReturnValue:
    session, form, now = db_session(), ConfirmForm(), arrived_at()
    if not form.validate_on_submit():
        if queries.to_stop(session, stop_digest=digest(stop_token), now=now) is None:
            return _dead_email_link()
        return _form_page("stop_email", form)
    if not addresses.stop(session, token=stop_token, now=now):
        return _dead_email_link()
    session.commit()
    browser.leave()
    flash(_("The email address stays as it is, and everybody is signed out of the account"), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@access.account_holder
def password() -> ResponseReturnValue:
    session, actor, form = db_session(), acting(), PasswordForm()
    actions.require_confirmed(session, actor=actor, now=arrived_at())
    if not form.validate_on_submit():
        return _form_page("password", form)
    try:
        token, stopped = actions.change_password(session, password=form.password.data, actor=actor, now=arrived_at())
    except WeakPasswordError as problem:
        form.add_error(form.password, str(problem))
        return _form_page("password", form)
    session.commit()
    browser.enter(token)
    flash(_("Your password is set. You are signed out everywhere else."), "success")
    _tell_of_stop(stopped)
    return redirect(url_for(".index"))


@blueprint.route("/account/authenticator", methods=["GET", "POST"])
@access.account_holder
def authenticator() -> ResponseReturnValue:
    session, actor, form = db_session(), acting(), CodeForm()
    if actor.can_use_second_factor:
        return redirect(url_for(".index"))
    actions.require_strongest(session, actor=actor, now=arrived_at())
    secret = browser.offered_secret()
    if form.validate_on_submit():
        code, now = form.code.data, arrived_at()
        token = actions.set_up_authenticator(session, secret=secret, code=code, actor=actor, now=now)
        if token is not None:
            session.commit()
            browser.enter(token)
            flash(_("Your authenticator app is set up. You give a code from it when you sign in."), "success")
            return redirect(url_for(".index"))
        form.add_error(form.code, _("Enter the code that your app shows now"))
    address = codes.setting_up_address(secret, email=actor.email)
    return _form_page("authenticator", form, qr_code=codes.qr_code(address), typed_key=codes.in_groups(secret))


@blueprint.route("/account/authenticator/remove", methods=["GET", "POST"])
@access.account_holder
def remove_authenticator() -> ResponseReturnValue:
    session, actor, form = db_session(), acting(), CodeForm()
    actions.require_optional(actor)
    if not actor.can_use_second_factor:
        return redirect(url_for(".index"))
    if not form.validate_on_submit():
        return _form_page("remove_authenticator", form)
    if (refusal := too_many_tries((CODE_OF_PERSON, str(actor.person_id)))) is not None:
        return refusal
    if not actions.remove_authenticator(session, code=form.code.data, actor=actor, now=arrived_at()):
        form.add_error(form.code, _("Enter the code that your app shows now. A code works only once"))
        return _form_page("remove_authenticator", form)
    session.commit()
    flash(_("Your authenticator app is removed"), "success")
    return redirect(url_for(".index"))


@blueprint.post("/account/sign-out-everywhere")
@access.account_holder
def sign_out_everywhere() -> ResponseReturnValue:
    if not ConfirmForm().validate_on_submit():
        abort(400)
    session = db_session()
    stopped = actions.sign_out_everywhere(session, actor=acting())
    session.commit()
    browser.leave()
    flash(_("You have signed out everywhere"), "success")
    _tell_of_stop(stopped)
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/account/data")
@access.account_holder
def data() -> ResponseReturnValue:
    return render_template("accounts/personal/data.html")


@blueprint.get("/account/data.json")
@access.account_holder
@fetched
def download() -> ResponseReturnValue:
    everything = held.everything(db_session(), actor=acting(), now=arrived_at())
    answer = Response(json.dumps(everything, ensure_ascii=False, indent=2, default=_iso), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="soundings-your-data.json"'
    return answer


@blueprint.route("/account/erase", methods=["GET", "POST"])
@access.account_holder
def erase() -> ResponseReturnValue:
    session, actor, form = db_session(), acting(), ConfirmForm()
    actions.require_confirmed(session, actor=actor, now=arrived_at())
    left_alone = erasing.left_alone(session, actor=actor, now=arrived_at())
    if actions.is_on_record(actor) or left_alone or not form.validate_on_submit():
        return _form_page("erase", form, on_record=actions.is_on_record(actor), left_alone=left_alone)
    erasing.erase(session, actor=actor, now=arrived_at())
    session.commit()
    browser.leave()
    return redirect(url_for(".erased"))


@blueprint.get("/account/erased")
@access.anyone
def erased() -> ResponseReturnValue:
    return render_template("accounts/personal/erased.html")


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _tell_of_stop(stopped: bool) -> None:
    if stopped:
        flash(_("Another email address had been asked for. That is stopped: the present one stays"), "success")


def _dead_email_link() -> ResponseReturnValue:
    """Expired, used, unknown or somebody else's: the same page."""
    return render_template("accounts/personal/dead_email_link.html"), 404


def _explained(template: str, **page: object) -> ResponseReturnValue:
    """Why the page asked for is not shown, or what was sent not done."""
    return render_template(f"accounts/personal/{template}.html", **page), 200 if request.method in SAFE_METHODS else 403


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"accounts/personal/{template}.html", form=form, **page), 422 if form.errors else 200
