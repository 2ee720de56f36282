"""Setting up a programme, and its team."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.models import Programme, TeamMember
from webapp.programmes.permissions import Permission, permissions_on
from webapp.programmes.teams import actions, queries
from webapp.programmes.teams.forms import MemberForm, NewcomerForm, SetUpForm
from webapp.programmes.teams.roles import ROLES
from webapp.web import access
from webapp.web.forms import BaseForm
from webapp.web.request import acting, db_session

blueprint = Blueprint("teams", __name__)

LAST_LEAD = "A programme needs a lead officer. Make somebody else a lead officer first"


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@access.officer
def set_up() -> ResponseReturnValue:
    session, form = db_session(), SetUpForm()
    buyers = queries.buyers_of(session, acting())
    form.offer(buyers)
    if not form.validate_on_submit():
        return _form_page("set_up", form, buyers=buyers)
    try:
        programme = actions.set_up(
            session,
            programme_id=form.entry_id(acting().person_id),
            buyer_id=form.buyer,
            reference=form.reference.data,
            title=form.title.data,
            summary=form.summary.data,
            actor=acting(),
        )
    except actions.ReferenceTakenError:
        form.add_error(form.reference, "This buyer has a programme with this reference already. Enter another")
        return _form_page("set_up", form, buyers=buyers)
    session.commit()
    flash("The programme is set up, and you lead it", "success")
    return redirect(url_for("programmes.show", programme_id=programme.id))


@blueprint.get("/programmes/<uuid:programme_id>/team")
@access.officer
def show(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), _programme(programme_id, Permission.READ)
    return render_template(
        "programmes/teams/show.html",
        programme=programme,
        members=queries.members(session, programme_id),
        roles=ROLES,
        leads=Permission.LEAD in permissions_on(session, programme_id, acting()),
    )


@blueprint.route("/programmes/<uuid:programme_id>/team/add", methods=["GET", "POST"])
@access.officer
def add(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, form = db_session(), _programme(programme_id, Permission.LEAD), NewcomerForm()
    form.offer(programme.service_lines)
    form.offer_organisations(queries.organisations_to_join_for(session, programme))
    if not form.validate_on_submit():
        return _form_page("add", form, programme=programme)
    base_url = current_app.config["SETTINGS"].base_url
    try:
        actions.add(
            session,
            member_id=form.entry_id(acting().person_id),
            programme=programme,
            newcomer=form.newcomer,
            base_url=base_url,
            actor=acting(),
        )
    except actions.CannotJoinError:
        form.add_error(
            form.email,
            "This address cannot be added for that organisation. Check it: people of an organisation that is not yours "
            "are let in by its own officers first",
        )
        return _form_page("add", form, programme=programme)
    except actions.InTeamAlreadyError:
        form.add_error(form.email, "The person with this address is in the team already")
        return _form_page("add", form, programme=programme)
    session.commit()
    flash(f"{form.name.data} is in the team. We have told them by email", "success")
    return redirect(url_for(".show", programme_id=programme_id))


@blueprint.route("/programmes/<uuid:programme_id>/team/<uuid:member_id>", methods=["GET", "POST"])
@access.officer
def member(programme_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), _programme(programme_id, Permission.LEAD)
    found = _member(programme_id, member_id)
    form = MemberForm.of(found)
    form.offer(programme.service_lines)
    if not form.validate_on_submit():
        return _form_page("member", form, programme=programme, member=found)
    try:
        actions.change(session, member=found, role=form.chosen_role, service_lines=form.chosen_lines, actor=acting())
    except actions.LastLeadError:
        form.add_error(form.role, LAST_LEAD)
        return _form_page("member", form, programme=programme, member=found)
    session.commit()
    flash(f"What {found.person.name} does is saved", "success")
    return redirect(url_for(".show", programme_id=programme_id))


@blueprint.route("/programmes/<uuid:programme_id>/team/<uuid:member_id>/remove", methods=["GET", "POST"])
@access.officer
def remove(programme_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, form = db_session(), _programme(programme_id, Permission.LEAD), BaseForm()
    found = _member(programme_id, member_id)
    if not form.validate_on_submit():
        return _form_page("remove", form, programme=programme, member=found)
    name = found.person.name
    try:
        actions.remove(session, member=found, actor=acting())
    except actions.LastLeadError:
        flash(LAST_LEAD)
        return redirect(url_for(".member", programme_id=programme_id, member_id=member_id))
    session.commit()
    flash(f"{name} no longer sees this programme", "success")
    return redirect(
        url_for("programmes.index" if found.person_id == acting().person_id else ".show", programme_id=programme_id)
    )


def _programme(programme_id: uuid.UUID, permission: Permission) -> Programme:
    return queries.programme(db_session(), programme_id, acting(), permission) or abort(404)


def _member(programme_id: uuid.UUID, member_id: uuid.UUID) -> TeamMember:
    return queries.member(db_session(), member_id, programme_id) or abort(404)


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"programmes/teams/{template}.html", form=form, **page), 422 if form.errors else 200
