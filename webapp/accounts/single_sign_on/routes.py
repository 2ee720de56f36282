"""The way of officers through their organisation's own sign-in, and back."""

from __future__ import annotations

import logging
from dataclasses import asdict

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from config import Settings
from webapp.accounts import session as browser
from webapp.accounts.forms import ConfirmForm
from webapp.accounts.onward import onward, wanted
from webapp.accounts.single_sign_on import actions
from webapp.accounts.single_sign_on.provider import Attempt, Provider, ProviderError
from webapp.accounts.throttle import SIGN_IN_FROM_ADDRESS
from webapp.accounts.tries import too_many_tries
from webapp.language import Later
from webapp.web import access
from webapp.web.request import arrived_at, current_actor, db_session

blueprint = Blueprint("single_sign_on", __name__)
logger = logging.getLogger(__name__)

RETURN = "/sign-in/single-sign-on/return"
_ATTEMPT = "single_sign_on"


def register_single_sign_on(app: Flask, settings: Settings) -> None:
    name = settings.oidc_name or Later("your organisation’s account")
    app.jinja_env.globals["single_sign_on"] = name if settings.single_sign_on else ""
    if settings.single_sign_on:
        app.extensions["soundings.openid"] = Provider(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            redirect_uri=f"{settings.base_url}{RETURN}",
        )


@blueprint.get("/sign-in/single-sign-on")
@access.anyone
def go() -> ResponseReturnValue:
    provider, attempt = _provider(), Attempt.new()
    try:
        address = provider.address(attempt)
    except ProviderError as error:
        return _failed(f"provider: {error}", 502)
    cookie[_ATTEMPT] = {**asdict(attempt), "next": wanted()}
    return redirect(address)


@blueprint.get(RETURN)
@access.anyone
def come_back() -> ResponseReturnValue:
    """What the provider sent is passed on by a form, which the page's script sends at once: a GET changes nothing."""
    provider = _provider()
    attempt, _next = _attempt()
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if attempt is None or not attempt.is_of(state):
        return _failed("state")
    if not code or request.args.get("iss", provider.issuer) != provider.issuer:
        return _failed("answer")
    return render_template("accounts/single_sign_on/come_back.html", form=ConfirmForm(), state=state, code=code)


@blueprint.post(RETURN)
@access.anyone
def sign_in() -> ResponseReturnValue:
    provider = _provider()
    if not ConfirmForm().validate_on_submit():
        abort(400)
    if (refusal := too_many_tries((SIGN_IN_FROM_ADDRESS, request.remote_addr or ""))) is not None:
        return refusal
    attempt, to = _attempt()
    cookie.pop(_ATTEMPT, None)
    if attempt is None or not attempt.is_of(request.form.get("state", "")):
        return _failed("state")
    session, now = db_session(), arrived_at()
    try:
        arrival = provider.arrival(request.form.get("code", ""), attempt, now=now)
        token = actions.sign_in(session, arrival=arrival, replacing=current_actor(), now=now)
    except ProviderError as error:
        return _failed(f"provider: {error}", 502)
    except actions.RefusedError as error:
        return _failed(str(error), 403)
    session.commit()
    return redirect(onward(browser.enter(token, more_than_link=True), to))


def _provider() -> Provider:
    provider = current_app.extensions.get("soundings.openid")
    return provider if isinstance(provider, Provider) else abort(404)


def _attempt() -> tuple[Attempt | None, str | None]:
    """What this browser set out with, and the page of ours that it wanted."""
    held = cookie.get(_ATTEMPT)
    if not isinstance(held, dict):
        return None, None
    return Attempt(held["state"], held["nonce"], held["verifier"]), access.local_path(held["next"])


def _failed(reason: str, status: int = 400) -> ResponseReturnValue:
    """One page for every failure: the person can do the same about each."""
    logger.info("sign-in refused", extra={"method": "single sign-on", "reason": reason})
    return render_template("accounts/single_sign_on/failed.html", sign_in=url_for("accounts.sign_in")), status
