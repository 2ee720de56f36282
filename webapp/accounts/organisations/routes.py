"""Registering an organisation, joining one, and looking after it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import session as browser
from webapp.accounts.forms import ConfirmForm
from webapp.accounts.onward import onward, wanted
from webapp.accounts.organisations import actions, pages, queries, registering
from webapp.accounts.organisations.forms import DetailsForm, InviteForm, RegistrationForm, RoleForm
from webapp.accounts.organisations.mails import JOINING_LINK, REGISTRATION_LINK
from webapp.accounts.organisations.roles import ROLES, changed, invited
from webapp.accounts.throttle import (
    CHANGE_DETAILS,
    INVITE_FOR_ORGANISATION,
    REGISTER_FROM_ADDRESS,
    REGISTER_WITH_EMAIL,
)
from webapp.accounts.tokens import digest
from webapp.accounts.tries import too_many_tries
from webapp.audit import ActingFor
from webapp.language import Later, _, spoken
from webapp.models import Membership, MembershipRole
from webapp.web import access
from webapp.web.errors import error_page
from webapp.web.forms import BaseForm
from webapp.web.request import acting, arrived_at, current_actor, db_session

blueprint = Blueprint("organisations", __name__)

LAST_SIGNATORY = Later("An organisation needs a signatory. Make somebody else a signatory first")


@blueprint.errorhandler(actions.NotFoundError)
def not_found(error: actions.NotFoundError) -> tuple[str, int]:
    return error_page(404)


@blueprint.errorhandler(actions.NotSignatoryError)
def not_signatory(error: actions.NotSignatoryError) -> tuple[str, int]:
    return error_page(403)


@blueprint.route("/register", methods=["GET", "POST"])
@access.anyone
def register() -> ResponseReturnValue:
    form = RegistrationForm()
    if not form.validate_on_submit():
        return _form_page("register", form, next=wanted())
    tries = ((REGISTER_WITH_EMAIL, form.email.data), (REGISTER_FROM_ADDRESS, request.remote_addr or ""))
    if (refusal := too_many_tries(*tries)) is not None:
        return refusal
    session = db_session()
    registering.ask_to_register(
        session,
        details=form.details,
        person_name=form.person_name.data,
        email=form.email.data,
        language=spoken().code,
        destination=wanted(),
        now=arrived_at(),
    )
    session.commit()
    return redirect(url_for(".registration_sent", next=wanted()))


@blueprint.get("/register/sent")
@access.anyone
def registration_sent() -> ResponseReturnValue:
    return render_template("accounts/organisations/registration_sent.html", next=wanted())


@blueprint.route(f"{REGISTRATION_LINK}<registration_token>", methods=["GET", "POST"])
@access.anyone
def confirm_registration(registration_token: str) -> ResponseReturnValue:
    session, form = db_session(), ConfirmForm()
    if not form.validate_on_submit():
        found = queries.registration(session, token_digest=digest(registration_token), now=arrived_at())
        if found is None:
            return _dead_link()
        return _form_page("confirm_registration", form, registration=found, rows=pages.details(found))
    token = registering.confirm_registration(
        session, token=registration_token, replacing=current_actor(), now=arrived_at()
    )
    if token is None:
        return _dead_link()
    session.commit()
    browser.enter(token)
    flash(_("Your organisation is registered"), "success")
    return redirect(wanted() or url_for(".show"))


@blueprint.route(f"{JOINING_LINK}<invitation_token>", methods=["GET", "POST"])
@access.anyone
def join(invitation_token: str) -> ResponseReturnValue:
    session, form = db_session(), ConfirmForm()
    if not form.validate_on_submit():
        found = queries.invitation(session, token_digest=digest(invitation_token), now=arrived_at())
        if found is None:
            return _dead_link()
        return _form_page("join", form, invitation=found, invited=invited(found))
    token = registering.join(
        session, token=invitation_token, language=spoken().code, replacing=current_actor(), now=arrived_at()
    )
    if token is None:
        return _dead_link()
    session.commit()
    browser.enter(token)
    flash(_("You have joined your colleagues"), "success")
    return redirect(url_for("responses.index"))


@blueprint.get("/organisation")
@access.provider
def show() -> ResponseReturnValue:
    session, own = db_session(), _own()
    organisation = queries.organisation(session, own.organisation_id)
    return render_template(
        "accounts/organisations/show.html",
        organisation=organisation,
        rows=pages.details(organisation),
        members=queries.members(session, own.organisation_id),
        invitations=pages.pending_invitations(queries.pending_invitations(session, own.organisation_id, arrived_at())),
        roles=ROLES,
        signatory=own.role is MembershipRole.SIGNATORY,
        person_id=acting().person_id,
    )


@blueprint.route("/organisation/details", methods=["GET", "POST"])
@access.provider
def edit() -> ResponseReturnValue:
    session, own = db_session(), _signatory()
    form = DetailsForm.of(queries.organisation(session, own.organisation_id))
    if not form.validate_on_submit():
        return _form_page("edit", form)
    if (refusal := too_many_tries((CHANGE_DETAILS, str(own.organisation_id)))) is not None:
        return refusal
    actions.change_details(session, details=form.details, actor=acting())
    session.commit()
    flash(_("The details are saved"), "success")
    return redirect(url_for(".show"))


@blueprint.route("/organisation/invite", methods=["GET", "POST"])
@access.provider
def invite() -> ResponseReturnValue:
    own, form = _signatory(), InviteForm()
    if not form.validate_on_submit():
        return _form_page("invite", form, organisation=own.name)
    if (refusal := too_many_tries((INVITE_FOR_ORGANISATION, str(own.organisation_id)))) is not None:
        return refusal
    session = db_session()
    try:
        actions.invite(
            session,
            invitation_id=form.entry_id(acting().person_id),
            name=form.name.data,
            email=form.email.data,
            role=MembershipRole(form.role.data),
            actor=acting(),
            now=arrived_at(),
        )
    except actions.AlreadyMemberError:
        form.add_error(form.email, _("This person acts for your organisation already"))
        return _form_page("invite", form, organisation=own.name)
    session.commit()
    flash(_("We have sent an invitation to %(email)s", email=form.email.data), "success")
    return redirect(url_for(".show"))


@blueprint.post("/organisation/invitations/<uuid:invitation_id>/withdraw")
@access.provider
def withdraw_invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    actions.withdraw_invitation(session, invitation_id=invitation_id, actor=acting())
    session.commit()
    flash(_("The invitation is withdrawn"), "success")
    return redirect(url_for(".show"))


@blueprint.route("/organisation/people/<uuid:membership_id>", methods=["GET", "POST"])
@access.provider
def member(membership_id: uuid.UUID) -> ResponseReturnValue:
    session, found = db_session(), _member(membership_id)
    form = RoleForm(data={"role": found.role.value})
    if form.validate_on_submit():
        try:
            actions.change_role(
                session, membership_id=membership_id, role=MembershipRole(form.role.data), actor=acting()
            )
        except actions.LastSignatoryError:
            form.add_error(form.role, LAST_SIGNATORY)
        else:
            session.commit()
            flash(changed(found.person.name, MembershipRole(form.role.data)), "success")
            return redirect(url_for(".show"))
    return _form_page("member", form, member=found, own=found.person_id == acting().person_id)


@blueprint.route("/organisation/people/<uuid:membership_id>/remove", methods=["GET", "POST"])
@access.provider
def remove(membership_id: uuid.UUID) -> ResponseReturnValue:
    session, found, form = db_session(), _member(membership_id), ConfirmForm()
    if found.person_id == acting().person_id:
        return redirect(url_for(".leave"))
    if not form.validate_on_submit():
        return _form_page("remove", form, member=found)
    actions.remove(session, membership_id=membership_id, actor=acting())
    session.commit()
    flash(_("%(name)s no longer acts for your organisation", name=found.person.name), "success")
    return redirect(url_for(".show"))


@blueprint.route("/organisation/leave", methods=["GET", "POST"])
@access.provider
def leave() -> ResponseReturnValue:
    session, form = db_session(), ConfirmForm()
    if form.validate_on_submit():
        try:
            actions.leave(session, actor=acting())
        except actions.LastSignatoryError:
            form.form_errors.append(LAST_SIGNATORY)
        else:
            session.commit()
            flash(_("You have left the organisation"), "success")
            return redirect(url_for("engagements.index"))
    return _form_page("leave", form, organisation=_own().name)


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"accounts/organisations/{template}.html", form=form, **page), 422 if form.errors else 200


def _dead_link() -> ResponseReturnValue:
    """Expired, used, unknown, or of no use to this address: the same page, which tells a finder of a link nothing."""
    actor, next_page = current_actor(), wanted()
    home_page = onward(actor, next_page) if actor else None
    return render_template("accounts/organisations/dead_link.html", home=home_page, next=next_page), 404


def _own() -> ActingFor:
    return acting().provider or abort(404)


def _signatory() -> ActingFor:
    own = _own()
    return own if own.role is MembershipRole.SIGNATORY else abort(403)


def _member(membership_id: uuid.UUID) -> Membership:
    own = _signatory()
    found = queries.member(db_session(), membership_id=membership_id, organisation_id=own.organisation_id)
    return found if found is not None else abort(404)
