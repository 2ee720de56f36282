"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import actions, codes, pages, queries
from webapp.accounts import session as browser
from webapp.accounts.forms import AskForLinkForm, CodeForm, ConfirmForm, SignInForm
from webapp.accounts.onward import home, onward, wanted
from webapp.accounts.throttle import (
    CODE_OF_PERSON,
    LINK_TO_EMAIL,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_TO_EMAIL,
)
from webapp.accounts.tokens import digest
from webapp.accounts.tries import too_many_tries
from webapp.audit import Actor
from webapp.language import _
from webapp.mail import ONE_TIME_LINK
from webapp.web import access
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, current_actor, db_session

blueprint = Blueprint("accounts", __name__)

MAIL_PER_PAGE = 100


@blueprint.app_errorhandler(actions.AlreadySetUpError)
def set_up_already(_error: actions.AlreadySetUpError) -> ResponseReturnValue:
    """Also when it was sent twice."""
    return redirect(url_for("accounts.second_factor", next=wanted()))


@blueprint.app_errorhandler(actions.AddressChangedError)
def address_changed(_error: actions.AddressChangedError) -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access.anyone
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _form_page("accounts/sign_in.html", form)
    tries = (SIGN_IN_TO_EMAIL, form.email.data), (SIGN_IN_FROM_ADDRESS, request.remote_addr or "")
    too_many = too_many_tries(*tries, template="accounts/too_many_passwords.html")
    if too_many is not None:
        return too_many
    session = db_session()
    person = actions.check_password(session, email=form.email.data, password=form.password.data)
    if person is None:
        form.add_error(form.password, _("Enter the email address and password of your account"))
        return _form_page("accounts/sign_in.html", form)
    token = actions.begin_session(
        session,
        person_id=person.id,
        email=person.email,
        method="password",
        second_factor=False,
        replacing=current_actor(),
        now=arrived_at(),
    )
    session.commit()
    return redirect(onward(browser.enter(token, more_than_link=True), wanted()))


@blueprint.post("/sign-out")
@access.anyone
def sign_out() -> ResponseReturnValue:
    actor = current_actor()
    if actor is not None:
        session = db_session()
        actions.end_session(session, actor=actor)
        session.commit()
    browser.leave()
    flash(_("You have signed out"), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@access.signed_in
def second_factor() -> ResponseReturnValue:
    actor = _owing_code()
    if not actor.can_use_second_factor:
        return redirect(url_for("accounts.set_up_second_factor", next=wanted()))
    form = CodeForm()
    if not form.validate_on_submit():
        return _form_page("accounts/second_factor.html", form)
    too_many, session = too_many_tries((CODE_OF_PERSON, str(actor.person_id))), db_session()
    if too_many is not None:
        actions.warn_of_codes(session, actor=actor, now=arrived_at())
        session.commit()
        return too_many
    token = actions.accept_code(session, actor=actor, code=form.code.data, now=arrived_at())
    if token is None:
        form.add_error(form.code, _("Enter the code that your app shows now. A code works only once"))
        return _form_page("accounts/second_factor.html", form)
    session.commit()
    return redirect(onward(browser.enter(token), wanted()))


@blueprint.route("/sign-in/code/set-up", methods=["GET", "POST"])
@access.signed_in
def set_up_second_factor() -> ResponseReturnValue:
    actor = _owing_code()
    if actor.can_use_second_factor:
        return redirect(url_for("accounts.second_factor", next=wanted()))
    if not (browser.came_by_more_than_a_link() or queries.comes_in_first(db_session(), actor.person_id)):
        flash(_("A link is not enough to set up your authenticator app. Sign in another way first"))
        return redirect(url_for("accounts.sign_in", next=wanted()))
    secret = browser.offered_secret()
    form = CodeForm()
    if not form.validate_on_submit():
        return _set_up_page(actor, secret, form)
    session = db_session()
    token = actions.set_up_second_factor(session, actor=actor, secret=secret, code=form.code.data, now=arrived_at())
    if token is None:
        form.add_error(form.code, _("Enter the code that your app shows now"))
        return _set_up_page(actor, secret, form)
    session.commit()
    return redirect(onward(browser.enter(token), wanted()))


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@access.anyone
def ask_for_link() -> ResponseReturnValue:
    form = AskForLinkForm()
    if not form.validate_on_submit():
        return _form_page("accounts/ask_for_link.html", form)
    too_many = too_many_tries((LINK_TO_EMAIL, form.email.data), template="accounts/too_many_links.html")
    if too_many is not None:
        return too_many
    session = db_session()
    actions.ask_for_link(session, email=form.email.data, destination=wanted())
    session.commit()
    return redirect(url_for("accounts.link_asked", next=wanted()))


@blueprint.get("/sign-in/link/sent")
@access.anyone
def link_asked() -> ResponseReturnValue:
    return render_template("accounts/link_asked.html", next=wanted())


@blueprint.route(f"{ONE_TIME_LINK}<token>", methods=["GET", "POST"])
@access.anyone
def use_link(token: str) -> ResponseReturnValue:
    session = db_session()
    form = ConfirmForm()
    if not form.validate_on_submit():
        person = queries.usable_link(session, token_digest=digest(token), now=arrived_at())
        if person is None:
            return _dead_link()
        return render_template("accounts/use_link.html", form=form, page=pages.LinkPage.of(person))
    used = actions.use_link(session, token=token, replacing=current_actor(), now=arrived_at())
    if used is None:
        return _dead_link()
    session.commit()
    actor = browser.enter(used.session_token)
    return redirect(access.local_path(used.destination) or home(actor))


@blueprint.get("/sent-mail")
@access.anyone
def sent_mail() -> ResponseReturnValue:
    settings = current_app.config["SETTINGS"]
    if not settings.shows_mail:
        abort(404)
    page = queries.newest_mail(db_session(), asked=request.args.get("page"), per_page=MAIL_PER_PAGE)
    mail = pages.sent_mail(page.items, base_url=settings.base_url)
    return render_template(
        "accounts/sent_mail.html", mail=mail, page=page, address=lambda number: url_for(".sent_mail", page=number)
    )


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(template, form=form, next=wanted(), **page), 422 if form.errors else 200


def _set_up_page(actor: Actor, secret: str, form: CodeForm) -> ResponseReturnValue:
    return _form_page(
        "accounts/set_up_second_factor.html",
        form,
        qr_code=codes.qr_code(codes.setting_up_address(secret, email=actor.email)),
        typed_key=codes.in_groups(secret),
    )


def _dead_link() -> ResponseReturnValue:
    """Expired, used, unknown: the same page, which tells a finder of a link nothing."""
    actor = current_actor()
    next_page = wanted()
    home_page = onward(actor, next_page) if actor else None
    return render_template("accounts/dead_link.html", home=home_page, next=next_page), 404


def _owing_code() -> Actor:
    """Only officers and those with an app give a code, and only once in a session."""
    actor = acting()
    if not actor.officer_of and not actor.can_use_second_factor:
        abort(404)
    if actor.second_factor:
        abort(redirect(onward(actor, wanted())))
    return actor
